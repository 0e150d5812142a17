import type { Kysely, Transaction } from 'kysely';
import type { TenantId } from '../../domain/alert.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { LedgerTables } from '../store/schema.ts';
import { sharing } from '../store/sharing.ts';
import type { Hint, HintCall, Hints } from './hints-port.ts';

/** Longer than a call may be old when it is taken, and ahead of our clock by, so that no replay is ever new. */
const KNOWN_MS = 3 * DAY_MS;
/** How long a hint waits for a link: longer than any create with a lost answer is looked for. */
const UNLINKED_MS = HOUR_MS;
/** Most rows of each kind; beyond it the oldest go, and polling sees what they said. */
const MOST_CALLS = 200_000;
const MOST_UNLINKED = 10_000;
/** Cleared so often, in calls and in time. */
const CLEAR_CALLS = 500;
const CLEAR_MS = HOUR_MS;

/** A hint that waits for its link has no tenant. */
const NOBODY = '';

type Recorded = { known: boolean; tenants: readonly TenantId[] };

export function sqlHints(db: Kysely<LedgerTables>): Hints {
  let calls = 0;
  let clearedAt = Number.NEGATIVE_INFINITY;
  return {
    record: sharing(db, async (tx, call: HintCall) => {
      if (++calls >= CLEAR_CALLS || Math.abs(call.now - clearedAt) >= CLEAR_MS) {
        await clear(tx, call.now);
        calls = 0;
        clearedAt = call.now;
      }
      return record(tx, call);
    }),

    async due({ tenant, most }) {
      await adopt(db);
      const rows = await db
        .selectFrom('hints')
        .select(['site', 'ticket_id', 'at'])
        .where('tenant', '=', tenant)
        .orderBy('at')
        .orderBy('ticket_id')
        .limit(most)
        .execute();
      return rows.map(({ site, ticket_id, at }) => ({ site: site as SiteId, ticketId: ticket_id, at }));
    },

    async open() {
      const rows = await db
        .selectFrom('hints')
        .select((select) => ['tenant', select.fn.countAll<number>().as('n'), select.fn.min<number>('at').as('oldest')])
        .where('tenant', '!=', NOBODY)
        .groupBy('tenant')
        .orderBy('tenant')
        .execute();
      return rows.map(({ tenant, n, oldest }) => ({
        tenant: tenant as TenantId,
        count: Number(n),
        oldest: Number(oldest),
      }));
    },

    async done(tenant, hints) {
      if (hints.length === 0) return;
      await db.transaction().execute(async (tx) => {
        for (const { site, ticketId, at } of hints)
          await tx
            .deleteFrom('hints')
            .where('site', '=', site)
            .where('ticket_id', '=', ticketId)
            .where('tenant', '=', tenant)
            .where('at', '<=', at)
            .execute();
      });
    },
  };
}

async function record(tx: Transaction<LedgerTables>, { names, sites, ticketId, now }: HintCall): Promise<Recorded> {
  const known = await tx.selectFrom('hint_calls').select('name').where('name', 'in', names).executeTakeFirst();
  if (known) return { known: true, tenants: [] };
  await tx
    .insertInto('hint_calls')
    .values(names.map((name) => ({ name, at: now })))
    .execute();
  const rows = await tx
    .selectFrom('links')
    .innerJoin('alerts', 'alerts.dedup_key', 'links.dedup_key')
    .select(['links.site', 'alerts.tenant'])
    .distinct()
    .where('links.site', 'in', sites)
    .where('ticket_id', '=', ticketId)
    .execute();
  const hints = rows.length > 0 ? rows : sites.map((site) => ({ site, tenant: NOBODY }));
  for (const { site, tenant } of hints) await hint(tx, { site: site as SiteId, ticketId, at: now }, tenant);
  return { known: false, tenants: [...new Set(rows.map(({ tenant }) => tenant as TenantId))] };
}

/** The instant of a hint grows with each call, also of two within a millisecond or under a clock that was set back. */
async function hint(tx: Transaction<LedgerTables>, { site, ticketId, at }: Hint, tenant: string): Promise<void> {
  await tx
    .insertInto('hints')
    .values({ site, ticket_id: ticketId, tenant, at })
    .onConflict((conflict) =>
      conflict.columns(['site', 'ticket_id', 'tenant']).doUpdateSet(({ eb, ref }) => ({
        at: eb
          .case()
          .when('excluded.at', '>', ref('hints.at'))
          .then(eb.ref('excluded.at'))
          .else(eb('hints.at', '+', 1))
          .end(),
      })),
    )
    .execute();
}

/** Gives hints whose issue was linked after they came to the tenants of its alerts. */
async function adopt(db: Kysely<LedgerTables>): Promise<void> {
  const waiting = await db.selectFrom('hints').select('site').where('tenant', '=', NOBODY).executeTakeFirst();
  if (!waiting) return;
  await db.transaction().execute(async (tx) => {
    // A write first, so that two processes wait for each other here.
    await tx
      .updateTable('hints')
      .set((set) => ({ at: set.ref('at') }))
      .where('tenant', '=', NOBODY)
      .execute();
    const rows = await tx
      .selectFrom('hints')
      .innerJoin('links', (join) =>
        join.onRef('links.site', '=', 'hints.site').onRef('links.ticket_id', '=', 'hints.ticket_id'),
      )
      .innerJoin('alerts', 'alerts.dedup_key', 'links.dedup_key')
      .select(['hints.site', 'hints.ticket_id', 'hints.at', 'alerts.tenant'])
      .distinct()
      .where('hints.tenant', '=', NOBODY)
      .execute();
    for (const { site, ticket_id, at, tenant } of rows) {
      await hint(tx, { site: site as SiteId, ticketId: ticket_id, at }, tenant);
      await tx
        .deleteFrom('hints')
        .where('site', '=', site)
        .where('ticket_id', '=', ticket_id)
        .where('tenant', '=', NOBODY)
        .execute();
    }
  });
}

async function clear(tx: Transaction<LedgerTables>, now: EpochMs): Promise<void> {
  await tx
    .deleteFrom('hint_calls')
    .where('at', '<', now - KNOWN_MS)
    .execute();
  const call = await tx
    .selectFrom('hint_calls')
    .select('at')
    .orderBy('at', 'desc')
    .offset(MOST_CALLS)
    .limit(1)
    .execute();
  for (const { at } of call) await tx.deleteFrom('hint_calls').where('at', '<=', at).execute();
  // Of a tenant that nobody keeps in step any more; polling has seen the others long since.
  await tx
    .deleteFrom('hints')
    .where('at', '<', now - KNOWN_MS)
    .execute();
  const waiting = tx.deleteFrom('hints').where('tenant', '=', NOBODY);
  await waiting.where('at', '<', now - UNLINKED_MS).execute();
  const oldest = await tx
    .selectFrom('hints')
    .select('at')
    .where('tenant', '=', NOBODY)
    .orderBy('at', 'desc')
    .offset(MOST_UNLINKED)
    .limit(1)
    .execute();
  for (const { at } of oldest) await waiting.where('at', '<=', at).execute();
}
