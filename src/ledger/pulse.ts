import { type Kysely, sql } from 'kysely';
import type { TenantId } from '../domain/alert.ts';
import { DAY_MS, type EpochMs } from '../domain/time.ts';
import type { LedgerVitals } from '../domain/vitals.ts';
import type { Pulse } from './pulse-port.ts';
import type { LedgerTables } from './store/schema.ts';
import { turn } from './store/turn.ts';

/** Each span is a step into the index; a statement of SQLite takes a condition of at most 1,000 levels. */
const SPANS_AT_ONCE = 100;

export function sqlPulse(db: Kysely<LedgerTables>): Pulse {
  return {
    async tenants(names, now) {
      const [places, newest] = [await placesOf(db), await newestOf(db)];
      const [open, held] = [await openOf(db), await heldOf(db, now)];
      await turn();
      const placeOf = new Map(places.map((row) => [row.tenant, row]));
      const newestAt = new Map(newest.map((row) => [row.tenant, row.at]));
      const openRows = Map.groupBy(open, ({ tenant }) => tenant);
      const heldRows = Map.groupBy(held, ({ tenant }) => tenant);
      return names.map((tenant): LedgerVitals => {
        const place = placeOf.get(tenant);
        const at = newestAt.get(tenant);
        return {
          tenant,
          ...stand(openRows.get(tenant) ?? NO_ROWS, heldRows.get(tenant) ?? NO_ROWS),
          ...(place?.watermark == null ? {} : { watermark: place.watermark }),
          ...(place?.polled_at == null ? {} : { polledAt: place.polled_at }),
          ...(place?.poll_failure == null ? {} : { failure: place.poll_failure }),
          ...(at == null ? {} : { newestAlert: Number(at) }),
        };
      });
    },

    async besides(names) {
      const known = new Set<string>(names);
      const rows = await db.selectFrom('tenants').select('tenant').orderBy('tenant').execute();
      const others = rows.filter(({ tenant }) => !known.has(tenant));
      const found: { tenant: TenantId; links: number }[] = [];
      for (const { tenant } of others) {
        const links = db.selectFrom('links').select((select) => select.fn.countAll<number>().as('n'));
        const open = await links
          .where('tenant', '=', tenant)
          .where('agreed_over', 'is', null)
          .executeTakeFirstOrThrow();
        found.push({ tenant: tenant as TenantId, links: Number(open.n) });
      }
      return found;
    },

    async activeDays(spans) {
      const day = sql<number>`created_at / ${sql.lit(DAY_MS)}`;
      const days = new Map<TenantId, number[]>();
      for (let i = 0; i < spans.length; i += SPANS_AT_ONCE) {
        const some = spans.slice(i, i + SPANS_AT_ONCE);
        const rows = await db
          .selectFrom('alerts')
          .select(['tenant', day.as('day')])
          .distinct()
          .where(({ and, eb, or }) =>
            or(
              some.map(({ tenant, from, to }) =>
                and([eb('tenant', '=', tenant), eb('created_at', '>=', from), eb('created_at', '<=', to)]),
              ),
            ),
          )
          .orderBy('day')
          .execute();
        for (const row of rows) {
          const tenant = row.tenant as TenantId;
          const known = days.get(tenant) ?? [];
          days.set(tenant, known);
          known.push(Number(row.day));
        }
      }
      return days;
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

const NOT_ENDED = ['pending', 'sending', 'unknown', 'attaching'] as const;

type OpenRow = Awaited<ReturnType<typeof openOf>>[number];
type HeldRow = Awaited<ReturnType<typeof heldOf>>[number];

/** Through the index of states: what has ended, which is nearly all, is not looked at, nor a tenant that has nothing open. */
function openOf(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('alerts')
    .where('state', 'in', NOT_ENDED)
    .select((select) => [
      'tenant',
      'state',
      select.fn.countAll<number>().as('n'),
      select.fn.min('created_at').as('created'),
      select.fn.min('seen_at').as('seen'),
      select.fn.min('sent_at').as('sent'),
    ])
    .groupBy(['tenant', 'state'])
    .execute();
}

/** Written out, so that the index of the held alone is used, without the dropped, which stay for ever. */
function heldOf(db: Kysely<LedgerTables>, now: EpochMs) {
  return db
    .selectFrom('alerts')
    .where('state', '=', sql.lit('held' as const))
    .where('reason', '!=', sql.lit('dropped'))
    .select((select) => [
      'tenant',
      'reason',
      select.fn.countAll<number>().as('n'),
      sql<number>`sum(case when settled_at > ${now - DAY_MS} then 1 else 0 end)`.as('lately'),
    ])
    .groupBy(['tenant', 'reason'])
    .execute();
}

/** Adds up a tenant's rows; most have none, and there may be thousands. */
function stand(open: readonly OpenRow[], held: readonly HeldRow[]): Omit<LedgerVitals, 'tenant'> {
  if (open.length === 0 && held.length === 0) return NOTHING;
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

const NOTHING = { open: 0, unknown: 0, heldBy: {}, heldLately: 0 } as const;
const NO_ROWS: readonly never[] = [];

function total(rows: readonly { n: number }[]): number {
  return rows.reduce((sum, { n }) => sum + Number(n), 0);
}

function oldest<K extends string>(name: K, instants: readonly (EpochMs | null)[]): { [key in K]?: EpochMs } {
  const known = instants.flatMap((at) => (at === null ? [] : [Number(at)]));
  return known.length === 0 ? {} : ({ [name]: Math.min(...known) } as { [key in K]?: EpochMs });
}
