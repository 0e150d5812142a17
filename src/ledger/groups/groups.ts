import type { Kysely, Transaction } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { storeProposals } from '../proposals.ts';
import { Batcher } from '../store/batcher.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { GroupRow } from './group-tables.ts';
import type { GroupNews, Groups, JoinEntry } from './groups-port.ts';

type Joined = { leads: boolean } | undefined;

/** States of an alert that leads a group: its issue is there or may come. */
export const LEADING = ['pending', 'sending', 'unknown', 'raised'] as const;

export function sqlGroups(db: Kysely<LedgerTables>): Groups {
  const joins = new Batcher<JoinEntry, Joined>((batch) => db.transaction().execute((tx) => joinAll(tx, batch)));
  return {
    join: (entry) => joins.add(entry),

    async peek(entry) {
      const [best] = await candidates(db, entry);
      return best?.id as DedupKey | undefined;
    },

    async due({ tenant, owner, now, until }) {
      const some = await db
        .selectFrom('groups')
        .select('id')
        .where('tenant', '=', tenant)
        .where('news', '=', 1)
        .limit(1);
      if (!(await some.executeTakeFirst())) return [];
      const rows = await db
        .updateTable('groups')
        .set({ tell_owner: owner, tell_until: until })
        .where('tenant', '=', tenant)
        .where('news', '=', 1)
        .where((where) => where.or([where('tell_until', 'is', null), where('tell_until', '<=', now)]))
        .where((where) => where.or([where('tell_not_before', 'is', null), where('tell_not_before', '<=', now)]))
        .where('id', 'in', (select) => select.selectFrom('links').select('dedup_key'))
        .returningAll()
        .execute();
      const news: GroupNews[] = [];
      for (const row of rows) {
        const ticket = await ticketOf(db, row.id);
        if (ticket) news.push(toNews(row, ticket, row.follows === null ? undefined : await ticketOf(db, row.follows)));
      }
      return news;
    },

    async told(entry) {
      const { group, owner } = entry;
      const set =
        'notBefore' in entry
          ? { tell_not_before: entry.notBefore }
          : { tell_not_before: null, told: entry.alerts, linked: 1, ...(entry.given ? { given: entry.given } : {}) };
      await db
        .updateTable('groups')
        .set((update) => ({
          ...set,
          tell_owner: null,
          tell_until: null,
          // Alerts that were added meanwhile are news again.
          news: 'notBefore' in entry ? 1 : update.case().when('alerts', '=', entry.alerts).then(0).else(1).end(),
        }))
        .where('id', '=', group)
        .where('tell_owner', '=', owner)
        .execute();
    },
  };
}

async function ticketOf(db: Kysely<LedgerTables>, key: string): Promise<GroupNews['ticket'] | undefined> {
  const row = await db.selectFrom('links').selectAll().where('dedup_key', '=', key).executeTakeFirst();
  return row && { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url };
}

function toNews(row: GroupRow, ticket: GroupNews['ticket'], follows: GroupNews['ticket'] | undefined): GroupNews {
  return {
    group: row.id as DedupKey,
    site: row.site as SiteId,
    ticket,
    rule: row.rule,
    words: row.words,
    alerts: row.alerts,
    lastSeen: row.last_seen,
    ...(row.told === row.alerts ? {} : { asked: JSON.parse(row.asked) }),
    ...(row.given === null ? {} : { given: row.given }),
    ...(follows && row.linked === 0 ? { follows } : {}),
  };
}

function scopeOf({ route, wish }: Pick<JoinEntry, 'route' | 'wish'>): string {
  return JSON.stringify([route.site, route.project, wish.key]);
}

/** Open groups that an alert may join, the one that it fits best first: the last that was opened before it. */
async function candidates(
  db: Kysely<LedgerTables>,
  entry: Pick<JoinEntry, 'wish' | 'route' | 'createdAt'>,
): Promise<{ id: string; opened_at: number }[]> {
  const { wish, createdAt } = entry;
  const rows = await db
    .selectFrom('groups')
    .innerJoin('alerts', 'alerts.dedup_key', 'groups.id')
    .select(['groups.id', 'groups.opened_at'])
    .where('groups.scope', '=', scopeOf(entry))
    .where('groups.closed_at', 'is', null)
    .where('groups.opened_at', '>', createdAt - wish.withinMs)
    .where('groups.opened_at', '<', createdAt + wish.withinMs)
    .where('alerts.state', 'in', LEADING)
    .execute();
  const lag = ({ opened_at }: { opened_at: number }) => createdAt - opened_at;
  return rows.sort((a, b) =>
    lag(a) >= 0 === lag(b) >= 0 ? Math.abs(lag(a)) - Math.abs(lag(b)) || (a.id < b.id ? -1 : 1) : lag(b) - lag(a),
  );
}

