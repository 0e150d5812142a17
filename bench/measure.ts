import { BenchScene } from './bench-scene.ts';
import { type Program, type Ran, type RunOptions, run } from './programs.ts';
import type { Spec, Tally } from './services.ts';
import { median } from './table.ts';

export type Measured = Ran & { tally: Tally };

/** Runs a program once on services and a store of its own; a run that did not do all of the work is no figure. */
export async function measure(program: Program, spec: Spec, options?: RunOptions): Promise<Measured> {
  const scene = await BenchScene.start(spec);
  try {
    const ran = await run(program, scene, options);
    const tally = await scene.tally();
    judge(program, spec, tally);
    return { ...ran, tally };
  } finally {
    await scene.stop();
  }
}

/** Runs programs in turn, so that a change of the machine's mood meets all of them; returns the runs of each. */
export async function inTurn<P extends Program>(
  rounds: number,
  programs: Readonly<Record<P, Spec>>,
  options?: RunOptions,
): Promise<Record<P, Measured[]>> {
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []])) as unknown as Record<P, Measured[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of Object.keys(programs) as P[]) runs[name].push(await measure(name, programs[name], options));
  return runs;
}

export const medianMs = (runs: readonly Ran[]) => median(runs.map(({ ms }) => ms));

/** @throws Error when not every alert became one issue of its own, or a call was made that no service would know. */
function judge(program: Program, { tenants, alerts }: Spec, tally: Tally): void {
  const expected = tenants * alerts;
  const wrong = [
    ...(tally.issues === expected ? [] : [`${tally.issues} issues`]),
    // The yardstick's labels do not name the tenant; Casewire's do.
    ...(program === 'casewire' && tally.identities !== expected ? [`${tally.identities} identities`] : []),
    ...(tally.creates - tally.throttled === expected ? [] : [`${tally.creates} creates`]),
    ...tally.unexpected.slice(0, 3),
  ];
  if (wrong.length > 0) throw new Error(`${program} was to raise ${expected} alerts: ${wrong.join(', ')}`);
}

/** Calls of a run, by what they are for. */
export function sayCalls({ lists, creates, lookUps, others }: Tally): string {
  return `${lists} + ${creates} + ${lookUps} + ${others}`;
}
