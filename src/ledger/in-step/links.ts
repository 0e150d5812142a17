import type { Kysely, Transaction } from 'kysely';
import type { AlertId, DedupKey, TenantId, Verdict } from '../../domain/alert.ts';
import { type Agreement, isOver, type LeftOver, type Link } from '../../domain/link.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { storeAgreed } from '../facts/writes/agreed-facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { sharing } from '../store/sharing.ts';
import { HISTORY_UNREAD } from './link-tables.ts';
import type { Links, SyncPosition, SyncStanding } from './links-port.ts';
import { storeNotes } from './notes.ts';

/** Issues in one statement, far below what either database allows. */
const ISSUES_AT_ONCE = 500;

type Begin = Parameters<Links['begin']>[0];
type Agree = Parameters<Links['agree']>[0];
type End = Parameters<Links['end']>[0];

export function sqlLinks(db: Kysely<LedgerTables>): Links {
  return {
    begin: sharing(db, begin),

    async watched({ tenant, agreedSince, after, most }) {
      const page = () => {
        const rows = selectLinks(db).where('links.tenant', '=', tenant);
        const rest = after === undefined ? rows : rows.where('links.dedup_key', '>', after);
        return rest.orderBy('links.dedup_key').limit(most);
      };
      const open = await page().where('agreed_over', 'is', null).execute();
      const over = await page().where('agreed_over', '=', 1).where('agreed_at', '>=', agreedSince).execute();
      const unread = await page().where(HISTORY_UNREAD).where('agreed_at', '<', agreedSince).execute();
      return [...open, ...over, ...unread]
        .sort((a, b) => (a.dedup_key < b.dedup_key ? -1 : 1))
        .slice(0, most)
        .map(toLink);
    },

    async ofTickets(site, ticketIds) {
      const found: Link[] = [];
      for (let i = 0; i < ticketIds.length; i += ISSUES_AT_ONCE) {
        const rows = await selectLinks(db)
          .where('ticket_id', 'in', ticketIds.slice(i, i + ISSUES_AT_ONCE))
          .where('links.site', '=', site)
          .orderBy('links.dedup_key')
          .execute();
        found.push(...rows.map(toLink));
      }
      return found;
    },

    agree: sharing(db, agree),
    end: sharing(db, end),

    async standing() {
      const rows = await db.selectFrom('sync_places').selectAll().orderBy('tenant').execute();
      const left = await leftByTenant(db);
      return rows.map((row) => ({
        tenant: row.tenant as TenantId,
        ...left.get(row.tenant),
        ...(row.synced_at === null ? {} : { syncedAt: Number(row.synced_at) }),
        ...(row.issues_since === null ? {} : { issuesSince: Number(row.issues_since) }),
        ...(row.failure === null ? {} : { failure: row.failure }),
        ...(row.stopped === null ? {} : { stopped: row.stopped }),
      }));
    },
  };
}

/** From an index of them alone: of most tenants there are none. */
async function leftByTenant(db: Kysely<LedgerTables>): Promise<Map<string, Pick<SyncStanding, 'left'>>> {
  const rows = await db
    .selectFrom('links')
    .select((select) => [
      'tenant',
      select.fn.countAll<number>().as('n'),
      select.fn.min('ticket_key').as('issue'),
      select.fn.min('agreed_left').as('left'),
    ])
    .where('agreed_left', 'is not', null)
    .groupBy('tenant')
    .execute();
  return new Map(
    rows.map(({ tenant, n, issue, left }) => [
      tenant ?? '',
      { left: { count: Number(n), issue: issue ?? '', why: (JSON.parse(left ?? '{}') as LeftOver).why } },
    ]),
  );
}

async function begin(tx: Transaction<LedgerTables>, { tenant, owner, now, until }: Begin) {
  const taken = await tx
    .insertInto('sync_places')
    .values({ tenant, owner, until })
    .onConflict((conflict) =>
      conflict
        .column('tenant')
        .doUpdateSet({ owner, until })
        .where((where) =>
          where.or([
            where('sync_places.until', 'is', null),
            where('sync_places.until', '<=', now),
            where('sync_places.owner', '=', owner),
          ]),
        ),
    )
    .returning(['alerts_since', 'issues_since', 'closed_at', 'hinted_alerts', 'hinted_issues', 'stopped'])
    .executeTakeFirst();
  if (taken) {
    const { stopped } = taken;
    const sites = await sitesOf(tx, tenant);
    return { position: toPosition(taken), sites, ...(stopped === null ? {} : { stopped }) };
  }
  const row = await tx.selectFrom('sync_places').select('until').where('tenant', '=', tenant).executeTakeFirst();
  return { busyUntil: row?.until ?? now };
}

/** From an index alone: its cost is that of the tenant's pairs, not of all. */
async function sitesOf(tx: Transaction<LedgerTables>, tenant: TenantId): Promise<readonly SiteId[]> {
  const rows = await tx.selectFrom('links').select('site').distinct().where('tenant', '=', tenant).execute();
  return rows.map(({ site }) => site as SiteId).sort();
}

