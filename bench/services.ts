/**
 * The simulated services of one measurement, in a process of their own: told over the channel to the parent what to
 * serve, and asked afterwards what really arrived. Bodies are not kept, so that the simulators cost as little as may be.
 */
import { systemClock } from '../src/observe/clock.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../src/simulators/abuseipdb-sim.ts';
import { type CloudAppsSim, startCloudAppsSim } from '../src/simulators/cloud-apps-sim.ts';
import { startEntraSim } from '../src/simulators/entra-sim.ts';
import { startGraphSim } from '../src/simulators/graph-sim.ts';
import { type JiraCloudSim, startJiraCloudSim } from '../src/simulators/jira-cloud-sim.ts';
import { manyAlerts } from '../src/simulators/scene/many-alerts.ts';
import type { SimOptions, SimServer } from '../src/simulators/sim-server.ts';
import type { BenchTarget } from './yardsticks.ts';

/** What is served. */
export interface Spec {
  tenants: number;
  /** Of each tenant. */
  alerts: number;
  /** Different public addresses in all. */
  addresses: number;
  /** Real time that each call takes. */
  latencyMs: number;
  /** Where the alerts are read; the REST API with legacy tokens unless given. */
  source?: 'graph';
  /** Creates a second that Jira allows; no limit unless given. */
  createsPerSecond?: number;
}

/** What arrived, by the simulators' journals. */
export interface Tally {
  lists: number;
  lookUps: number;
  /** Creates that were answered, whatever the answer. */
  creates: number;
  /** Creates answered 429. */
  throttled: number;
  /** Other calls to Jira. */
  others: number;
  issues: number;
  /** Identity labels that issues carry; each alert has its own. */
  identities: number;
  /** Requests that no real service would know. */
  unexpected: readonly string[];
  /** From the first create to the last, in milliseconds. */
  createsTookMs: number;
}

export type Order =
  | { do: 'start'; spec: Spec }
  | { do: 'tally' }
  | { do: 'close'; most: number; atOnce?: boolean; webhook: { url: string; secret: string } }
  | { do: 'add'; alerts: number; withinMs: number }
  | { do: 'stop' };

/** Where the services are, with all that the yardsticks need; Casewire's configuration is written from it. */
export type Served = Omit<BenchTarget, 'inFlight'> & {
  /** Graph and the sign-in to it, each tenant with an id of its own; only where alerts are read there. */
  graph?: { url: string; authority: string; clientId: string; secret: string; tenantIds: readonly string[] };
};

const EMAIL = 'soc@contoso.com';
const CLIENT_ID = '66666666-7777-4888-8999-000000000000';
const LISTS = /\/alerts/;
const IDENTITY = /^(casewire|bench)-/;
const CREATE = /\/rest\/api\/3\/issue(\?|$)/;

interface Running {
  cloudApps: CloudAppsSim;
  /** What the alerts are read from besides. */
  beside: readonly SimServer[];
  jira: JiraCloudSim;
  abuseipdb: AbuseIpDbSim;
}

let running: Running | undefined;

async function start({ tenants, alerts, addresses, latencyMs, createsPerSecond, source }: Spec): Promise<Served> {
  const clock = systemClock;
  const shared = { clock, latencyMs, keepBodies: false };
  const names = Array.from({ length: tenants }, (_, i) => `tenant-${i + 1}`);
  const before = clock.now();
  const served = Object.fromEntries(
    names.map((tenant, i) => [
      tenant,
      {
        token: 'tenant-token',
        alerts: manyAlerts(alerts, { tenant, seed: i + 1, distinctAddresses: addresses, before }),
      },
    ]),
  );
  const cloudApps = await startCloudAppsSim({ ...shared, tenants: served });
  const burst = createsPerSecond === undefined ? {} : { burst: { POST: createsPerSecond, GET: createsPerSecond } };
  const jira = await startJiraCloudSim({ ...shared, ...burst, email: EMAIL, token: 'jira-token' });
  // A plan large enough for the script that asks after each address again and again.
  const abuseipdb = await startAbuseIpDbSim({ ...shared, key: 'abuseipdb-key', dailyLimit: 1_000_000 });
  const graph = source === 'graph' ? await startGraph(cloudApps, shared) : undefined;
  running = { cloudApps, jira, abuseipdb, beside: graph?.beside ?? [] };
  return {
    tenants: names.map((name) => ({ url: cloudApps.urlOf(name), token: 'tenant-token' })),
    jira: {
      url: jira.url,
      email: EMAIL,
      token: 'jira-token',
      projectId: jira.site.project('SOC')?.id ?? '',
      issueTypeId: jira.issueType('SOC', 'IT Help').id,
    },
    abuseipdb: { url: abuseipdb.url, key: 'abuseipdb-key' },
    since: 0,
    ...(graph ? { graph: graph.served } : {}),
  };
}

