import { type Kysely, sql } from 'kysely';
import type { AlertId, Severity, TenantId } from '../domain/alert.ts';
import { UNCATEGORISED } from '../domain/category.ts';
import type { NewsEnd } from '../domain/news-outcome.ts';
import type { AlertHistory, AlertLine, TenantStatus } from '../domain/outcome.ts';
import { pairHistory } from './in-step/pair-history.ts';
import type { Overview, Owner } from './ledger.ts';
import { fromStoredAlert } from './reading.ts';
import type { LedgerTables } from './store/schema.ts';

const OPEN_STATES = ['pending', 'sending', 'unknown', 'attaching'] as const;

/** An attaching alert is due with its comment, or, in none yet, with the first alert of its group. */
const DUE = sql<number | null>`min(case
  when alerts.state != 'attaching' then coalesce(alerts.not_before, alerts.lease_until, 0)
  when attachments.id is not null then coalesce(attachments.not_before, attachments.lease_until, 0)
  when first.state = 'raised' then 0
  else coalesce(first.not_before, first.lease_until, 0) end)`;

/** Those that wait for a create to be sent, and for no answer. */
const PENDING_DUE = sql<number | null>`min(case when alerts.state = 'pending'
  then coalesce(alerts.not_before, alerts.lease_until, 0) end)`;

