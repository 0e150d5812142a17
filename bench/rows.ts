import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { BenchScene } from './bench-scene.ts';
import { onCore, PROGRAM_CORE } from './cores.ts';
import { inTurn, type Measured, measure, medianMs, sayCalls } from './measure.ts';
import { CASEWIRE, run, time } from './programs.ts';
import type { Spec } from './services.ts';
import { median, type Row, seconds, times } from './table.ts';

const MONDAY: Spec = { tenants: 3, alerts: 5, addresses: 12, latencyMs: 50 };
const FLOOD: Spec = { tenants: 1, alerts: 3_000, addresses: 100, latencyMs: 50 };

/** What a first run may call besides lists, creates and look-ups. */
const OTHER_CALLS = 8;

const MOST_RULES_NEEDED = 300_000;

/** Peaks that differ by less are the same: the moments of collection scatter them. */
const SAME = 1.15;

/** Fifteen alerts of three tenants, on a fresh store: the whole process, as a person meets it. */
export async function mondayRow(rounds: number): Promise<Row> {
  const runs = await inTurn(rounds, { casewire: MONDAY, floor: MONDAY, 'one-by-one': MONDAY });
  const [ms, floor, oneByOne] = [runs.casewire, runs.floor, runs['one-by-one']].map(medianMs) as [
    number,
    number,
    number,
  ];
  const worst = runs.casewire.map(({ tally }) => tally).sort((a, b) => b.others - a.others)[0];
  const lookUpsNeeded = runs.floor[0]?.tally.lookUps ?? 0;
  const fewCalls =
    worst !== undefined &&
    worst.lists === MONDAY.tenants &&
    worst.lookUps <= lookUpsNeeded &&
    worst.others <= OTHER_CALLS;
  return {
    what: '3 tenants × 5 alerts, 50 ms a call, whole process',
    casewire: seconds(ms),
    floor: seconds(floor),
    oneByOne: seconds(oneByOne),
    ratio: `${times(ms / floor)} the floor; one by one takes ${times(oneByOne / ms)}`,
    aim: `< 0.7 s; 3 + 15 + ${lookUpsNeeded} + at most ${OTHER_CALLS} calls`,
    reached: ms < 700 && fewCalls,
    ...(worst ? { calls: sayCalls(worst) } : {}),
  };
}

/** The same again, nothing new. */
export async function againRow(rounds: number): Promise<Row> {
  const scene = await BenchScene.start(MONDAY);
  try {
    await run('casewire', scene);
    await scene.tally();
    const all: number[] = [];
    const calls = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      all.push((await run('casewire', scene)).ms);
      calls.add(sayCalls(await scene.tally()));
    }
    const made = [...calls].join('; ');
    return {
      what: 'run again, nothing new',
      casewire: seconds(median(all)),
      ratio: `${times(median(all) / MONDAY.latencyMs)} one call`,
      aim: '1 call a tenant, nothing else',
      reached: made === `${MONDAY.tenants} + 0 + 0 + 0`,
      calls: made,
    };
  } finally {
    await scene.stop();
  }
}

/** Five hundred tenants, each with an alert that is known: what a provider's every pass costs. */
export async function quietRow(): Promise<Row> {
  const scene = await BenchScene.start({ tenants: 500, alerts: 1, addresses: 10, latencyMs: 50 });
  try {
    await run('casewire', scene);
    await scene.tally();
    const { ms, peakMib } = await run('casewire', scene, { memory: true });
    const calls = sayCalls(await scene.tally());
    return {
      what: '500 tenants, nothing new',
      casewire: `${seconds(ms)}, ${Math.round(peakMib ?? 0)} MiB`,
      ratio: `${times(ms / 50)} one call`,
      aim: '500 calls, < 150 MiB',
      reached: calls === '500 + 0 + 0 + 0' && (peakMib ?? Number.POSITIVE_INFINITY) < 150,
      calls,
    };
  } finally {
    await scene.stop();
  }
}

/** Three thousand alerts of one tenant, where the tracker sets no limit. */
export async function floodRow(rounds: number): Promise<Row> {
  const runs = await inTurn(rounds, { casewire: FLOOD, floor: FLOOD });
  // One by one takes minutes and each alert as long as the other, so a part of them is enough.
  const part = { ...FLOOD, alerts: 150, addresses: 5 };
  const oneByOne = ((await measure('one-by-one', part)).ms * FLOOD.alerts) / part.alerts;
  const [ms, floor] = [medianMs(runs.casewire), medianMs(runs.floor)];
  return {
    what: '3,000 alerts, one tenant, 50 ms a call, no limit',
    casewire: seconds(ms),
    floor: seconds(floor),
    oneByOne: `${seconds(oneByOne)} (from ${part.alerts})`,
    ratio: `${(floor / ms).toFixed(2)} of the floor's speed; one by one takes ${times(oneByOne / ms)}`,
    aim: '≥ 0.8 of the floor',
    reached: floor / ms >= 0.8,
    calls: sayCalls((runs.casewire[0] as (typeof runs.casewire)[0]).tally),
  };
}

