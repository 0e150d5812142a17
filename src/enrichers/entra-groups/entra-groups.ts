import type { AffectedUser, TenantId } from '../../domain/alert.ts';
import type { CheckLine } from '../../domain/check.ts';
import { type EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, sayDuration } from '../../domain/time.ts';
import type { GroupMembership, Membership } from '../group-membership.ts';
import { GroupsClient, type GroupsClientParts } from './groups-client.ts';
import type { MembershipCache, RememberedMembership } from './membership-cache.ts';

export interface EntraGroupsParts extends GroupsClientParts {
  tenant: TenantId;
  cache: MembershipCache;
}

/** Application permissions of which one shows a user's groups with their names ("List a user's memberships"). */
export const GROUPS_NEEDS = {
  anyOf: ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'],
  of: 'Microsoft Graph',
  to: "to read users' groups",
} as const;

/** An answer serves for so long (our own choice: people seldom change groups, and one call serves a day's work). */
const FRESH_MS = 4 * HOUR_MS;

/** While Graph does not answer, an older one stands in for so long. */
const STALE_MS = 7 * DAY_MS;

/** A throttled Graph is waited for once, for no longer than a ticket may wait. */
const PATIENCE_MS = 5 * SECOND_MS;

/** How long nobody is asked about after a refusal that concerns all users. */
const REFUSED_FOR_MS = 5 * MINUTE_MS;

/** Asks Graph for the groups of one tenant's users; answers are kept in the ledger, and a user is asked about once. */
export class EntraGroups implements GroupMembership {
  readonly #parts: EntraGroupsParts;
  readonly #client: GroupsClient;
  readonly #asking = new Map<string, Promise<Membership>>();
  #blocked: { until: EpochMs; why: string } | undefined;

  constructor(parts: EntraGroupsParts) {
    this.#parts = parts;
    this.#client = new GroupsClient(parts);
  }

  groupsOf(user: AffectedUser): Promise<Membership> {
    // The id that an alert gives may be one of another service: then the address tells whom it means.
    const names = [user.objectId, user.address].flatMap((name) => name?.toLowerCase() ?? []);
    const [key] = names;
    if (key === undefined) return Promise.resolve({ known: false, why: 'the alert gives no account of the user' });
    const asking = this.#asking.get(key);
    if (asking) return asking;
    const asked = this.#answer(key, names).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  /** Looks at the permissions, and tries them on a user that does not exist; never throws an EdgeFailure. */
  async check(subject: string): Promise<readonly CheckLine[]> {
    // A token that shows memberships without names would pass the trial.
    const lacks = (await this.#parts.signIn.check(subject)).filter(({ level }) => level === 'error');
    if (lacks.length > 0) return lacks;
    try {
      await this.#client.groupsOf('00000000-0000-0000-0000-000000000000');
      return [{ subject, level: 'ok', says: "users' groups can be read" }];
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      const says = `users' groups cannot be read: ${error.message}`;
      const { mend } = error.details;
      return [{ subject, level: 'error', says, ...(mend === undefined ? {} : { mend }) }];
    }
  }

  async #answer(key: string, names: readonly string[]): Promise<Membership> {
    const { tenant, cache, clock } = this.#parts;
    const remembered = await cache.recall(tenant, key);
    const ageMs = remembered ? clock.now() - remembered.askedAt : Number.POSITIVE_INFINITY;
    if (remembered && ageMs < FRESH_MS) return toMembership(remembered);
    const answer = await this.#ask(names);
    if (!('why' in answer)) {
      await cache.record(tenant, key, answer);
      return toMembership(answer);
    }
    if (remembered?.groups && ageMs < STALE_MS) return toMembership(remembered);
    return { known: false, why: answer.why };
  }

  async #ask(names: readonly string[]): Promise<RememberedMembership | { why: string }> {
    const { clock } = this.#parts;
    for (let mayWait = true; ; mayWait = false) {
      if (this.#blocked && clock.now() < this.#blocked.until) return { why: this.#blocked.why };
      try {
        const groups = await this.#groupsOfFirst(names);
        return { ...(groups ? { groups } : {}), askedAt: clock.now() };
      } catch (error) {
        if (!isEdgeFailure(error)) throw error;
        const waitMs = error.kind === 'rate-limited' ? (error.details.retryAfterMs ?? MINUTE_MS) : 0;
        if (mayWait && (error.kind === 'unavailable' || (waitMs > 0 && waitMs <= PATIENCE_MS)))
          await clock.sleep(Math.max(waitMs, SECOND_MS / 2));
        else return { why: this.#give(error, waitMs) };
      }
    }
  }

  /** The groups of the user whom the first known name means. */
  async #groupsOfFirst(names: readonly string[]): Promise<RememberedMembership['groups']> {
    for (const name of names) {
      const groups = await this.#client.groupsOf(name);
      if (groups) return groups;
    }
    return undefined;
  }

  /** What concerns all users is not asked again for each of them. */
  #give(error: EdgeFailure, waitMs: number): string {
    const why = sayWhy(error, waitMs);
    const forMs = error.kind === 'unauthorised' ? REFUSED_FOR_MS : waitMs;
    if (forMs > 0) this.#blocked = { until: this.#parts.clock.now() + forMs, why };
    return why;
  }
}

function toMembership({ groups, askedAt }: RememberedMembership): Membership {
  if (!groups) return { known: false, why: 'the tenant does not know the user' };
  return { known: true, groups, askedAt };
}

function sayWhy(error: EdgeFailure, waitMs: number): string {
  const { status } = error.details;
  if (status === 403 || (status === 200 && error.kind === 'unauthorised'))
    return `the app may not read users' groups: it lacks ${GROUPS_NEEDS.anyOf[0]}`;
  if (error.kind === 'rate-limited') return `Graph wants no question for ${sayDuration(waitMs)}`;
  return error.message;
}
