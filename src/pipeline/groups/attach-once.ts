import { type EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import type { TicketRef } from '../../domain/ticket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, sayDuration } from '../../domain/time.ts';
import type { Attachment, AttachmentEnding } from '../../ledger/groups/groups-port.ts';
import { groupComment } from '../../rules/groups/group-comment.ts';
import type { IssueSight, WriteOutcome } from '../../tracker/issue-keeper.ts';
import { patienceOf, type SiteParts, settled, type TenantPass } from '../pass-parts.ts';
import { type ProposedLine, withOutcome } from '../propose.ts';

/**
 * The way of one comment to its issue, as exact as a create: its intent, with the alerts it lists, is on disk before its
 * first byte leaves; after a lost answer the issue's own comments tell, and "not there" is believed only by a look at or
 * after the end of the site's reconcile window, counted from the sending. Only a comment that surely is not there lets
 * its alerts go elsewhere.
 */

/** As for a create: a claim outlives the call's deadline, and a process that slept on it lets the call be. */
const CLAIM_MS = 2 * MINUTE_MS;
const STALE_CLAIM_MS = 20 * SECOND_MS;

/** Looks for a lost comment come at these distances. */
const SHORTEST_PAUSE_MS = 2 * SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;

const REFUSED_RETRY_MS = DAY_MS;
const HIDDEN_RETRY_MS = HOUR_MS;

/** `again`: worth another look in this pass · `back`: its alerts are pending again. */
export interface Attached {
  again?: boolean;
  back?: boolean;
}

interface Work {
  pass: TenantPass;
  site: SiteParts;
  attachment: Attachment;
}

/** Writes one comment, at most once; every ending is recorded and told. */
export async function attachOnce(pass: TenantPass, attachment: Attachment): Promise<Attached> {
  const { parts, signal } = pass;
  const now = parts.clock.now();
  const site = parts.sites.get(attachment.site);
  if (!site) {
    const why = `the Jira site ${attachment.site} of its group's issue is no longer configured`;
    await end(pass, attachment, { outcome: 'waits', why, notBefore: now + HIDDEN_RETRY_MS, sent: 'as before' });
    return {};
  }
  const work: Work = { pass, site, attachment };
  const pause = site.health.pausedAt(now);
  if (signal.aborted || pause) return wait(work, pause?.why ?? 'stopped before its turn', now);
  try {
    return await toIssue(work, await site.keeper.statusOf({ id: attachment.ticket.id, project: attachment.project }));
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    return troubled(work, error);
  }
}

async function toIssue(work: Work, sight: IssueSight): Promise<Attached> {
  const { attachment, pass } = work;
  const { ticket, sent } = attachment;
  const now = pass.parts.clock.now();
  if (sight.seen === 'gone') {
    const windowEnd = windowEndOf(work);
    if (windowEnd > now) return wait(work, `its group's issue ${ticket.key} cannot be seen: ${sight.why}`, windowEnd);
    return close(work, 'gone', `${ticket.key} is no longer there: ${sight.why}`);
  }
  if (sight.seen === 'hidden') {
    const why = `its group's issue ${ticket.key} cannot be seen: ${sight.why} (${sight.mend})`;
    // It may be listed there already, so it must not go elsewhere.
    if (sent) return wait(work, why, now + LONGEST_PAUSE_MS);
    return hold(work, { reason: 'group', why, retryAt: now + HIDDEN_RETRY_MS });
  }
  if (sent) {
    const seen = await look(work, sight.ticket);
    if (seen) return seen;
  }
  if (sight.seen === 'done') {
    const closed = await whenDone(work, sight);
    if (closed) return closed;
  }
  return write(work, sight.ticket);
}

/** When a comment that was sent can no longer appear; long ago for one that never was. */
function windowEndOf({ site, attachment: { sent } }: Work): number {
  return sent ? sent.last + site.reconcileWindowMs : Number.NEGATIVE_INFINITY;
}

/** Looks for a comment that may be there; `undefined` once it surely is not. */
async function look(work: Work, ticket: TicketRef): Promise<Attached | undefined> {
  const { attachment, pass, site } = work;
  const { sent } = attachment;
  if (!sent) return undefined;
  const lookedAt = pass.parts.clock.now();
  const comment = { ...toComment(attachment), sent: { since: sent.first, windowOver: false } };
  const outcome = await site.keeper.ensureComment(ticket.id, comment);
  if (outcome.outcome === 'done') return written(work, ticket);
  if (outcome.outcome === 'unauthorised') site.health.refusedUs(outcome.why, outcome.mend);
  const windowEnd = windowEndOf(work);
  const absent = outcome.outcome === 'unknown' && outcome.absent === true;
  if (absent && lookedAt >= windowEnd) return undefined;
  if (!absent && outcome.outcome === 'unknown') site.health.failed(outcome.why, lookedAt);
  const pause = Math.min(Math.max(lookedAt - sent.last, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  const left = Math.max(0, windowEnd - lookedAt);
  const why = `its comment on ${ticket.key} was sent and the answer was lost; it is looked for, and written again if not found within ${sayDuration(left)}`;
  return wait(work, why, absent ? Math.min(lookedAt + pause, windowEnd) : lookedAt + pause);
}

/** A done issue is reopened where the rule says so and the workflow lets us; else the group moves on to a new one. */
async function whenDone(work: Work, sight: { ticket: TicketRef; status: string }): Promise<Attached | undefined> {
  const { attachment, pass, site } = work;
  const { key, id } = sight.ticket;
  const says = `${key} is ${sight.status}; a new issue is raised for later alerts of its group (${attachment.words})`;
  if (attachment.whenDone === 'raise') return close(work, 'done', says);
  const outcome = await site.keeper.reopen(id);
  if (outcome.outcome === 'done') return undefined;
  if (outcome.outcome === 'refused') return close(work, 'done', `${says}, since it cannot be reopened: ${outcome.why}`);
  if (outcome.outcome === 'unauthorised') site.health.refusedUs(outcome.why, outcome.mend);
  const wanted = outcome.outcome === 'not-sent' ? (outcome.retryAfterMs ?? 0) : SHORTEST_PAUSE_MS;
  return wait(work, `${key} is being reopened: ${outcome.why}`, pass.parts.clock.now() + wanted);
}

async function write(work: Work, ticket: TicketRef): Promise<Attached> {
  const { attachment, pass, site } = work;
  const { parts, tenant, signal } = pass;
  const { clock, ledger, owner, progress } = parts;
  const { id, sent, alerts } = attachment;
  const turn = await site.tracker.turn(tenant, patienceOf(pass));
  if ('busyForMs' in turn) {
    const { busyForMs } = turn;
    return wait(work, `Jira asked to wait ${sayDuration(busyForMs)}`, clock.now() + busyForMs);
  }
  try {
    const now = clock.now();
    if (signal.aborted) return await wait(work, 'stopped before its turn', now);
    if (!(await ledger.attachments.sending({ id, owner, now, until: now + CLAIM_MS }))) return {};
    progress({ event: 'comment-intended', tenant, issue: ticket.key, alerts: alerts.length });
    const comment = toComment(attachment);
    const outcome: WriteOutcome =
      clock.now() - now > STALE_CLAIM_MS
        ? { outcome: 'not-sent', why: 'this process was suspended between intent and comment', retryAfterMs: 0 }
        : await site.keeper.ensureComment(
            ticket.id,
            sent ? { ...comment, sent: { since: sent.first, windowOver: true } } : comment,
          );
    turn.done();
    const why = 'why' in outcome ? { why: outcome.why } : {};
    progress({ event: 'comment-answered', tenant, issue: ticket.key, outcome: outcome.outcome, ...why });
    return await record(work, ticket, outcome);
  } finally {
    turn.done();
  }
}

async function record(work: Work, ticket: TicketRef, outcome: WriteOutcome): Promise<Attached> {
  const { pass, site, attachment } = work;
  const now = pass.parts.clock.now();
  switch (outcome.outcome) {
    case 'done':
      return written(work, ticket);
    case 'not-sent': {
      const { why, retryAfterMs } = outcome;
      if (retryAfterMs === undefined) site.health.failed(why, now);
      await end(pass, attachment, { outcome: 'waits', why, notBefore: now + (retryAfterMs ?? 0), sent: 'surely not' });
      return {};
    }
    case 'unauthorised': {
      const { why, mend } = outcome;
      site.health.refusedUs(why, mend);
      await end(pass, attachment, { outcome: 'waits', why, notBefore: now, sent: 'surely not' });
      return {};
    }
    case 'refused': {
      site.health.answered();
      if (outcome.full) return close(work, 'full', `${ticket.key} takes no more comments: ${outcome.why}`);
      const why = `its comment on ${ticket.key}: ${outcome.why}${outcome.mend ? ` (${outcome.mend})` : ''}`;
      return hold(work, { reason: 'refused', why, retryAt: now + REFUSED_RETRY_MS });
    }
    case 'unknown': {
      site.health.failed(outcome.why, now);
      const why = `its comment on ${ticket.key} was sent and the answer was lost: ${outcome.why}`;
      await end(pass, attachment, { outcome: 'waits', why, notBefore: now, sent: 'maybe' });
      return { again: true };
    }
  }
}

function toComment({ id, rule, words, total, alerts }: Attachment) {
  const document = groupComment({ rule, words, total, alerts: alerts.map(({ alert }) => alert) });
  return { marker: id, document, alerts: alerts.map(({ key }) => key) };
}

async function written(work: Work, ticket: TicketRef): Promise<Attached> {
  const { pass, site, attachment } = work;
  site.health.answered();
  await end(pass, attachment, { outcome: 'written', ticket });
  for (const { line } of linesOf(attachment))
    settled(pass, withOutcome(line, 'attached', { ticket, why: whyOf(work) }));
  return {};
}

function whyOf({ attachment: { rule, words } }: Work): string {
  return `rule "${rule}" adds it to this issue (${words})`;
}

function linesOf({ alerts }: Attachment) {
  return alerts.map(({ proposal }) => ({ line: JSON.parse(proposal) as ProposedLine }));
}

async function wait({ pass, attachment }: Work, why: string, notBefore: number): Promise<Attached> {
  await end(pass, attachment, { outcome: 'waits', why, notBefore, sent: 'as before' });
  return {};
}

async function close({ pass, attachment }: Work, why: 'done' | 'gone' | 'full', says: string): Promise<Attached> {
  pass.parts.progress({ event: 'warning', tenant: pass.tenant, says });
  await end(pass, attachment, { outcome: 'closed', for: why });
  return { back: true };
}

async function hold(
  { pass, attachment }: Work,
  held: { reason: 'group' | 'refused'; why: string; retryAt: number },
): Promise<Attached> {
  await end(pass, attachment, { outcome: 'held', ...held, policy: pass.own.fingerprint });
  for (const { line } of linesOf(attachment)) settled(pass, withOutcome(line, 'held', { why: held.why }));
  return {};
}

async function troubled(work: Work, error: EdgeFailure): Promise<Attached> {
  const { site, pass } = work;
  const now = pass.parts.clock.now();
  const { mend, retryAfterMs } = error.details;
  if (error.kind === 'unauthorised') site.health.refusedUs(error.message, mend);
  else if (error.kind !== 'rate-limited') site.health.failed(error.message, now);
  return wait(work, error.message, now + (retryAfterMs ?? 0));
}

/** What an ending says besides whose comment it ends. */
type Ending = AttachmentEnding extends infer E ? (E extends unknown ? Omit<E, 'id' | 'owner' | 'now'> : never) : never;

async function end({ parts }: TenantPass, { id }: Attachment, ending: Ending): Promise<void> {
  const { ledger, owner, clock } = parts;
  await ledger.attachments.end({ id, owner, now: clock.now(), ...ending });
}
