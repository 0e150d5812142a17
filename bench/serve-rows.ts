import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/free-port.ts';
import { BenchScene } from './bench-scene.ts';
import { Serving } from './serving.ts';
import { median, type Row, seconds, times } from './table.ts';

const SECRET = 'bench-webhook-secret';

/** Five minutes of a provider's clock are pressed into so many seconds, so that an hour is measured in two minutes. */
const EVERY_S = 10;
const PRESSED = 300 / EVERY_S;
const CLOSING_LATENCY_MS = 50;
const PROVIDER = { tenants: 500, alerts: 1, addresses: 10, latencyMs: 5 };

/** From the webhook of a done issue to the closed alert, one after the other: ten of each tenant, as many as wait for nobody. */
export async function webhookRow(closings: number): Promise<Row> {
  const alerts = 10;
  const spec = { tenants: Math.ceil(closings / alerts), alerts, addresses: 12, latencyMs: CLOSING_LATENCY_MS };
  return served(spec, { every: '5m' }, async ({ scene, webhook }) => {
    const took = await scene.closeIssues({ most: closings, webhook });
    const row = { what: 'issue done → alert closed, by webhook, 50 ms a call', aim: 'worst < 1 s' };
    return { ...row, ...distribution(took), reached: took.length === closings && Math.max(...took) < 1000 };
  });
}

/** The same of issues of one tenant that are all closed at once: as many as webhooks may change before all are judged. */
export async function webhookBurstRow(closings: number): Promise<Row> {
  const spec = { tenants: 3, alerts: 2 * closings, addresses: 12, latencyMs: CLOSING_LATENCY_MS };
  return served(spec, { every: '5m' }, async ({ scene, webhook }) => {
    const took = await scene.closeIssues({ most: closings, atOnce: true, webhook });
    const row = {
      what: `${closings} issues of one tenant done at once → alerts closed, by webhook`,
      aim: 'worst < 10 s',
    };
    return { ...row, ...distribution(took), reached: took.length === closings && Math.max(...took) < 10_000 };
  });
}

function distribution(took: readonly number[]): Pick<Row, 'casewire' | 'ratio'> {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.POSITIVE_INFINITY;
  const [p50, p95, worst] = [at(0.5), at(0.95), at(1)].map(seconds);
  return {
    casewire: `p50 ${p50}, p95 ${p95}, worst ${worst} of ${took.length}`,
    ratio: `p50 = ${times(at(0.5) / CLOSING_LATENCY_MS)} one call`,
  };
}

/** From a new alert to its issue where five hundred tenants are polled: thirty times as often as every five minutes. */
export async function newAlertRow(alerts: number): Promise<Row> {
  return served(PROVIDER, { every: `${EVERY_S}s` }, async ({ scene }) => {
    const took = (await scene.addAlerts({ alerts, withinMs: 4 * EVERY_S * 1000 })).sort((a, b) => a - b);
    const p95 = took[Math.ceil(took.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
    return {
      what: `new alert → issue, 500 tenants every ${EVERY_S} s`,
      casewire: `${seconds(median(took))}, p95 ${seconds(p95)} of ${took.length}`,
      ratio: `p95 = ${times(p95 / (EVERY_S * 1000))} \`every\``,
      aim: '≤ `every` + 1 s at p95',
      reached: took.length === alerts && p95 <= EVERY_S * 1000 + 1000,
    };
  });
}

/** Twelve polls of each of five hundred tenants with nothing new: a quiet hour, pressed together. */
export async function quietHourRow(polls: number): Promise<Row> {
  return served(PROVIDER, { every: `${EVERY_S}s` }, async ({ scene, serving }) => {
    await scene.tally();
    const before = serving.usage().processorMs;
    await wait(polls * EVERY_S * 1000);
    const { processorMs, peakMib } = serving.usage();
    const { lists, creates, lookUps, others } = await scene.tally();
    const share = (processorMs - before) / (polls * EVERY_S * 1000 * PRESSED);
    return {
      what: `500 quiet tenants, ${polls} rounds of poll and sync every 5 min (pressed into ${EVERY_S} s)`,
      casewire: `${(share * 100).toFixed(1)} % of a core, ${Math.round(peakMib)} MiB`,
      ratio: `${((lists + others) / (polls * PROVIDER.tenants)).toFixed(2)} calls a tenant and round`,
      aim: 'polls + sync reads, < 200 MiB, < 5 % of a core',
      reached: creates + lookUps === 0 && peakMib < 200 && share < 0.05,
      calls: `${lists} + ${creates} + ${lookUps} + ${others}`,
    };
  });
}

interface Served {
  scene: BenchScene;
  serving: Serving;
  webhook: { url: string; secret: string };
}

async function served(
  spec: Parameters<typeof BenchScene.start>[0],
  { every }: { every: string },
  work: (served: Served) => Promise<Row>,
): Promise<Row> {
  const port = await freePort();
  const scene = await BenchScene.start(spec, {
    every,
    sync: { fromJira: { closeAlert: true }, fromDefender: {}, every },
    service: { listen: `127.0.0.1:${port}`, webhookSecret: SECRET },
  });
  try {
    const serving = await Serving.start(scene, port);
    try {
      await scene.issuesReach(spec.tenants * spec.alerts);
      return await work({ scene, serving, webhook: { url: `http://127.0.0.1:${port}/webhooks/jira`, secret: SECRET } });
    } finally {
      await serving.stop();
    }
  } finally {
    await scene.stop();
  }
}
