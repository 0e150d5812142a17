import type { Casewire, PassRequest } from '../../assembly/casewire.ts';
import type { Config } from '../../config/config.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { PassSummary } from '../../domain/outcome.ts';
import type { Cli } from '../cli.ts';
import { exitCodeOf } from '../exit-code.ts';
import { openCasewire, openConfig, tenantsAsked } from '../open.ts';
import type { PassKind } from '../render/totals.ts';
import { JsonReport } from '../report/json-report.ts';
import { LineReport } from '../report/line-report.ts';
import type { PassReport } from '../report/pass-report.ts';
import { TerminalReport } from '../report/terminal-report.ts';
import { stopOnSignals } from '../signals.ts';

export interface PassAsk {
  kind: PassKind;
  tenant?: readonly string[] | undefined;
  json?: boolean | undefined;
  waitMs: number;
}

/** One `run` or `plan` from the words to the exit code. */
export async function pass(cli: Cli, ask: PassAsk): Promise<void> {
  const config = await openConfig(cli);
  cli.exitCode = await passWith(cli, config, ask);
}

/** The same for a configuration that is at hand; returns the exit code. */
export async function passWith(cli: Cli, config: Config, ask: PassAsk): Promise<number> {
  const tenants = tenantsAsked(config, ask.tenant);
  const { clock, random } = cli;
  let report: PassReport | undefined;
  const casewire = await openCasewire(config, {
    clock,
    random,
    progress: (event) => report?.note(event),
    store: ask.kind === 'run' ? 'make' : 'use',
  });
  const shown = reportFor(cli, ask, tenants);
  report = shown;
  const leave = () => shown.abandon();
  process.once('exit', leave);
  const stop = stopOnSignals(() => shown.stopping());
  try {
    const summary = await go(casewire, ask.kind, { tenants, waitMs: ask.waitMs, signal: stop.signal });
    const exitCode = stop.exitCode ?? exitCodeOf(summary, sitesOf(config, tenants));
    shown.end(summary, exitCode);
    return exitCode;
  } finally {
    leave();
    process.off('exit', leave);
    await casewire.close();
    stop.release();
  }
}

function go(casewire: Casewire, kind: PassKind, request: PassRequest): Promise<PassSummary> {
  return kind === 'run' ? casewire.run(request) : casewire.plan(request);
}

function reportFor(cli: Cli, { kind, json }: PassAsk, tenants: readonly TenantId[]): PassReport {
  const { stdout: out, stderr: err, clock } = cli;
  const verbose = cli.verbose ? err : undefined;
  if (json) return new JsonReport({ out, err, kind, verbose: cli.verbose });
  return out.isTerminal
    ? new TerminalReport({ out, kind, clock, tenants, verbose })
    : new LineReport({ out, kind, verbose });
}

function sitesOf(config: Config, tenants: readonly TenantId[]): Set<string> {
  const asked = new Set(tenants);
  return new Set(config.tenants.filter(({ tenant }) => asked.has(tenant)).map(({ policy }) => policy.ticket.site));
}
