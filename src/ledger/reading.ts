import type { Kysely, Transaction } from 'kysely';
import { type Alert, type DedupKey, dedupKeyOf, type TenantId } from '../domain/alert.ts';
import { StoreRefusal } from '../domain/failure.ts';
import type { SourcePage, UnreadableRecord } from '../domain/reading.ts';
import type { EpochMs } from '../domain/time.ts';
import { marksOfAlert, storeMarks } from './catalogue/marks.ts';
import { storeUnlinked } from './facts/unlinked-alerts.ts';
import { readBefore, storeReadings } from './facts/writes/reading-hours.ts';
import { sightingOf, storeReread, storeSightings, unreadableSighting } from './facts/writes/sightings.ts';
import type { Reading } from './ledger.ts';
import { Batcher } from './store/batcher.ts';
import type { LedgerTables } from './store/schema.ts';

/** The alert as it is stored: its raw record has a column of its own. */
export function toStoredAlert(alert: Alert): string {
  const { raw: _raw, ...rest } = alert;
  return JSON.stringify(rest);
}

export function fromStoredAlert(json: string, raw: string): Alert {
  return { ...JSON.parse(json), raw };
}

function toRow(alert: Alert, seenAt: number, lookFirst: number) {
  return {
    ...emptyRow(alert.tenant, alert.id, seenAt, lookFirst),
    created_at: alert.createdAt,
    severity: alert.severity,
    title: alert.title,
    state: 'pending' as const,
  };
}

function toHeldRow(tenant: TenantId, record: UnreadableRecord, seenAt: number) {
  return {
    ...emptyRow(tenant, record.id, seenAt, 0),
    created_at: record.createdAt,
    severity: 'medium',
    title: '(unreadable record)',
    state: 'held' as const,
    reason: 'unreadable',
    why: record.why,
    settled_at: seenAt,
  };
}

function emptyRow(tenant: TenantId, id: string, seenAt: number, lookFirst: number) {
  return {
    dedup_key: dedupKeyOf(tenant, id as Alert['id']),
    tenant,
    alert_id: id,
    seen_at: seenAt,
    reason: null as string | null,
    why: null as string | null,
    settled_at: null as number | null,
    attempt: 0,
    look_first: lookFirst,
    past_limit: 0,
  };
}

/** Replaces stored records by newer ones where nothing was decided yet, or where the stored one could not be read. */
async function refresh(tx: Transaction<LedgerTables>, alerts: readonly Alert[], now: EpochMs): Promise<void> {
  if (alerts.length === 0) return;
  const byKey = new Map(alerts.map((alert) => [dedupKeyOf(alert.tenant, alert.id), alert]));
  const undecided = await tx
    .selectFrom('alerts')
    .innerJoin('records', 'records.dedup_key', 'alerts.dedup_key')
    .select(['alerts.dedup_key', 'raw', 'alerts.severity', 'alerts.title'])
    .where('alerts.dedup_key', 'in', [...byKey.keys()])
    .where((where) =>
      where.or([
        where.and([
          where('state', '=', 'pending'),
          where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]),
        ]),
        where.and([where('state', '=', 'held'), where('reason', '=', 'unreadable')]),
      ]),
    )
    .execute();
  const changed: { key: string; alert: Alert }[] = [];
  for (const { dedup_key, raw, severity, title } of undecided) {
    const alert = byKey.get(dedup_key as DedupKey);
    if (alert === undefined || alert.raw === raw) continue;
    if (alert.severity !== severity || alert.title !== title) changed.push({ key: dedup_key, alert });
    await storeRecord(tx, dedup_key, alert);
    await tx
      .updateTable('alerts')
      .set({
        severity: alert.severity,
        title: alert.title,
        created_at: alert.createdAt,
        state: 'pending',
        reason: null,
        why: null,
        settled_at: null,
      })
      .where('dedup_key', '=', dedup_key)
      .execute();
  }
  await storeReread(tx, changed, now);
}

/** Puts a newer record in an older one's place. */
export async function storeRecord(tx: Kysely<LedgerTables>, key: string, alert: Alert): Promise<void> {
  await tx
    .updateTable('records')
    .set({ alert: toStoredAlert(alert), raw: alert.raw })
    .where('dedup_key', '=', key)
    .execute();
  await storeMarks(tx, marksOfAlert({ dedup_key: key, created_at: alert.createdAt }, alert));
}

