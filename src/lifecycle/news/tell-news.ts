import type { Document } from '../../domain/document.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { waitsForLookUp } from '../../domain/finding.ts';
import type { NewsEnd, NewsOutcome } from '../../domain/news-outcome.ts';
import type { TicketRef } from '../../domain/ticket.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { IssueNote } from '../../ledger/in-step/links-port.ts';
import type { OpenNews } from '../../ledger/in-step/news-port.ts';
import type { SiteParts, TenantParts } from '../../pipeline/pass-parts.ts';
import { lookUpDocument, newsDocument, newsOf } from '../../rules/in-step/news.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import { type JudgedNews, judgeNews } from './judge-news.ts';
import { type WrittenNews, writeNews } from './write-news.ts';

/*
 * The way of news: found, on disk → judged anew → the issue looked at → its fields written where no person touched them →
 * what could not be written noted, the newer record stored and the news ended, in one transaction. The fields are compared
 * before they are written, so that a pass that was killed anywhere is taken up without writing twice.
 */

const RETRY_MS = MINUTE_MS;
const HIDDEN_RETRY_MS = HOUR_MS;

export interface NewsWork {
  parts: SyncParts;
  own: TenantParts;
  signal: AbortSignal;
}

type Told = { outcome: NewsEnd; says: string; written?: WrittenNews; document?: Document; ticket?: TicketRef };
type Waits = { waits: string; notBefore: EpochMs };

/** Tells an issue one alert's news; every ending is recorded. `undefined` when they are in other hands by now. */
export async function tellNews(work: NewsWork, news: OpenNews): Promise<NewsOutcome | undefined> {
  const { parts } = work;
  const { clock, progress, ledger, owner } = parts;
  const { id, key, kind, told } = news;
  const judged = await judgeNews(news, work.own, parts);
  const result = await towardsIssue(work, news, judged);
  if (result === undefined) return undefined;
  const now = clock.now();
  const about = { tenant: news.tenant, alertId: told.alert.id, key, kind };
  const event = kind === 'changed' ? 'late-news' : 'late-look-up';
  if ('waits' in result) {
    await ledger.news.end({ id, owner, now, outcome: 'waits', why: result.waits, notBefore: result.notBefore });
    const outcome = {
      ...about,
      ticket: told.ticket,
      outcome: 'waits',
      says: `${news.words}: ${result.waits}`,
    } as const;
    progress({ event, result: outcome });
    return outcome;
  }
  const { outcome, says, written, document, ticket = told.ticket } = result;
  const note: IssueNote | undefined = document && {
    id,
    site: told.route.site,
    ticket,
    project: told.route.project,
    key,
    document,
    at: now,
  };
  await ledger.news.end({
    id,
    owner,
    now,
    key,
    outcome,
    says,
    alert: judged.alert,
    notes: note ? [note] : [],
    ...(written?.given === undefined ? {} : { given: written.given }),
    ...('draft' in judged.now ? { line: JSON.stringify(lineNow(news, judged, written)) } : {}),
  });
  const ended = { ...about, ticket, outcome, says: `${news.words}: ${says}` } as const;
  progress({ event, result: ended });
  return ended;
}

/** The line as `explain` shows it: what is known now, at the place where the issue is. */
function lineNow({ told }: OpenNews, { line, findings }: JudgedNews, written: WrittenNews | undefined) {
  const { project, issueType, notes, priority: before } = told.line;
  const priority = written?.given ?? before;
  const { priority: _asked, ...rest } = line;
  return {
    ...rest,
    findings: line.findings.length > 0 ? line.findings : findings,
    notes: [...new Set([...notes, ...line.notes])],
    ...(project === undefined ? {} : { project }),
    ...(issueType === undefined ? {} : { issueType }),
    ...(priority === undefined ? {} : { priority }),
  };
}

