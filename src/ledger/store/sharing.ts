import type { Kysely, Transaction } from 'kysely';
import { Batcher } from './batcher.ts';
import type { LedgerTables } from './schema.ts';

/** Entries that arrive together are done one after the other in one transaction, so that they share its commit. */
export function sharing<Entry, Answer>(
  db: Kysely<LedgerTables>,
  each: (tx: Transaction<LedgerTables>, entry: Entry) => Promise<Answer>,
): (entry: Entry) => Promise<Answer> {
  const batcher = new Batcher<Entry, Answer>((batch) =>
    db.transaction().execute(async (tx) => {
      const answers: Answer[] = [];
      for (const entry of batch) answers.push(await each(tx, entry));
      return answers;
    }),
  );
  return (entry) => batcher.add(entry);
}
