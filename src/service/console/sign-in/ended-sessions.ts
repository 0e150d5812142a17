import type { EpochMs } from '../../../domain/time.ts';
import { LONGEST_MS, type Session } from './session.ts';

/** Beyond so many the one that was ended first is forgotten; it ends by itself within half an hour without a look. */
const MOST = 10_000;

/** Sessions that people ended before their time, so that a copy of the cookie is of no use; as long as the program runs. */
export class EndedSessions {
  /** Until when each could have gone on. */
  readonly #until = new Map<string, EpochMs>();

  add({ id, signedInAt }: Pick<Session, 'id' | 'signedInAt'>, now: EpochMs): void {
    for (const [one, until] of this.#until) if (until <= now) this.#until.delete(one);
    const oldest = this.#until.size >= MOST ? this.#until.keys().next().value : undefined;
    if (oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(id, signedInAt + LONGEST_MS);
  }

  has({ id }: Pick<Session, 'id'>): boolean {
    return this.#until.has(id);
  }
}
