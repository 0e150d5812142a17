import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { tenantsAsked, withCasewire } from '../open.ts';
import { renderCheck } from '../render/render-check.ts';
import type { TenantFlags } from '../table/flags.ts';
import { toJson } from '../text/json.ts';

export async function check(this: Cli, { tenant, json }: TenantFlags): Promise<void> {
  const lines = await withCasewire(this, (casewire, config) => casewire.check(tenantsAsked(config, tenant)));
  const errors = lines.filter(({ level }) => level === 'error').length;
  const warnings = lines.filter(({ level }) => level === 'warning').length;
  this.exitCode = errors > 0 ? EXIT.unfinished : EXIT.well;
  if (json) return this.stdout.write(`${toJson({ command: 'check', errors, warnings, checks: lines })}\n`);
  this.stdout.writeLines(renderCheck(lines, this.stdout.paper()));
}
