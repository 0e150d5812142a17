import { type Kysely, sql } from 'kysely';
import type { AlertId, DedupKey, Severity, TenantId } from '../../domain/alert.ts';
import type { HeldAlert } from '../../domain/outcome.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Catalogue, HeldCause } from './catalogue-port.ts';

/** Written out, so that the index of the held alone is used. */
function heldAlerts(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('alerts')
    .where('alerts.state', '=', sql.lit('held' as const))
    .where('alerts.reason', '!=', sql.lit('dropped'));
}

export async function causes(
  db: Kysely<LedgerTables>,
  { tenant, most }: Parameters<Catalogue['causes']>[0],
): ReturnType<Catalogue['causes']> {
  const all = tenant === undefined ? heldAlerts(db) : heldAlerts(db).where('tenant', '=', tenant);
  const rows = await all
    .select((select) => [
      'reason',
      'why',
      select.fn.countAll<number>().as('n'),
      sql<number>`count(distinct tenant)`.as('tenants'),
      select.fn.min('settled_at').as('since'),
      select.fn.min('not_before').as('retry'),
    ])
    .groupBy(['reason', 'why'])
    .orderBy('n', 'desc')
    .orderBy('reason')
    .orderBy('why')
    .execute();
  return {
    causes: rows.slice(0, most).map((row) => ({
      reason: row.reason as HeldCause['reason'],
      why: row.why ?? '',
      alerts: Number(row.n),
      tenants: Number(row.tenants),
      since: Number(row.since ?? 0),
      ...(row.retry === null ? {} : { nextRetry: Number(row.retry) }),
    })),
    more: Math.max(0, rows.length - most),
  };
}

export async function heldFor(
  db: Kysely<LedgerTables>,
  { cause, after, most }: Parameters<Catalogue['heldFor']>[0],
): ReturnType<Catalogue['heldFor']> {
  let query = heldAlerts(db).where('reason', '=', cause.reason);
  query = cause.why === '' ? query.where(emptyWhy) : query.where('why', '=', cause.why);
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'dedup_key'), '<', tuple(after.createdAt, after.key as string)),
    );
  const rows = await query
    .select(['dedup_key', 'tenant', 'alert_id', 'title', 'severity', 'created_at'])
    .select(['reason', 'why', 'settled_at', 'not_before'])
    .orderBy('created_at', 'desc')
    .orderBy('dedup_key', 'desc')
    .limit(most + 1)
    .execute();
  const alerts = rows.slice(0, most).map(
    (row): HeldAlert => ({
      key: row.dedup_key as DedupKey,
      tenant: row.tenant as TenantId,
      alertId: row.alert_id as AlertId,
      title: row.title,
      severity: row.severity as Severity,
      createdAt: row.created_at,
      reason: cause.reason,
      why: row.why ?? '',
      heldAt: row.settled_at ?? 0,
      ...(row.not_before === null ? {} : { retryAt: row.not_before }),
    }),
  );
  const last = alerts.at(-1);
  return { alerts, ...(rows.length > most && last ? { next: { createdAt: last.createdAt, key: last.key } } : {}) };
}

const emptyWhy = sql<boolean>`coalesce(why, '') = ''`;
