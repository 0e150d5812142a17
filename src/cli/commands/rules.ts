import type { Cli } from '../cli.ts';
import { withCasewire } from '../open.ts';
import { renderRules } from '../render/render-rules.ts';
import type { JsonFlags } from '../table/flags.ts';
import { toJson } from '../text/json.ts';

export async function rules(this: Cli, { json }: JsonFlags): Promise<void> {
  const report = await withCasewire(this, (casewire) => casewire.rules(), 'if there');
  if (json) return this.stdout.write(`${toJson({ command: 'rules', ...report })}\n`);
  this.stdout.writeLines(renderRules(report, this.stdout.paper()));
}