type PositionColumn = 'alerts_since' | 'issues_since' | 'closed_at' | 'hinted_alerts' | 'hinted_issues';

function toPosition(row: Pick<LedgerTables['sync_places'], PositionColumn>) {
  const { hinted_alerts: alerts, hinted_issues: issues } = row;
  const position: SyncPosition = {
    ...(row.alerts_since === null ? {} : { alertsSince: row.alerts_since }),
    ...(row.issues_since === null ? {} : { issuesSince: row.issues_since }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(alerts === null && issues === null ? {} : { onHints: { alerts: alerts ?? 0, issues: issues ?? 0 } }),
  };
  return position;
}

/** An alert that was added to another's issue has that one's project. */
function selectLinks(db: Kysely<LedgerTables>) {
  return db
    .selectFrom('links')
    .innerJoin('alerts', 'alerts.dedup_key', 'links.dedup_key')
    .leftJoin('members', 'members.dedup_key', 'links.dedup_key')
    .leftJoin('groups', 'groups.id', 'members.group_id')
    .selectAll('links')
    .select(['alerts.alert_id', 'alerts.project', 'groups.project as group_project']);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectLinks>['executeTakeFirstOrThrow']>>;

/** At birth both sides are open. */
export function toAgreement(
  row: Pick<
    LedgerTables['links'],
    'linked_at' | 'agreed_alert' | 'agreed_verdict' | 'agreed_issue' | 'agreed_at' | 'agreed_left'
  >,
): Agreement {
  if (row.agreed_at === null) return { alert: 'open', issue: 'open', at: row.linked_at };
  return {
    alert: row.agreed_alert ?? 'open',
    issue: row.agreed_issue ?? 'open',
    at: row.agreed_at,
    ...(row.agreed_left === null ? {} : { left: JSON.parse(row.agreed_left) as LeftOver }),
    ...(row.agreed_verdict === null ? {} : { verdict: row.agreed_verdict as Verdict }),
  };
}

function toLink(row: Row): Link {
  return {
    key: row.dedup_key as DedupKey,
    tenant: (row.tenant ?? '') as TenantId,
    alertId: row.alert_id as AlertId,
    site: row.site as SiteId,
    ticket: { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url },
    project: row.group_project ?? row.project ?? row.ticket_key.replace(/-\d+$/, ''),
    agreed: toAgreement(row),
    ...(row.history_changed_at === null
      ? {}
      : {
          history: {
            changedAt: Number(row.history_changed_at),
            ...(row.history_read_to === null ? {} : { readTo: Number(row.history_read_to) }),
          },
        }),
  };
}

async function agree(tx: Transaction<LedgerTables>, entry: Agree): Promise<void> {
  const { key, agreed, ticket, times, notes } = entry;
  if (agreed) {
    const row = await tx
      .updateTable('links')
      .set({
        agreed_alert: agreed.alert,
        agreed_verdict: agreed.verdict ?? null,
        agreed_issue: agreed.issue,
        agreed_at: agreed.at,
        agreed_over: isOver(agreed) ? 1 : null,
        agreed_left: agreed.left ? JSON.stringify(agreed.left) : null,
      })
      .where('dedup_key', '=', key)
      .returning('ticket_id')
      .executeTakeFirst();
    // Of an issue that only now is the alert's, the next pass tells.
    if (row && (ticket === undefined || ticket.id === row.ticket_id)) await storeAgreed(tx, key, agreed, times);
  }
  if (ticket) await follow(tx, key, ticket);
  await storeNotes(tx, notes);
}

/** A moved issue has a new key for all of its alerts; another issue is this alert's alone. */
async function follow(tx: Transaction<LedgerTables>, key: DedupKey, ticket: NonNullable<Agree['ticket']>) {
  const now = { ticket_key: ticket.key, ticket_url: ticket.url };
  const row = await tx
    .updateTable('links')
    .set((set) => ({
      ticket_id: ticket.id,
      ...now,
      // Of another issue nothing was read yet.
      history_read_to: set.case().when('ticket_id', '=', ticket.id).then(set.ref('history_read_to')).else(null).end(),
    }))
    .where('dedup_key', '=', key)
    .returning('site')
    .executeTakeFirst();
  if (row)
    await tx.updateTable('links').set(now).where('ticket_id', '=', ticket.id).where('site', '=', row.site).execute();
}

async function end(tx: Transaction<LedgerTables>, entry: End): Promise<void> {
  const { tenant, owner, now, position, failure, stopped } = entry;
  await tx
    .updateTable('sync_places')
    .set({
      owner: null,
      until: null,
      alerts_since: position.alertsSince ?? null,
      issues_since: position.issuesSince ?? null,
      closed_at: position.closedAt ?? null,
      hinted_alerts: position.onHints?.alerts ?? null,
      hinted_issues: position.onHints?.issues ?? null,
      failure: failure ?? null,
      stopped: stopped ?? null,
      ...(failure === undefined && stopped === undefined ? { synced_at: now } : {}),
    })
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .execute();
}
