import type { Alert, AlertId, AlertState, TenantId } from '../../domain/alert.ts';
import { type AlertSide, type IssueSide, isOver, issueOf, type Link } from '../../domain/link.ts';
import { placeOf, type SiteId, type TicketRef } from '../../domain/ticket.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { Hint } from '../../ledger/in-step/hints-port.ts';
import type { SyncPosition } from '../../ledger/in-step/links-port.ts';
import { isWorthATry, type RetryView } from '../../rules/in-step/left-over.ts';
import type { WatchedIssue } from '../../tracker/issue-watch.ts';
import type { SeenIssue } from './read-milestones.ts';
import type { SiteChanges, SiteNews } from './site-news.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/**
 * How both sides of a tenant's pairs stand. Few calls: what changed is asked in bulk, and only what then differs from
 * the agreement is read by its id. Once an hour all is read, so that what a search or a filter hides is found too.
 */

/** For so long the source is asked after alerts that are closed on both sides; what Jira says of them is heard for ever. */
const CLOSED_FOR_MS = 30 * DAY_MS;

/** How often all open pairs are read by their id, and closed ones are asked after at their source. */
const ALL_EVERY_MS = HOUR_MS;

/** A source's clock and its index may lag by so much. */
const SOURCE_LAG_MS = 10 * MINUTE_MS;

const LINKS_A_PAGE = 1_000;

/** A pair as both sides show it now. */
export interface Pair {
  link: Link;
  alert: AlertSide;
  issue: IssueSide;
  /** The issue with its present key. */
  ticket: TicketRef;
  /** When the issue last changed, where it was read. */
  updatedAt?: EpochMs;
  /** The alert's record where it was read, and when. */
  record?: Alert;
  readAt?: EpochMs;
}

export interface Look {
  watched: number;
  /** Pairs that are not as agreed. */
  pairs: readonly Pair[];
  /** Every pair whose alert was read, be it as agreed or not. */
  read: readonly { link: Link; now: Alert }[];
  /** Pairs whose issue we may not see. */
  hidden: readonly Pair[];
  /** Pairs of which one side refused to follow the other. */
  left: readonly Link[];
  /** Pairs of which one side was asked about and not answered. */
  unknown: readonly Pair[];
  /** Pairs whose site is no longer configured: of them nothing is asked. */
  placeless: readonly Link[];
  /** Every pair whose site is configured, and those whose issue was found by the search or read. */
  links: readonly Link[];
  /** Alerts without an issue that were read besides. */
  unlinked: readonly Alert[];
  seen: readonly SeenIssue[];
  /** How far both sides are seen when all of `pairs` has been dealt with. */
  position: SyncPosition;
}

export interface LookAsk {
  position: SyncPosition;
  /** Where the tenant has pairs, of whatever age. */
  sites: readonly SiteId[];
  news: SiteNews;
  /** Read everything, whatever the position says. */
  all: boolean;
  /** Issues that are read by their id whatever the search says. */
  hints: readonly Hint[];
  now: EpochMs;
}

/** @throws EdgeFailure when the source or a site cannot be asked: then nothing of the tenant is known. */
export async function lookAtPairs(pass: TenantSyncPass, ask: LookAsk): Promise<Look> {
  const { position, now } = ask;
  const all = ask.all || position.closedAt === undefined || position.closedAt + ALL_EVERY_MS <= now;
  const isPlaced = ({ site }: Link) => pass.parts.sites.has(site);
  const watched = await watchedLinks(pass, now - CLOSED_FOR_MS);
  const since = all ? undefined : position.alertsSince;
  const asked = (some: readonly Link[]) => some.filter((link) => isPlaced(link) && (all || !isOver(link.agreed)));
  // The source first: one that does not answer costs Jira no search.
  const besides = await unlinkedAlerts(pass, now);
  const seenFirst = await readAlerts(pass, asked(watched), since, besides);
  const changed = await changedIssues([...watched.map(({ site }) => site), ...ask.sites], pass, ask.news);
  const older = await olderLinks(pass, watched, idsNamed(pass.tenant, changed, ask.hints));
  const [links, placeless] = split([...watched, ...older], isPlaced);
  const alerts = new Map([...seenFirst, ...(await readAlerts(pass, asked(older), since))]);
  const pairs = links.map((link): Pair => {
    const seen = alerts.get(link.alertId);
    const issue = changed.get(link.site)?.issues.get(link.ticket.id);
    return {
      link,
      alert: seen?.side ?? agreedAlert(link),
      issue: issue?.side ?? agreedIssue(link),
      ticket: issue?.ticket ?? link.ticket,
      ...(issue ? { updatedAt: issue.updatedAt } : {}),
      ...(seen?.record ? { record: seen.record, readAt: seen.readAt } : {}),
    };
  });
  const hinted = new Set(ask.hints.map(({ site, ticketId }) => placeOf(site, ticketId)));
  const isNews = (pair: Pair) => differs(pair) || isWorthATry(pair.link.agreed, retryOf(pass, pair));
  const suspects = pairs.filter(
    (pair) => isNews(pair) || (all && !isOver(pair.link.agreed)) || hinted.has(issueOf(pair.link)),
  );
  const read = await readAgain(pass, suspects, alerts);
  return {
    watched: links.length,
    pairs: read.filter(isNews),
    read: pairs.flatMap(({ link, record }) => (record ? [{ link, now: record }] : [])),
    hidden: read.filter(({ issue }) => issue.seen === 'hidden'),
    left: links.filter(({ agreed }) => agreed.left !== undefined),
    unknown: read.filter(isUnknown),
    placeless,
    links,
    unlinked: besides.flatMap((id) => alerts.get(id)?.record ?? []),
    seen: seenIn([...pairs, ...read]),
    position: { alertsSince: now, issuesSince: now, closedAt: all ? now : (position.closedAt ?? now) },
  };
}

