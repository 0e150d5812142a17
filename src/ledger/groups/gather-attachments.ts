import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { readAlerts } from '../inbox.ts';
import type { LedgerTables } from '../store/schema.ts';
import { NO_WORRY } from './end-attachment.ts';
import { LEADING } from './groups.ts';
import type { Attachment, Attachments } from './groups-port.ts';

type Gather = Parameters<Attachments['gather']>[0];

/** Alerts in one comment: as many as its text and its property, of some 32,700 characters each, can name in full. */
const MOST_ALERTS = 300;
const MOST_KEY_CHARACTERS = 12_000;

/** Alerts, and comments taken over, in one go. */
const MOST_AT_ONCE = 2_000;
const MOST_TAKEN_OVER = 50;

/** Frees alerts whose group has come to nothing, takes over comments that nobody has in hand, and makes new ones. */
export async function gatherAttachments(
  tx: Transaction<LedgerTables>,
  ask: Gather,
): Promise<{ freed: number; attachments: Attachment[] }> {
  const freed = await freeOrphans(tx, ask);
  const ids = [...(await takeOver(tx, ask)), ...(await gatherNew(tx, ask))];
  return { freed, attachments: await readAttachments(tx, ids) };
}

/** Alerts in no comment whose group is closed, or whose first alert ended otherwise than in an issue. */
async function freeOrphans(tx: Transaction<LedgerTables>, { tenant }: Gather): Promise<number> {
  const rows = await tx
    .updateTable('alerts')
    .set({ ...NO_WORRY, state: 'pending', why: null })
    .where('tenant', '=', tenant)
    .where('state', '=', 'attaching')
    .where('dedup_key', 'in', (select) =>
      select
        .selectFrom('members')
        .select('members.dedup_key')
        .where('attachment', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('groups')
                .innerJoin('alerts as first', 'first.dedup_key', 'groups.id')
                .select('groups.id')
                .whereRef('groups.id', '=', 'members.group_id')
                .where('groups.closed_at', 'is', null)
                .where('first.state', 'in', LEADING),
            ),
          ),
        ),
    )
    .returning('dedup_key')
    .execute();
  await leave(
    tx,
    rows.map(({ dedup_key }) => dedup_key),
  );
  return rows.length;
}

async function leave(tx: Transaction<LedgerTables>, keys: readonly string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += MOST_ALERTS)
    await tx
      .deleteFrom('members')
      .where('dedup_key', 'in', keys.slice(i, i + MOST_ALERTS))
      .execute();
}

async function takeOver(
  tx: Transaction<LedgerTables>,
  { tenant, owner, now, until, except }: Gather,
): Promise<string[]> {
  const free = await tx
    .selectFrom('attachments')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
    .where((where) =>
      where.or([where('lease_until', 'is', null), where('lease_until', '<=', now), where('owner', '=', owner)]),
    )
    .orderBy('id')
    .execute();
  const ids = free.map(({ id }) => id).filter((id) => !except.has(id));
  const taken = ids.slice(0, MOST_TAKEN_OVER);
  if (taken.length > 0)
    await tx.updateTable('attachments').set({ owner, lease_until: until }).where('id', 'in', taken).execute();
  return taken;
}

async function gatherNew(tx: Transaction<LedgerTables>, { tenant, owner, until }: Gather): Promise<string[]> {
  const rows = await tx
    .selectFrom('alerts')
    .innerJoin('members', 'members.dedup_key', 'alerts.dedup_key')
    .innerJoin('groups', 'groups.id', 'members.group_id')
    .innerJoin('links', 'links.dedup_key', 'groups.id')
    .select(['alerts.dedup_key', 'groups.id as group_id', 'groups.alerts as so_far'])
    .where('alerts.tenant', '=', tenant)
    .where('alerts.state', '=', 'attaching')
    .where('members.attachment', 'is', null)
    .where('groups.closed_at', 'is', null)
    .orderBy('alerts.created_at')
    .orderBy('alerts.dedup_key')
    .limit(MOST_AT_ONCE)
    .execute();
  const made: string[] = [];
  for (const group of Map.groupBy(rows, ({ group_id }) => group_id).values()) {
    let total = group[0]?.so_far ?? 1;
    for (const part of inParts(group)) {
      total += part.length;
      const id = randomBytes(16).toString('hex');
      made.push(id);
      await tx
        .insertInto('attachments')
        .values({
          id,
          group_id: part[0]?.group_id ?? '',
          tenant,
          state: 'open',
          owner,
          lease_until: until,
          attempt: 0,
          total,
        })
        .execute();
      await tx
        .updateTable('members')
        .set({ attachment: id })
        .where(
          'dedup_key',
          'in',
          part.map(({ dedup_key }) => dedup_key),
        )
        .execute();
    }
  }
  return made;
}

function inParts<Row extends { dedup_key: string }>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const size = row.dedup_key.length + 3;
    const part = parts.at(-1);
    if (part && part.length < MOST_ALERTS && room >= size) part.push(row);
    else {
      parts.push([row]);
      room = MOST_KEY_CHARACTERS;
    }
    room -= size;
  }
  return parts;
}

async function readAttachments(db: Kysely<LedgerTables>, ids: readonly string[]): Promise<Attachment[]> {
  const found: Attachment[] = [];
  for (const id of ids) {
    const row = await db
      .selectFrom('attachments')
      .innerJoin('groups', 'groups.id', 'attachments.group_id')
      .innerJoin('links', 'links.dedup_key', 'groups.id')
      .selectAll('attachments')
      .select(['rule', 'words', 'when_done', 'project', 'groups.site', 'ticket_id', 'ticket_key', 'ticket_url'])
      .where('attachments.id', '=', id)
      .executeTakeFirstOrThrow();
    const members = await db
      .selectFrom('members')
      .innerJoin('alerts', 'alerts.dedup_key', 'members.dedup_key')
      .leftJoin('proposals', 'proposals.dedup_key', 'members.dedup_key')
      .select(['members.dedup_key', 'json'])
      .where('attachment', '=', id)
      .orderBy('created_at')
      .orderBy('members.dedup_key')
      .execute();
    const alerts = await readAlerts(db, members);
    found.push({
      id,
      group: row.group_id as DedupKey,
      site: row.site as SiteId,
      project: row.project,
      ticket: { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url },
      rule: row.rule,
      words: row.words,
      whenDone: row.when_done,
      total: row.total,
      ...(row.first_sent_at === null
        ? {}
        : { sent: { first: row.first_sent_at, last: row.sent_at ?? row.first_sent_at } }),
      alerts: members.flatMap(({ dedup_key, json }) => {
        const alert = alerts.get(dedup_key);
        return alert ? [{ key: dedup_key as DedupKey, alert, proposal: json ?? '{}' }] : [];
      }),
    });
  }
  return found;
}
