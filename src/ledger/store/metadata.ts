import type { Kysely } from 'kysely';
import type { SiteId } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { LedgerTables } from './schema.ts';

/** Keeps each site's metadata between runs; the newest word replaces the one before. */
export function sqlMetadata(db: Kysely<LedgerTables>) {
  return {
    async load(site: SiteId, key: string): Promise<{ json: string; storedAt: EpochMs } | undefined> {
      const row = await db
        .selectFrom('metadata')
        .select(['json', 'stored_at'])
        .where('site', '=', site)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && { json: row.json, storedAt: row.stored_at };
    },

    async store(site: SiteId, key: string, json: string, at: EpochMs): Promise<void> {
      await db
        .insertInto('metadata')
        .values({ site, key, json, stored_at: at })
        .onConflict((conflict) => conflict.columns(['site', 'key']).doUpdateSet({ json, stored_at: at }))
        .execute();
    },
  };
}