/** What decides whether a pair's refused write is tried again. */
export function retryOf({ parts, policy, retry }: TenantSyncPass, { updatedAt }: Pair): RetryView {
  return { policy, updatedAt, now: parts.clock.now(), asked: retry };
}

export function seenIn(pairs: readonly Pair[]): readonly SeenIssue[] {
  return pairs.flatMap(({ link, updatedAt }) => (updatedAt === undefined ? [] : [{ link, updatedAt }]));
}

/** Pairs by their links, each side read by its id. */
export function lookAtLinks(pass: TenantSyncPass, links: readonly Link[]): Promise<readonly Pair[]> {
  const pairs = links.map((link) => ({
    link,
    alert: agreedAlert(link),
    issue: agreedIssue(link),
    ticket: link.ticket,
  }));
  return readAgain(pass, pairs, new Map());
}

async function watchedLinks({ parts, tenant }: TenantSyncPass, agreedSince: EpochMs): Promise<readonly Link[]> {
  const links: Link[] = [];
  for (;;) {
    const after = links.at(-1)?.key;
    const ask = { tenant, agreedSince, most: LINKS_A_PAGE, ...(after === undefined ? {} : { after }) };
    const page = await parts.ledger.links.watched(ask);
    links.push(...page);
    if (page.length < LINKS_A_PAGE) return links;
  }
}

/** Alerts without an issue of so long are looked at besides, newest first, where it costs no call more. */
const UNLINKED_FOR_MS = 30 * DAY_MS;
const MOST_UNLINKED = 100;

function unlinkedAlerts({ parts, tenant }: TenantSyncPass, now: EpochMs): Promise<readonly AlertId[]> {
  return parts.ledger.unlinked.list({ tenant, since: now - UNLINKED_FOR_MS, most: MOST_UNLINKED });
}

interface SeenAlert {
  side: AlertSide;
  record?: Alert;
  readAt?: EpochMs;
}

