import type { Kysely } from 'kysely';
import type { AlertLine } from '../domain/outcome.ts';
import type { LedgerTables } from './schema.ts';

/** Stores what was decided for alerts, and which rules were heard on them, in place of what was stored before. */
export async function storeProposals(
  db: Kysely<LedgerTables>,
  rows: readonly { dedup_key: string; json: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('proposals')
    .values([...rows])
    .onConflict((conflict) =>
      conflict.column('dedup_key').doUpdateSet((update) => ({ json: update.ref('excluded.json') })),
    )
    .execute();
  const keys = rows.map(({ dedup_key }) => dedup_key);
  await db.deleteFrom('rule_words').where('dedup_key', 'in', keys).execute();
  const words = rows.flatMap(toWords);
  if (words.length > 0) await db.insertInto('rule_words').values(words).execute();
}

function toWords({ dedup_key, json }: { dedup_key: string; json: string }): LedgerTables['rule_words'][] {
  // Most alerts are met by no rule; their text is not read for nothing.
  if (!json.includes('"rules":')) return [];
  const { rules } = JSON.parse(json) as Partial<AlertLine>;
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
