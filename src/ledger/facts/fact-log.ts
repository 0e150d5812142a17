import type { Kysely, Transaction } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { Fact } from '../../domain/facts.ts';
import type { HistoryRead } from '../../domain/link.ts';
import type { LedgerTables } from '../store/schema.ts';
import { sharing } from '../store/sharing.ts';
import { byKey, toFacts } from './fact-rows.ts';
import type { FactLog } from './facts-port.ts';
import { readRows, storeCounted } from './writes/store-facts.ts';

type Entries = Parameters<FactLog['record']>[0];
type Histories = NonNullable<Parameters<FactLog['record']>[1]>;

/** Keys whose links are taken hold of in one statement. */
const AT_ONCE = 500;

export function sqlFactLog(db: Kysely<LedgerTables>): FactLog {
  const store = sharing(db, async (tx, { entries, histories }: { entries: Entries; histories: Histories }) => {
    const keys = [...new Set([...entries, ...histories].map(({ key }) => key))];
    // A write first, so that two processes wait for each other here.
    for (let i = 0; i < keys.length; i += AT_ONCE)
      await tx
        .updateTable('links')
        .set((set) => ({ linked_at: set.ref('linked_at') }))
        .where('dedup_key', 'in', keys.slice(i, i + AT_ONCE))
        .execute();
    await storeCounted(tx, entries);
    const alike = Map.groupBy(histories, ({ read }) => `${read.changedAt} ${read.readTo}`);
    for (const some of alike.values()) await storeHistories(tx, some);
  });
  return {
    async of(keys) {
      const found = new Map<DedupKey, readonly Fact[]>();
      for (const [key, rows] of byKey(await readRows(db, keys))) found.set(key, toFacts(rows));
      return found;
    },

    record: (entries, histories = []) => store({ entries, histories }),
  };
}

/** Stores how far histories were read that were all read equally far. */
async function storeHistories(
  tx: Transaction<LedgerTables>,
  histories: readonly { key: DedupKey; read: HistoryRead }[],
): Promise<void> {
  const [first] = histories;
  if (!first) return;
  const { changedAt, readTo } = first.read;
  for (let i = 0; i < histories.length; i += AT_ONCE)
    await tx
      .updateTable('links')
      .set({ history_changed_at: changedAt, history_read_to: readTo ?? null })
      .where(
        'dedup_key',
        'in',
        histories.slice(i, i + AT_ONCE).map(({ key }) => key),
      )
      .execute();
}
