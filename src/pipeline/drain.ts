import { isEdgeFailure, StoreFailure, StoreRefusal } from '../domain/failure.ts';
import { HOUR_MS, MINUTE_MS, sayInstant } from '../domain/time.ts';
import type { LeasedAlert } from '../ledger/ledger.ts';
import type { TenantPolicy } from '../rules/policy.ts';
import type { RouteProblem } from '../tracker/tracker.ts';
import type { Bell } from './bell.ts';
import type { Examine } from './examine.ts';
import { asFirst, goesToAnother } from './groups/join-group.ts';
import { settled, type TenantPass } from './pass-parts.ts';
import { lineOf, type Proposal, propose, withOutcome } from './propose.ts';
import { putBack, raiseOnce } from './raise-once.ts';
import { sayOwnFault } from './tenant-failure.ts';

/** Most alerts of one tenant in hand at once: enough to keep a site's turns busy, few enough to hold in memory. */
const MOST_IN_HAND = 160;

/** How many are leased in one go, at the most; no fewer, while others are in hand, than makes the trip worth it. */
const LEASE_SIZE = 64;
const REFILL = 32;

/** How long leased alerts stay ours: look-ups, the wait for a turn and the patience of a pass fit in. */
const LEASE_MS = 10 * MINUTE_MS;

/** A mapping that does not fit is tried again after this long; a changed configuration is tried at once. */
const MAPPING_RETRY_MS = MINUTE_MS;

/** Alerts that a poll still brings. `bell` rings when some came or the poll ended. */
export interface Feed {
  bell: Bell;
  ended: boolean;
}

/** Takes a tenant's pending alerts in hand until none is left and the feed has ended; each reaches a recorded state. */
export async function drain(pass: TenantPass, feed: Feed, examine: Examine): Promise<void> {
  const { parts, tenant, site, signal, hands } = pass;
  const { clock, progress } = parts;
  let inHand = 0;
  // What even giving up cannot record, such as a full disk, ends the drain once nothing is in hand any more.
  let fatal: { error: unknown } | undefined;
  const begin = (leased: LeasedAlert) => {
    inHand += 1;
    hands.take();
    void take(pass, leased, examine)
      .catch((error: unknown) => {
        // The store fails for all alerts alike: it is told once, of the tenant.
        if (error instanceof StoreFailure) throw error;
        return giveUp(pass, leased, error);
      })
      .catch((error: unknown) => {
        fatal ??= { error };
      })
      .finally(() => {
        inHand -= 1;
        hands.give();
        feed.bell.ring();
      });
  };
  signal.addEventListener('abort', feed.bell.ring, { once: true });
  for (;;) {
    const now = clock.now();
    const stopped = signal.aborted || fatal !== undefined || site.health.pausedAt(now) !== undefined;
    const places = Math.min(MOST_IN_HAND, site.health.places());
    const free = Math.min(places - inHand, hands.room(inHand, feed.bell));
    const room = stopped || (inHand > 0 && free < REFILL) ? 0 : Math.min(LEASE_SIZE, free);
    const { leased, isAll, limitReached } = await lease(pass, room);
    if (leased.length > 0) {
      progress({ event: 'leased', tenant, alerts: leased.length });
      for (const alert of await withoutKnownIssues(pass, leased)) begin(alert);
      if (!isAll) continue;
    }
    if (inHand === 0 && (feed.ended || stopped)) {
      if (!stopped && limitReached) await holdTheRest(pass);
      break;
    }
    await feed.bell.heard();
  }
  signal.removeEventListener('abort', feed.bell.ring);
  hands.forget(feed.bell);
  if (fatal) throw fatal.error;
}

/** One alert in hand, to its end or back into the queue. */
async function take(pass: TenantPass, { alert }: LeasedAlert, examine: Examine): Promise<void> {
  const { parts, tenant, own } = pass;
  const { clock, owner, ledger, progress } = parts;
  const proposal = await propose(alert, own, parts);
  const { line, decision } = proposal;
  progress({ event: 'drafted', tenant, key: line.key });
  if (!('draft' in proposal)) {
    const { why } = decision;
    const stored = JSON.stringify(line);
    if (decision.action === 'suppress') {
      await ledger.inbox.settle(owner, { key: line.key, state: 'suppressed', why, proposal: stored }, clock.now());
      settled(pass, withOutcome(line, 'suppressed'));
    }
    return;
  }
  const verdict = await examine(proposal.needs);
  if ('unreachable' in verdict) {
    return putBack(pass, line, verdict.unreachable, clock.now());
  }
  const [problem] = verdict.problems.filter(({ level }) => level === 'error');
  if (problem) return holdForMapping(pass, proposal, problem);
  if (await goesToAnother(pass, proposal)) return;
  await raiseOnce(pass, asFirst(proposal));
}

async function holdForMapping(pass: TenantPass, { line }: Proposal, problem: RouteProblem): Promise<void> {
  const { clock, owner, ledger } = pass.parts;
  const now = clock.now();
  const why = `${problem.says} (${problem.mend})`;
  const retryAt = now + MAPPING_RETRY_MS;
  const policy = pass.own.fingerprint;
  const proposal = JSON.stringify({ ...line, why });
  await ledger.inbox.settle(
    owner,
    { key: line.key, state: 'held', reason: 'mapping', why, retryAt, policy, proposal },
    now,
  );
  settled(pass, withOutcome(line, 'held', { why }));
}

