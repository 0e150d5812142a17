import type { SyncSummary } from '../../domain/sync-outcome.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { openCasewire, openConfig, tenantsAsked } from '../open.ts';
import { SyncReport } from '../report/sync-report.ts';
import { stopOnSignals } from '../signals.ts';
import type { SyncFlags } from '../table/pass-commands.ts';
import { UsageError } from '../usage-error.ts';

/** What a configuration lacks that has no `sync`; each line as it can be copied. */
const ADD = [
  'sync:',
  '  fromJira:               # an issue that is done closes its alert',
  '    verdict: { False Positive: false_positive, default: true_positive }',
  '  fromDefender:           # an alert that is closed moves its issue',
  '    transitionTo: Done',
];

export async function sync(this: Cli, { tenant, yes = false, dryRun = false, json = false }: SyncFlags): Promise<void> {
  const config = await openConfig(this);
  if (!config.sync)
    throw new UsageError(
      'the configuration has no sync, so nothing is kept in step; nothing was tried',
      `add to ${config.file}, for example:\n${ADD.join('\n')}`,
    );
  const tenants = tenantsAsked(config, tenant);
  const { clock, random, stdout: out, stderr: err, verbose } = this;
  const report = new SyncReport({ out, err, json, verbose, dryRun });
  const casewire = await openCasewire(config, {
    clock,
    random,
    progress: (event) => report.note(event),
    store: dryRun ? 'use' : 'make',
  });
  const stop = stopOnSignals(() => report.stopping());
  try {
    const summary = await casewire.sync({ tenants, yes, plan: dryRun, retry: !dryRun, signal: stop.signal });
    this.exitCode = stop.exitCode ?? syncExitCode(summary);
    report.end(summary, this.exitCode);
  } finally {
    await casewire.close();
    stop.release();
  }
}

/** The exit code of a pass that keeps alerts and issues in step. */
export function syncExitCode({ tenants, stopped }: SyncSummary): number {
  const failed = tenants.filter(({ failure }) => failure && !failure.waiting);
  if (tenants.length > 0 && failed.length === tenants.length) return EXIT.nothing;
  const left = tenants.some(
    (tenant) => tenant.failure || tenant.stopped !== undefined || tenant.waiting > 0 || tenant.refused > 0,
  );
  return left || stopped ? EXIT.unfinished : EXIT.well;
}
