import { type TenantId, toAlertId } from '../../domain/alert.ts';
import { clean } from '../../domain/text/clean.ts';
import type { Cli } from '../cli.ts';
import { unknownTenant, withCasewire } from '../open.ts';
import { renderHistory } from '../render/render-history.ts';
import type { JsonFlags } from '../table/flags.ts';
import { toJson } from '../text/json.ts';
import { UsageError } from '../usage-error.ts';

export async function explain(this: Cli, { json }: JsonFlags, first: string, second?: string): Promise<void> {
  const { tenant, alert } = alertNamed(first, second);
  const history = await withCasewire(
    this,
    async (casewire, config) => {
      // A tenant that left the configuration still has its history.
      const found = await casewire.explain(tenant, alert);
      const known = config.tenants.map((configured) => configured.tenant);
      if (found === undefined && !known.includes(tenant)) throw unknownTenant(known, tenant);
      return found;
    },
    'if there',
  );
  if (history === undefined)
    throw new UsageError(
      `nothing is known of an alert "${clean(alert)}" of ${tenant}`,
      'Its id is the last part of its link in Defender. Alerts that no run has seen yet: casewire plan',
    );
  if (json) return this.stdout.write(`${toJson({ command: 'explain', ...history })}\n`);
  this.stdout.writeLines(renderHistory(history, this.stdout.paper()));
}

/** `TENANT ALERT` and `TENANT/ALERT` name the same; so do an id with and without Graph's prefix. */
function alertNamed(first: string, second: string | undefined) {
  const slash = first.indexOf('/');
  if (second !== undefined) return { tenant: first as TenantId, alert: toAlertId(second) };
  if (slash < 1 || slash === first.length - 1)
    throw new UsageError('ALERT is missing: casewire explain TENANT ALERT, or TENANT/ALERT');
  return { tenant: first.slice(0, slash) as TenantId, alert: toAlertId(first.slice(slash + 1)) };
}
