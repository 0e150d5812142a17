import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { ActId, RecordedAct } from '../../domain/act.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { ActTables } from './act-tables.ts';
import type { Acts } from './acts-port.ts';

export function sqlActs(db: Kysely<LedgerTables>): Acts {
  return {
    async record({ at, who, what, subject, detail }) {
      const id = `${String(at).padStart(15, '0')}-${randomUUID()}` as ActId;
      await db
        .insertInto('acts')
        .values({ id, at, who, what, subject: subject ?? null, detail: detail ?? null })
        .execute();
      return id;
    },

    async ended(id, { at, outcome, says }) {
      await db
        .updateTable('acts')
        .set({ ended_at: at, outcome, says })
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .execute();
    },

    async page({ after, most }) {
      const rows = await db
        .selectFrom('acts')
        .selectAll()
        .$if(after !== undefined, (query) => query.where('id', '<', after as ActId))
        .orderBy('id', 'desc')
        .limit(most)
        .execute();
      return rows.map(toAct);
    },
  };
}

function toAct(row: Selectable<ActTables['acts']>): RecordedAct {
  const { id, at, who, what, subject, detail, ended_at, outcome, says } = row;
  return {
    id: id as ActId,
    at: Number(at),
    who,
    what,
    ...(subject === null ? {} : { subject }),
    ...(detail === null ? {} : { detail }),
    ...(ended_at === null
      ? {}
      : { end: { at: Number(ended_at), outcome: outcome === 'done' ? 'done' : 'failed', says: says ?? '' } }),
  };
}
