import type { Kysely, Transaction } from 'kysely';
import { type DedupKey, tenantOfKey } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';
import { storeHeld } from './facts/writes/held-facts.ts';
import { storeRaised } from './facts/writes/raised-facts.ts';
import { snapshotOf } from './facts/writes/snapshot.ts';
import { hasAny } from './inbox.ts';
import type { Claim, Ending, Outbox } from './ledger.ts';
import { storeProposals } from './proposals.ts';
import { Batcher } from './store/batcher.ts';
import type { LedgerTables } from './store/schema.ts';

type Claimed = { attempt: number; highestNumber?: number } | undefined;
type Created = Extract<Ending, { outcome: 'created' }>;
type Refused = Extract<Ending, { outcome: 'refused' }>;

export function sqlOutbox(db: Kysely<LedgerTables>): Outbox {
  const claims = new Batcher<Claim, Claimed>((batch) => db.transaction().execute((tx) => claimAll(tx, batch)));
  const endings = new Batcher<{ ending: Ending; now: number }, undefined>((batch) =>
    db.transaction().execute((tx) => endAll(tx, batch)),
  );
  return {
    claim: (claim) => claims.add(claim),
    end: (ending, now) => endings.add({ ending, now }),

    async open({ tenant, now }) {
      if (await hasAny(db, tenant, 'sending'))
        await db
          .updateTable('alerts')
          .set({ state: 'unknown', why: 'the process that sent it ended before the answer', not_before: now })
          .where('tenant', '=', tenant)
          .where('state', '=', 'sending')
          .where('lease_until', '<=', now)
          .execute();
      const rows = await db
        .selectFrom('alerts')
        .innerJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
        .select([
          'alerts.dedup_key',
          'attempt',
          'sent_at',
          'site',
          'project',
          'issue_type',
          'highest_number',
          'not_before',
          'json',
        ])
        .where('tenant', '=', tenant)
        .where('state', '=', 'unknown')
        .orderBy('sent_at')
        .execute();
      return rows.map((row) => ({
        dedupKey: row.dedup_key as DedupKey,
        route: { site: (row.site ?? '') as SiteId, project: row.project ?? '', issueType: row.issue_type ?? '' },
        attempt: row.attempt,
        sentAt: row.sent_at ?? 0,
        lookAt: row.not_before ?? 0,
        proposal: row.json,
        ...(row.highest_number === null ? {} : { highestNumber: row.highest_number }),
      }));
    },

    async looked(keys, now) {
      await db
        .updateTable('alerts')
        .set({ looked_at: now })
        .where('dedup_key', 'in', [...keys])
        .execute();
    },

    async highest(site, projects) {
      const rows = await db
        .selectFrom('projects')
        .select(['project', 'highest_number'])
        .where('site', '=', site)
        .where('project', 'in', [...projects])
        .execute();
      return rows.map((row) => ({ project: row.project, highestNumber: row.highest_number }));
    },

    async notSeen({ key, attempt, lookAt, now }) {
      const again = lookAt === 'send-again';
      await db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('alerts')
          .set({
            state: again ? 'pending' : 'unknown',
            not_before: again ? null : lookAt,
            lease_owner: null,
            lease_until: null,
          })
          .where('dedup_key', '=', key)
          .where('state', '=', 'unknown')
          .where('attempt', '=', attempt)
          .executeTakeFirst();
        if (!again || changed.numUpdatedRows === 0n) return;
        await tx
          .updateTable('attempts')
          .set({ outcome: 'absent', outcome_at: now })
          .where('dedup_key', '=', key)
          .where('attempt', '=', attempt)
          .execute();
      });
    },
  };
}

/** Claims of one owner that go the same way share one statement. */
function byRoute(batch: readonly Claim[]): Iterable<Claim[]> {
  const groups = new Map<string, Claim[]>();
  for (const claim of batch) {
    const { site, project, issueType } = claim.route;
    const name = JSON.stringify([site, project, issueType, claim.owner]);
    const group = groups.get(name);
    if (group) group.push(claim);
    else groups.set(name, [claim]);
  }
  return groups.values();
}

