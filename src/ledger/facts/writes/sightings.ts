import type { Kysely, Transaction } from 'kysely';
import { type Alert, dedupKeyOf, type TenantId } from '../../../domain/alert.ts';
import type { UnreadableRecord } from '../../../domain/reading.ts';
import type { EpochMs } from '../../../domain/time.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { insertRows, recordingTime } from './store-facts.ts';

type Sighting = Omit<LedgerTables['sightings'], 'recorded_at'>;

/** Rows in one statement, far below what either database allows. */
const AT_ONCE = 500;

/** What is told of a record that cannot be read, until it can. */
const UNREADABLE = { title: '(unreadable record)', type: '(unreadable record)', severity: 'medium' } as const;

export function sightingOf(alert: Alert, seenAt: EpochMs): Sighting {
  const { tenant, id, activityAt, createdAt, severity, title, type, url, users, ips } = alert;
  return {
    dedup_key: dedupKeyOf(tenant, id),
    tenant,
    alert_id: id,
    created_at: createdAt,
    seen_at: seenAt,
    severity,
    title,
    type,
    activity_at: activityAt ?? null,
    url,
    users: listOf(users.map(({ name }) => name)),
    addresses: listOf(ips.map(({ address }) => address)),
  };
}

function listOf(names: readonly string[]): string | null {
  return names.length === 0 ? null : JSON.stringify(names);
}

export function unreadableSighting(tenant: TenantId, { id, createdAt }: UnreadableRecord, seenAt: EpochMs): Sighting {
  return {
    dedup_key: dedupKeyOf(tenant, id as Alert['id']),
    tenant,
    alert_id: id,
    created_at: createdAt,
    seen_at: seenAt,
    ...UNREADABLE,
    activity_at: null,
    url: '',
    users: null,
    addresses: null,
  };
}

/** Stores alerts as they are first read, and that those which cannot be read are held. */
export async function storeSightings(
  tx: Transaction<LedgerTables>,
  sightings: readonly Sighting[],
  unreadable: readonly { key: string; why: string }[],
): Promise<void> {
  const [first] = sightings;
  if (!first) return;
  const { tenant, seen_at } = first;
  const recorded_at = await recordingTime(tx, seen_at);
  for (let i = 0; i < sightings.length; i += AT_ONCE)
    await tx
      .insertInto('sightings')
      .values(sightings.slice(i, i + AT_ONCE).map((row) => ({ ...row, recorded_at })))
      .onConflict((conflict) => conflict.column('dedup_key').doNothing())
      .execute();
  await insertRows(
    tx,
    unreadable.map(({ key, why }) => ({
      dedup_key: key,
      tenant,
      fact: 'held',
      turn: 0,
      at: seen_at,
      recorded_at,
      detail: JSON.stringify({ reason: 'unreadable', why }),
      snapshot: null,
    })),
  );
}

/** Records that an alert's record was replaced before anything was decided on it. */
export async function storeReread(
  tx: Kysely<LedgerTables>,
  reread: readonly { key: string; alert: Alert }[],
  now: EpochMs,
): Promise<void> {
  if (reread.length === 0) return;
  const recorded_at = await recordingTime(tx, now);
  await insertRows(
    tx,
    reread.map(({ key, alert: { tenant, title, severity, type, url, users, ips } }) => ({
      dedup_key: key,
      tenant,
      fact: 're-read',
      turn: 0,
      at: now,
      recorded_at,
      detail: null,
      snapshot: JSON.stringify({
        title,
        severity,
        type,
        url,
        users: users.map(({ name }) => name),
        addresses: ips.map(({ address }) => address),
      }),
    })),
  );
}
