import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { Edition, Editions } from './facts-port.ts';

export function sqlEditions(db: Kysely<LedgerTables>): Editions {
  const select = () => db.selectFrom('editions').selectAll();
  return {
    async find({ scope, kind, from }) {
      const row = await select()
        .where('scope', '=', scope)
        .where('kind', '=', kind)
        .where('from_at', '=', from)
        .orderBy('revision', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toEdition(row);
    },

    async freeze(edition) {
      const { scope, kind, from, to, revision, asOf, counting } = edition;
      await db
        .insertInto('editions')
        .values({ scope, kind, from_at: from, to_at: to, revision, as_of: asOf, counting })
        .onConflict((conflict) => conflict.columns(['scope', 'kind', 'from_at', 'revision']).doNothing())
        .execute();
      const row = await select()
        .where('scope', '=', scope)
        .where('kind', '=', kind)
        .where('from_at', '=', from)
        .where('revision', '=', revision)
        .executeTakeFirstOrThrow();
      return toEdition(row);
    },

    async list({ scope, after, most }) {
      let rows = select();
      if (scope !== undefined) rows = rows.where('scope', '=', scope);
      if (after)
        rows = rows.where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('as_of', 'from_at', 'scope', 'kind', 'revision'),
            '<',
            tuple(after.asOf, after.from, after.scope as string, after.kind, after.revision),
          ),
        );
      const found = await rows
        .orderBy('as_of', 'desc')
        .orderBy('from_at', 'desc')
        .orderBy('scope', 'desc')
        .orderBy('kind', 'desc')
        .orderBy('revision', 'desc')
        .limit(most)
        .execute();
      return found.map(toEdition);
    },
  };
}

function toEdition(row: LedgerTables['editions']): Edition {
  return {
    scope: row.scope as Edition['scope'],
    kind: row.kind,
    from: row.from_at,
    to: row.to_at,
    revision: row.revision,
    asOf: row.as_of,
    counting: row.counting,
  };
}