export function sqlOverview(db: Kysely<LedgerTables>): Overview {
  return {
    async status(tenants) {
      const places = await db.selectFrom('tenants').selectAll().execute();
      const counts = await db
        .selectFrom('alerts')
        .select((select) => ['tenant', 'state', 'reason', select.fn.countAll<number>().as('n')])
        .groupBy(['tenant', 'state', 'reason'])
        .execute();
      const oldest = await db
        .selectFrom('alerts')
        .select((select) => ['tenant', select.fn.min('created_at').as('at')])
        .where('state', 'in', OPEN_STATES)
        .groupBy('tenant')
        .execute();
      return tenants.map((tenant): TenantStatus => {
        const place = places.find((row) => row.tenant === tenant);
        const byState: Record<string, number> = {};
        const heldBy: Record<string, number> = {};
        for (const row of counts) {
          if (row.tenant !== tenant) continue;
          byState[row.state] = (byState[row.state] ?? 0) + Number(row.n);
          if (row.state === 'held') heldBy[row.reason ?? ''] = (heldBy[row.reason ?? ''] ?? 0) + Number(row.n);
        }
        const oldestAt = oldest.find((row) => row.tenant === tenant)?.at;
        return {
          tenant,
          counts: byState,
          heldBy,
          ...(place?.watermark == null ? {} : { watermark: place.watermark }),
          ...(place?.polled_at == null ? {} : { polledAt: place.polled_at }),
          ...(place?.poll_failure == null ? {} : { failure: place.poll_failure }),
          ...(oldestAt == null ? {} : { oldestOpen: Number(oldestAt) }),
        };
      });
    },

    async waiting(tenant, most) {
      const total = await db
        .selectFrom('alerts')
        .leftJoin('members', 'members.dedup_key', 'alerts.dedup_key')
        .leftJoin('attachments', 'attachments.id', 'members.attachment')
        .leftJoin('alerts as first', 'first.dedup_key', 'members.group_id')
        .select((select) => [select.fn.countAll<number>().as('n'), DUE.as('next'), PENDING_DUE.as('pending')])
        .where('alerts.tenant', '=', tenant)
        .where('alerts.state', 'in', OPEN_STATES)
        .executeTakeFirstOrThrow();
      const held = await db
        .selectFrom('alerts')
        .select((select) => [select.fn.countAll<number>().as('n'), select.fn.min('not_before').as('next')])
        .where('tenant', '=', tenant)
        .where('state', '=', 'held')
        .where('reason', '!=', 'dropped')
        .executeTakeFirstOrThrow();
      const retry = held.next === null ? {} : { nextRetry: Number(held.next) };
      const counts = { count: Number(total.n), held: Number(held.n), ...retry };
      if (counts.count === 0) return { ...counts, first: [] };
      const rows = await db
        .selectFrom('alerts')
        .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
        .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
        .select(['alert', 'raw', 'state', 'why', 'sent_at', 'lease_owner', 'lease_until', 'json'])
        .where('tenant', '=', tenant)
        .where('state', 'in', OPEN_STATES)
        .orderBy('created_at')
        .limit(most)
        .execute();
      return {
        ...counts,
        nextDue: Number(total.next),
        ...(total.pending === null ? {} : { nextPending: Number(total.pending) }),
        first: rows.map((row) => ({
          alert: fromStoredAlert(row.alert ?? '{}', row.raw),
          state: row.state as (typeof OPEN_STATES)[number],
          why: row.why ?? '',
          ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
          ...(row.lease_owner === null ? {} : { leasedBy: row.lease_owner as Owner }),
          ...(row.lease_until === null ? {} : { leasedUntil: row.lease_until }),
          ...(row.json === null ? {} : { proposal: row.json }),
        })),
      };
    },

    async uncategorised(since) {
      const rows = await db
        .selectFrom('proposals')
        .innerJoin('alerts', 'alerts.dedup_key', 'proposals.dedup_key')
        .select((select) => ['tenant', 'detection', select.fn.countAll<number>().as('n')])
        // Written out, so that the index of the uncategorised alone is used.
        .where('category', '=', sql.lit(UNCATEGORISED))
        .where('seen_at', '>=', since)
        .groupBy(['tenant', 'detection'])
        .orderBy('n', 'desc')
        .orderBy('tenant')
        .orderBy('detection')
        .execute();
      return rows.map((row) => ({
        tenant: row.tenant as TenantId,
        type: row.detection ?? '',
        alerts: Number(row.n),
      }));
    },

    async record(key) {
      const row = await db.selectFrom('records').select('raw').where('dedup_key', '=', key).executeTakeFirst();
      return row?.raw;
    },

    async history(key) {
      const row = await db
        .selectFrom('alerts')
        .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
        .leftJoin('links', 'links.dedup_key', 'alerts.dedup_key')
        .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
        .selectAll('alerts')
        .select([
          'alert',
          'raw',
          'links.ticket_id',
          'links.ticket_key',
          'links.ticket_url',
          'proposals.json as proposal',
        ])
        .where('alerts.dedup_key', '=', key)
        .executeTakeFirst();
      if (!row) return undefined;
      const attempts = await db
        .selectFrom('attempts')
        .selectAll()
        .where('dedup_key', '=', key)
        .orderBy('attempt')
        .execute();
      const news = await newsOf(db, key);
      const inStep = await pairHistory(db, key);
      const alert = row.alert === null ? undefined : fromStoredAlert(row.alert, row.raw);
      const said: Partial<AlertLine> = row.proposal ? JSON.parse(row.proposal) : {};
      const history: Omit<AlertHistory, 'label'> = {
        line: {
          tenant: row.tenant as TenantId,
          alertId: row.alert_id as AlertId,
          key,
          title: row.title,
          severity: row.severity as Severity,
          createdAt: row.created_at,
          users: said.users ?? alert?.users.map(({ name }) => name) ?? [],
          findings: said.findings ?? [],
          notes: said.notes ?? [],
          ...(said.category === undefined ? {} : { category: said.category }),
          ...(alert?.type === undefined ? {} : { type: alert.type }),
          ...(said.priority === undefined ? {} : { priority: said.priority }),
          ...(said.project === undefined ? {} : { project: said.project }),
          ...(said.issueType === undefined ? {} : { issueType: said.issueType }),
          ...(said.rules === undefined ? {} : { rules: said.rules }),
          ...(row.ticket_id && row.ticket_key && row.ticket_url
            ? { ticket: { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url } }
            : {}),
          state: row.state,
          why: row.why ?? said.why ?? '',
          ...(row.reason === null ? {} : { reason: row.reason }),
        },
        ...(alert?.activityAt === undefined ? {} : { activityAt: alert.activityAt }),
        seenAt: row.seen_at,
        ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
        ...(row.not_before === null ? {} : { retryAt: row.not_before }),
        url: alert?.url ?? '',
        description: alert?.description ?? row.raw,
        incomplete: alert?.incomplete ?? [],
        ...(inStep ? { inStep } : {}),
        ...(news.length > 0 ? { news } : {}),
        attempts: attempts.map((attempt) => ({
          attempt: attempt.attempt,
          sentAt: attempt.sent_at,
          ...(attempt.outcome === null ? {} : { outcome: attempt.outcome }),
          ...(attempt.outcome_at === null ? {} : { outcomeAt: attempt.outcome_at }),
          ...(attempt.detail === null ? {} : { detail: attempt.detail }),
        })),
      };
      return history;
    },
  };
}

async function newsOf(db: Kysely<LedgerTables>, key: string): Promise<NonNullable<AlertHistory['news']>> {
  const rows = await db.selectFrom('news').selectAll().where('dedup_key', '=', key).orderBy('found_at').execute();
  return rows.map((row) => ({
    at: row.found_at,
    words: row.words,
    kind: row.kind,
    says: row.says ?? row.why ?? 'its issue is not told yet',
    ...(row.outcome === null ? {} : { outcome: row.outcome as NewsEnd }),
  }));
}
