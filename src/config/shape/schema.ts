import * as v from 'valibot';
import { GRAPH_SERVICES } from '../../domain/service.ts';
import {
  baseUrl,
  choice,
  duration,
  entraTenant,
  guid,
  identifier,
  label,
  nameOrId,
  pemFile,
  range,
  secret,
  storePlace,
  template,
  tenantName,
  text,
  wholeNumber,
} from './leaf.ts';
import { reports } from './reports-schema.ts';
import { rules } from './rules-schema.ts';
import { service } from './service-schema.ts';
import { sync } from './sync-schema.ts';

/**
 * The shape of the configuration file: the one place that knows its keys. The loader walks a file along it, "did you
 * mean" takes its words from it, and the JSON Schema for editors is made of it.
 */

const jiraAuth = v.pipe(
  v.strictObject({
    email: v.optional(text('Cloud: mail address of the account that the API token belongs to.')),
    token: v.optional(secret('Cloud: API token. Data Center: personal access token.')),
    username: v.optional(text('Data Center, with password: the account.')),
    password: v.optional(secret("Data Center: the account's password.")),
  }),
  v.description(
    'Cloud: email and token. Data Center: token alone (a personal access token), or username and password.',
  ),
);

const site = v.strictObject({
  edition: choice(['cloud', 'datacenter'], 'Which Jira it is: cloud or datacenter.'),
  url: baseUrl(
    'The site, with its context path; or the gateway https://api.atlassian.com/ex/jira/CLOUD_ID for scoped tokens.',
  ),
  siteUrl: v.optional(baseUrl('Where links lead when url is the gateway. By default the site is asked.')),
  auth: jiraAuth,
  reconcileWindow: v.optional(
    duration(
      'How long a create with a lost answer is looked for before a second one is sent. By default 10m for Cloud, 2m for Data Center.',
      '7d',
    ),
  ),
});

const abuseipdb = v.strictObject({
  key: secret('API key.'),
  url: v.optional(baseUrl('Base URL of the API.'), 'https://api.abuseipdb.com'),
  maxAgeInDays: v.optional(wholeNumber('How old a report may be to count, in days.', 1, 365), 90),
  dailyBudget: v.optional(wholeNumber('Look-ups a day, shared by all tenants; 0 sends none.', 0, 100_000_000), 1000),
  neverSend: v.optional(
    v.pipe(
      v.array(range('An address, or a range in CIDR form.')),
      v.description('Own addresses and ranges, never sent, besides everything that is not public unicast.'),
    ),
    [],
  ),
});

const priorityOf = (severity: string) =>
  v.optional(nameOrId(`Priority of alerts of severity ${severity}, by name or id.`));

/** Every part is optional here: what a tenant leaves out comes from the top level, and together they must be whole. */
const ticket = v.strictObject({
  project: v.optional(nameOrId('Project key or id.')),
  issueType: v.optional(nameOrId('Issue type, by name or id.')),
  priority: v.optional(
    v.pipe(
      v.strictObject({
        high: priorityOf('high'),
        medium: priorityOf('medium'),
        low: priorityOf('low'),
        informational: priorityOf('informational'),
      }),
      v.description(
        "Priority by severity; a severity left out gets the project's default priority. Without this key: High, Medium, Low and Lowest, where the project has them.",
      ),
    ),
  ),
  labels: v.optional(v.pipe(v.array(label('A label.')), v.description("Labels besides Casewire's own."))),
  fields: v.optional(
    v.pipe(
      v.record(text('A Jira field, by name or id.'), template('A Liquid template over `alert` and `tenant`.')),
      v.description('Jira fields by name or id, each filled by a template; an empty text leaves the field out.'),
    ),
  ),
});

