import type { Kysely } from 'kysely';
import type { AuditReport } from '../../domain/audit.ts';
import type { LedgerTables } from '../store/schema.ts';
import { factsBetween } from './facts-between.ts';
import type { Facts } from './facts-port.ts';
import { readings } from './readings.ts';
import { volumes } from './volumes.ts';

/** Tenants in one statement, far below what either database allows. */
const AT_ONCE = 500;

export function sqlFacts(db: Kysely<LedgerTables>): Facts {
  return {
    between: (ask) => factsBetween(db, ask),
    volumes: (ask) => volumes(db, ask),
    readings: (ask) => readings(db, ask),

    async recounts({ tenant, from, to, asOf }) {
      const rows = await db
        .selectFrom('recounts')
        .select('report')
        .where('tenant', '=', tenant)
        .where('recorded_at', '<=', asOf)
        .where('from_at', '<', to)
        .where('to_at', '>', from)
        .orderBy('at')
        .execute();
      return rows.map(({ report }): AuditReport => JSON.parse(report));
    },

    async latest(tenants) {
      let latest = 0;
      for (let i = 0; i < tenants.length; i += AT_ONCE)
        latest = Math.max(latest, await latestOf(db, tenants.slice(i, i + AT_ONCE)));
      return latest === 0 ? undefined : latest;
    },
  };
}

/** One look at the end of an index for each tenant and table. */
async function latestOf(db: Kysely<LedgerTables>, tenants: readonly string[]): Promise<number> {
  const rows = await db
    .selectFrom('tenants')
    .select(({ selectFrom }) => [
      selectFrom('facts')
        .select('facts.recorded_at')
        .whereRef('facts.tenant', '=', 'tenants.tenant')
        .orderBy('facts.recorded_at', 'desc')
        .limit(1)
        .as('fact'),
      // Alerts are read by creation, or nearly so, and the reading's end is told besides.
      selectFrom('sightings')
        .select('sightings.recorded_at')
        .whereRef('sightings.tenant', '=', 'tenants.tenant')
        .orderBy('sightings.created_at', 'desc')
        .limit(1)
        .as('sighting'),
      selectFrom('reading_hours')
        .select('reading_hours.last_at')
        .whereRef('reading_hours.tenant', '=', 'tenants.tenant')
        .orderBy('reading_hours.hour', 'desc')
        .limit(1)
        .as('reading'),
      selectFrom('recounts')
        .select('recounts.recorded_at')
        .whereRef('recounts.tenant', '=', 'tenants.tenant')
        .orderBy('recounts.at', 'desc')
        .limit(1)
        .as('recount'),
    ])
    .where('tenant', 'in', [...tenants])
    .execute();
  const all = rows.flatMap(({ fact, sighting, reading, recount }) => [fact, sighting, reading, recount]);
  return all.reduce((latest: number, at) => Math.max(latest, Number(at ?? 0)), 0);
}
