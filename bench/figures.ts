/**
 * The figures of Casewire, each next to two yardsticks of the same run (bench/yardsticks.ts): `node bench/figures.ts`, a
 * few minutes; `--quick` measures each but once or twice. Seconds belong to the machine, the ratios to the program.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { consoleRow } from './console.ts';
import { canPin } from './cores.ts';
import { reportRow } from './report.ts';
import {
  againRow,
  floodRow,
  graphRow,
  helpRow,
  limitedRow,
  memoryRow,
  mondayRow,
  processorRow,
  quietRow,
  rulesRow,
} from './rows.ts';
import { newAlertRow, quietHourRow, webhookBurstRow, webhookRow } from './serve-rows.ts';
import { type Row, toMarkdown } from './table.ts';

const quick = process.argv.includes('--quick');

const MEASUREMENTS: readonly (() => Promise<Row>)[] = [
  () => mondayRow(quick ? 2 : 5),
  () => againRow(quick ? 2 : 5),
  () => quietRow(),
  () => floodRow(quick ? 1 : 3),
  () => graphRow(quick ? 1 : 3),
  () => limitedRow(),
  () => processorRow(quick ? 1 : 3),
  () => memoryRow(quick ? 1 : 3),
  () => webhookRow(quick ? 20 : 200),
  () => webhookBurstRow(20),
  () => newAlertRow(quick ? 60 : 200),
  () => quietHourRow(quick ? 4 : 12),
  () => consoleRow(quick ? 3 : 20),
  () => reportRow(quick ? 3 : 9),
  () => helpRow(quick ? 5 : 15),
  async () => rulesRow(quick ? 1 : 3),
];

const busyBefore = loadavg()[0] ?? 0;
const rows: Row[] = [];
for (const measurement of MEASUREMENTS) {
  const row = await measurement();
  rows.push(row);
  process.stderr.write(`${row.what}: ${row.ratio}\n`);
}
console.log(`Node ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'a processor'}`);
if (busyBefore > 1)
  console.log(
    `The machine was busy with other work (load ${busyBefore.toFixed(1)}): trust the ratios, not the seconds.`,
  );
console.log('Calls: lists + creates + look-ups + others. Times are medians of whole processes.');
if (!canPin) console.log('Programs cannot be kept to one core here; the row that says so used several.');
console.log(`\n${toMarkdown(rows)}`);
