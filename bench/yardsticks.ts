/**
 * The two yardsticks, as programs of their own: `node bench/yardsticks.ts floor|one-by-one` with the services as JSON
 * in the environment variable BENCH_TARGET.
 *
 * `one-by-one`: what a plain script does; each call waits for the one before.
 * `floor`: only the calls that cannot be left out, as many in flight as Casewire allows itself; no ledger, no checks.
 */
import { Pool } from 'undici';

/** Where the services are, and what the calls carry. */
export interface BenchTarget {
  tenants: readonly { url: string; token: string }[];
  jira: { url: string; email: string; token: string; projectId: string; issueTypeId: string };
  /** Absent: no look-ups. */
  abuseipdb?: { url: string; key: string };
  since: number;
  inFlight: number;
}

interface WireAlert {
  _id: string;
  title: string;
  description: string;
  entities: { type: string; id: string }[];
}

type Call = (
  origin: string,
  method: 'GET' | 'POST',
  path: string,
  more: { headers: object; body?: object },
) => Promise<unknown>;

const pools = new Map<string, Pool>();

const call: Call = async (origin, method, path, { headers, body }) => {
  let pool = pools.get(origin);
  if (!pool) {
    pool = new Pool(origin, { connections: 128 });
    pools.set(origin, pool);
  }
  const answer = await pool.request({
    method,
    path,
    headers: { accept: 'application/json', ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 200)}`);
  return JSON.parse(text);
};

function listPage(target: BenchTarget, tenant: BenchTarget['tenants'][number], skip: number) {
  const { origin, pathname } = new URL(tenant.url);
  const base = pathname === '/' ? '' : pathname;
  return call(origin, 'POST', `${base}/api/v1/alerts/`, {
    headers: { authorization: `Token ${tenant.token}` },
    body: { filters: { date: { gte: target.since } }, sortField: 'date', sortDirection: 'asc', skip, limit: 100 },
  }) as Promise<{ data: WireAlert[]; total: number; hasNext: boolean }>;
}

function check({ abuseipdb }: BenchTarget, address: string) {
  if (!abuseipdb) return Promise.resolve();
  return call(
    new URL(abuseipdb.url).origin,
    'GET',
    `/api/v2/check?ipAddress=${encodeURIComponent(address)}&maxAgeInDays=90`,
    {
      headers: { key: abuseipdb.key },
    },
  );
}

function create({ jira }: BenchTarget, alert: WireAlert) {
  const text = (words: string) => ({ type: 'paragraph', content: words ? [{ type: 'text', text: words }] : [] });
  const { origin, pathname } = new URL(jira.url);
  const base = pathname === '/' ? '' : pathname;
  return call(origin, 'POST', `${base}/rest/api/3/issue`, {
    headers: { authorization: `Basic ${Buffer.from(`${jira.email}:${jira.token}`).toString('base64')}` },
    body: {
      fields: {
        project: { id: jira.projectId },
        issuetype: { id: jira.issueTypeId },
        summary: alert.title.slice(0, 254) || 'alert',
        description: {
          type: 'doc',
          version: 1,
          content: [
            text(alert.description),
            {
              type: 'codeBlock',
              attrs: { language: 'json' },
              content: [{ type: 'text', text: JSON.stringify(alert, null, 2) }],
            },
          ],
        },
        labels: ['bench', `bench-${alert._id}`],
      },
    },
  });
}

function addressesOf(alerts: readonly WireAlert[]): string[] {
  return [
    ...new Set(alerts.flatMap(({ entities }) => entities.filter(({ type }) => type === 'ip').map(({ id }) => id))),
  ];
}

async function oneByOne(target: BenchTarget): Promise<void> {
  for (const tenant of target.tenants) {
    for (let skip = 0, more = true; more; skip += 100) {
      const { data, hasNext } = await listPage(target, tenant, skip);
      for (const alert of data) {
        for (const address of addressesOf([alert])) await check(target, address);
        await create(target, alert);
      }
      more = hasNext;
    }
  }
}

async function floor(target: BenchTarget): Promise<void> {
  const limit = gate(target.inFlight);
  const asked = new Set<string>();
  const work: Promise<unknown>[] = [];
  const take = (alerts: readonly WireAlert[]) => {
    for (const address of addressesOf(alerts)) {
      if (asked.has(address)) continue;
      asked.add(address);
      work.push(check(target, address));
    }
    for (const alert of alerts) work.push(limit(() => create(target, alert)));
  };
  await Promise.all(
    target.tenants.map(async (tenant) => {
      const first = await listPage(target, tenant, 0);
      take(first.data);
      const rest = Array.from({ length: Math.ceil(first.total / 100) - 1 }, (_, i) => (i + 1) * 100);
      await Promise.all(rest.map(async (skip) => take((await listPage(target, tenant, skip)).data)));
    }),
  );
  await Promise.all(work);
}

function gate(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

if (import.meta.main) {
  const target = JSON.parse(process.env.BENCH_TARGET ?? '{}') as BenchTarget;
  await (process.argv[2] === 'one-by-one' ? oneByOne(target) : floor(target));
  for (const pool of pools.values()) await pool.destroy();
}
