import { issueOf, type Link } from '../../domain/link.ts';
import { nameSome } from '../../domain/name-some.ts';
import type { SiteId, TicketRef } from '../../domain/ticket.ts';
import type { Hint } from '../../ledger/in-step/hints-port.ts';
import type { SyncPosition } from '../../ledger/in-step/links-port.ts';
import { guard, leftForHints, NO_CHANGES, type SidesCount } from '../../rules/in-step/guard.ts';
import { lateLookUps } from '../news/late-look-ups.ts';
import { lateNews } from '../news/late-news.ts';
import { apply } from './apply.ts';
import { differs, isUnknown, type Look, lookAtLinks, lookAtPairs, type Pair, seenIn } from './look-at-pairs.ts';
import { type PairPlan, planPairs } from './plan-pairs.ts';
import { readMilestones } from './read-milestones.ts';
import type { SiteNews } from './site-news.ts';
import { plannedLines } from './sync-lines.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';
import { tellNotes } from './tell-notes.ts';

export interface TenantSyncAsk {
  position: SyncPosition;
  /** Where the tenant has pairs, of whatever age. */
  sites: readonly SiteId[];
  /** Why the guard stopped the last pass. */
  stopped?: string;
  news: SiteNews;
  yes: boolean;
  plan?: boolean;
  all?: boolean;
  /** Look at nothing but the issues that webhooks named. */
  hintsOnly?: boolean;
}

const MOST_HINTS = 1_000;

/**
 * Keeps one tenant's pairs in step: both sides are read, the whole plan is judged, then it is done, then the issues are
 * told. Returns the position for the next pass: the same as before where something is left to do.
 * @throws EdgeFailure when one of the sides cannot be read.
 */
export async function syncTenant(pass: TenantSyncPass, ask: TenantSyncAsk): Promise<SyncPosition> {
  const { parts, tenant, count } = pass;
  const { ledger, clock, progress } = parts;
  progress({ event: 'sync-started', tenant });
  const now = clock.now();
  const hints = ask.plan ? [] : await ledger.hints.due({ tenant, most: MOST_HINTS });
  const most = leftForHints(ask.position.onHints);
  // The next pass over all pairs takes up what waits, and its guard judges all of it.
  if (ask.hintsOnly && (ask.stopped !== undefined || most === 0)) {
    count.waiting += hints.length;
    if (ask.stopped !== undefined) count.stopped = ask.stopped;
    return ask.position;
  }
  // Whether many changes at once are usual, only a look at all pairs can tell.
  const hinted = ask.hintsOnly && hints.length <= most ? await lookAtHinted(pass, hints, ask.position) : undefined;
  const few = hinted !== undefined && hinted.watched <= most;
  const { position, sites, news } = ask;
  const all = ask.all ?? ask.plan ?? false;
  const look = few ? hinted : await lookAtPairs(pass, { position, sites, news, all, hints, now });
  warnOfHidden(pass, look.hidden);
  warnOfPlaceless(pass, look.placeless);
  // What is not known of a pair whose other side is as agreed can wait for the next time that all is read.
  const held = look.unknown.filter(differs);
  const plans = await planPairs(pass, look.pairs);
  count.watched = look.watched;
  count.changed = plans.length;
  count.waiting += look.unknown.length;
  progress({ event: 'sync-read', tenant, watched: look.watched, changed: plans.length });
  if (ask.plan) {
    warnOfLeft(pass, look.left);
    return tellPlan(pass, plans, ask.position);
  }
  if (look.unlinked.length > 0) await ledger.unlinked.saw(look.unlinked, clock.now());
  await readMilestones(pass, look);
  const { onHints = NO_CHANGES } = ask.position;
  // Those few are within what webhooks may change.
  const verdict = few ? { go: true as const } : guard({ ...sidesOf(plans, look.links), onHints });
  if (!verdict.go && !ask.yes) {
    count.stopped = verdict.why;
    progress({ event: 'sync-stopped', tenant, why: verdict.why });
    warnOfLeft(pass, look.left);
    return tellPlan(pass, plans, ask.position);
  }
  const complete = await apply(pass, plans);
  warnOfLeft(pass, look.left);
  if (complete && hints.length > 0) await ledger.hints.done(tenant, hints);
  await tellLateNews(pass, look, few);
  await tellNotes(pass);
  const { onHints: _judged, ...next } = complete && held.length === 0 ? look.position : ask.position;
  if (!few) return next;
  const alerts = onHints.alerts + count.closed + count.reopened;
  const issues = onHints.issues + count.moved + count.movedBack;
  return alerts + issues === 0 ? next : { ...next, onHints: { alerts, issues } };
}

/** Alerts of a tenant that are looked up late in one pass. */
const MOST_LOOK_UPS = 50;