async function joinAll(tx: Transaction<LedgerTables>, batch: readonly JoinEntry[]): Promise<Joined[]> {
  const scopes = [...new Set(batch.map(scopeOf))].sort();
  await tx
    .insertInto('group_scopes')
    .values(scopes.map((scope) => ({ scope, joined_at: batch[0]?.now ?? 0 })))
    .onConflict((conflict) =>
      conflict.column('scope').doUpdateSet((update) => ({ joined_at: update.ref('excluded.joined_at') })),
    )
    .execute();
  const joined = new Map<JoinEntry, Joined>();
  for (const entry of batch.toSorted((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1)))
    joined.set(entry, await joinOne(tx, entry));
  return batch.map((entry) => joined.get(entry));
}

async function joinOne(tx: Transaction<LedgerTables>, entry: JoinEntry): Promise<Joined> {
  const { key, owner, now } = entry;
  const mine = await tx
    .selectFrom('alerts')
    .select('dedup_key')
    .where('dedup_key', '=', key)
    .where('lease_owner', '=', owner)
    .where('lease_until', '>', now)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  if (!mine) return undefined;
  const own = await tx
    .selectFrom('groups')
    .select('scope')
    .where('id', '=', key)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  const leads = own?.scope === scopeOf(entry);
  if (leads && (await hasMembers(tx, key))) return { leads: true };
  const [best] = (await candidates(tx, entry)).filter(({ id }) => id !== key);
  if (!best) {
    if (!leads) await open(tx, entry);
    return { leads: true };
  }
  if (own) await closeGroup(tx, key, 'left', now);
  await attach(tx, entry, best.id);
  return { leads: false };
}

async function hasMembers(tx: Transaction<LedgerTables>, group: string): Promise<boolean> {
  const row = await tx.selectFrom('members').select('dedup_key').where('group_id', '=', group).executeTakeFirst();
  return row !== undefined;
}

async function open(tx: Transaction<LedgerTables>, entry: JoinEntry): Promise<void> {
  const { key, tenant, wish, route, createdAt, priority } = entry;
  const before = await tx
    .selectFrom('groups')
    .select('id')
    .where('scope', '=', scopeOf(entry))
    .where('closed_for', '=', 'done')
    .where('opened_at', '>', createdAt - wish.withinMs)
    .where('opened_at', '<', createdAt + wish.withinMs)
    .where('id', '!=', key)
    .orderBy('closed_at', 'desc')
    .executeTakeFirst();
  const row: Omit<GroupRow, 'id'> = {
    scope: scopeOf(entry),
    tenant,
    site: route.site,
    project: route.project,
    rule: wish.rule,
    words: wish.words,
    when_done: wish.whenDone,
    opened_at: createdAt,
    alerts: 1,
    last_seen: createdAt,
    asked: JSON.stringify(priority === undefined ? [] : [priority]),
    given: priority ?? null,
    told: 1,
    tell_owner: null,
    tell_until: null,
    tell_not_before: null,
    follows: before?.id ?? null,
    linked: 0,
    news: before ? 1 : 0,
    closed_at: null,
    closed_for: null,
  };
  await tx
    .insertInto('groups')
    .values({ id: key, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

export async function closeGroup(
  tx: Transaction<LedgerTables>,
  group: string,
  why: NonNullable<GroupRow['closed_for']>,
  now: number,
): Promise<void> {
  await tx
    .updateTable('groups')
    .set({ closed_at: now, closed_for: why })
    .where('id', '=', group)
    .where('closed_at', 'is', null)
    .execute();
}

async function attach(tx: Transaction<LedgerTables>, entry: JoinEntry, group: string): Promise<void> {
  const { key, wish, proposal } = entry;
  await tx
    .updateTable('alerts')
    .set({
      state: 'attaching',
      reason: 'group',
      why: `rule "${wish.rule}" adds it to the issue of ${group} (${wish.words}), which is not there yet`,
      not_before: null,
      lease_owner: null,
      lease_until: null,
    })
    .where('dedup_key', '=', key)
    .execute();
  await tx
    .insertInto('members')
    .values({ dedup_key: key, group_id: group, attachment: null })
    .onConflict((conflict) => conflict.column('dedup_key').doUpdateSet({ group_id: group, attachment: null }))
    .execute();
  await storeProposals(tx, [{ dedup_key: key, json: proposal }]);
}
