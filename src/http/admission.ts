import { type Clock, type EpochMs, SECOND_MS } from '../domain/time.ts';

/** In flight at the start, and at the most: what a site may carry while it does not object. */
const FIRST_WINDOW = 32;
const LARGEST_WINDOW = 128;

/** What each answer adds to the window while a site has not objected. */
const UNWARNED = 0.25;

/** Below this share of its limit a site is near it, and sends are spread over the second (Atlassian: 20 %). */
const NEAR_SHARE = 0.2;

/** Refusals no further apart than this, the pause between them apart, tell at which pace the site can be served. */
const SAME_RUSH_MS = 5 * SECOND_MS;

/** Added to the learnt pace by each call that was served: two in a hundred a second, whatever the pace. */
const FASTER = 0.02;

/** What an answer said about the site's limits. */
export interface AdmissionSignal {
  /** Calls left in the current window, by the answer's header. */
  remaining?: number;
  /** Calls that a full bucket holds, by the answer's header. */
  limit?: number;
  /** Calls a second by which the bucket fills; where the answer does not say, it is full again after a second. */
  perSecond?: number;
  nearLimit?: boolean;
  /** Nothing more before so many milliseconds have passed. */
  retryAfterMs?: number;
}

interface Waiter {
  until: EpochMs;
  resolve(answer: { done(): void } | { busyForMs: number }): void;
}

/**
 * Decides how many calls of one kind may be in flight to one site, by the site's own signals.
 *
 * The window widens by a quarter in a round trip, so that a bucket of a hundred is not overrun before its first warning
 * is heard. The first "near limit" or 429 cuts it to a quarter, each later one by half, once in a round trip; from then on
 * it widens by one in a round trip. Where answers count what is left, no more are in flight than are left, and near
 * the end they are spread over the second. Where they do not, the pace is learnt from what was served between two
 * refusals, and tried a little faster each second. A wait that the site asks for stops all. Waiters are served in turn by
 * group, so that a tenant with a thousand does not delay one with two.
 */
export class Admission {
  readonly #clock: Clock;
  #window = FIRST_WINDOW;
  #objected = false;
  #inFlight = 0;
  /** Answers to come before the window may be narrowed again. */
  #untilNarrow = 0;
  #remaining = Number.POSITIVE_INFINITY;
  #limit = 0;
  #perSecond = 0;
  /** Calls a second that a site which does not count was seen to serve. */
  #pace = Number.POSITIVE_INFINITY;
  /** Since when, and how many, calls were served without a refusal. */
  #rush = { since: Number.NEGATIVE_INFINITY, served: 0 };
  #blockedUntil: EpochMs = Number.NEGATIVE_INFINITY;
  #nextSendAt: EpochMs = 0;
  #pumpAt: EpochMs | undefined;
  readonly #groups = new Map<string, Waiter[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the right to send one call; `busyForMs` when the site asked for a longer pause than `patienceMs`. */
  turn(group: string, patienceMs: number): Promise<{ done(): void } | { busyForMs: number }> {
    return new Promise((resolve) => {
      const waiter: Waiter = { until: this.#clock.now() + patienceMs, resolve };
      const waiting = this.#groups.get(group);
      if (waiting) waiting.push(waiter);
      else this.#groups.set(group, [waiter]);
      this.#pump();
    });
  }

  /** Takes in what an answer said. */
  note({ remaining, limit, perSecond, nearLimit, retryAfterMs }: AdmissionSignal): void {
    this.#untilNarrow -= 1;
    if (limit !== undefined && limit > 0) {
      this.#limit = limit;
      this.#perSecond = perSecond ?? limit;
    }
    if (remaining !== undefined) this.#remaining = remaining;
    if (retryAfterMs === undefined) {
      this.#rush.served += 1;
      this.#pace += FASTER;
    } else {
      this.#remaining = Number.POSITIVE_INFINITY;
      this.#learnPace();
      this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + retryAfterMs);
    }
    if (nearLimit || retryAfterMs !== undefined) this.#narrow();
    else this.#window = Math.min(LARGEST_WINDOW, this.#window + (this.#objected ? 1 / this.#window : UNWARNED));
    this.#pump();
  }

  /** Of the refusals of one rush only the first tells; those that follow it were sent before it came. */
  #learnPace(): void {
    const now = this.#clock.now();
    const { since, served } = this.#rush;
    if (now < this.#blockedUntil || this.#untilNarrow > 0) return;
    if (now - Math.max(since, this.#blockedUntil) < SAME_RUSH_MS)
      this.#pace = Math.max(1, (served * SECOND_MS) / Math.max(1, now - since));
    this.#rush = { since: now, served: 0 };
  }

  #narrow(): void {
    // A site that counts what is left steers by that count alone.
    if (this.#untilNarrow > 0 || this.#remaining !== Number.POSITIVE_INFINITY) return;
    this.#window = Math.max(1, this.#window / (this.#objected ? 2 : 4));
    this.#objected = true;
    this.#untilNarrow = this.#inFlight;
  }

  #pump(): void {
    for (;;) {
      const now = this.#clock.now();
      const next = this.#nextGroup();
      if (!next) return;
      if (this.#blockedUntil > now) {
        this.#sendAwayOrWait(now);
        return;
      }
      if (this.#inFlight >= this.#room()) return;
      if (this.#nextSendAt > now) {
        this.#pumpLater(this.#nextSendAt, now);
        return;
      }
      this.#grant(...next, now);
    }
  }

  #room(): number {
    return Math.max(1, Math.floor(Math.min(this.#window, this.#remaining)));
  }

  /** The group that has waited longest since it was last served. */
  #nextGroup(): [string, Waiter[]] | undefined {
    for (const entry of this.#groups) return entry;
    return undefined;
  }

  #grant(group: string, waiting: Waiter[], now: EpochMs): void {
    const waiter = waiting.shift();
    this.#groups.delete(group);
    if (waiting.length > 0) this.#groups.set(group, waiting);
    this.#inFlight += 1;
    const counts = this.#remaining !== Number.POSITIVE_INFINITY;
    const nearEnd = counts && this.#remaining < this.#limit * NEAR_SHARE;
    const pace = counts ? (nearEnd ? this.#perSecond : Number.POSITIVE_INFINITY) : this.#pace;
    if (pace !== Number.POSITIVE_INFINITY) this.#nextSendAt = Math.max(now, this.#nextSendAt) + SECOND_MS / pace;
    let given = true;
    waiter?.resolve({
      done: () => {
        if (!given) return;
        given = false;
        this.#inFlight -= 1;
        this.#pump();
      },
    });
  }

  #sendAwayOrWait(now: EpochMs): void {
    const busyForMs = this.#blockedUntil - now;
    for (const [group, waiting] of this.#groups) {
      const patient = waiting.filter((waiter) => {
        if (waiter.until >= this.#blockedUntil) return true;
        waiter.resolve({ busyForMs });
        return false;
      });
      if (patient.length > 0) this.#groups.set(group, patient);
      else this.#groups.delete(group);
    }
    if (this.#groups.size > 0) this.#pumpLater(this.#blockedUntil, now);
  }

  #pumpLater(at: EpochMs, now: EpochMs): void {
    if (this.#pumpAt !== undefined && this.#pumpAt <= at) return;
    this.#pumpAt = at;
    void this.#clock.sleep(at - now).then(() => {
      this.#pumpAt = undefined;
      this.#pump();
    });
  }
}
