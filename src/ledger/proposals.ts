import type { Kysely } from 'kysely';
import { categoryPath } from '../domain/category.ts';
import type { AlertLine } from '../domain/outcome.ts';
import { marksOfCategory, storeMarks } from './catalogue/marks.ts';
import { storeWaiting } from './look-ups/waiting-look-ups.ts';
import { indexKey } from './store/index-key.ts';
import type { LedgerTables } from './store/schema.ts';

/** What was decided, by the alert's key. */
export type Lines = ReadonlyMap<string, Partial<AlertLine>>;

/**
 * Stores what was decided for alerts, and which rules were heard on them, in place of what was stored before; returns
 * what it read of it.
 */
export async function storeProposals(
  db: Kysely<LedgerTables>,
  all: readonly { dedup_key: string; json: string }[],
): Promise<Lines> {
  if (all.length === 0) return new Map();
  // One statement cannot replace a row twice on Postgres; the last word on an alert counts.
  const rows = [...new Map(all.map((row) => [row.dedup_key, row])).values()];
  const read = rows.map((row) => ({ ...row, line: JSON.parse(row.json) as Partial<AlertLine> }));
  await db
    .insertInto('proposals')
    .values(read.map(({ dedup_key, json, line }) => ({ dedup_key, json, ...countedOf(line) })))
    .onConflict((conflict) =>
      conflict.column('dedup_key').doUpdateSet((update) => ({
        json: update.ref('excluded.json'),
        category: update.ref('excluded.category'),
        detection: update.ref('excluded.detection'),
      })),
    )
    .execute();
  const keys = rows.map(({ dedup_key }) => dedup_key);
  await db.deleteFrom('rule_words').where('dedup_key', 'in', keys).execute();
  const words = read.flatMap(toWords);
  if (words.length > 0) await db.insertInto('rule_words').values(words).execute();
  await storeMarks(
    db,
    read.flatMap(({ dedup_key, line: { category, createdAt } }) =>
      category && createdAt !== undefined
        ? marksOfCategory({ dedup_key, created_at: createdAt }, categoryPath(category))
        : [],
    ),
  );
  await storeWaiting(db, read);
  return new Map(read.map(({ dedup_key, line }) => [dedup_key, line]));
}

/** What of a line is counted by the database. */
function countedOf({ category, type }: Partial<AlertLine>) {
  return { category: category ? categoryPath(category) : null, detection: type === undefined ? null : indexKey(type) };
}

function toWords({ dedup_key, line }: { dedup_key: string; line: Partial<AlertLine> }): LedgerTables['rule_words'][] {
  const { rules } = line;
  if (!rules) return [];
  return [
    ...rules.spoke.map(({ rule }): LedgerTables['rule_words'] => ({
      dedup_key,
      rule,
      kind: rule === rules.suppressedBy ? 'suppressed' : 'spoke',
    })),
    ...rules.undecided.map(({ rule }): LedgerTables['rule_words'] => ({ dedup_key, rule, kind: 'undecided' })),
  ];
}
