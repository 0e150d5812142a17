import { type EpochMs, SECOND_MS } from '../../domain/time.ts';

/** How long one ticket waits for its look-ups. */
const ALERT_MS = 5 * SECOND_MS;

/** How long a crowd of alerts waits in all, and how long each of the rest waits then. */
const BATCH_MS = 20 * SECOND_MS;
const REST_MS = SECOND_MS / 4;

/**
 * Says how long a ticket waits for its look-ups: 5 s. Where a crowd of alerts asks a slow service, 5 s each would add
 * up: 20 s after the first that waited in vain began to wait, the rest hardly wait, until all questions are answered.
 */
export class Patience {
  #lateSince: EpochMs | undefined;

  now(now: EpochMs): number {
    return this.#lateSince !== undefined && now - this.#lateSince >= BATCH_MS ? REST_MS : ALERT_MS;
  }

  waitedInVain(since: EpochMs): void {
    this.#lateSince ??= since;
  }

  allAnswered(): void {
    this.#lateSince = undefined;
  }
}
