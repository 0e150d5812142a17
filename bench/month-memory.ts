/**
 * Measures whether `serve` keeps its memory over a simulated month of fifty tenants with a trouble every day:
 * `node --expose-gc bench/month-memory.ts`. The simulators live in the same process; their journals are emptied each
 * day, the issues they keep are part of the figure. Ends with code 1 when the heap grew by more than it may.
 */
import { Month } from '../test/month.ts';

const DAYS = 30;

/** The first days fill what is bounded: compiled statements, remembered look-ups, connections. */
const WARM_DAYS = 10;

/** The simulators' issues and alerts of twenty days, some 10 KB each, fit in many times over. */
const MAY_GROW = 4 * 1024 * 1024;

const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('start it with node --expose-gc');

const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

const month = await Month.start({ tenants: 50, every: '4h', syncEvery: '4h', daysBetweenAlerts: 10 });
let warm = 0;
let heap = 0;
for (let day = 1; day <= DAYS; day++) {
  await month.day();
  const { cloudApps, jira, abuseipdb } = month.world.scene;
  for (const { journal } of [cloudApps, jira, abuseipdb]) journal.splice(0);
  collect();
  heap = process.memoryUsage().heapUsed;
  if (day === WARM_DAYS) warm = heap;
  if (day % 5 === 0)
    console.log(`day ${day}: heap ${mebibytes(heap)}, resident ${mebibytes(process.memoryUsage.rss())}`);
}
await month.end();
await month.world.stop();
console.log(`grown since day ${WARM_DAYS}: ${mebibytes(heap - warm)}`);
process.exitCode = heap - warm > MAY_GROW ? 1 : 0;
