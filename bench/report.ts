/**
 * Measures a monthly report of 100,000 alerts, from facts to PDF, with the month before and the year before of as many
 * beside it: `node bench/report.ts`. The facts are made while they are read, so that the figures are those of the report
 * and not of a ledger. Ends with code 1 when an aim is missed.
 */
import { readFileSync } from 'node:fs';
import type { AlertFacts } from '../src/domain/facts.ts';
import { DAY_MS } from '../src/domain/time.ts';
import type { FactsAsk } from '../src/ledger/facts/facts-port.ts';
import { makeReport } from '../src/reports/make-report.ts';
import { lifelikeAlerts } from '../test/report-facts.ts';
import { reportRig } from '../test/report-rig.ts';
import { type Row, seconds, toMarkdown } from './table.ts';

/** With fewer at weekends, 100,000 in October 2026. */
const PER_DAY = 3_900;
const PAGE = 1_000;

const AIM_MS = 3_000;
const AIM_MIB = 200;

let made = 0;
let makingMs = 0;

/** A day's alerts after the other's; none is kept. */
async function* between({ from, to }: FactsAsk): AsyncGenerator<readonly AlertFacts[], void, void> {
  for (let day = from; day < to; day += DAY_MS) {
    const begin = process.cpuUsage();
    const span = { from: new Date(day).toISOString(), to: new Date(Math.min(day + DAY_MS, to)).toISOString() };
    const alerts = lifelikeAlerts({ ...span, perDay: PER_DAY, seed: day / 1_000 });
    const { user, system } = process.cpuUsage(begin);
    makingMs += (user + system) / 1_000;
    made += alerts.length;
    for (let i = 0; i < alerts.length; i += PAGE) yield alerts.slice(i, i + PAGE);
  }
}

function peakMib(): number {
  const kib = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kib ?? process.resourceUsage().maxRSS) / 1_024;
}

const rig = reportRig();
const tenant = 'contoso' as AlertFacts['tenant'];
const facts = {
  between,
  volumes: rig.facts.volumes.bind(rig.facts),
  readings: rig.facts.readings.bind(rig.facts),
  recounts: rig.facts.recounts.bind(rig.facts),
  latest: rig.facts.latest.bind(rig.facts),
};

const rows: Row[] = [];
for (const format of ['json', 'pdf'] as const) {
  [made, makingMs] = [0, 0];
  const begin = process.cpuUsage();
  const ask = { scope: tenant, kind: 'monthly', from: Date.parse('2026-10-14T12:00:00Z'), format } as const;
  const { bytes } = await makeReport({ ...rig, facts }, ask);
  const { user, system } = process.cpuUsage(begin);
  const ms = (user + system) / 1_000 - makingMs;
  const mib = peakMib();
  rows.push({
    what: `monthly report as ${format}, ${made.toLocaleString('en')} alerts with the months it compares with`,
    casewire: `${seconds(ms)} of processor, ${mib.toFixed(0)} MiB`,
    ratio: `${(bytes.length / 1_024).toFixed(0)} kB`,
    aim: `< ${AIM_MS / 1_000} s, < ${AIM_MIB} MiB`,
    reached: ms < AIM_MS && mib < AIM_MIB,
  });
}
console.log(toMarkdown(rows));
process.exitCode = rows.every(({ reached }) => reached) ? 0 : 1;
