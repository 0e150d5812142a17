import type { Kysely } from 'kysely';
import type { DedupKey } from '../domain/alert.ts';
import type { RuleUse } from '../domain/replay.ts';
import type { Rulings } from './ledger.ts';
import { fromStoredAlert } from './reading.ts';
import type { LedgerTables } from './store/schema.ts';

export function sqlRulings(db: Kysely<LedgerTables>): Rulings {
  return {
    async rulesHeard(from) {
      const rows = await db
        .selectFrom('rule_words')
        .innerJoin('alerts', 'alerts.dedup_key', 'rule_words.dedup_key')
        .select((select) => ['rule', 'kind', select.fn.countAll<number>().as('n')])
        .where('seen_at', '>=', from)
        .groupBy(['rule', 'kind'])
        .execute();
      const names = await db.selectFrom('rule_words').select('rule').distinct().execute();
      const uses: RuleUse[] = [];
      for (const { rule } of names) {
        const countOf = (kind: string) => Number(rows.find((row) => row.rule === rule && row.kind === kind)?.n ?? 0);
        const last = await lastOf(db, rule);
        uses.push({
          rule,
          spoke: countOf('spoke') + countOf('suppressed'),
          suppressed: countOf('suppressed'),
          undecided: countOf('undecided'),
          ...(last ? { last } : {}),
        });
      }
      return uses;
    },

    async decided({ tenant, from, after, most }) {
      const rows = await db
        .selectFrom('alerts')
        .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
        .innerJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
        .select(['alerts.dedup_key', 'alert', 'raw', 'state', 'why', 'json', 'seen_at'])
        .where('tenant', '=', tenant)
        .where('seen_at', '>=', from)
        .where('alert', 'is not', null)
        .where('alerts.dedup_key', '>', after ?? '')
        .orderBy('alerts.dedup_key')
        .limit(most)
        .execute();
      return rows.map((row) => ({
        key: row.dedup_key as DedupKey,
        alert: fromStoredAlert(row.alert ?? '{}', row.raw),
        suppressed: row.state === 'suppressed',
        line: JSON.parse(row.json),
        seenAt: row.seen_at,
      }));
    },
  };
}

async function lastOf(db: Kysely<LedgerTables>, rule: string): Promise<RuleUse['last']> {
  const row = await db
    .selectFrom('rule_words')
    .innerJoin('alerts', 'alerts.dedup_key', 'rule_words.dedup_key')
    .select(['alerts.dedup_key', 'title', 'seen_at'])
    .where('rule', '=', rule)
    .where('kind', '!=', 'undecided')
    .orderBy('seen_at', 'desc')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { key: row.dedup_key as DedupKey, title: row.title, seenAt: row.seen_at };
}
