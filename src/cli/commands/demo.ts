import type { Cli } from '../cli.ts';
import type { DemoFlags } from '../command-table.ts';
import { UsageError } from '../usage-error.ts';

export async function demo(this: Cli, _flags: DemoFlags): Promise<void> {
  throw new UsageError('demo is not built yet.');
}