async function tellLateNews({ parts, tenant, signal, count }: TenantSyncPass, { read }: Look, few: boolean) {
  const told = [
    ...(await lateNews(parts, { tenant, changed: read, signal })),
    ...(few ? [] : await lateLookUps(parts, { tenant, most: MOST_LOOK_UPS, signal })),
  ];
  count.waiting += told.filter(({ outcome }) => outcome === 'waits').length;
  count.updated += told.filter(({ outcome }) => outcome.startsWith('updated')).length;
}

/** Says what would be done; nothing was, so the position stays. */
async function tellPlan(
  pass: TenantSyncPass,
  plans: readonly PairPlan[],
  position: SyncPosition,
): Promise<SyncPosition> {
  for (const line of await plannedLines(pass, plans)) pass.parts.progress({ event: 'sync-planned', line });
  return position;
}

async function lookAtHinted(pass: TenantSyncPass, hints: readonly Hint[], position: SyncPosition): Promise<Look> {
  const { parts, tenant } = pass;
  const pairs: Pair[] = [];
  for (const [site, ofSite] of Map.groupBy(hints, (hint) => hint.site)) {
    const ids = ofSite.map(({ ticketId }) => ticketId);
    const links = (await parts.ledger.links.ofTickets(site, ids)).filter((link) => link.tenant === tenant);
    pairs.push(...(await lookAtLinks(pass, links)));
  }
  const hidden = pairs.filter(({ issue }) => issue.seen === 'hidden');
  return {
    watched: pairs.length,
    pairs,
    read: [],
    hidden,
    left: [],
    unknown: pairs.filter(isUnknown),
    placeless: [],
    links: pairs.map(({ link }) => link),
    unlinked: [],
    seen: seenIn(pairs),
    position,
  };
}

/**
 * What a plan changes, of how many that are open. One that is gone all of a sudden counts as changed: many at once are
 * rather hidden, or asked for elsewhere. One that was closed counts as open once the plan changes it.
 */
function sidesOf(plans: readonly PairPlan[], links: readonly Link[]): Record<'changes' | 'open', SidesCount> {
  const changed = (side: 'alert' | 'issue', ...deeds: readonly string[]) =>
    plans
      .filter(
        ({ actions, agreed, pair }) =>
          actions.some((action) => deeds.includes(action.do)) ||
          (agreed?.[side] === 'gone' && pair.link.agreed[side] !== 'gone'),
      )
      .map(({ pair }) => pair.link);
  const open = (side: 'alert' | 'issue') => links.filter(({ agreed }) => agreed[side] === 'open');
  const alertsIn = (some: readonly Link[]) => new Set(some.map(({ key }) => key)).size;
  const issuesIn = (some: readonly Link[]) => new Set(some.map(issueOf)).size;
  const alerts = changed('alert', 'close-alert', 'reopen-alert');
  const issues = changed('issue', 'move-issue', 'reopen-issue', 'tell-issue');
  return {
    changes: { alerts: alertsIn(alerts), issues: issuesIn(issues) },
    open: { alerts: alertsIn([...open('alert'), ...alerts]), issues: issuesIn([...open('issue'), ...issues]) },
  };
}

/** What was refused is said at each pass with its present reason, until a person has seen to it. */
function warnOfLeft({ parts, tenant, count, tried }: TenantSyncPass, links: readonly Link[]): void {
  const left = links.flatMap((link) => {
    const now = tried.has(link.key) ? tried.get(link.key) : link.agreed.left;
    return now ? [{ link, why: now.why }] : [];
  });
  // What this pass tried is counted with its line.
  count.refused += left.filter(({ link }) => !tried.has(link.key)).length;
  for (const [why, ofWhy] of Map.groupBy(left, (one) => one.why)) {
    const says = `${keysOf(ofWhy.map(({ link }) => link.ticket))} and its alert are not in step: ${why}`;
    parts.progress({ event: 'warning', tenant, says });
  }
}

function keysOf(tickets: readonly TicketRef[]): string {
  return nameSome([...new Set(tickets.map(({ key }) => key))]);
}

function warnOfPlaceless({ parts, tenant }: TenantSyncPass, links: readonly Link[]): void {
  for (const [site, ofSite] of Map.groupBy(links, (link) => link.site)) {
    const named = keysOf(ofSite.map(({ ticket }) => ticket));
    const says = `${named} cannot be kept in step: the Jira site ${site} is no longer configured (name it under jira again)`;
    parts.progress({ event: 'warning', tenant, says });
  }
}

/** Cannot see is not gone: nothing follows from it, but a person should know. */
function warnOfHidden({ parts, tenant }: TenantSyncPass, pairs: readonly Pair[]): void {
  const hidden = new Map<string, TicketRef[]>();
  for (const { issue, ticket } of pairs)
    if (issue.seen === 'hidden') {
      const why = `${issue.why} (${issue.mend})`;
      hidden.set(why, [...(hidden.get(why) ?? []), ticket]);
    }
  for (const [why, tickets] of hidden) {
    const says = `${keysOf(tickets)} cannot be seen, so what became of it is not known: ${why}`;
    parts.progress({ event: 'warning', tenant, says });
  }
}