type Begin = Parameters<Reading['begin']>[0];
/** `keepPosition`: what is stored is not the whole page, so that reading must go on before it. */
type Admission = Parameters<Reading['admit']>[0] & { keepPosition?: true };
type End = Parameters<Reading['end']>[0];

async function begin(tx: Transaction<LedgerTables>, { tenant, owner, now, until }: Begin) {
  const taken = await tx
    .insertInto('tenants')
    .values({ tenant, memo: '', poll_owner: owner, poll_until: until })
    .onConflict((conflict) =>
      conflict
        .column('tenant')
        .doUpdateSet({ poll_owner: owner, poll_until: until })
        .where((where) =>
          where.or([
            where('tenants.poll_until', 'is', null),
            where('tenants.poll_until', '<=', now),
            where('tenants.poll_owner', '=', owner),
          ]),
        ),
    )
    .returning(['watermark', 'memo'])
    .executeTakeFirst();
  if (taken) return { position: toPosition(taken) };
  const row = await tx.selectFrom('tenants').select('poll_until').where('tenant', '=', tenant).executeTakeFirst();
  return { busyUntil: row?.poll_until ?? now };
}

/** `undefined` when the right to read the tenant has gone to another process; then nothing was stored. */
async function admit(tx: Transaction<LedgerTables>, entry: Admission) {
  const { tenant, owner, page, now, until } = entry;
  const place = await tx
    .updateTable('tenants')
    .set({ ...(entry.keepPosition ? {} : { memo: page.position.memo }), poll_until: until })
    .where('tenant', '=', tenant)
    .where('poll_owner', '=', owner)
    .returning('watermark')
    .executeTakeFirst();
  if (!place) return undefined;
  const lookFirst = place.watermark === null || entry.lookFirst ? 1 : 0;
  const rows = [
    ...page.alerts.map((alert) => toRow(alert, now, lookFirst)),
    ...page.unreadable.map((record) => toHeldRow(tenant, record, now)),
  ];
  let fresh = new Set<string>();
  if (rows.length > 0) {
    const inserted = await tx
      .insertInto('alerts')
      .values(rows)
      .onConflict((conflict) => conflict.column('dedup_key').doNothing())
      .returning('dedup_key')
      .execute();
    fresh = new Set(inserted.map((row) => row.dedup_key));
    await insertRecords(
      tx,
      toRecords(tenant, page).filter(({ dedup_key }) => fresh.has(dedup_key)),
    );
    await storeMarks(
      tx,
      page.alerts.flatMap((alert) => {
        const dedup_key = dedupKeyOf(tenant, alert.id);
        return fresh.has(dedup_key) ? marksOfAlert({ dedup_key, created_at: alert.createdAt }, alert) : [];
      }),
    );
    const unreadable = page.unreadable.map((record) => ({
      key: dedupKeyOf(tenant, record.id as Alert['id']),
      why: record.why,
    }));
    const sightings = [
      ...page.alerts.map((alert) => sightingOf(alert, now)),
      ...page.unreadable.map((record) => unreadableSighting(tenant, record, now)),
    ];
    await storeSightings(
      tx,
      sightings.filter(({ dedup_key }) => fresh.has(dedup_key)),
      unreadable.filter(({ key }) => fresh.has(key)),
    );
  }
  await refresh(
    tx,
    page.alerts.filter((alert) => !fresh.has(dedupKeyOf(alert.tenant, alert.id))),
    now,
  );
  await storeUnlinked(tx, page.alerts, now);
  if (page.position.watermark !== undefined && !entry.keepPosition)
    await tx.updateTable('tenants').set({ watermark: page.position.watermark }).where('tenant', '=', tenant).execute();
  const held = page.unreadable.map(({ id }) => id).filter((id) => fresh.has(dedupKeyOf(tenant, id as Alert['id'])));
  return { fresh: fresh.size, held };
}

/**
 * Admits a page of which the store refuses a value: each alert alone, and those that are refused as records that cannot
 * be read. The position moves last, when all are stored.
 */
