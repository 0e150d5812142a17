import type { Cli } from '../cli.ts';
import type { RunFlags } from '../table/pass-commands.ts';
import { pass } from './pass.ts';

export async function run(this: Cli, { tenant, json, wait }: RunFlags): Promise<void> {
  await pass(this, { kind: 'run', tenant, json, waitMs: wait ?? 0 });
}