async function claimAll(tx: Transaction<LedgerTables>, batch: readonly Claim[]): Promise<Claimed[]> {
  const claimed = new Map<DedupKey, NonNullable<Claimed>>();
  for (const group of byRoute(batch)) {
    const [first] = group;
    if (!first) continue;
    const { owner, route } = first;
    // They were asked for within one commit: all are dated as the oldest, so that a look for one reaches back far
    // enough, and none is kept longer than it was asked for.
    const now = Math.min(...group.map((claim) => claim.now));
    const until = Math.min(...group.map((claim) => claim.until));
    const latest = Math.max(...group.map((claim) => claim.now));
    const rows = await tx
      .updateTable('alerts')
      .set((set) => ({
        state: 'sending',
        attempt: set('attempt', '+', 1),
        sent_at: now,
        lease_until: until,
        site: route.site,
        project: route.project,
        issue_type: route.issueType,
        highest_number: set
          .selectFrom('projects')
          .select('highest_number')
          .where('projects.site', '=', route.site)
          .where('projects.project', '=', route.project),
      }))
      .where(
        'dedup_key',
        'in',
        group.map(({ key }) => key),
      )
      .where('lease_owner', '=', owner)
      .where('lease_until', '>', latest)
      .where('state', '=', 'pending')
      .returning(['dedup_key', 'attempt', 'highest_number'])
      .execute();
    for (const row of rows)
      claimed.set(row.dedup_key as DedupKey, {
        attempt: row.attempt,
        ...(row.highest_number === null ? {} : { highestNumber: row.highest_number }),
      });
  }
  const mine = batch.filter(({ key }) => claimed.has(key));
  if (mine.length > 0)
    await tx
      .insertInto('attempts')
      .values(
        mine.map(({ key, owner, now }) => ({
          dedup_key: key,
          attempt: claimed.get(key)?.attempt ?? 0,
          owner,
          sent_at: now,
        })),
      )
      .execute();
  await storeProposals(
    tx,
    mine.map(({ key, proposal }) => ({ dedup_key: key, json: proposal })),
  );
  return batch.map(({ key }) => claimed.get(key));
}

async function endAll(
  tx: Transaction<LedgerTables>,
  batch: readonly { ending: Ending; now: number }[],
): Promise<undefined[]> {
  const created: { ending: Created; now: number }[] = [];
  for (const { ending, now } of batch) {
    if (ending.outcome === 'created') created.push({ ending, now });
    else await endWithout(tx, ending, now);
  }
  if (created.length > 0) await endCreated(tx, created);
  return batch.map(() => undefined);
}

/** An issue that exists is always believed, whatever the alert's state: it was created for this very alert. */
async function endCreated(
  tx: Transaction<LedgerTables>,
  created: readonly { ending: Created; now: number }[],
): Promise<void> {
  const now = Math.max(...created.map((entry) => entry.now));
  const keys = created.map(({ ending }) => ending.key);
  const listed = created.flatMap(({ ending }) => (ending.listed ? [ending.key] : []));
  await tx
    .updateTable('alerts')
    .set({
      state: 'raised',
      settled_at: now,
      lease_owner: null,
      lease_until: null,
      not_before: null,
      reason: null,
      why: null,
    })
    .where('dedup_key', 'in', keys)
    .execute();
  if (listed.length > 0)
    await tx.updateTable('alerts').set({ state: 'attached' }).where('dedup_key', 'in', listed).execute();
  const linked = await tx
    .insertInto('links')
    .values(
      created.map(({ ending }) => ({
        dedup_key: ending.key,
        site: ending.site,
        ticket_id: ending.ticket.id,
        ticket_key: ending.ticket.key,
        ticket_url: ending.ticket.url,
        linked_at: now,
        tenant: tenantOfKey(ending.key),
      })),
    )
    .onConflict((conflict) => conflict.column('dedup_key').doNothing())
    .returning('dedup_key')
    .execute();
  await tx
    .updateTable('attempts')
    .set({ outcome: 'created', outcome_at: now })
    .where('dedup_key', 'in', keys)
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', '=', 'unknown')]))
    .execute();
  await storeProposals(
    tx,
    created.flatMap(({ ending }) => (ending.proposal ? [{ dedup_key: ending.key, json: ending.proposal }] : [])),
  );
  await raiseHighest(tx, created);
  const fresh = new Set(linked.map(({ dedup_key }) => dedup_key));
  await storeRaised(
    tx,
    created.flatMap(({ ending: { key, site, ticket, listed, found }, now: at }) =>
      fresh.delete(key) ? [{ key, at, fact: listed ? 'attached' : found ? 'adopted' : 'raised', site, ticket }] : [],
    ),
    now,
  );
}