async function readAlerts(
  { own, signal }: TenantSyncPass,
  links: readonly Link[],
  since: EpochMs | undefined,
  besides: readonly AlertId[] = [],
): Promise<Map<string, SeenAlert>> {
  const seen = new Map<string, SeenAlert>();
  if (links.length + besides.length === 0) return seen;
  // A source may answer of a few missing ones only: those that are known to be gone come last, so that each has its turn.
  const [gone, there] = split(links, ({ agreed }) => agreed.alert === 'gone');
  const ids = [...there, ...gone].map(({ alertId }) => alertId);
  const changedSince = since === undefined ? {} : { changedSince: since - SOURCE_LAG_MS };
  const { alerts, gone: missing, readAt } = await own.keeper.alertsNow({ ids, besides, signal, ...changedSince });
  for (const record of alerts) seen.set(record.id, { side: toSide(record.state), record, readAt });
  for (const id of missing) seen.set(id, { side: { seen: 'gone' } });
  // Where no time was asked about, silence is not "unchanged".
  if (since === undefined)
    for (const { alertId: id } of there)
      if (!seen.has(id)) seen.set(id, { side: { seen: 'unknown', why: 'it was not answered' } });
  return seen;
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

async function changedIssues(
  sites: readonly SiteId[],
  { parts }: TenantSyncPass,
  news: SiteNews,
): Promise<ReadonlyMap<SiteId, SiteChanges>> {
  const changed = new Map<SiteId, SiteChanges>();
  for (const site of new Set(sites)) if (parts.sites.has(site)) changed.set(site, await news.of(site));
  return changed;
}

/** Ids of issues that the search or a webhook named, by site. */
function idsNamed(tenant: TenantId, changed: ReadonlyMap<SiteId, SiteChanges>, hints: readonly Hint[]) {
  const named = new Map<SiteId, Set<string>>();
  for (const [site, { ofTenant }] of changed) named.set(site, new Set(ofTenant.get(tenant)));
  for (const { site, ticketId } of hints) named.set(site, (named.get(site) ?? new Set()).add(ticketId));
  return named;
}

/** Pairs closed on both sides long ago whose issue was named now. */
async function olderLinks(
  { parts, tenant }: TenantSyncPass,
  watched: readonly Link[],
  named: ReadonlyMap<SiteId, ReadonlySet<string>>,
): Promise<readonly Link[]> {
  const known = new Set(watched.map(({ key }) => key));
  const older: Link[] = [];
  for (const [site, ids] of named) {
    const links = ids.size === 0 ? [] : await parts.ledger.links.ofTickets(site, [...ids]);
    older.push(...links.filter((link) => link.tenant === tenant && !known.has(link.key)));
  }
  return older;
}

/** Reads suspects by their ids: the issue past the search's index, and the alert where it was not read yet. */
async function readAgain(
  pass: TenantSyncPass,
  suspects: readonly Pair[],
  known: ReadonlyMap<string, SeenAlert>,
): Promise<readonly Pair[]> {
  if (suspects.length === 0) return [];
  const unread = suspects.filter(({ link, record }) => record === undefined && !known.has(link.alertId));
  const alerts = await readAlerts(
    pass,
    unread.map(({ link }) => link),
    undefined,
  );
  const issues = new Map<string, WatchedIssue | { side: IssueSide }>();
  for (const [site, ofSite] of Map.groupBy(suspects, ({ link }) => link.site)) {
    const places = ofSite.map(({ link }) => ({ id: link.ticket.id, project: link.project }));
    const parts = pass.parts.sites.get(site);
    const why = `the Jira site ${site} is no longer configured`;
    const read = parts
      ? await parts.watch.read([...new Map(places.map((place) => [place.id, place])).values()])
      : new Map(places.map(({ id }) => [id, { side: { seen: 'unknown', why } as const }]));
    for (const [id, seen] of read) issues.set(placeOf(site, id), seen);
  }
  return suspects.map((pair) => {
    const alert = alerts.get(pair.link.alertId);
    const { record, readAt } = alert?.record ? alert : pair;
    const issue = issues.get(issueOf(pair.link));
    return {
      link: pair.link,
      alert: alert?.side ?? pair.alert,
      issue: issue?.side ?? { seen: 'unknown', why: 'it was not answered' },
      ticket: issue && 'ticket' in issue ? issue.ticket : pair.ticket,
      ...(issue && 'updatedAt' in issue ? { updatedAt: issue.updatedAt } : {}),
      ...(record ? { record, readAt } : {}),
    } as Pair;
  });
}

export function isUnknown({ alert, issue }: Pair): boolean {
  return alert.seen === 'unknown' || issue.seen === 'unknown';
}

/** Whether a pair is not as both sides agreed on, as far as they are known, or its issue has moved. */
export function differs({ link, alert, issue, ticket }: Pair): boolean {
  const { agreed } = link;
  const alertNow = alert.seen === 'unknown' ? agreed.alert : alert.seen;
  const issueNow = issue.seen === 'unknown' || issue.seen === 'hidden' ? agreed.issue : issue.seen;
  if (alertNow !== agreed.alert || issueNow !== agreed.issue || ticket.key !== link.ticket.key) return true;
  return alert.seen === 'closed' && alert.verdict !== 'unspecified' && alert.verdict !== agreed.verdict;
}

function toSide(state: AlertState): AlertSide {
  if (state.open) return { seen: 'open' };
  const { verdict, closedAt, closedBy } = state;
  return {
    seen: 'closed',
    verdict,
    ...(closedAt === undefined ? {} : { at: closedAt }),
    ...(closedBy === undefined ? {} : { by: closedBy }),
  };
}

function agreedAlert({ agreed }: Link): AlertSide {
  if (agreed.alert !== 'closed') return { seen: agreed.alert };
  return { seen: 'closed', verdict: agreed.verdict ?? 'unspecified' };
}

function agreedIssue({ agreed }: Link): IssueSide {
  if (agreed.issue === 'gone') return { seen: 'gone', why: 'it was deleted' };
  return { seen: agreed.issue, status: '' };
}
