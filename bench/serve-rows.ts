import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/free-port.ts';
import { BenchScene } from './bench-scene.ts';
import { Serving } from './serving.ts';
import { median, type Row, seconds, times } from './table.ts';

const SECRET = 'bench-webhook-secret';

/** Five minutes of a provider's clock are pressed into so many seconds, so that an hour is measured in two minutes. */
const EVERY_S = 10;
const PRESSED = 300 / EVERY_S;
const PROVIDER = { tenants: 500, alerts: 1, addresses: 10, latencyMs: 5 };

/** From the webhook of a done issue to the closed alert. */
export async function webhookRow(closings: number): Promise<Row> {
  const latencyMs = 50;
  return served(
    { tenants: 3, alerts: closings, addresses: 12, latencyMs },
    { every: '5m' },
    async ({ scene, webhook }) => {
      const took = await scene.closeIssues({ most: closings, webhook });
      const worst = Math.max(...took);
      return {
        what: 'issue done → alert closed, by webhook, 50 ms a call',
        casewire: `${seconds(median(took))} (worst of ${took.length}: ${seconds(worst)})`,
        ratio: `${times(median(took) / latencyMs)} one call`,
        aim: '< 1 s',
        reached: took.length === closings && worst < 1000,
      };
    },
  );
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
