import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { tenantsAsked, withCasewire } from '../open.ts';
import { renderReplay } from '../render/render-replay.ts';
import { stopOnSignals } from '../signals.ts';
import { toJson } from '../text/json.ts';

export interface ReplayAsk {
  pastMs: number;
  tenant?: readonly string[] | undefined;
  json?: boolean | undefined;
}

/** `plan --replay` from the words to the exit code. */
export async function replay(cli: Cli, { pastMs, tenant, json }: ReplayAsk): Promise<void> {
  const stop = stopOnSignals(() => cli.stderr.write('stopping\n'));
  try {
    const report = await withCasewire(cli, (casewire, config) =>
      casewire.replay({ tenants: tenantsAsked(config, tenant), pastMs, signal: stop.signal }),
    );
    cli.exitCode = stop.exitCode ?? EXIT.well;
    if (json) return cli.stdout.write(`${toJson({ command: 'plan --replay', ...report })}\n`);
    cli.stdout.writeLines(renderReplay(report, cli.stdout.paper()));
  } finally {
    stop.release();
  }
}