async function admitOneByOne(
  entry: Admission,
  add: (one: Admission) => Promise<{ fresh: number; held: readonly string[] }>,
) {
  const { alerts, unreadable, position, ...page } = entry.page;
  const refused: UnreadableRecord[] = [];
  let fresh = 0;
  for (const alert of alerts) {
    try {
      const one = { ...page, alerts: [alert], unreadable: [], position };
      fresh += (await add({ ...entry, page: one, keepPosition: true })).fresh;
    } catch (error) {
      if (!(error instanceof StoreRefusal)) throw error;
      const createdAt = Number.isSafeInteger(alert.createdAt) ? alert.createdAt : entry.now;
      refused.push({ id: alert.id, createdAt, why: error.message, raw: alert.raw });
    }
  }
  const last = await add({
    ...entry,
    page: { ...page, alerts: [], unreadable: [...unreadable, ...refused], position },
  });
  return { fresh: fresh + last.fresh, held: last.held, refused };
}

async function end(tx: Transaction<LedgerTables>, { tenant, owner, now, failure, readTo }: End): Promise<void> {
  await tx
    .updateTable('tenants')
    .set({
      poll_owner: null,
      poll_until: null,
      poll_failure: failure ?? null,
      ...(failure === undefined ? { polled_at: now } : {}),
      ...(failure === undefined && readTo !== undefined ? { read_to: readTo } : {}),
    })
    .where('tenant', '=', tenant)
    .where('poll_owner', '=', owner)
    .execute();
}

/** Tenants that are read at the same time share the commits of their readings. */
export function sqlReading(db: Kysely<LedgerTables>): Reading {
  const sharing = <Entry, Answer>(each: (tx: Transaction<LedgerTables>, entry: Entry) => Promise<Answer>) =>
    new Batcher<Entry, Answer>((batch) =>
      db.transaction().execute(async (tx) => {
        const answers: Answer[] = [];
        for (const entry of batch) answers.push(await each(tx, entry));
        return answers;
      }),
    );
  const begins = sharing(begin);
  const pages = sharing(admit);
  const ends = new Batcher<End, undefined>(async (batch) => {
    // Nobody else ends a reading of these tenants meanwhile.
    const before = await readBefore(
      db,
      batch.map(({ tenant }) => tenant),
    );
    return db.transaction().execute(async (tx) => {
      for (const entry of batch) await end(tx, entry);
      await storeReadings(tx, batch, before);
      return batch.map(() => undefined);
    });
  });
  return {
    begin: (ask) => begins.add(ask),

    async admit(page) {
      const add = async (one: Admission) => {
        const receipt = await pages.add(one);
        if (receipt) return receipt;
        throw new Error(`another process took over reading ${page.tenant}; this one stops and loses nothing`);
      };
      try {
        return { ...(await add(page)), refused: [] };
      } catch (error) {
        if (!(error instanceof StoreRefusal)) throw error;
      }
      return admitOneByOne(page, add);
    },

    async knownSince(tenant, from) {
      const row = await db
        .selectFrom('alerts')
        .select((select) => select.fn.countAll<number>().as('n'))
        .where('tenant', '=', tenant)
        .where('created_at', '>=', from)
        .executeTakeFirstOrThrow();
      return Number(row.n);
    },

    end: (entry) => ends.add(entry),

    async peek(tenant, keys) {
      const place = await db
        .selectFrom('tenants')
        .select(['watermark', 'memo'])
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      const known =
        keys.length === 0
          ? []
          : await db
              .selectFrom('alerts')
              .select('dedup_key')
              .where('dedup_key', 'in', [...keys])
              .execute();
      return {
        position: place ? toPosition(place) : { memo: '' },
        known: new Set(known.map((row) => row.dedup_key as DedupKey)),
      };
    },
  };
}

function toRecords(tenant: TenantId, { alerts, unreadable }: SourcePage): LedgerTables['records'][] {
  return [
    ...alerts.map((alert) => ({
      dedup_key: dedupKeyOf(tenant, alert.id),
      alert: toStoredAlert(alert),
      raw: alert.raw,
    })),
    ...unreadable.map(({ id, raw }) => ({ dedup_key: dedupKeyOf(tenant, id as Alert['id']), alert: null, raw })),
  ];
}

async function insertRecords(tx: Kysely<LedgerTables>, records: readonly LedgerTables['records'][]): Promise<void> {
  if (records.length > 0)
    await tx
      .insertInto('records')
      .values([...records])
      .execute();
}

function toPosition(row: { watermark: number | null; memo: string }) {
  return row.watermark === null ? { memo: row.memo } : { watermark: row.watermark, memo: row.memo };
}
