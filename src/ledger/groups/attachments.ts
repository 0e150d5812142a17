import type { Kysely } from 'kysely';
import type { TenantId } from '../../domain/alert.ts';
import { hasAny } from '../inbox.ts';
import type { LedgerTables } from '../store/schema.ts';
import { endAttachment } from './end-attachment.ts';
import { gatherAttachments } from './gather-attachments.ts';
import type { Attachments } from './groups-port.ts';

export function sqlAttachments(db: Kysely<LedgerTables>): Attachments {
  return {
    async gather(ask) {
      if (!(await hasSome(db, ask.tenant))) return { freed: 0, attachments: [] };
      return db.transaction().execute((tx) => gatherAttachments(tx, ask));
    },

    async sending({ id, owner, now, until }) {
      const row = await db
        .updateTable('attachments')
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
    },

    end: (ending) => db.transaction().execute((tx) => endAttachment(tx, ending)),
  };
}

async function hasSome(db: Kysely<LedgerTables>, tenant: TenantId): Promise<boolean> {
  if (await hasAny(db, tenant, 'attaching')) return true;
  const open = db
    .selectFrom('attachments')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .limit(1);
  return (await open.executeTakeFirst()) !== undefined;
}
