/**
 * The simulated services of one measurement, in a process of their own: told over the channel to the parent what to
 * serve, and asked afterwards what really arrived. Bodies are not kept, so that the simulators cost as little as may be.
 */
import { systemClock } from '../src/observe/clock.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../src/simulators/abuseipdb-sim.ts';
import { type CloudAppsSim, startCloudAppsSim } from '../src/simulators/cloud-apps-sim.ts';
import { type JiraCloudSim, startJiraCloudSim } from '../src/simulators/jira-cloud-sim.ts';
import { manyAlerts } from '../src/simulators/scene/many-alerts.ts';
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

export type Order = { do: 'start'; spec: Spec } | { do: 'tally' } | { do: 'stop' };

/** Where the services are, with all that the yardsticks need; Casewire's configuration is written from it. */
export type Served = Omit<BenchTarget, 'inFlight'>;

const EMAIL = 'soc@contoso.com';
const IDENTITY = /^(casewire|bench)-/;
const CREATE = /\/rest\/api\/3\/issue(\?|$)/;

interface Running {
  cloudApps: CloudAppsSim;
  jira: JiraCloudSim;
  abuseipdb: AbuseIpDbSim;
}

let running: Running | undefined;

async function start({ tenants, alerts, addresses, latencyMs, createsPerSecond }: Spec): Promise<Served> {
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
  running = { cloudApps, jira, abuseipdb };
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
  };
}

/** Counts what arrived and forgets it, so that the next count is of what arrives from now on. */
function tally({ cloudApps, jira, abuseipdb }: Running): Tally {
  const creates = jira.requests(CREATE, 'POST');
  const identities = new Set<string>();
  let issues = 0;
  for (const { labels } of jira.site.all()) {
    issues += 1;
    for (const label of labels) if (IDENTITY.test(label)) identities.add(label);
  }
  const counted: Tally = {
    lists: cloudApps.journal.length,
    lookUps: abuseipdb.journal.length,
    creates: creates.length,
    throttled: creates.filter(({ status }) => status === 429).length,
    others: jira.journal.length - creates.length,
    issues,
    identities: identities.size,
    unexpected: [cloudApps, jira, abuseipdb].flatMap(({ unexpected }) => unexpected),
    createsTookMs: (creates.at(-1)?.at ?? 0) - (creates[0]?.at ?? 0),
  };
  for (const { journal } of [cloudApps, jira, abuseipdb]) journal.length = 0;
  return counted;
}

async function stop({ cloudApps, jira, abuseipdb }: Running): Promise<void> {
  await Promise.all([cloudApps.stop(), jira.stop(), abuseipdb.stop()]);
  running = undefined;
}

async function obey(order: Order): Promise<unknown> {
  if (order.do === 'start') return start(order.spec);
  if (!running) throw new Error('nothing is being served');
  return order.do === 'tally' ? tally(running) : stop(running);
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
