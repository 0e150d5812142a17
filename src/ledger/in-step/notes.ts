import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { type DedupKey, type TenantId, tenantOfKey } from '../../domain/alert.ts';
import type { LeftOver } from '../../domain/link.ts';
import type { SiteId } from '../../domain/ticket.ts';
import type { LedgerTables } from '../store/schema.ts';
import { sharing } from '../store/sharing.ts';
import type { IssueNote, NoteComment, Notes } from './links-port.ts';

type Gather = Parameters<Notes['gather']>[0];
type End = Parameters<Notes['end']>[0];
type NoteRow = LedgerTables['notes'];

/** Notes in one comment: as many as its text, of some 32,700 characters, can say in full. */
const MOST_NOTES = 50;
const MOST_CHARACTERS = 20_000;

/** Notes that are put into comments in one go. */
const MOST_AT_ONCE = 1_000;

export function sqlNotes(db: Kysely<LedgerTables>): Notes {
  return {
    async gather(ask) {
      if (!(await hasOpen(db, ask.tenant))) return [];
      return db.transaction().execute(async (tx) => {
        await putTogether(tx, ask);
        return readComments(tx, await takeOver(tx, ask));
      });
    },

    sending: sharing(db, async (tx, { id, owner, now, until }) => {
      const row = await tx
        .updateTable('note_comments')
        .set((set) => ({
          attempt: set('attempt', '+', 1),
          sent_at: now,
          first_sent_at: set.fn.coalesce('first_sent_at', set.val(now)),
          lease_until: until,
        }))
        .where('id', '=', id)
        .where('state', '=', 'open')
        .where('owner', '=', owner)
        .where('lease_until', '>', now)
        .executeTakeFirst();
      return row.numUpdatedRows > 0n;
    }),

    end: sharing(db, end),

    async open() {
      const rows = await db
        .selectFrom('notes')
        .select((select) => [
          'tenant',
          select.fn.countAll<number>().as('n'),
          select.fn.min<number>('noted_at').as('oldest'),
        ])
        .where('open', '=', 1)
        .groupBy('tenant')
        .orderBy('tenant')
        .execute();
      return rows.map((row) => ({
        tenant: row.tenant as TenantId,
        count: Number(row.n),
        oldest: Number(row.oldest),
      }));
    },
  };
}

