import { type Alert, type AlertId, type DedupKey, dedupKeyOf } from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { TenantAudit } from './audit.ts';

/** Missing alerts that are admitted by one recount; the next one goes on. */
const MOST_MISSING = 1_000;

export interface SourceCount {
  /** All that the source shows; a record without a time is dated by its reading, so it may lie outside the span. */
  shown: ReadonlySet<DedupKey>;
  /** How much of it was created in the span. */
  count: number;
  /** Of that, what the ledger does not have. */
  alerts: readonly Alert[];
  unreadable: readonly UnreadableRecord[];
}

/**
 * Reads the source as if for the first time, and asks the ledger for each page.
 * @throws EdgeFailure when it cannot be read to its end: then nothing can be said of it.
 */
export async function recountSource(recount: TenantAudit): Promise<SourceCount> {
  const { parts, tenant, own, from, to, signal } = recount;
  const { clock, ledger } = parts;
  const now = clock.now();
  const shown = new Set<DedupKey>();
  const inSpan = new Set<DedupKey>();
  const lacking = new Map<DedupKey, Alert | UnreadableRecord>();
  const pages = own.source.read({
    position: { memo: '' },
    now,
    lookbackMs: now - from,
    patienceMs: 0,
    knownSince: async () => shown.size,
    signal,
  });
  let step = await pages.next({ fresh: 0 });
  while (!step.done && !signal.aborted) {
    const { alerts, unreadable } = step.value;
    const ofPage = [...alerts, ...unreadable]
      .filter(({ createdAt }) => createdAt >= from && createdAt < to)
      .map((record) => ({ key: dedupKeyOf(tenant, record.id as AlertId), record }));
    const asked = ofPage.map(({ key }) => key);
    const { known } = await ledger.reading.peek(tenant, asked);
    await ledger.unlinked.saw(alerts, clock.now());
    const before = shown.size;
    for (const { id } of [...alerts, ...unreadable]) shown.add(dedupKeyOf(tenant, id as AlertId));
    for (const { key, record } of ofPage) {
      inSpan.add(key);
      if (!known.has(key) && lacking.size < MOST_MISSING) lacking.set(key, record);
    }
    step = await pages.next({ fresh: shown.size - before });
  }
  // A pass that read the source meanwhile may have them now.
  const { known } = await ledger.reading.peek(tenant, [...lacking.keys()]);
  const missing = [...lacking].filter(([key]) => !known.has(key));
  for (const [key] of missing) recount.found.add('missing', key);
  const records = missing.map(([, record]) => record);
  return {
    shown,
    count: inSpan.size,
    alerts: records.filter(isAlert),
    unreadable: records.filter((record): record is UnreadableRecord => !isAlert(record)),
  };
}

function isAlert(record: Alert | UnreadableRecord): record is Alert {
  return 'tenant' in record;
}
