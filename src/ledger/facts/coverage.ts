import type { Kysely } from 'kysely';
import type { TenantId } from '../../domain/alert.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Coverage, TenantCoverage } from './facts-port.ts';

export function sqlCoverage(db: Kysely<LedgerTables>): Coverage {
  return {
    async tenants() {
      const rows = await db.selectFrom('tenants').select('tenant').execute();
      return rows.map(({ tenant }) => tenant as TenantId).sort();
    },

    async of(span) {
      const rows = await coverageRows(db, span);
      const all = rows.map((row): TenantCoverage => {
        const began = [row.first_read, row.first_alert].flatMap((at) => (at == null ? [] : [Number(at)]));
        return {
          tenant: row.tenant as TenantId,
          ...(began.length === 0 ? {} : { since: Math.min(...began) }),
          ...(row.read_to == null ? {} : { readTo: Number(row.read_to) }),
          ...(row.issues_since == null ? {} : { syncedTo: Number(row.issues_since) }),
          present: row.alert_in_span != null || row.read_in_span != null,
        };
      });
      // Databases order text by rules of their own.
      return all.sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
    },
  };
}

/** A step into an index for each tenant and column, whatever there is of it. */
function coverageRows(db: Kysely<LedgerTables>, { from, to }: { from: number; to: number }) {
  return db
    .selectFrom('tenants')
    .leftJoin('sync_places', 'sync_places.tenant', 'tenants.tenant')
    .select(['tenants.tenant', 'tenants.read_to', 'sync_places.issues_since'])
    .select(({ selectFrom }) => [
      selectFrom('reading_hours')
        .select('first_done_at')
        .whereRef('reading_hours.tenant', '=', 'tenants.tenant')
        .where('first_done_at', 'is not', null)
        .orderBy('hour')
        .limit(1)
        .as('first_read'),
      selectFrom('sightings')
        .select('created_at')
        .whereRef('sightings.tenant', '=', 'tenants.tenant')
        .orderBy('created_at')
        .limit(1)
        .as('first_alert'),
      selectFrom('sightings')
        .select('created_at')
        .whereRef('sightings.tenant', '=', 'tenants.tenant')
        .where('created_at', '>=', from)
        .where('created_at', '<', to)
        .orderBy('created_at')
        .limit(1)
        .as('alert_in_span'),
      selectFrom('reading_hours')
        .select('hour')
        .whereRef('reading_hours.tenant', '=', 'tenants.tenant')
        .where('hour', '>', from - HOUR_MS)
        .where('hour', '<', to)
        .where('first_at', '<', to)
        .where('last_at', '>=', from)
        .orderBy('hour')
        .limit(1)
        .as('read_in_span'),
    ])
    .execute();
}
