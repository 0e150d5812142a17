import { type Agreement, issueOf, type LeftOver } from '../../domain/link.ts';
import type { SyncNews } from '../../domain/sync-action.ts';
import type { SyncEnding, SyncLine } from '../../domain/sync-outcome.ts';
import type { ChangeTimes } from '../../ledger/facts/facts-port.ts';
import type { IssueNote } from '../../ledger/in-step/links-port.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import type { SiteParts } from '../../pipeline/pass-parts.ts';
import { type SyncWrite, wordOn } from '../../rules/in-step/left-over.ts';
import { after } from '../../rules/in-step/reconcile.ts';
import { alertComment, sayIssue } from '../../rules/in-step/sync-comment.ts';
import { noteOn } from '../../rules/in-step/sync-news.ts';
import type { AlertWrite } from '../../sources/alert-keeper.ts';
import type { WriteOutcome } from '../../tracker/issue-keeper.ts';
import { type PairPlan, resolutionsOf } from './plan-pairs.ts';
import { holdsRight } from './right.ts';
import { lineOf, titleOf } from './sync-lines.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/**
 * Does what was planned. The other side is written first and the agreement after it, with what the issue is to be told,
 * in one transaction: whatever ends this process in between, the next pass reads both sides and finds them equal.
 */

const ISSUES_AT_ONCE = 8;

/** What the source said to one write, for those that come after it in this pass. */
interface SourceWord {
  /** Why it takes no writes from us. */
  refusesUs?: string;
}

/** Whether all of it was done, or refused for good; else the next pass has to look at the same pairs again. */
export async function apply(pass: TenantSyncPass, plans: readonly PairPlan[]): Promise<boolean> {
  const source: SourceWord = {};
  const issues = Map.groupBy(plans, ({ pair }) => issueOf(pair.link));
  let complete = true;
  await inParallel([...issues.values()], ISSUES_AT_ONCE, async (ofIssue) => {
    for (const plan of ofIssue) {
      // Plans that are only recorded change nothing elsewhere, but are as old as the others.
      if (await holdsRight(pass)) complete = (await applyOne(pass, plan, source)) && complete;
      else {
        complete = false;
        pass.count.waiting += 1;
      }
    }
  });
  return complete;
}

async function applyOne(pass: TenantSyncPass, plan: PairPlan, source: SourceWord): Promise<boolean> {
  const { parts, tenant } = pass;
  const { actions, pair } = plan;
  const title = await titleOf(pass, plan);
  const told = actions.flatMap((action) => (action.do === 'tell-issue' ? [action.news] : []));
  let refused: SyncNews | undefined;
  let left: LeftOver | undefined;
  for (const action of actions) {
    if (action.do === 'tell-issue') continue;
    const outcome = firm(plan, action, await write(pass, { plan, action, source }));
    const ending = endingOf(outcome);
    tellLine(pass, action, lineOf({ plan, title, deed: action.do, ending, why: whyOf(action, outcome) }));
    if (ending === 'waits') return false;
    if (outcome.outcome !== 'refused') continue;
    const { why, mend } = outcome;
    refused = { kind: 'refused', what: action.do, why, ...(mend === undefined ? {} : { mend }) };
    // Against an alert that was closed with another verdict nothing can be done later either.
    if (action.do !== 'close-alert' || pair.alert.seen === 'open')
      left = { what: action.do, why, policy: wordOn(action.do, pass.policy), seenTo: pair.updatedAt ?? 0 };
    break;
  }
  if (pair.link.agreed.left) pass.tried.set(pair.link.key, left);
  const { clock, ledger } = parts;
  const now = clock.now();
  const agreed = refused ? { ...plan.asSeen, ...(left ? { left } : {}) } : plan.agreed;
  const news = [...told, ...(refused && !plan.again ? [refused] : [])];
  const moved = pair.ticket.key !== pair.link.ticket.key;
  await ledger.links.agree({
    key: pair.link.key,
    ...(agreed ? { agreed } : {}),
    ...(moved ? { ticket: pair.ticket } : {}),
    times: timesOf(plan),
    notes: news.map((one) => noteOf(plan, one, { title, now })),
  });
  parts.progress({ event: 'agreed', tenant, key: pair.link.key });
  if (agreed?.issue === 'gone')
    parts.progress({
      event: 'warning',
      tenant,
      says: `${pair.ticket.key} is gone: ${plan.why}; its alert ${pair.link.key} stays as it is, and no other issue is raised for it`,
    });
  const last = agreed && (await moveWithTheLast(pass, plan, agreed));
  return last ? applyOne(pass, last, source) : true;
}

