import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { withCasewire } from '../open.ts';
import { renderStatus } from '../render/render-status.ts';
import type { JsonFlags } from '../table/flags.ts';
import { toJson } from '../text/json.ts';

export async function status(this: Cli, { json }: JsonFlags): Promise<void> {
  const report = await withCasewire(this, (casewire) => casewire.status(), 'if there');
  // Held alerts are among the warnings, without the dropped, which wait for nobody.
  this.exitCode = report.warnings.length > 0 ? EXIT.unfinished : EXIT.well;
  if (json) return this.stdout.write(`${toJson({ command: 'status', ...report })}\n`);
  this.stdout.writeLines(renderStatus(report, this.stdout.paper()));
}
