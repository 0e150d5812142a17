import type { Transaction } from 'kysely';
import { type DedupKey, tenantOfKey } from '../../domain/alert.ts';
import type { SiteId, TicketRef } from '../../domain/ticket.ts';
import { storeHeld } from '../facts/writes/held-facts.ts';
import { storeRaised } from '../facts/writes/raised-facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { closeGroup } from './groups.ts';
import type { AttachmentEnding } from './groups-port.ts';

/** The columns of an alert that nothing keeps from its next step. */
export const NO_WORRY = { lease_owner: null, lease_until: null, not_before: null, reason: null };

/** Records what came of a comment, and what follows from it for the alerts that it lists. */
export async function endAttachment(tx: Transaction<LedgerTables>, ending: AttachmentEnding): Promise<void> {
  const { id, owner, now } = ending;
  if (ending.outcome === 'written') return endWritten(tx, id, { ticket: ending.ticket, now });
  // The write comes first, so that two processes wait for each other here.
  const row = await tx
    .updateTable('attachments')
    .set({ why: 'why' in ending ? ending.why : null })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('owner', '=', owner)
    .returning(['group_id', 'attempt'])
    .executeTakeFirst();
  if (!row) return;
  if (ending.outcome === 'waits') {
    const sent =
      ending.sent === 'surely not' ? { sent_at: null, ...(row.attempt <= 1 ? { first_sent_at: null } : {}) } : {};
    await tx
      .updateTable('attachments')
      .set({ ...sent, owner: null, lease_until: null, not_before: ending.notBefore })
      .where('id', '=', id)
      .execute();
    await ofMembers(tx, id).set({ why: ending.why }).execute();
    return;
  }
  if (ending.outcome === 'closed') {
    await closeGroup(tx, row.group_id, ending.for, now);
    await ofMembers(tx, id)
      .set({ ...NO_WORRY, state: 'pending', why: null })
      .execute();
  } else {
    const { reason, why, retryAt, policy } = ending;
    const held = await ofMembers(tx, id)
      .set({ ...NO_WORRY, state: 'held', reason, why, not_before: retryAt, policy, settled_at: now })
      .returning('dedup_key')
      .execute();
    await storeHeld(
      tx,
      held.map(({ dedup_key }) => ({ key: dedup_key as DedupKey, at: now, reason, why })),
      now,
    );
  }
  await tx.deleteFrom('members').where('attachment', '=', id).execute();
  await tx.deleteFrom('attachments').where('id', '=', id).execute();
}

function ofMembers(tx: Transaction<LedgerTables>, attachment: string) {
  return tx
    .updateTable('alerts')
    .where('state', '=', 'attaching')
    .where('dedup_key', 'in', (select) =>
      select.selectFrom('members').select('dedup_key').where('attachment', '=', attachment),
    );
}

async function endWritten(
  tx: Transaction<LedgerTables>,
  id: string,
  { ticket, now }: { ticket: TicketRef; now: number },
): Promise<void> {
  const row = await tx
    .updateTable('attachments')
    .set({ state: 'written', owner: null, lease_until: null, not_before: null, why: null })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('group_id')
    .executeTakeFirst();
  if (!row) return;
  const group = await tx.selectFrom('groups').selectAll().where('id', '=', row.group_id).executeTakeFirstOrThrow();
  const members = await ofMembers(tx, id)
    .set({
      ...NO_WORRY,
      state: 'attached',
      settled_at: now,
      why: `added to ${ticket.key} by rule "${group.rule}" (${group.words})`,
    })
    .returning(['dedup_key', 'created_at'])
    .execute();
  const { id: ticket_id, key: ticket_key, url: ticket_url } = ticket;
  if (members.length > 0) {
    const linked = await tx
      .insertInto('links')
      .values(
        members.map(({ dedup_key }) => ({
          dedup_key,
          site: group.site,
          ticket_id,
          ticket_key,
          ticket_url,
          linked_at: now,
          // A group may span tenants: each alert is synced by its own.
          tenant: tenantOfKey(dedup_key as DedupKey),
        })),
      )
      .onConflict((conflict) => conflict.column('dedup_key').doNothing())
      .returning('dedup_key')
      .execute();
    const { project } = group;
    const site = group.site as SiteId;
    await storeRaised(
      tx,
      linked.map((row) => ({ key: row.dedup_key as DedupKey, at: now, fact: 'attached', site, ticket, project })),
      now,
    );
  }
  // A moved issue has a new key for all of its alerts.
  await tx
    .updateTable('links')
    .set({ ticket_key, ticket_url })
    .where('dedup_key', '=', group.id)
    .where('ticket_id', '=', ticket_id)
    .execute();
  await tx
    .updateTable('groups')
    .set({
      alerts: group.alerts + members.length,
      last_seen: Math.max(group.last_seen, ...members.map(({ created_at }) => created_at)),
      asked: await askedWith(tx, group.asked, id),
      news: 1,
    })
    .where('id', '=', group.id)
    .execute();
}

async function askedWith(tx: Transaction<LedgerTables>, asked: string, attachment: string): Promise<string> {
  const rows = await tx
    .selectFrom('members')
    .innerJoin('proposals', 'proposals.dedup_key', 'members.dedup_key')
    .select('json')
    .where('attachment', '=', attachment)
    .execute();
  const more = rows.flatMap(({ json }): string[] => JSON.parse(json).priority ?? []);
  return JSON.stringify([...new Set<string>([...JSON.parse(asked), ...more])]);
}
