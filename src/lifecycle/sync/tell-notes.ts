import type { Document } from '../../domain/document.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { NoteComment } from '../../ledger/in-step/links-port.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import type { SiteParts } from '../../pipeline/pass-parts.ts';
import type { WriteOutcome, WrittenComment } from '../../tracker/issue-keeper.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/**
 * The way of one comment to its issue, as exact as that of a group's: the intent is on disk before the first byte
 * leaves; after a lost answer the issue's own comments tell, and it is written again only when the site's reconcile
 * window, counted from the last sending, is over without it.
 */

/** How long comments in hand stay ours, and a single one from its intent to its answer. */
const LEASE_MS = 10 * MINUTE_MS;
const CLAIM_MS = 2 * MINUTE_MS;

/** A process that slept so long between intent and comment lets the call be: another may have taken it over. */
const STALE_CLAIM_MS = 20 * SECOND_MS;

/** Looks for a lost comment come at these distances, and so does another try after a failure. */
const RETRY_MS = MINUTE_MS;
const REFUSED_RETRY_MS = DAY_MS;
const HIDDEN_RETRY_MS = HOUR_MS;

const MOST_COMMENTS = 1_000;
const ISSUES_AT_ONCE = 8;

type CommentOutcome = WriteOutcome & { comment?: WrittenComment };
type Waits = { outcome: 'waits'; why: string; notBefore: number; sent: 'surely not' | 'maybe' | 'as before' };
type Ending = { outcome: 'written'; comment?: WrittenComment } | { outcome: 'given-up'; why: string } | Waits;

/** Writes what a tenant's issues are to be told, one comment an issue; what cannot be written now is left to the next pass. */
export async function tellNotes(pass: TenantSyncPass): Promise<void> {
  const { parts, tenant, signal } = pass;
  const { ledger, owner, clock } = parts;
  if (signal.aborted) return;
  const now = clock.now();
  const ask = { tenant, owner, now, until: now + LEASE_MS, most: MOST_COMMENTS };
  await inParallel(await ledger.notes.gather(ask), ISSUES_AT_ONCE, (comment) => tellOne(pass, comment));
}

async function tellOne(pass: TenantSyncPass, comment: NoteComment): Promise<void> {
  const { parts, tenant, count, signal } = pass;
  const { ledger, owner, clock, progress } = parts;
  const { id, ticket } = comment;
  const site = parts.sites.get(comment.site);
  const ending = signal.aborted
    ? later(clock.now(), 'stopped before its turn')
    : site
      ? await deliver(pass, site, comment)
      : later(clock.now() + HIDDEN_RETRY_MS, `the Jira site ${comment.site} is no longer configured`);
  if (ending === undefined) return;
  await ledger.notes.end({ id, owner, now: clock.now(), ...ending });
  if (ending.outcome === 'written') {
    count.told += 1;
    progress({ event: 'issue-told-note', tenant, issue: ticket.key, notes: comment.notes.length });
  } else if (ending.outcome === 'given-up') {
    progress({ event: 'warning', tenant, says: `${ticket.key} could not be told: ${ending.why}` });
  } else {
    count.waiting += 1;
    progress({ event: 'note-waits', tenant, issue: ticket.key, why: ending.why });
  }
}

/** `undefined` when the comment is no longer ours. */
async function deliver(pass: TenantSyncPass, site: SiteParts, comment: NoteComment): Promise<Ending | undefined> {
  const { ledger, owner, clock } = pass.parts;
  const { id, sent, ticket } = comment;
  const now = clock.now();
  const pause = site.health.pausedAt(now);
  if (pause) return later(pause.until ?? now + RETRY_MS, pause.why);
  const windowOver = sent !== undefined && now >= sent.last + site.reconcileWindowMs;
  const marked = { ...toComment(comment), ...(sent ? { sent: { since: sent.first, windowOver } } : {}) };
  const writes = sent === undefined || windowOver;
  if (writes && !(await ledger.notes.sending({ id, owner, now, until: now + CLAIM_MS }))) return undefined;
  const outcome: CommentOutcome =
    clock.now() - now > STALE_CLAIM_MS
      ? { outcome: 'not-sent', why: 'this process was suspended between intent and comment', retryAfterMs: 0 }
      : await site.keeper.ensureComment(ticket.id, marked);
  if (outcome.outcome === 'unknown' && !outcome.absent) site.health.failed(outcome.why, clock.now());
  // Nothing left this process where it only looked.
  if (outcome.outcome === 'unknown') return later(now + RETRY_MS, outcome.why, writes ? 'maybe' : 'as before');
  return toEnding(outcome, { site, comment, now: clock.now() });
}

async function toEnding(
  outcome: Exclude<CommentOutcome, { outcome: 'unknown' }>,
  { site, comment, now }: { site: SiteParts; comment: NoteComment; now: number },
): Promise<Ending> {
  switch (outcome.outcome) {
    case 'done':
      site.health.answered();
      return { outcome: 'written', ...(outcome.comment ? { comment: outcome.comment } : {}) };
    case 'not-sent':
      if (outcome.retryAfterMs === undefined) site.health.failed(outcome.why, now);
      return later(now + (outcome.retryAfterMs ?? RETRY_MS), outcome.why, 'surely not');
    case 'unauthorised':
      site.health.refusedUs(outcome.why, outcome.mend);
      return later(now + RETRY_MS, outcome.why, 'surely not');
    case 'refused':
      site.health.answered();
      return outcome.full ? { outcome: 'given-up', why: outcome.why } : whyRefused(site, comment, outcome.why, now);
  }
}

/** An issue that is gone is told no more; what we may not write today we may write once a person has seen to it. */
async function whyRefused(site: SiteParts, comment: NoteComment, why: string, now: number): Promise<Ending> {
  try {
    const sight = await site.keeper.statusOf({ id: comment.ticket.id, project: comment.project });
    if (sight.seen === 'gone') return { outcome: 'given-up', why: `it is no longer there: ${sight.why}` };
    if (sight.seen === 'hidden') return later(now + HIDDEN_RETRY_MS, sight.why, 'surely not');
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    return later(now + RETRY_MS, error.message, 'surely not');
  }
  return later(now + REFUSED_RETRY_MS, why, 'surely not');
}

function toComment({ id, notes }: NoteComment) {
  const document: Document = { blocks: notes.flatMap((note) => note.document.blocks) };
  // None of its alerts is listed in it: only the comment of a group is an alert's place.
  return { marker: id, document, alerts: [] };
}

function later(notBefore: number, why: string, sent: Waits['sent'] = 'as before'): Waits {
  return { outcome: 'waits', why, notBefore, sent };
}
