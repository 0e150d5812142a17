import type { AffectedUser } from '../../domain/alert.ts';
import { type Clock, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { GroupMembership, Membership } from '../../enrichers/group-membership.ts';
import type { Progress } from '../../observe/progress.ts';
import { userKey } from '../../rules/expressions/rule-scope.ts';
import { sayLeftOut } from '../tenant-failure.ts';

/** How long an answer serves within one process, and how long a failed question is not put again. */
const FRESH_MS = HOUR_MS;
const AGAIN_MS = MINUTE_MS;

const MOST_REMEMBERED = 10_000;

/** One tenant's users' groups for the flows: each user is asked about once, whoever asks, and a failure is an answer. */
export interface Groups {
  of(user: AffectedUser): Promise<Membership>;
}

export interface GroupDeskParts {
  /** Absent: `why` is every answer. */
  membership: GroupMembership | { why: string };
  clock: Clock;
  progress: Progress;
}

export class GroupDesk implements Groups {
  readonly #parts: GroupDeskParts;
  readonly #asked = new Map<string, { answer: Promise<Membership>; until: EpochMs }>();

  constructor(parts: GroupDeskParts) {
    this.#parts = parts;
  }

  of(user: AffectedUser): Promise<Membership> {
    const { membership, clock } = this.#parts;
    if ('why' in membership) return Promise.resolve({ known: false, why: membership.why });
    const key = userKey(user);
    const known = this.#asked.get(key);
    if (known && clock.now() < known.until) return known.answer;
    const answer = this.#ask(membership, user);
    const entry = { answer, until: clock.now() + FRESH_MS };
    this.#asked.delete(key);
    this.#asked.set(key, entry);
    void answer.then(({ known: isKnown }) => {
      if (!isKnown) entry.until = clock.now() + AGAIN_MS;
    });
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= MOST_REMEMBERED) break;
      this.#asked.delete(oldest);
    }
    return answer;
  }

  async #ask(membership: GroupMembership, user: AffectedUser): Promise<Membership> {
    try {
      return await membership.groupsOf(user);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#parts.progress({ event: 'warning', says: `groups were not asked (${sayLeftOut(error)}): ${words}` });
      return { known: false, why: sayLeftOut(error) };
    }
  }
}