/** A fault of our own costs this alert this pass, nothing else: it stays in the queue and the fault is told. */
async function giveUp(pass: TenantPass, { alert }: LeasedAlert, error: unknown): Promise<void> {
  if (error instanceof StoreRefusal) return holdRefused(pass, alert, error.message);
  const why = sayOwnFault(error);
  pass.parts.progress({ event: 'warning', tenant: pass.tenant, says: `alert ${alert.id}: ${why}` });
  const line = lineOf(alert, [], why);
  await putBack(pass, line, why, pass.parts.clock.now() + MINUTE_MS);
}

/** What the store does not take of this alert, it will not take later either: a person decides. */
async function holdRefused(pass: TenantPass, alert: LeasedAlert['alert'], why: string): Promise<void> {
  const { clock, owner, ledger } = pass.parts;
  const line = lineOf(alert, [], why);
  const proposal = JSON.stringify(line);
  await ledger.inbox.settle(owner, { key: line.key, state: 'held', reason: 'refused', why, proposal }, clock.now());
  settled(pass, withOutcome(line, 'held', { why }));
}

interface Taken {
  leased: readonly LeasedAlert[];
  /** Nothing more can be leased now. */
  isAll: boolean;
  /** The hourly limit allows no new ticket; what is pending beyond it was not looked for. */
  limitReached: boolean;
}

/** Leases as many as there is room for: those that a person put back first, then as many as the hourly limit allows. */
async function lease({ parts, tenant, own }: TenantPass, room: number): Promise<Taken> {
  const { clock, ledger, owner } = parts;
  const limit = own.policy.newTicketsPerHour;
  if (room === 0) return { leased: [], isAll: true, limitReached: false };
  const now = clock.now();
  const ask = { tenant, owner, now, until: now + LEASE_MS };
  const byHand = limit === 0 ? [] : await ledger.inbox.lease({ ...ask, most: room, pastLimit: true });
  const left = room - byHand.length;
  if (left === 0) return { leased: byHand, isAll: false, limitReached: false };
  const allowed = limit === 0 ? left : limit - (await ledger.inbox.ticketsWithinHour(tenant, now)).count;
  const most = Math.min(left, Math.max(0, allowed));
  const others = most > 0 ? await ledger.inbox.lease({ ...ask, most }) : [];
  return { leased: [...byHand, ...others], isAll: others.length < most || most === 0, limitReached: most === 0 };
}

async function holdTheRest(pass: TenantPass): Promise<void> {
  const { parts, tenant, own } = pass;
  const { clock, ledger } = parts;
  const now = clock.now();
  const { nextFreeAt } = await ledger.inbox.ticketsWithinHour(tenant, now);
  const retryAt = nextFreeAt ?? now + HOUR_MS;
  const why = `the limit of ${own.policy.newTicketsPerHour} new tickets an hour is reached; the oldest are raised from ${sayInstant(retryAt)} on`;
  const held = await ledger.inbox.holdStorm({ tenant, now, retryAt, why });
  for (const alert of held) settled(pass, withOutcome(lineOf(alert, [], why), 'held'));
  if (held.length > 0)
    parts.progress({ event: 'warning', tenant, says: `a storm: ${held.length} alerts are held, since ${why}` });
}

/** Where a tenant's tickets may go. */
function projectsOf({ ticket, rules }: TenantPolicy): readonly string[] {
  return [...new Set([ticket.project, ...rules.flatMap(({ then }) => then.project ?? [])])];
}

/**
 * Adopts the issues of alerts that are there although this ledger does not know it, before the first create is sent for
 * them: another ledger raised them, or this one before an older back-up was put back or a fail-over lost the last
 * commits. Returns the rest. When the site cannot be asked, none is sent.
 */
async function withoutKnownIssues(pass: TenantPass, leased: readonly LeasedAlert[]): Promise<readonly LeasedAlert[]> {
  const doubtful = leased.filter(({ lookFirst, alert }) => lookFirst && alert.state.open);
  const since = Math.max(...doubtful.map(({ lookFirst }) => lookFirst?.since ?? 0));
  if (doubtful.length === 0) return leased;
  const { site, own, parts } = pass;
  const { clock, ledger } = parts;
  const siteId = own.policy.ticket.site;
  try {
    const sightings = await site.tracker.findExisting({
      keys: doubtful.map(({ key }) => key),
      since,
      thorough: doubtful.some(({ lookFirst }) => lookFirst?.thorough),
      projects: await ledger.outbox.highest(siteId, projectsOf(own.policy)),
    });
    const found = new Map(sightings.map((sighting) => [sighting.dedupKey, sighting]));
    for (const { key, alert, attempt } of doubtful) {
      const { tickets: [ticket] = [], listed } = found.get(key) ?? {};
      if (!ticket) continue;
      const what = listed ? 'a comment on this issue lists it already' : 'its issue was there already';
      const line = lineOf(alert, [], `${what}, and this ledger did not know it`);
      const proposal = JSON.stringify(line);
      const as = { found: true as const, ...(listed ? { listed } : {}) };
      await ledger.outbox.end({ key, outcome: 'created', attempt, site: siteId, ticket, proposal, ...as }, clock.now());
      settled(pass, withOutcome(line, listed ? 'attached' : 'adopted', { ticket }));
    }
    const isNew = ({ key }: LeasedAlert) => !found.get(key)?.tickets.length;
    const absent = doubtful.filter(isNew).map(({ key }) => key);
    if (absent.length > 0) await ledger.outbox.looked(absent, clock.now());
    return leased.filter(isNew);
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { message } = error;
    site.health.troubled(error, clock.now());
    for (const { alert } of leased) await putBack(pass, lineOf(alert, [], message), message, clock.now());
    return [];
  }
}
