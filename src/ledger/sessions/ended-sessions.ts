import type { Kysely } from 'kysely';
import type { LedgerTables } from '../store/schema.ts';
import type { EndedSessions } from './ended-sessions-port.ts';

export function sqlEndedSessions(db: Kysely<LedgerTables>): EndedSessions {
  return {
    async end({ id, until }, now) {
      await db.deleteFrom('ended_sessions').where('until', '<=', now).execute();
      await db
        .insertInto('ended_sessions')
        .values({ id, until })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async has(id) {
      const row = await db.selectFrom('ended_sessions').select('id').where('id', '=', id).executeTakeFirst();
      return row !== undefined;
    },
  };
}