/**
 * The move of an issue whose other alerts were closed while this one was. Alerts of several tenants are synced side by
 * side, and each pass planned with the others' alerts still open; whichever of them agrees last finds all of them closed.
 */
async function moveWithTheLast(
  { parts, policy }: TenantSyncPass,
  plan: PairPlan,
  agreed: Agreement,
): Promise<PairPlan | undefined> {
  const { pair, actions, othersOpen } = plan;
  const { alert, issue, link, ticket } = pair;
  const to = policy.fromDefender?.transitionTo;
  if (to === undefined || othersOpen === 0 || alert.seen !== 'closed' || issue.seen !== 'open') return undefined;
  if (link.agreed.alert === 'closed' || actions.some((action) => action.do !== 'tell-issue')) return undefined;
  const links = await parts.ledger.links.ofTickets(link.site, [ticket.id]);
  if (links.some((other) => other.agreed.alert === 'open')) return undefined;
  const action: SyncWrite = { do: 'move-issue', to, because: 'its last open alert was closed' };
  return {
    ...plan,
    pair: { ...pair, link: { ...link, ticket, agreed } },
    othersOpen: 0,
    actions: [action],
    agreed: after(agreed, action),
    asSeen: agreed,
  };
}

/** When each side changed by its own word; what we changed, we changed now. */
function timesOf({ pair: { alert, issue } }: PairPlan): ChangeTimes {
  return {
    ...(alert.seen === 'closed' && alert.at !== undefined ? { closedAt: alert.at } : {}),
    ...(issue.seen === 'done' && issue.changedAt !== undefined ? { doneAt: issue.changedAt } : {}),
    ...(issue.seen === 'done' && issue.resolution !== undefined ? { resolution: issue.resolution } : {}),
    ...(issue.seen === 'open' && issue.changedAt !== undefined ? { reopenedAt: issue.changedAt } : {}),
  };
}

/** A source leaves the verdict of an alert that is closed already as it is, and will again. */
function firm({ pair }: PairPlan, action: SyncWrite, outcome: AlertWrite | WriteOutcome): AlertWrite | WriteOutcome {
  if (outcome.outcome !== 'unknown' || action.do !== 'close-alert' || pair.alert.seen !== 'closed') return outcome;
  return { outcome: 'refused', why: outcome.why };
}

async function write(
  pass: TenantSyncPass,
  { plan, action, source }: { plan: PairPlan; action: SyncWrite; source: SourceWord },
): Promise<AlertWrite | WriteOutcome> {
  if (action.do === 'close-alert' || action.do === 'reopen-alert') {
    if (source.refusesUs !== undefined) return { outcome: 'not-sent', why: source.refusesUs };
    const outcome = await writeAlert(pass, plan, action);
    if (outcome.outcome === 'unauthorised') {
      const mend = outcome.mend ? ` (${outcome.mend})` : '';
      source.refusesUs = outcome.why;
      pass.parts.progress({ event: 'warning', tenant: pass.tenant, says: `${outcome.why}${mend}` });
    }
    return outcome;
  }
  const { site: name, ticket } = plan.pair.link;
  const site = pass.parts.sites.get(name);
  if (!site) return { outcome: 'not-sent', why: `the Jira site ${name} is no longer configured` };
  const pause = site.health.pausedAt(pass.parts.clock.now());
  if (pause) return { outcome: 'not-sent', why: pause.why };
  const outcome =
    action.do === 'move-issue'
      ? await site.mover.ensureDone(ticket.id, { to: action.to, resolutions: wanted(pass, plan) })
      : await site.keeper.reopen(ticket.id);
  heed(pass, site, outcome);
  return outcome;
}