/** Remembers the highest issue number of each project: where a lost create is looked for by key. */
async function raiseHighest(tx: Transaction<LedgerTables>, created: readonly { ending: Created }[]): Promise<void> {
  const rows = await tx
    .selectFrom('alerts')
    .select(['dedup_key', 'project'])
    .where(
      'dedup_key',
      'in',
      created.map(({ ending }) => ending.key),
    )
    .execute();
  const projectOf = new Map(rows.map((row) => [row.dedup_key, row.project]));
  const highest = new Map<string, { site: string; project: string; highest_number: number }>();
  for (const { ending } of created) {
    const project = projectOf.get(ending.key);
    const [, prefix, digits] = /^(.+)-(\d+)$/.exec(ending.ticket.key) ?? [];
    if (!project || !digits) continue;
    // An issue that was found may have been moved since: its number is another project's. A project by id has no prefix.
    if (prefix?.toUpperCase() !== project.toUpperCase() && !/^\d+$/.test(project)) continue;
    const number = Number(digits);
    const name = `${ending.site}\n${project}`;
    if ((highest.get(name)?.highest_number ?? 0) < number)
      highest.set(name, { site: ending.site, project, highest_number: number });
  }
  if (highest.size === 0) return;
  await tx
    .insertInto('projects')
    .values([...highest.values()])
    .onConflict((conflict) =>
      conflict
        .columns(['site', 'project'])
        .doUpdateSet((update) => ({ highest_number: update.ref('excluded.highest_number') }))
        .whereRef('projects.highest_number', '<', 'excluded.highest_number'),
    )
    .execute();
}

async function endWithout(tx: Transaction<LedgerTables>, ending: Exclude<Ending, Created>, now: number): Promise<void> {
  const { key, attempt, why } = ending;
  const changed = await tx
    .updateTable('alerts')
    .set({ ...columnsOf(ending, now), why })
    .where('dedup_key', '=', key)
    .where('attempt', '=', attempt)
    .where('state', '=', 'sending')
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  await tx
    .updateTable('attempts')
    .set({ outcome: ending.outcome, outcome_at: now, detail: why })
    .where('dedup_key', '=', key)
    .where('attempt', '=', attempt)
    .execute();
  if (ending.outcome === 'refused') await storeRefused(tx, ending, now);
}

async function storeRefused(tx: Transaction<LedgerTables>, ending: Refused, now: number): Promise<void> {
  const { key, reason, why } = ending;
  const row = await tx.selectFrom('proposals').select('json').where('dedup_key', '=', key).executeTakeFirst();
  await storeHeld(tx, [{ key, at: now, reason, why, snapshot: snapshotOf(JSON.parse(row?.json ?? '{}')) }], now);
}

function columnsOf(ending: Exclude<Ending, Created>, now: number) {
  const free = { lease_owner: null, lease_until: null };
  switch (ending.outcome) {
    case 'not-sent':
      return { ...free, state: 'pending' as const, reason: 'throttled', not_before: ending.notBefore, sent_at: null };
    case 'refused':
      return {
        ...free,
        state: 'held' as const,
        reason: ending.reason,
        not_before: ending.retryAt,
        policy: ending.policy,
        settled_at: now,
        sent_at: null,
      };
    case 'unknown':
      return { ...free, state: 'unknown' as const, reason: 'unknown', not_before: ending.lookAt };
  }
}
