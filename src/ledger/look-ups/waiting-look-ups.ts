import type { Kysely, Transaction } from 'kysely';
import { type DedupKey, SEVERITIES, tenantOfKey } from '../../domain/alert.ts';
import { waitsForLookUp } from '../../domain/finding.ts';
import type { AlertLine } from '../../domain/outcome.ts';
import type { WaitingLookUp, WaitingLookUps } from '../in-step/news-port.ts';
import type { LedgerTables } from '../store/schema.ts';

type Take = Parameters<WaitingLookUps['take']>[0];

export function sqlWaitingLookUps(db: Kysely<LedgerTables>): WaitingLookUps {
  return {
    async any({ tenant, now }) {
      const row = await db
        .selectFrom('waiting_look_ups')
        .select('dedup_key')
        .where('tenant', '=', tenant)
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    take: (ask) => db.transaction().execute((tx) => take(tx, ask)),

    async putBack({ key, owner, tries, notBefore }) {
      if (notBefore === 'never') {
        await db.deleteFrom('waiting_look_ups').where('dedup_key', '=', key).where('owner', '=', owner).execute();
        return;
      }
      await db
        .updateTable('waiting_look_ups')
        .set({ tries, not_before: notBefore, owner: null, lease_until: null })
        .where('dedup_key', '=', key)
        .where('owner', '=', owner)
        .execute();
    },
  };
}

async function take(
  tx: Transaction<LedgerTables>,
  { tenant, owner, now, until, createdSince, most }: Take,
): Promise<WaitingLookUp[]> {
  await tx.deleteFrom('waiting_look_ups').where('tenant', '=', tenant).where('created_at', '<', createdSince).execute();
  const rows = await tx
    .updateTable('waiting_look_ups')
    .set({ owner, lease_until: until })
    .where('dedup_key', 'in', (select) =>
      select
        .selectFrom('waiting_look_ups as waiting')
        .innerJoin('alerts', 'alerts.dedup_key', 'waiting.dedup_key')
        .select('waiting.dedup_key')
        .where('waiting.tenant', '=', tenant)
        // Those on their way have their turn later; what is listed on another's issue tells of no addresses there.
        .where('alerts.state', '=', 'raised')
        .where((where) => where.or([where('waiting.not_before', 'is', null), where('waiting.not_before', '<=', now)]))
        .where((where) => where.or([where('waiting.lease_until', 'is', null), where('waiting.lease_until', '<=', now)]))
        .orderBy('waiting.urgency')
        .orderBy('waiting.created_at')
        .orderBy('waiting.dedup_key')
        .limit(most),
    )
    .returning(['dedup_key', 'tries', 'urgency', 'created_at'])
    .execute();
  return rows
    .sort((a, b) => a.urgency - b.urgency || a.created_at - b.created_at || (a.dedup_key < b.dedup_key ? -1 : 1))
    .map(({ dedup_key, tries }) => ({ key: dedup_key as DedupKey, tries }));
}

/** Notes the alerts among these that have addresses to be looked up later. Most have none, and then nothing is written. */
export async function storeWaiting(
  db: Kysely<LedgerTables>,
  read: readonly { dedup_key: string; line: Partial<AlertLine> }[],
): Promise<void> {
  const rows = read.flatMap(({ dedup_key, line: { findings = [], severity, createdAt } }) =>
    findings.some(waitsForLookUp)
      ? [
          {
            dedup_key,
            tenant: tenantOfKey(dedup_key as DedupKey),
            urgency: SEVERITIES.indexOf(severity ?? 'medium'),
            created_at: createdAt ?? 0,
            tries: 0,
          },
        ]
      : [],
  );
  if (rows.length === 0) return;
  await db
    .insertInto('waiting_look_ups')
    .values(rows)
    .onConflict((conflict) => conflict.column('dedup_key').doNothing())
    .execute();
}
