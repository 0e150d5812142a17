import type { Cli } from '../cli.ts';
import type { PlanFlags } from '../command-table.ts';
import { UsageError } from '../usage-error.ts';
import { pass } from './pass.ts';

export async function plan(this: Cli, { tenant, json, replay }: PlanFlags): Promise<void> {
  if (replay !== undefined)
    throw new UsageError('plan --replay is not built yet. Without it, plan shows what run would do now.');
  await pass(this, { kind: 'plan', tenant, json, waitMs: 0 });
}
