import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { Edition, Editions } from './facts-port.ts';

export function sqlEditions(db: Kysely<LedgerTables>): Editions {
  const ofPeriod = ({ kind, from, to }: Pick<Edition, 'kind' | 'from' | 'to'>) =>
    db.selectFrom('editions').selectAll().where('kind', '=', kind).where('from_at', '=', from).where('to_at', '=', to);
  return {
    async find(period) {
      const row = await ofPeriod(period).orderBy('revision', 'desc').limit(1).executeTakeFirst();
      return row && toEdition(row);
    },

    async freeze(edition) {
      const { kind, from, to, revision, asOf, counting } = edition;
      await db
        .insertInto('editions')
        .values({ kind, from_at: from, to_at: to, revision, as_of: asOf, counting })
        .onConflict((conflict) => conflict.columns(['kind', 'from_at', 'to_at', 'revision']).doNothing())
        .execute();
      return toEdition(await ofPeriod(edition).where('revision', '=', revision).executeTakeFirstOrThrow());
    },
  };
}

function toEdition(row: LedgerTables['editions']): Edition {
  return {
    kind: row.kind,
    from: Number(row.from_at),
    to: Number(row.to_at),
    revision: row.revision,
    asOf: Number(row.as_of),
    counting: row.counting,
  };
}