const tenantAuth = v.strictObject({
  token: v.optional(secret('Legacy API token of Defender for Cloud Apps.')),
  authority: v.optional(
    baseUrl('Where Entra issues tokens; by default https://login.microsoftonline.com, national clouds differ.'),
  ),
  graph: v.optional(
    baseUrl('Where group membership is asked; by default https://graph.microsoft.com, national clouds differ.'),
  ),
  tenantId: v.optional(entraTenant('Entra tenant, by id or domain.')),
  clientId: v.optional(guid('Application (client) id; one multitenant app may serve many tenants.')),
  clientSecret: v.optional(secret('Client secret of the application.')),
  certificate: v.optional(
    pemFile(
      "Instead of a secret: a PEM file with key and certificate of the application, relative to this file's folder.",
    ),
  ),
});

const tenant = v.strictObject({
  source: choice(
    ['defender-cloud-apps', 'graph'],
    'Where alerts are read: the REST API of Defender for Cloud Apps, or Microsoft Graph.',
  ),
  url: v.optional(
    baseUrl(
      "The tenant's API URL (Defender portal: Settings, Cloud Apps, About); a path is kept. For graph the cloud's Graph, by default https://graph.microsoft.com.",
    ),
  ),
  services: v.optional(
    v.pipe(
      v.array(choice(GRAPH_SERVICES, 'A service whose alerts become issues.')),
      v.minLength(1, 'is empty'),
      v.description(
        'Over Graph: the services whose alerts become issues; by default defender-cloud-apps and app-governance.',
      ),
    ),
  ),
  auth: v.pipe(tenantAuth, v.description('How the tenant is signed in to.')),
  every: v.optional(duration('How often alerts are polled by `serve`.', '7d'), '5m'),
  lookback: v.optional(duration('How far the first pass reaches back.', '3650d'), '7d'),
  jira: v.optional(text('Which of several Jira sites gets the tickets, by name.')),
  ticket: v.optional(v.pipe(ticket, v.description("What differs from the top level's `ticket`, part by part."))),
});

const limits = v.strictObject({
  newTicketsPerTenantPerHour: v.optional(
    wholeNumber(
      'New tickets of one tenant within any hour; beyond it alerts are held ("storm") and released as the hour allows. 0: no limit.',
      0,
      1_000_000,
    ),
    200,
  ),
});

export const configSchema = v.strictObject({
  store: v.optional(
    storePlace(
      "The SQLite file, relative to this file's folder; or postgres://USER@HOST/DATABASE, its password by reference.",
    ),
    './casewire.db',
  ),
  jira: v.pipe(
    v.union([site, v.record(identifier('site'), site)]),
    v.description('One Jira site, or a map of names to sites; then each tenant says `jira: NAME`.'),
  ),
  abuseipdb: v.optional(
    v.pipe(abuseipdb, v.description('Look-ups of addresses at AbuseIPDB. Leave out to switch them off.')),
  ),
  ticket: v.optional(v.pipe(ticket, v.description('How tickets are made. A tenant may override any part.'))),
  tenants: v.pipe(
    v.record(tenantName(), tenant),
    v.description('The tenants by name; the name is part of the identity of each alert.'),
  ),
  limits: v.optional(v.pipe(limits, v.description('Guards against floods.')), {}),
  rules: v.optional(rules, []),
  sync: v.optional(v.pipe(sync, v.description('Keeps alert and issue in step. Leave out to keep nothing in step.'))),
  reports: v.optional(
    v.pipe(reports, v.description('How daily, weekly and monthly reports count and where they go.')),
    {},
  ),
  service: v.optional(v.pipe(service, v.description('Health, metrics and webhooks of `serve`.')), {}),
});

export type SiteSettings = v.InferOutput<typeof site>;
export type TenantSettings = v.InferOutput<typeof tenant>;
export type TicketSettings = v.InferOutput<typeof ticket>;

/** Whether `jira:` is one site rather than a map of names to sites: it is one as soon as it has a key of a site. */
export function isOneSite(jira: Loose<Settings['jira']>): jira is Loose<SiteSettings> {
  return Object.keys(jira).some((key) => Object.hasOwn(site.entries, key));
}

/** A file's content with defaults filled in and durations as milliseconds. */
export type Settings = v.InferOutput<typeof configSchema>;

/** The same with any part missing: what is left of a file that has problems, for the checks across keys. */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly Loose<U>[]
  : T extends object
    ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
    : T;
