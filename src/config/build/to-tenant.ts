import type { TenantId } from '../../domain/alert.ts';
import { nearest } from '../../domain/nearest.ts';
import { USUAL_SERVICES } from '../../domain/service.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { type TicketPolicy, USUAL_PRIORITIES } from '../../rules/policy.ts';
import type { TenantConfig } from '../config.ts';
import { keyPath, type Problems } from '../problems.ts';
import type { Loose, Settings, TenantSettings, TicketSettings } from '../shape/schema.ts';
import { toRules } from './to-rules.ts';
import { toSignIn } from './to-sign-in.ts';

/** Graph of the global cloud, and the one cloud whose Graph has no alerts ("List alerts_v2", availability, read 2026-11). */
const GRAPH = 'https://graph.microsoft.com';
const WITHOUT_ALERTS = /^https:\/\/[^/]*\.chinacloudapi\.cn(\/|$)/i;

/** Names the overview of all tenants among reports. */
const ALL = 'all';

type Ticket = Loose<TicketSettings>;
type RequiredPart = 'project' | 'issueType';

export interface TenantsAt {
  /** Names of the Jira sites. */
  sites: readonly string[];
  /** The configuration's folder. */
  folder: string;
  problems: Problems;
}

/** Makes the tenants, each with its own parts laid over the common ones, and checks that each is whole. */
export function toTenants(settings: Loose<Settings>, { sites, folder, problems }: TenantsAt): TenantConfig[] {
  const entries = Object.entries(settings.tenants ?? {});
  const tenants = entries.flatMap(([name, tenant]) => (tenant === undefined ? [] : [{ name, tenant }]));
  if (entries.length === 0 && !problems.has('tenants'))
    problems.add({ key: 'tenants', says: 'there is no tenant', mend: 'give at least one' });
  if (tenants.some(({ name }) => name === ALL))
    problems.add({ key: 'tenants.all', says: 'all stands for every tenant in reports', mend: 'give it another name' });
  const common = settings.ticket ?? {};
  refuseTwins(
    tenants.map(({ name }) => name),
    problems,
  );
  for (const part of ['project', 'issueType'] as const) refuseWithout(part, { tenants, common, problems });
  const newTicketsPerHour = settings.limits?.newTicketsPerTenantPerHour ?? 0;
  const rules = toRules(settings.rules ?? [], problems);
  return tenants.map(({ name, tenant }) => {
    checkSource(name, tenant, problems);
    const source = tenant.source ?? 'defender-cloud-apps';
    const takesToken = source !== 'graph';
    const auth = tenant.auth && toSignIn(tenant.auth, { path: authPath(name), folder, problems, takesToken });
    const site = siteOf(name, tenant, { sites, problems });
    const ticket = toPolicy(common, tenant.ticket ?? {}, site);
    const policy = { tenant: name as TenantId, ticket, rules, newTicketsPerHour };
    return {
      tenant: name as TenantId,
      source,
      services: [...new Set(tenant.services?.flatMap((service) => service ?? []) ?? USUAL_SERVICES)],
      url: tenant.url ?? (source === 'graph' ? GRAPH : ''),
      auth: auth ?? { kind: 'token', token: '' },
      everyMs: tenant.every ?? 0,
      lookbackMs: tenant.lookback ?? 0,
      policy,
    };
  });
}

/** A tenant's parts win one by one: `priority` and `fields` key by key, `labels` as a whole. */
function toPolicy(common: Ticket, own: Ticket, site: string): TicketPolicy {
  return {
    site: site as SiteId,
    project: own.project ?? common.project ?? '',
    issueType: own.issueType ?? common.issueType ?? '',
    ...priorities(common, own),
    labels: (own.labels ?? common.labels ?? []) as readonly string[],
    fields: merged(common.fields, own.fields),
  };
}

/** Where nobody names a priority, Jira's usual names are wished for; who names some leaves the others to the project. */
function priorities(common: Ticket, own: Ticket): Pick<TicketPolicy, 'priority' | 'priorityIs'> {
  if (common.priority === undefined && own.priority === undefined)
    return { priority: USUAL_PRIORITIES, priorityIs: 'wished' };
  return { priority: merged(common.priority, own.priority), priorityIs: 'configured' };
}

/** Shares the common part where a tenant says nothing of its own: there may be thousands of tenants. */
function merged(common: object | undefined, own: object | undefined): Readonly<Record<string, string>> {
  return (own === undefined ? (common ?? {}) : { ...common, ...own }) as Readonly<Record<string, string>>;
}

function refuseWithout(
  part: RequiredPart,
  {
    tenants,
    common,
    problems,
  }: { tenants: readonly { name: string; tenant: Loose<TenantSettings> }[]; common: Ticket; problems: Problems },
): void {
  if (part in common) return;
  const [first, ...others] = tenants.filter(({ tenant }) => !(part in (tenant.ticket ?? {})));
  if (!first) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const says = `is missing, here and for tenant ${first.name}${more}`;
  problems.add({ key: keyPath('ticket', part), says, mend: "give it here, or in the tenant's ticket" });
}

/** Names that differ only in case would share a file where file systems do not tell them apart. */
function refuseTwins(names: readonly string[], problems: Problems): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const before = seen.get(name.toLowerCase());
    if (before === undefined) seen.set(name.toLowerCase(), name);
    else
      problems.add({
        key: keyPath('tenants', name),
        says: `differs from ${before} only in case`,
        mend: 'choose another name',
      });
  }
}

function authPath(name: string): string {
  return keyPath(keyPath('tenants', name), 'auth');
}

function checkSource(name: string, { source, url, services }: Loose<TenantSettings>, problems: Problems): void {
  if (source !== 'graph' && services !== undefined)
    problems.add({
      key: keyPath(keyPath('tenants', name), 'services'),
      says: 'can be chosen with source: graph alone',
      mend: 'take it out: the REST API lists the alerts of Defender for Cloud Apps',
    });
  const key = keyPath(keyPath('tenants', name), 'url');
  if (source === 'graph') {
    if (url !== undefined && WITHOUT_ALERTS.test(url))
      problems.add({
        key,
        says: 'is the Graph of a cloud that has no alerts there',
        mend: 'use source: defender-cloud-apps',
      });
  } else if (url === undefined && !problems.has(key))
    problems.add({ key, says: 'is missing', mend: "give the tenant's API URL" });
}

function siteOf(
  name: string,
  tenant: Loose<TenantSettings>,
  { sites, problems }: { sites: readonly string[]; problems: Problems },
): string {
  const [first, ...others] = sites;
  const key = keyPath(keyPath('tenants', name), 'jira');
  if (tenant.jira === undefined) {
    if (others.length > 0 && !problems.has(key))
      problems.add({
        key,
        says: 'is missing where there are several Jira sites',
        mend: `name one: ${sites.join(', ')}`,
      });
    return first ?? '';
  }
  if (first === undefined || sites.includes(tenant.jira)) return tenant.jira;
  const near = nearest(tenant.jira, sites);
  problems.add({
    key,
    says: 'names no site of jira',
    mend: near ? `did you mean "${near}"?` : `known: ${sites.join(', ')}`,
  });
  return first;
}