async function towardsIssue(work: NewsWork, news: OpenNews, judged: JudgedNews): Promise<Told | Waits | undefined> {
  const { parts, signal } = work;
  const { told } = news;
  const now = parts.clock.now();
  const site = parts.sites.get(told.route.site);
  if (!site)
    return { waits: `the Jira site ${told.route.site} is no longer configured`, notBefore: now + HIDDEN_RETRY_MS };
  const pause = site.health.pausedAt(now);
  if (signal.aborted || pause)
    return { waits: pause?.why ?? 'stopped before its turn', notBefore: pause?.until ?? now };
  if (!('draft' in judged.now))
    return {
      outcome: 'left',
      says: `the present rules would give it no ticket (${judged.now.decision.why}); its issue is left as it is`,
    };
  try {
    return await toIssue(work, news, { judged, site, draft: judged.now.draft });
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { retryAfterMs, mend } = error.details;
    if (error.kind === 'unauthorised') site.health.refusedUs(error.message, mend);
    else if (error.kind !== 'rate-limited') site.health.failed(error.message, now);
    return { waits: error.message, notBefore: now + (retryAfterMs ?? RETRY_MS) };
  }
}

async function toIssue(
  work: NewsWork,
  news: OpenNews,
  at: { judged: JudgedNews; site: SiteParts; draft: Extract<JudgedNews['now'], { draft: unknown }>['draft'] },
): Promise<Told | Waits | undefined> {
  const { told, kind } = news;
  const { judged, site, draft } = at;
  const now = work.parts.clock.now();
  const sight = await site.keeper.statusOf({ id: told.ticket.id, project: told.route.project });
  if (sight.seen === 'gone') return { outcome: 'gone', says: `${told.ticket.key} is no longer there: ${sight.why}` };
  if (sight.seen === 'hidden')
    return {
      waits: `${told.ticket.key} cannot be seen: ${sight.why} (${sight.mend})`,
      notBefore: now + HIDDEN_RETRY_MS,
    };
  const { ticket, status } = sight;
  const noted = (says: string): Told => {
    const document = documentOf(news, judged, []);
    return document
      ? { outcome: 'noted', says, document, ticket }
      : { outcome: 'left', says: 'nothing is new any more', ticket };
  };
  if (told.attached && kind === 'changed')
    return noted(`${ticket.key} lists it in a comment, so it is told in another`);
  if (sight.seen === 'done' && kind === 'changed')
    return noted(`${ticket.key} is ${status}, so it is told in a comment`);
  if (told.attached || sight.seen === 'done')
    return {
      outcome: 'left',
      says: `${ticket.key} is ${told.attached ? "another alert's issue" : status}; nothing was written`,
      ticket,
    };
  const written = await writeNews({ parts: work.parts, site, news, judged, draft });
  if (written === undefined || 'waits' in written) return written;
  const { fields, left } = written;
  const document = left.length > 0 ? documentOf(news, judged, left) : undefined;
  const wrote =
    fields.length > 0 ? `${fields.join(', ')} of ${ticket.key} written` : `nothing of ${ticket.key} written`;
  const says = left.length > 0 ? `${wrote}; told in a comment, since ${left.join('; ')}` : wrote;
  const outcome = document
    ? fields.length > 0
      ? 'updated and noted'
      : 'noted'
    : fields.length > 0
      ? 'updated'
      : 'left';
  return { outcome, says, written, ticket, ...(document ? { document } : {}) };
}

function documentOf(news: OpenNews, judged: JudgedNews, left: readonly string[]): Document | undefined {
  const { told } = news;
  const { findings, alert } = judged;
  if (news.kind === 'looked-up') {
    const open = told.line.findings.filter(waitsForLookUp).map(({ address }) => address);
    return lookUpDocument(alert, { findings: findings.filter(({ address }) => open.includes(address)), left });
  }
  const changed = newsOf(told.alert, alert);
  return changed && newsDocument(changed, { findings, left });
}
