import type { IssueChange } from '../../domain/issue-change.ts';
import type { TicketDraft } from '../../domain/ticket.ts';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { OpenNews } from '../../ledger/in-step/news-port.ts';
import type { SiteParts } from '../../pipeline/pass-parts.ts';
import { newsDraft } from '../../rules/in-step/news-draft.ts';
import type { WriteOutcome } from '../../tracker/issue-keeper.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import type { JudgedNews } from './judge-news.ts';
import { peopleTouched } from './people-touched.ts';

/** A process that slept so long between intent and write lets the write be: people may have been at the issue. */
const STALE_MS = 20 * SECOND_MS;
const RETRY_MS = MINUTE_MS;

export interface WrittenNews {
  /** Field ids that were written. */
  fields: readonly string[];
  /** What was left as it is and why, in words. */
  left: readonly string[];
  /** The priority that the issue has from us now. */
  given?: string;
}

export interface NewsWrite {
  parts: SyncParts;
  site: SiteParts;
  news: OpenNews;
  judged: JudgedNews;
  draft: TicketDraft;
}

/**
 * Writes what news changed of an issue's fields, where no person touched them, and raises its priority by the keeper's
 * rules. `undefined` when the news are in other hands.
 * @throws EdgeFailure when the issue's history cannot be read.
 */
export async function writeNews(
  write: NewsWrite,
): Promise<WrittenNews | { waits: string; notBefore: EpochMs } | undefined> {
  const { parts, site, news, judged, draft } = write;
  const { ledger, owner, clock, progress } = parts;
  const { id, key, tenant, told } = news;
  const { ticket, route } = told;
  const part = newsDraft(judged.before, { ...draft, route });
  const history = await site.watch.history(ticket.id);
  const sentAt = clock.now();
  const { findings } = judged;
  const edits = await ledger.news.sending({ id, owner, site: route.site, ticketId: ticket.id, findings, now: sentAt });
  if (edits === undefined) return undefined;
  progress({ event: 'news-intended', tenant, key, issue: ticket.key });
  const touched = peopleTouched(
    history,
    edits.filter((edit) => edit.sentAt !== sentAt),
  );
  if (clock.now() - sentAt > STALE_MS)
    return { waits: 'this process was suspended between intent and write', notBefore: clock.now() };
  const outcome = await site.mover.ensureFields(
    ticket.id,
    part.draft,
    (field) => part.touches(field) && !touched.has(field),
  );
  progress({ event: 'news-written', tenant, key, issue: ticket.key, outcome: outcome.outcome });
  const stop = stopped(site, outcome, clock.now());
  if (stop) return stop;
  const fields = [...(outcome.written ?? [])];
  const left = wordsOfLeft(outcome, (outcome.left ?? []).filter(part.touches));
  const none: Raised = { changed: false };
  const priority = part.priority === undefined ? none : await raise(write, part.priority, history, touched);
  if ('waits' in priority) return priority;
  if (priority.changed) fields.push('priority');
  if (priority.note !== undefined) left.push(priority.note);
  await ledger.news.answered({ id, sentAt, now: clock.now(), fields });
  return { fields, left, ...(priority.given === undefined ? {} : { given: priority.given }) };
}

/** `undefined` when the write is settled, be it that it was refused. */
function stopped(
  site: SiteParts,
  outcome: WriteOutcome,
  now: EpochMs,
): { waits: string; notBefore: EpochMs } | undefined {
  switch (outcome.outcome) {
    case 'done':
    case 'refused':
      site.health.answered();
      return undefined;
    case 'not-sent':
      if (outcome.retryAfterMs === undefined) site.health.failed(outcome.why, now);
      return { waits: outcome.why, notBefore: now + (outcome.retryAfterMs ?? RETRY_MS) };
    case 'unauthorised':
      site.health.refusedUs(outcome.why, outcome.mend);
      return { waits: outcome.why, notBefore: now + RETRY_MS };
    case 'unknown':
      site.health.failed(outcome.why, now);
      return { waits: `the answer to its change was lost: ${outcome.why}`, notBefore: now };
  }
}

function wordsOfLeft(outcome: WriteOutcome, left: readonly string[]): string[] {
  if (outcome.outcome === 'refused') return [`its fields could not be written: ${outcome.why}`];
  if (left.length === 0) return [];
  const own = left.filter((id) => !id.startsWith('customfield_'));
  const mapped = left.length - own.length;
  const names = [...own, ...(mapped > 0 ? [`${mapped} mapped ${mapped === 1 ? 'field' : 'fields'}`] : [])];
  return [`${names.join(', ')}, which a person changed`];
}

type Raised = { changed: boolean; note?: string; given?: string };

/** What a person chose stays: a priority that somebody else set, or that is not the one we gave last. */
async function raise(
  { parts, site, news }: NewsWrite,
  asked: string,
  history: readonly IssueChange[],
  touched: ReadonlySet<string>,
): Promise<Raised | { waits: string; notBefore: EpochMs }> {
  const { ticket, given } = news.told;
  const byPerson =
    given === undefined ? touched.has('priority') : history.some(({ field, own }) => field === 'priority' && !own);
  // No priority has an empty name, so that whatever the issue has counts as chosen.
  const last = byPerson ? { given: '' } : given === undefined ? {} : { given };
  const outcome = await site.keeper.ensurePriority(ticket.id, { asked: [asked], ...last });
  const stop = stopped(site, outcome, parts.clock.now());
  if (stop) return stop;
  if (outcome.outcome === 'refused') return { changed: false, note: `priority ${asked} was refused: ${outcome.why}` };
  const { changed = false, note } = outcome.outcome === 'done' ? outcome : {};
  const isGiven = note === undefined && outcome.now?.toLowerCase() === asked.toLowerCase();
  return { changed, ...(note === undefined ? {} : { note }), ...(isGiven ? { given: asked } : {}) };
}
