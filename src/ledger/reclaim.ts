import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { EpochMs } from '../domain/time.ts';
import type { Owner } from './ledger.ts';
import { isGone } from './store/owner.ts';
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
  {
    table: 'alerts',
    owner: 'lease_owner',
    until: 'lease_until',
    inHand: sql`state in ('pending', 'sending')`,
    keepsOwner: true,
  },
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

/** Frees what processes of this machine left in hand when they died. */
export async function reclaim(db: Kysely<LedgerTables>, owner: Owner, now: EpochMs): Promise<void> {
  const owners = await sql<{ owner: string }>`${sql.join(
    LEASED.map((leased) => ownersIn(leased, owner)),
    sql` union `,
  )}`.execute(db);
  const gone = owners.rows.map((row) => row.owner).filter(isGone);
  if (gone.length === 0) return;
  await db.transaction().execute(async (tx) => {
    for (const leased of LEASED) await free(leased, { gone, now }).execute(tx);
  });
}

function ownersIn({ table, owner, inHand = sql`1 = 1` }: Leased, me: Owner): RawBuilder<unknown> {
  const column = sql.ref(owner);
  return sql`select ${column} as owner from ${sql.table(table)} where ${column} is not null and ${column} <> ${me} and ${inHand}`;
}

function free({ table, owner, until, keepsOwner }: Leased, { gone, now }: { gone: readonly string[]; now: EpochMs }) {
  const change = keepsOwner ? sql`${sql.ref(until)} = ${now}` : sql`${sql.ref(owner)} = null, ${sql.ref(until)} = null`;
  return sql`update ${sql.table(table)} set ${change} where ${sql.ref(owner)} in (${sql.join(gone)})`;
}
