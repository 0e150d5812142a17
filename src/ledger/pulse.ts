import { type Kysely, sql } from 'kysely';
import { DAY_MS, type EpochMs } from '../domain/time.ts';
import type { LedgerVitals } from '../domain/vitals.ts';
import type { Pulse } from './pulse-port.ts';
import type { LedgerTables } from './store/schema.ts';

export function sqlPulse(db: Kysely<LedgerTables>): Pulse {
  return {
    async tenants(names, now) {
      const [places, newest, states] = [await placesOf(db), await newestOf(db), await statesOf(db, now)];
      const placeOf = new Map(places.map((row) => [row.tenant, row]));
      const newestAt = new Map(newest.map((row) => [row.tenant, row.at]));
      const rowsOf = Map.groupBy(states, ({ tenant }) => tenant);
      return names.map((tenant): LedgerVitals => {
        const place = placeOf.get(tenant);
        const at = newestAt.get(tenant);
        return {
          tenant,
          ...stand(rowsOf.get(tenant) ?? []),
          ...(place?.watermark == null ? {} : { watermark: place.watermark }),
          ...(place?.polled_at == null ? {} : { polledAt: place.polled_at }),
          ...(place?.poll_failure == null ? {} : { failure: place.poll_failure }),
          ...(at == null ? {} : { newestAlert: Number(at) }),
        };
      });
    },

    async activeDays(tenant, from, to) {
      const day = sql<number>`created_at / ${sql.lit(DAY_MS)}`;
      const rows = await db
        .selectFrom('alerts')
        .select(day.as('day'))
        .distinct()
        .where('tenant', '=', tenant)
        .where('created_at', '>=', from)
        .where('created_at', '<=', to)
        .orderBy('day')
        .execute();
      return rows.map((row) => Number(row.day));
    },
  };
}

function placesOf(db: Kysely<LedgerTables>) {
  return db.selectFrom('tenants').select(['tenant', 'watermark', 'polled_at', 'poll_failure']).execute();
}

/** One step into the index a tenant, instead of a walk through all alerts. */
function newestOf(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('tenants')
    .select((select) => [
      'tenant',
      select
        .selectFrom('alerts')
        .select((inner) => inner.fn.max('created_at').as('at'))
        .whereRef('alerts.tenant', '=', 'tenants.tenant')
        .as('at'),
    ])
    .execute();
}

const NOT_ENDED = ['pending', 'sending', 'unknown', 'attaching', 'held'] as const;

type StateRow = Awaited<ReturnType<typeof statesOf>>[number];

/** Tenant by tenant through the index of states: what has ended, which is nearly all, is not looked at. */
function statesOf(db: Kysely<LedgerTables>, now: EpochMs) {
  return (
    db
      .selectFrom('tenants')
      // SQLite keeps the order of a CROSS JOIN; without figures of its tables it might begin with the alerts.
      .crossJoin('alerts')
      .whereRef('alerts.tenant', '=', 'tenants.tenant')
      .where('state', 'in', NOT_ENDED)
      .select((select) => [
        'alerts.tenant',
        'state',
        'reason',
        select.fn.countAll<number>().as('n'),
        select.fn.min('created_at').as('created'),
        select.fn.min('seen_at').as('seen'),
        select.fn.min('sent_at').as('sent'),
        sql<number>`sum(case when settled_at > ${now - DAY_MS} then 1 else 0 end)`.as('lately'),
      ])
      .groupBy(['alerts.tenant', 'state', 'reason'])
      .execute()
  );
}

/** Adds up a tenant's rows. */
function stand(rows: readonly StateRow[]): Omit<LedgerVitals, 'tenant'> {
  const held = rows.filter(({ state, reason }) => state === 'held' && reason !== 'dropped');
  const open = rows.filter(({ state }) => state !== 'held');
  const unknown = open.filter(({ state }) => state === 'unknown');
  return {
    open: total(open),
    unknown: total(unknown),
    heldBy: Object.fromEntries(held.map(({ reason, n }) => [reason ?? 'refused', Number(n)])),
    heldLately: held.reduce((sum, { lately }) => sum + Number(lately), 0),
    ...oldest(
      'oldestOpen',
      open.map(({ created }) => created),
    ),
    ...oldest(
      'openSince',
      open.map(({ seen }) => seen),
    ),
    ...oldest(
      'oldestUnknown',
      unknown.map(({ sent }) => sent),
    ),
  };
}

function total(rows: readonly StateRow[]): number {
  return rows.reduce((sum, { n }) => sum + Number(n), 0);
}

function oldest<K extends string>(name: K, instants: readonly (EpochMs | null)[]): { [key in K]?: EpochMs } {
  const known = instants.flatMap((at) => (at === null ? [] : [Number(at)]));
  return known.length === 0 ? {} : ({ [name]: Math.min(...known) } as { [key in K]?: EpochMs });
}
