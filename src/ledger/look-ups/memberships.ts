import type { Kysely } from 'kysely';
import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import { indexKey } from '../store/index-key.ts';
import type { LedgerTables } from '../store/schema.ts';

interface Membership {
  groups?: readonly { id: string; name: string }[];
  askedAt: EpochMs;
}

/** Keeps the groups of each tenant's users with their age, for all processes; an older word never replaces a newer. */
export function sqlMemberships(db: Kysely<LedgerTables>) {
  return {
    async recall(tenant: TenantId, user: string): Promise<Membership | undefined> {
      const row = await db
        .selectFrom('memberships')
        .select(['groups', 'asked_at'])
        .where('tenant', '=', tenant)
        .where('user', '=', indexKey(user))
        .executeTakeFirst();
      if (!row) return undefined;
      return { ...(row.groups === null ? {} : { groups: JSON.parse(row.groups) }), askedAt: row.asked_at };
    },

    async record(tenant: TenantId, user: string, { groups, askedAt }: Membership): Promise<void> {
      const values = { groups: groups ? JSON.stringify(groups) : null, asked_at: askedAt };
      await db
        .insertInto('memberships')
        .values({ tenant, user: indexKey(user), ...values })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'user']).doUpdateSet(values).where('memberships.asked_at', '<=', askedAt),
        )
        .execute();
    },
  };
}