function writeAlert(
  { own, signal }: TenantSyncPass,
  { pair }: PairPlan,
  action: Extract<SyncWrite, { do: 'close-alert' | 'reopen-alert' }>,
): Promise<AlertWrite> {
  const { ticket, issue, link, record, readAt } = pair;
  const status = issue.seen === 'open' || issue.seen === 'done' ? issue : { status: '' };
  if (action.do === 'reopen-alert')
    return own.keeper.ensureReopened(link.alertId, alertComment(ticket, `${ticket.key} was reopened`), signal);
  const comment = alertComment(ticket, sayIssue(ticket, status));
  const known = record && readAt !== undefined ? { known: { alert: record, readAt } } : {};
  return own.keeper.ensureClosed(link.alertId, { verdict: action.verdict, comment, ...known, signal });
}

function wanted({ policy }: TenantSyncPass, { pair: { alert } }: PairPlan): readonly string[] {
  return alert.seen === 'closed' ? resolutionsOf(policy, alert.verdict) : [];
}

/** What a write says of its site counts for the other writes of the pass too. */
function heed({ parts, tenant }: TenantSyncPass, { health }: SiteParts, outcome: WriteOutcome): void {
  const now = parts.clock.now();
  if (outcome.outcome === 'unauthorised') health.refusedUs(outcome.why, outcome.mend);
  else if (outcome.outcome === 'unknown') health.failed(outcome.why, now);
  else if (outcome.outcome !== 'not-sent') health.answered();
  else if (outcome.retryAfterMs === undefined) health.failed(outcome.why, now);
  if (outcome.outcome === 'done' && outcome.note !== undefined)
    parts.progress({ event: 'warning', tenant, says: outcome.note });
}

function endingOf(outcome: AlertWrite | WriteOutcome): SyncEnding {
  if (outcome.outcome === 'done') return outcome.changed ? 'done' : 'was-so';
  return outcome.outcome === 'refused' ? 'refused' : 'waits';
}

function whyOf(action: SyncWrite, outcome: AlertWrite | WriteOutcome): string {
  if (outcome.outcome === 'done') return action.because;
  if (outcome.outcome === 'unknown')
    return `${outcome.why}; whether it was done is not known, so the next pass reads both sides first`;
  return outcome.outcome === 'refused' && outcome.mend ? `${outcome.why} (${outcome.mend})` : outcome.why;
}

const EVENTS = {
  'close-alert': ['alert-closed', 'closed'],
  'reopen-alert': ['alert-reopened', 'reopened'],
  'move-issue': ['issue-moved', 'moved'],
  'reopen-issue': ['issue-moved-back', 'movedBack'],
} as const;

function tellLine({ parts, count }: TenantSyncPass, action: SyncWrite, line: SyncLine): void {
  const [event, counted] = EVENTS[action.do];
  if (line.ending === 'waits') count.waiting += 1;
  if (line.ending === 'refused') count.refused += 1;
  if (line.ending === 'done') count[counted] += 1;
  // That it was so already is what an earlier pass did and could not note any more, or another hand: no news.
  if (line.ending === 'was-so') return;
  parts.progress({ event: line.ending === 'done' ? event : 'sync-left', line });
}

/** The same news against the same agreement is the same note, however often it is found. */
function noteOf({ pair }: PairPlan, news: SyncNews, { title, now }: { title: string; now: number }): IssueNote {
  const { link, record, ticket } = pair;
  const alert = { key: link.key, title, url: record?.url ?? '' };
  return {
    id: `sync ${link.key} ${link.agreed.at} ${news.kind}`,
    site: link.site,
    ticket,
    project: link.project,
    key: link.key,
    document: noteOn(alert, news),
    at: now,
  };
}
