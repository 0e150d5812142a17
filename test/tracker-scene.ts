import { type AlertId, dedupKeyOf, type TenantId } from '../src/domain/alert.ts';
import type { OpenIntent, SiteId, TicketDraft } from '../src/domain/ticket.ts';
import { HttpClient } from '../src/http/http-client.ts';
import { Meter } from '../src/observe/meter.ts';
import { Redactor } from '../src/observe/redact.ts';
import type { JiraSetup } from '../src/simulators/jira/setup.ts';
import { type JiraCloudSim, startJiraCloudSim } from '../src/simulators/jira-cloud-sim.ts';
import { type JiraDatacenterSim, startJiraDatacenterSim } from '../src/simulators/jira-datacenter-sim.ts';
import type { JiraParts } from '../src/tracker/jira/jira-client.ts';
import type { JiraPorts } from '../src/tracker/jira/jira-tracker.ts';
import { jiraCloudTracker } from '../src/tracker/jira-cloud/jira-cloud-tracker.ts';
import { jiraDatacenterTracker } from '../src/tracker/jira-datacenter/jira-datacenter-tracker.ts';
import type { RouteNeeds } from '../src/tracker/tracker.ts';
import { HandClock } from './hand-clock.ts';

export type Edition = 'cloud' | 'datacenter';

export const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };
export const SITE = 'default' as SiteId;
export const ROUTE = { site: SITE, project: 'SOC', issueType: 'IT Help' };
const EMAIL = 'soc@example.com';
const TOKEN = 'jira-token-1';

/** One simulated site of an edition, and trackers that speak to it by a clock moved by hand. */
export class TrackerScene {
  readonly clock: HandClock;
  readonly edition: Edition;
  readonly sim: JiraCloudSim | JiraDatacenterSim;
  readonly #clients: HttpClient[] = [];
  readonly #metadata = new Map<string, { json: string; storedAt: number }>();

  private constructor(edition: Edition, clock: HandClock, sim: JiraCloudSim | JiraDatacenterSim) {
    this.edition = edition;
    this.clock = clock;
    this.sim = sim;
  }

  static async start(edition: Edition, setup?: JiraSetup): Promise<TrackerScene> {
    const clock = new HandClock();
    const options = { clock, token: TOKEN, ...(setup ? { setup } : {}) };
    const sim =
      edition === 'cloud'
        ? await startJiraCloudSim({
            ...options,
            email: EMAIL,
            gateway: { cloudId: 'c1', email: EMAIL, token: 'scoped-token' },
          })
        : await startJiraDatacenterSim({ ...options, contextPath: '/jira' });
    return new TrackerScene(edition, clock, sim);
  }

  /** A tracker as a new process would make it, on the metadata that earlier ones kept. */
  tracker(site: Partial<JiraParts['site']> = {}, token = TOKEN, more: Partial<JiraParts> = {}): JiraPorts {
    const { clock, edition, sim } = this;
    const url = site.url ?? sim.url;
    const http = new HttpClient({
      service: 'Jira',
      origin: new URL(url).origin,
      clock,
      meter: new Meter(),
      redactor: new Redactor(),
      connections: 8,
    });
    this.#clients.push(http);
    const auth: JiraParts['site']['auth'] =
      edition === 'cloud' ? { kind: 'email-token', email: EMAIL, token } : { kind: 'personal-access-token', token };
    const metadata: JiraParts['metadata'] = {
      load: async (name, key) => this.#metadata.get(`${name} ${key}`),
      store: async (name, key, json, at) => void this.#metadata.set(`${name} ${key}`, { json, storedAt: at }),
    };
    const parts = { site: { site: SITE, url, auth, ...site }, http, clock, metadata, random: () => 0.5, ...more };
    return edition === 'cloud' ? jiraCloudTracker(parts) : jiraDatacenterTracker(parts);
  }

  /** What the creates so far held, oldest first. */
  sent(): { fields: Record<string, unknown> }[] {
    return this.sim.requests(CREATE.path, 'POST').map(({ body }) => JSON.parse(body ?? '{}'));
  }

  /** What trackers kept of the site's metadata, as JSON. */
  kept(): string[] {
    return [...this.#metadata.values()].map(({ json }) => json);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((http) => http.close()));
    await this.sim.stop();
  }

  draft(id: string, more: Partial<TicketDraft> = {}): TicketDraft {
    return {
      dedupKey: dedupKeyOf('contoso' as TenantId, id as AlertId),
      route: ROUTE,
      summary: 'Impossible travel',
      description: { blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text: 'What happened' }] }] },
      labels: [],
      fields: {},
      tenant: 'contoso',
      alertId: id,
      ...more,
    };
  }

  needs(fields: RouteNeeds['fields'], more: Partial<RouteNeeds> = {}): RouteNeeds {
    return { route: ROUTE, fields, priorities: [], labels: [], ...more };
  }

  intent(id: string, more: Partial<OpenIntent> = {}): OpenIntent {
    const dedupKey = dedupKeyOf('contoso' as TenantId, id as AlertId);
    return { dedupKey, route: ROUTE, attempt: 1, sentAt: this.clock.now(), ...more };
  }
}