/** Stores what issues are to be told; what was noted before, under the same id, is left as it is. */
export async function storeNotes(tx: Transaction<LedgerTables>, notes: readonly IssueNote[]): Promise<void> {
  if (notes.length === 0) return;
  await tx
    .insertInto('notes')
    .values(
      notes.map(({ id, key, site, project, ticket, document, at }) => ({
        id,
        dedup_key: key,
        tenant: tenantOfKey(key),
        site,
        project,
        ticket_id: ticket.id,
        ticket_key: ticket.key,
        ticket_url: ticket.url,
        document: JSON.stringify(document),
        noted_at: at,
        open: 1,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** A read, which leaves the store's one lock alone. */
async function hasOpen(db: Kysely<LedgerTables>, tenant: TenantId): Promise<boolean> {
  const row = await db.selectFrom('notes').select('id').where('tenant', '=', tenant).where('open', '=', 1).limit(1);
  return (await row.executeTakeFirst()) !== undefined;
}

/** Makes comments of the notes that are in none; a lease that is over already lets `takeOver` take them up. */
async function putTogether(tx: Transaction<LedgerTables>, { tenant, owner, now }: Gather): Promise<void> {
  const rows = await tx
    .selectFrom('notes')
    .select(['id', 'site', 'ticket_id', 'document'])
    .where('tenant', '=', tenant)
    .where('open', '=', 1)
    .where('comment', 'is', null)
    .orderBy('noted_at')
    .orderBy('id')
    .limit(MOST_AT_ONCE)
    .execute();
  for (const ofIssue of Map.groupBy(rows, ({ site, ticket_id }) => `${site}\n${ticket_id}`).values())
    for (const part of inParts(ofIssue)) {
      const id = randomBytes(16).toString('hex');
      await tx
        .insertInto('note_comments')
        .values({ id, tenant, state: 'open', owner, lease_until: now, attempt: 0 })
        .execute();
      await tx
        .updateTable('notes')
        .set({ comment: id })
        .where(
          'id',
          'in',
          part.map((row) => row.id),
        )
        .execute();
    }
}

function inParts<Row extends { document: string }>(rows: readonly Row[]): Row[][] {
  const parts: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const part = parts.at(-1);
    if (part && part.length < MOST_NOTES && room >= row.document.length) part.push(row);
    else {
      parts.push([row]);
      room = MOST_CHARACTERS;
    }
    room -= row.document.length;
  }
  return parts;
}

async function takeOver(tx: Transaction<LedgerTables>, { tenant, owner, now, until, most }: Gather): Promise<string[]> {
  const free = await tx
    .selectFrom('note_comments')
    .innerJoin('notes', 'notes.comment', 'note_comments.id')
    .select((select) => [
      'note_comments.id',
      select.fn.min('noted_at').as('oldest'),
      select.fn.min('notes.id').as('first'),
    ])
    .where('note_comments.tenant', '=', tenant)
    .where('state', '=', 'open')
    .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
    .groupBy('note_comments.id')
    .orderBy('oldest')
    .orderBy('first')
    .limit(most)
    .execute();
  const ids = free.map(({ id }) => id);
  if (ids.length > 0)
    await tx.updateTable('note_comments').set({ owner, lease_until: until }).where('id', 'in', ids).execute();
  return ids;
}

async function readComments(tx: Transaction<LedgerTables>, ids: readonly string[]): Promise<NoteComment[]> {
  if (ids.length === 0) return [];
  const comments = await tx
    .selectFrom('note_comments')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  const rows = await tx
    .selectFrom('notes')
    .selectAll()
    .where('comment', 'in', [...ids])
    .orderBy('noted_at')
    .orderBy('id')
    .execute();
  const byComment = Map.groupBy(rows, ({ comment }) => comment);
  return ids.flatMap((id) => {
    const comment = comments.find((row) => row.id === id);
    const notes = (byComment.get(id) ?? []).map(toNote);
    const newest = notes.at(-1);
    if (!comment || !newest) return [];
    const { first_sent_at: first, sent_at: last } = comment;
    return {
      id,
      site: newest.site,
      ticket: newest.ticket,
      project: newest.project,
      ...(first === null ? {} : { sent: { first, last: last ?? first } }),
      notes,
    };
  });
}

function toNote(row: NoteRow): IssueNote {
  return {
    id: row.id,
    key: row.dedup_key as DedupKey,
    site: row.site as SiteId,
    project: row.project,
    ticket: { id: row.ticket_id, key: row.ticket_key, url: row.ticket_url },
    document: JSON.parse(row.document),
    at: row.noted_at,
  };
}

async function end(tx: Transaction<LedgerTables>, entry: End): Promise<void> {
  const { id, owner } = entry;
  const open = tx.updateTable('note_comments').where('id', '=', id).where('state', '=', 'open');
  if (entry.outcome === 'waits') {
    const { why, notBefore, sent } = entry;
    await open
      .set((set) => ({
        owner: null,
        lease_until: null,
        not_before: notBefore,
        why,
        ...(sent === 'surely not'
          ? {
              sent_at: null,
              // An earlier sending may have reached it all the same.
              first_sent_at: set.case().when('attempt', '<=', 1).then(null).else(set.ref('first_sent_at')).end(),
            }
          : {}),
      }))
      .where('owner', '=', owner)
      .execute();
    return;
  }
  // What stands on the issue is believed whoever says so; giving up is the owner's alone.
  const mine = entry.outcome === 'written' ? open : open.where('owner', '=', owner);
  const ended = await mine
    .set({
      state: entry.outcome,
      owner: null,
      lease_until: null,
      not_before: null,
      why: entry.outcome === 'written' ? null : entry.why,
      ...(entry.outcome === 'written' ? { comment_id: entry.comment?.id ?? null } : {}),
    })
    .executeTakeFirst();
  if (entry.outcome === 'written' && entry.comment) await noteOwnChange(tx, id, entry.comment.at);
  if (ended.numUpdatedRows > 0n)
    await tx.updateTable('notes').set({ open: null, document: '' }).where('comment', '=', id).execute();
}

/** Our comment changed the issue: that is no reason to try again what the comment says was refused. */
async function noteOwnChange(tx: Transaction<LedgerTables>, comment: string, at: number): Promise<void> {
  const rows = await tx
    .selectFrom('links')
    .select(['dedup_key', 'agreed_left'])
    .where('agreed_left', 'is not', null)
    .where('dedup_key', 'in', (select) =>
      select.selectFrom('notes').select('notes.dedup_key').where('comment', '=', comment),
    )
    .execute();
  for (const { dedup_key, agreed_left } of rows) {
    const left = JSON.parse(agreed_left ?? '') as LeftOver;
    const agreedLeft = JSON.stringify({ ...left, seenTo: Math.max(left.seenTo, at) });
    await tx.updateTable('links').set({ agreed_left: agreedLeft }).where('dedup_key', '=', dedup_key).execute();
  }
}