/** Serves the same alerts from Graph, signed in to by one app of Entra in each tenant. */
async function startGraph(cloudApps: CloudAppsSim, shared: SimOptions) {
  const names = [...cloudApps.tenants.keys()];
  const tenantIds = names.map((_, i) => `11111111-2222-4333-8444-${String(i).padStart(12, '0')}`);
  const entra = await startEntraSim(shared);
  const graph = await startGraphSim({
    ...shared,
    tenants: Object.fromEntries(cloudApps.tenants),
    callerOf: (header) => {
      const tenant = names[tenantIds.indexOf(entra.bearer(header, graph.origin)?.tenantId ?? '')];
      return tenant === undefined ? undefined : { tenant };
    },
  });
  for (const tenantId of tenantIds)
    entra.addApp(tenantId, CLIENT_ID, {
      secrets: [{ value: 'client-secret' }],
      roles: { [graph.origin]: ['SecurityAlert.Read.All'] },
    });
  const served = { url: graph.url, authority: entra.url, clientId: CLIENT_ID, secret: 'client-secret', tenantIds };
  return { served, beside: [graph, entra] };
}

/** Counts what arrived and forgets it, so that the next count is of what arrives from now on. */
function tally({ cloudApps, jira, abuseipdb, beside }: Running): Tally {
  const creates = jira.requests(CREATE, 'POST');
  const identities = new Set<string>();
  let issues = 0;
  for (const { labels } of jira.site.all()) {
    issues += 1;
    for (const label of labels) if (IDENTITY.test(label)) identities.add(label);
  }
  const counted: Tally = {
    lists: [cloudApps, ...beside].reduce((sum, sim) => sum + sim.requests(LISTS).length, 0),
    lookUps: abuseipdb.journal.length,
    creates: creates.length,
    throttled: creates.filter(({ status }) => status === 429).length,
    others: jira.journal.length - creates.length,
    issues,
    identities: identities.size,
    unexpected: [cloudApps, jira, abuseipdb, ...beside].flatMap(({ unexpected }) => unexpected),
    createsTookMs: (creates.at(-1)?.at ?? 0) - (creates[0]?.at ?? 0),
  };
  for (const { journal } of [cloudApps, jira, abuseipdb, ...beside]) journal.length = 0;
  return counted;
}

/** Closes issues, in turn or a tenant's at once, and waits for their alerts; how long each took, in milliseconds. */
async function closeIssues({ cloudApps, jira }: Running, order: Extract<Order, { do: 'close' }>) {
  const { most, atOnce = false, webhook } = order;
  jira.webhook = webhook;
  const pairs = jira.issues().map(({ key, properties }) => {
    const { tenant, alert } = properties['casewire.alert'] as { tenant: string; alert: string };
    return { key, tenant, alert };
  });
  const close = async ({ key, tenant, alert }: (typeof pairs)[number]) => {
    const start = performance.now();
    jira.person().close(key, { resolution: 'Done' });
    await until(() => cloudApps.closings.some((closing) => closing.tenant === tenant && closing.ids.includes(alert)));
    return performance.now() - start;
  };
  const ofTenants = [...Map.groupBy(pairs, ({ tenant }) => tenant).values()];
  if (atOnce) return Promise.all((ofTenants[0] ?? []).slice(0, most).map(close));
  // A tenant's source takes thirty calls a minute, two for each closing: tenants in turn.
  const inTurn = Array.from(
    { length: most },
    (_, i) => ofTenants[i % ofTenants.length]?.[Math.floor(i / ofTenants.length)],
  );
  const took: number[] = [];
  for (const pair of inTurn) if (pair) took.push(await close(pair));
  return took;
}

/** Raises alerts one after the other and waits for their issues; how long each took, in milliseconds. */
async function addAlerts({ cloudApps, jira }: Running, { alerts, withinMs }: Extract<Order, { do: 'add' }>) {
  const tenants = [...cloudApps.tenants.keys()];
  const known = new Set(jira.issues().map(({ key }) => key));
  const added = new Map<string, number>();
  const took: number[] = [];
  const look = () => {
    for (const { key, properties } of jira.issues()) {
      if (known.has(key)) continue;
      known.add(key);
      const { alert } = properties['casewire.alert'] as { alert: string };
      const at = added.get(alert);
      if (at !== undefined) took.push(performance.now() - at);
    }
  };
  for (let i = 0; i < alerts; i++) {
    const tenant = tenants[(i * 7919) % tenants.length] as string;
    const [alert] = manyAlerts(1, { tenant, seed: 100_000 + i, distinctAddresses: 1, before: systemClock.now() });
    added.set(String((alert as { _id: string })._id), performance.now());
    cloudApps.addAlert(tenant, { ...(alert as object), timestamp: systemClock.now() });
    await systemClock.sleep(withinMs / alerts);
    look();
  }
  await until(() => {
    look();
    return took.length === alerts;
  });
  return took;
}

/** @throws Error when it does not come true within half a minute. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (isSo()) return;
    await systemClock.sleep(10);
  }
  throw new Error('what was waited for did not happen within half a minute');
}

async function stop({ cloudApps, jira, abuseipdb, beside }: Running): Promise<void> {
  await Promise.all([cloudApps, jira, abuseipdb, ...beside].map((sim) => sim.stop()));
  running = undefined;
}

async function obey(order: Order): Promise<unknown> {
  if (order.do === 'start') return start(order.spec);
  if (!running) throw new Error('nothing is being served');
  switch (order.do) {
    case 'tally':
      return tally(running);
    case 'close':
      return closeIssues(running, order);
    case 'add':
      return addAlerts(running, order);
    case 'stop':
      return stop(running);
  }
}

if (import.meta.main) {
  process.on('message', (order: Order) => {
    obey(order).then(
      (answer) => process.send?.({ answer }),
      (error) => process.send?.({ error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
