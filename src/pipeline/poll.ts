import { isEdgeFailure } from '../domain/failure.ts';
import type { TenantSummary } from '../domain/outcome.ts';
import { MINUTE_MS, sayInstant } from '../domain/time.ts';
import { LONGEST_LEASE_MS } from '../ledger/ledger.ts';
import { traced } from '../observe/trace.ts';
import { patienceOf, settled, type TenantPass } from './pass-parts.ts';
import { unreadableLine } from './propose.ts';
import { toTenantFailure } from './tenant-failure.ts';

/** How long the right to read a tenant lasts without a page being stored: a call's deadline and patience fit in. */
const READING_LEASE_MS = 3 * MINUTE_MS;

export interface PollOutcome {
  read: number;
  fresh: number;
  failure?: NonNullable<TenantSummary['failure']>;
  /** For how long the source wants no call, where it said so. */
  retryAfterMs?: number;
}

/**
 * Reads one tenant from where it was left to the present; each page and the position are stored together before the
 * next page is asked for. `onPage` is called after each. Every trouble of the tenant ends in `failure`, none is thrown.
 */
export function poll(pass: TenantPass, onPage: () => void): Promise<PollOutcome> {
  return traced('casewire.poll', { tenant: pass.tenant }, () => readOn(pass, onPage));
}

async function readOn(pass: TenantPass, onPage: () => void): Promise<PollOutcome> {
  const { parts, tenant, own, signal } = pass;
  const { ledger, owner, clock, progress } = parts;
  const { reading } = ledger;
  const patienceMs = () => Math.min(patienceOf(pass), LONGEST_LEASE_MS - READING_LEASE_MS);
  const lease = () => ({ now: clock.now(), until: clock.now() + READING_LEASE_MS + patienceMs() });
  const outcome: PollOutcome = { read: 0, fresh: 0 };

  const begunAt = clock.now();
  const begun = await reading.begin({ tenant, owner, ...lease() });
  if ('busyUntil' in begun) {
    const why = `another process is reading this tenant; its right to do so ends at ${sayInstant(begun.busyUntil)} at the latest`;
    return { ...outcome, failure: { why, waiting: true } };
  }
  progress({ event: 'poll-started', tenant });
  let failure: PollOutcome['failure'];
  try {
    const pages = own.source.read({
      position: begun.position,
      now: clock.now(),
      lookbackMs: own.lookbackMs,
      patienceMs: patienceMs(),
      knownSince: (from) => reading.knownSince(tenant, from),
      signal,
    });
    let step = await pages.next({ fresh: 0 });
    while (!step.done) {
      const page = step.value;
      const receipt = await reading.admit({ tenant, owner, page, ...lease() });
      const read = page.alerts.length + page.unreadable.length;
      outcome.read += read;
      outcome.fresh += receipt.fresh;
      for (const says of page.warnings) progress({ event: 'warning', tenant, says });
      progress({ event: 'page-admitted', tenant, read, fresh: receipt.fresh });
      for (const record of [...page.unreadable, ...receipt.refused])
        if (receipt.held.includes(record.id)) settled(pass, unreadableLine(tenant, record, 'held'));
      onPage();
      if (signal.aborted) {
        failure = { why: 'stopped before the end; the next pass goes on from here', waiting: true };
        break;
      }
      step = await pages.next(receipt);
    }
  } catch (error) {
    failure = toTenantFailure(error);
    const retryAfterMs = isEdgeFailure(error) ? error.details.retryAfterMs : undefined;
    if (retryAfterMs !== undefined) outcome.retryAfterMs = retryAfterMs;
  }
  const { everyMs } = own;
  const ended = failure ? { failure: failure.why } : { readTo: begunAt };
  await reading.end({ tenant, owner, now: clock.now(), everyMs, ...ended });
  if (!failure) {
    progress({ event: 'poll-ended', tenant });
    return outcome;
  }
  progress({ event: 'poll-failed', tenant, ...failure });
  return { ...outcome, failure };
}
