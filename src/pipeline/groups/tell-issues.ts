import { MINUTE_MS, sayInstant } from '../../domain/time.ts';
import type { GroupNews } from '../../ledger/groups/groups-port.ts';
import type { WriteOutcome } from '../../tracker/issue-keeper.ts';
import { inParallel } from '../in-parallel.ts';
import type { SiteParts, TenantPass } from '../pass-parts.ts';

/** How long a group's news are ours to tell, and when what could not be told is tried again. */
const LEASE_MS = 2 * MINUTE_MS;
const RETRY_MS = MINUTE_MS;

const ISSUES_AT_ONCE = 8;

/** The property in which a group's issue counts its alerts, for other tools; people read it in the comments. */
const GROUP_PROPERTY = 'casewire.group';

/**
 * Tells the issues of a tenant's groups what changed: counter and last alert in a property, a priority that a later
 * alert calls for, the link to a done issue before it. All of it may be told twice; what Jira refuses is said and let be.
 */
export async function tellIssues(pass: TenantPass): Promise<void> {
  const { parts, tenant, signal } = pass;
  const { ledger, owner, clock, progress } = parts;
  if (signal.aborted) return;
  const now = clock.now();
  const due = await ledger.groups.due({ tenant, owner, now, until: now + LEASE_MS });
  await inParallel(due, ISSUES_AT_ONCE, async (news) => {
    const site = parts.sites.get(news.site);
    const { group, alerts, ticket } = news;
    const told = site && !site.health.pausedAt(clock.now()) && !signal.aborted && (await tell(pass, site, news));
    await ledger.groups.told(told ? { group, owner, alerts, ...told } : { group, owner, notBefore: now + RETRY_MS });
    if (told) progress({ event: 'issue-told', tenant, issue: ticket.key });
  });
}

/** `undefined` when something is to be tried again. */
async function tell(pass: TenantPass, { keeper }: SiteParts, news: GroupNews): Promise<{ given?: string } | undefined> {
  const { ticket, asked, given, follows, alerts, lastSeen, rule, words } = news;
  const isSettled = (what: string, outcome: WriteOutcome) => settledOr(pass, `${ticket.key}: ${what}`, outcome);
  let priority: string | undefined;
  if (asked) {
    const value = { v: 1, rule, group: words, alerts, lastSeen: sayInstant(lastSeen) };
    if (!isSettled('its counter', await keeper.ensureProperty(ticket.id, GROUP_PROPERTY, value))) return undefined;
    const wish = { asked, ...(given === undefined ? {} : { given }) };
    const outcome = await keeper.ensurePriority(ticket.id, wish);
    if (!isSettled('its priority', outcome)) return undefined;
    // What stands there now may be ours from a pass that ended before it could say so.
    if (outcome.now !== undefined && asked.some((one) => one.toLowerCase() === outcome.now?.toLowerCase()))
      priority = 'note' in outcome ? undefined : outcome.now;
  }
  if (follows && follows.id !== ticket.id) {
    const outcome = await keeper.ensureLink(ticket.id, follows.id);
    if (!isSettled(`its link to ${follows.key}`, outcome)) return undefined;
  }
  return priority === undefined ? {} : { given: priority };
}

/** Whether there is nothing more to try; what was left or refused is told. */
function settledOr({ parts, tenant }: TenantPass, what: string, outcome: WriteOutcome): boolean {
  const warn = (why: string) => parts.progress({ event: 'warning', tenant, says: `${what}: ${why}` });
  if (outcome.outcome === 'done' && outcome.note !== undefined) warn(outcome.note);
  if (outcome.outcome === 'refused') warn(outcome.mend ? `${outcome.why} (${outcome.mend})` : outcome.why);
  return outcome.outcome === 'done' || outcome.outcome === 'refused';
}
