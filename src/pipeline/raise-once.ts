import type { CreateOutcome } from '../domain/ticket.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS, sayDuration } from '../domain/time.ts';
import { traced } from '../observe/trace.ts';
import { patienceOf, settled, type TenantPass } from './pass-parts.ts';
import { type Proposal, type ProposedLine, withOutcome } from './propose.ts';

/**
 * The way of one alert to its issue. States: pending → sending (the intent is on disk before the first byte of the
 * create) → raised, held, back to pending, or unknown. No other process takes a sending alert for lost before its
 * claim ends; an unknown one is looked for, never sent again on suspicion.
 */

/** How long a claim lasts: longer than the deadlines of a create, its one repair and the metadata it may fetch. */
const CLAIM_MS = 2 * MINUTE_MS;

/** A process that slept this long between claim and create (a suspended laptop) lets the create be. */
const STALE_CLAIM_MS = 20 * SECOND_MS;

/** Refused tickets are tried again by themselves after this long. */
const REFUSED_RETRY_MS = DAY_MS;

/** Raises one leased alert, at most one create sent; every ending is recorded and told. */
export async function raiseOnce(pass: TenantPass, proposal: Extract<Proposal, { draft: unknown }>): Promise<void> {
  const { parts, tenant, site, signal } = pass;
  const { clock, owner, ledger, progress } = parts;
  const { draft, line } = proposal;
  const { key } = line;
  const json = JSON.stringify(line);

  const turn = await site.tracker.turn(tenant, patienceOf(pass));
  if ('busyForMs' in turn) {
    const why = `Jira asked to wait ${sayDuration(turn.busyForMs)}`;
    await putBack(pass, line, why, clock.now() + turn.busyForMs);
    return;
  }
  try {
    const now = clock.now();
    const pause = site.health.pausedAt(now);
    if (signal.aborted || pause) {
      await putBack(pass, line, pause?.why ?? 'stopped before its turn', now);
      return;
    }
    const claim = await ledger.outbox.claim({
      key,
      owner,
      route: draft.route,
      now,
      until: now + CLAIM_MS,
      proposal: json,
    });
    if (!claim) return;
    progress({ event: 'intent-committed', tenant, key, attempt: claim.attempt });
    const outcome: CreateOutcome =
      clock.now() - now > STALE_CLAIM_MS
        ? { outcome: 'not-sent', why: 'this process was suspended between intent and create', retryAfterMs: 0 }
        : await traced('casewire.create', { tenant, key, attempt: claim.attempt }, () => site.tracker.create(draft));
    // What is left to do is ours alone; the next create need not wait for it.
    turn.done();
    progress({
      event: 'create-answered',
      tenant,
      key,
      outcome: outcome.outcome,
      ...('why' in outcome ? { why: outcome.why } : {}),
    });
    await record(pass, proposal, outcome, claim.attempt);
  } finally {
    turn.done();
  }
}

/**
 * Gives a leased alert back to the queue, to be taken up again at `notBefore`. A site that is left alone for a while is no
 * reason for a later time: this process knows when it tries the site again, and another may try at once.
 */
export async function putBack(pass: TenantPass, line: ProposedLine, why: string, notBefore: number): Promise<void> {
  const { key } = line;
  const { ledger, owner, clock } = pass.parts;
  await ledger.inbox.settle(
    owner,
    { key, state: 'pending', reason: 'throttled', why, notBefore, proposal: JSON.stringify(line) },
    clock.now(),
  );
}

async function record(
  pass: TenantPass,
  { line, draft }: Extract<Proposal, { draft: unknown }>,
  outcome: CreateOutcome,
  attempt: number,
): Promise<void> {
  const { parts, site, own } = pass;
  const { clock, ledger } = parts;
  const { outbox } = ledger;
  const { key } = line;
  const now = clock.now();
  switch (outcome.outcome) {
    case 'created': {
      site.health.answered();
      const { ticket } = outcome;
      const notes = [...line.notes, ...outcome.notes];
      const proposal = outcome.notes.length > 0 ? { proposal: JSON.stringify({ ...line, notes }) } : {};
      await outbox.end({ key, outcome: 'created', attempt, site: draft.route.site, ticket, ...proposal }, now);
      settled(pass, withOutcome(line, 'raised', { ticket, notes }));
      return;
    }
    case 'not-sent': {
      const { why } = outcome;
      if (outcome.retryAfterMs === undefined) site.health.failed(why, now);
      await outbox.end({ key, outcome: 'not-sent', attempt, why, notBefore: now + (outcome.retryAfterMs ?? 0) }, now);
      return;
    }
    case 'unauthorised': {
      const { why } = outcome;
      site.health.refusedUs(why, outcome.mend);
      await outbox.end({ key, outcome: 'not-sent', attempt, why, notBefore: now }, now);
      return;
    }
    case 'refused': {
      site.health.answered();
      const why = outcome.mend ? `${outcome.why} (${outcome.mend})` : outcome.why;
      const retryAt = now + REFUSED_RETRY_MS;
      await outbox.end(
        { key, outcome: 'refused', attempt, reason: 'refused', why, retryAt, policy: own.fingerprint },
        now,
      );
      settled(pass, withOutcome(line, 'held', { why }));
      return;
    }
    case 'unknown': {
      const { why } = outcome;
      site.health.failed(why, now);
      await outbox.end({ key, outcome: 'unknown', attempt, why, lookAt: now }, now);
      return;
    }
  }
}