/** The same alerts from Graph beside the REST API, in turn. */
export async function graphRow(rounds: number): Promise<Row> {
  const graph: Measured[] = [];
  const rest: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    rest.push(await measure('casewire', FLOOD));
    graph.push(await measure('casewire', { ...FLOOD, source: 'graph' }));
  }
  const rate = (runs: readonly Measured[]) => FLOOD.alerts / (medianMs(runs) / 1000);
  const ratio = rate(graph) / rate(rest);
  return {
    what: 'the same alerts from Graph',
    casewire: `${seconds(medianMs(graph))} = ${Math.round(rate(graph))} issues/s`,
    floor: `${seconds(medianMs(rest))} = ${Math.round(rate(rest))} issues/s (REST API)`,
    ratio: `${ratio.toFixed(2)} of the speed from the REST API`,
    aim: '≥ 0.95 of it: the same within the scatter',
    reached: ratio >= 0.95,
    calls: sayCalls((graph[0] as Measured).tally),
  };
}

/** The same where Jira allows a hundred creates a second; a full bucket lets the first hundred through at once. */
export async function limitedRow(): Promise<Row> {
  const createsPerSecond = 100;
  const { ms, tally } = await measure('casewire', { ...FLOOD, createsPerSecond });
  const floor = ((FLOOD.alerts - createsPerSecond) / createsPerSecond) * 1000;
  const rate = FLOOD.alerts / (ms / 1000);
  // What is left of the speed when the full bucket of the first second and the start of the process are taken out.
  const lasting = (FLOOD.alerts - createsPerSecond) / (tally.createsTookMs / 1000);
  const refused = tally.throttled / tally.creates;
  return {
    what: 'the same, 100 creates/s allowed',
    casewire: `${seconds(ms)} = ${rate.toFixed(1)} issues/s (${lasting.toFixed(1)} lasting)`,
    floor: `${seconds(floor)} (arithmetic)`,
    ratio: `${(floor / ms).toFixed(2)} of what is allowed; ${(100 * refused).toFixed(2)} % answered 429`,
    aim: '≥ 95 issues/s, ≤ 1 % answered 429',
    reached: rate >= 95 && refused <= 0.01,
    calls: sayCalls(tally),
  };
}

/** The same without latency, on one core, simulators on another: what an alert costs of the processor. */
export async function processorRow(rounds: number): Promise<Row> {
  const spec = { ...FLOOD, latencyMs: 0 };
  const runs = await inTurn(rounds, { casewire: spec, floor: spec, 'one-by-one': spec }, { oneCore: true });
  const [ms, floor, oneByOne] = [runs.casewire, runs.floor, runs['one-by-one']].map(medianMs) as [
    number,
    number,
    number,
  ];
  const rate = (took: number) => `${Math.round(spec.alerts / (took / 1000))}/s`;
  return {
    what: 'the same at 0 ms, one core, whole process',
    casewire: rate(ms),
    floor: rate(floor),
    oneByOne: rate(oneByOne),
    ratio: `${(floor / ms).toFixed(2)} of the floor; ${times(oneByOne / ms)} one by one`,
    aim: '≥ 1,000/s where the floor makes 3,800/s: ≥ 0.26 of it',
    reached: floor / ms >= 1000 / 3800,
    calls: sayCalls((runs.casewire[0] as (typeof runs.casewire)[0]).tally),
  };
}

/** Peak memory for a flood and for ten of them. */
export async function memoryRow(rounds: number): Promise<Row> {
  const spec = { ...FLOOD, latencyMs: 0 };
  const small = [];
  for (let round = 0; round < rounds; round++) small.push(await measure('casewire', spec, { memory: true }));
  const large = await measure('casewire', { ...spec, tenants: 10 }, { memory: true });
  const [few, many] = [median(small.map(({ peakMib = 0 }) => peakMib)), large.peakMib ?? 0];
  return {
    what: 'peak memory, 3,000 and 30,000 alerts',
    casewire: `${few.toFixed(0)} and ${many.toFixed(0)} MiB`,
    ratio: times(many / few),
    aim: '< 150 MiB, the same for both',
    reached: Math.max(few, many) < 150 && many / few <= SAME,
    calls: sayCalls(large.tally),
  };
}

/** How long a person waits for the help, next to the least that any program of Node takes. */
export async function helpRow(rounds: number): Promise<Row> {
  const help: number[] = [];
  const nothing: number[] = [];
  for (let round = 0; round < rounds; round++) {
    help.push((await time([CASEWIRE, '--help'])).ms);
    nothing.push((await time([process.execPath, '-e', '0'])).ms);
  }
  const [ms, floor] = [median(help), median(nothing)];
  return {
    what: '`--help` against `node -e 0`',
    casewire: seconds(ms),
    floor: seconds(floor),
    ratio: times(ms / floor),
    aim: '< 3 ×',
    reached: ms / floor < 3,
  };
}

/** How many rules are heard a second on one core (bench/rules.ts). */
export function rulesRow(rounds: number): Row {
  const script = join(import.meta.dirname, 'rules.ts');
  const [command, ...words] = onCore(PROGRAM_CORE, [process.execPath, script]);
  const rates = Array.from({ length: rounds }, () => Number(execFileSync(command, words, { encoding: 'utf8' })));
  const rate = median(rates);
  return {
    what: 'rules heard on one core, five rules on each alert',
    casewire: `${Math.round(rate).toLocaleString('en-US')}/s`,
    ratio: `${times(rate / MOST_RULES_NEEDED)} what is aimed at`,
    aim: '≥ 300,000/s',
    reached: rate >= MOST_RULES_NEEDED,
  };
}
