import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { EpochMs } from '../domain/time.ts';
import { type Leases, LONGEST_LEASE_MS, type Owner } from './ledger.ts';
import { isGone, isPredecessor } from './store/owner.ts';
import type { LedgerTables } from './store/schema.ts';

/** A table whose rows are in one hand at a time. */
interface Leased {
  table: keyof LedgerTables;
  owner: string;
  until: string;
  /** Rows that are in a hand; others may name an owner for the record. */
  inHand?: RawBuilder<unknown>;
  /** The lease ends and its owner stays: who takes it next has to know whether it was sent by another. */
  keepsOwner?: true;
}

const LEASED: readonly Leased[] = [
  { table: 'alerts', owner: 'lease_owner', until: 'lease_until', inHand: sql`state in ('pending', 'sending')` },
  { table: 'tenants', owner: 'poll_owner', until: 'poll_until' },
  { table: 'findings', owner: 'asking_owner', until: 'asking_until' },
  { table: 'attachments', owner: 'owner', until: 'lease_until', inHand: sql`state = 'open'`, keepsOwner: true },
  { table: 'groups', owner: 'tell_owner', until: 'tell_until' },
  { table: 'sync_places', owner: 'owner', until: 'until' },
  { table: 'note_comments', owner: 'owner', until: 'lease_until', inHand: sql`state = 'open'`, keepsOwner: true },
  { table: 'news', owner: 'owner', until: 'lease_until' },
  { table: 'waiting_look_ups', owner: 'owner', until: 'lease_until' },
  { table: 'twins', owner: 'owner', until: 'until' },
  { table: 'deliveries', owner: 'owner', until: 'until' },
];

const EVERY_ROW = sql`1 = 1`;

export function sqlLeases(db: Kysely<LedgerTables>): Leases {
  let isFirst = true;
  return {
    async reclaim(owner, now) {
      // Only what was there before this process began can be its predecessor's.
      const isOver = isFirst ? (other: Owner) => isGone(other) || isPredecessor(other) : isGone;
      isFirst = false;
      const ahead = now + LONGEST_LEASE_MS;
      const leases = await leasesIn(db);
      const gone = [...new Set(leases.map((lease) => lease.owner))].filter((other) => other !== owner && isOver(other));
      const isAnyAhead = leases.some(({ until }) => until !== null && Number(until) > ahead);
      if (gone.length === 0 && !isAnyAhead) return;
      await db.transaction().execute(async (tx) => {
        for (const leased of LEASED) {
          if (gone.length > 0) await end(leased, sql`${sql.ref(leased.owner)} in (${sql.join(gone)})`, now).execute(tx);
          if (isAnyAhead) await end(leased, sql`${sql.ref(leased.until)} > ${ahead}`, now).execute(tx);
        }
      });
    },

    async giveBack(owner, now) {
      if (!(await leasesIn(db)).some((lease) => lease.owner === owner)) return;
      await db.transaction().execute(async (tx) => {
        for (const leased of LEASED) await end(leased, sql`${sql.ref(leased.owner)} = ${owner}`, now).execute(tx);
      });
    },
  };
}

/** Who has anything in hand, and until when at the latest. */
async function leasesIn(db: Kysely<LedgerTables>): Promise<readonly { owner: Owner; until: number | null }[]> {
  const select = ({ table, owner, until, inHand = EVERY_ROW }: Leased) =>
    sql`select ${sql.ref(owner)} as owner, max(${sql.ref(until)}) as until from ${sql.table(table)}
      where ${sql.ref(owner)} is not null and ${inHand} group by ${sql.ref(owner)}`;
  const found = await sql<{ owner: Owner; until: number | null }>`${sql.join(
    LEASED.map(select),
    sql` union all `,
  )}`.execute(db);
  return found.rows;
}

function end(
  { table, owner, until, inHand = EVERY_ROW, keepsOwner }: Leased,
  which: RawBuilder<unknown>,
  now: EpochMs,
) {
  const free = keepsOwner ? sql`` : sql`${sql.ref(owner)} = null, `;
  return sql`update ${sql.table(table)} set ${free}${sql.ref(until)} = ${now} where ${which} and ${inHand}`;
}
