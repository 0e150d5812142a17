import type { Kysely } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { Fact } from '../../domain/facts.ts';
import type { LedgerTables } from '../store/schema.ts';
import { sharing } from '../store/sharing.ts';
import { byKey, toFacts } from './fact-rows.ts';
import type { FactLog } from './facts-port.ts';
import { readRows, storeCounted } from './writes/store-facts.ts';

/** Keys whose links are taken hold of in one statement. */
const AT_ONCE = 500;

export function sqlFactLog(db: Kysely<LedgerTables>): FactLog {
  return {
    async of(keys) {
      const found = new Map<DedupKey, readonly Fact[]>();
      for (const [key, rows] of byKey(await readRows(db, keys))) found.set(key, toFacts(rows));
      return found;
    },

    record: sharing(db, async (tx, entries) => {
      const keys = [...new Set(entries.map(({ key }) => key))];
      // A write first, so that two processes wait for each other here.
      for (let i = 0; i < keys.length; i += AT_ONCE)
        await tx
          .updateTable('links')
          .set((set) => ({ linked_at: set.ref('linked_at') }))
          .where('dedup_key', 'in', keys.slice(i, i + AT_ONCE))
          .execute();
      await storeCounted(tx, entries);
    }),
  };
}
