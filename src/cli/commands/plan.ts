import type { Cli } from '../cli.ts';
import type { PlanFlags } from '../table/pass-commands.ts';
import { pass } from './pass.ts';
import { replay } from './replay.ts';

export async function plan(this: Cli, { tenant, json, replay: pastMs }: PlanFlags): Promise<void> {
  if (pastMs === undefined) await pass(this, { kind: 'plan', tenant, json, waitMs: 0 });
  else await replay(this, { pastMs, tenant, json });
}
