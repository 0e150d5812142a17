import type { Bell } from './bell.ts';

/** Several times what the sites may have in flight, and what each tenant may always have. */
const USUAL = { most: 192, few: 8 };

/**
 * How many alerts a pass has in hand over all its tenants, so that its memory does not grow with their number. A tenant
 * that found no room is rung for once there is some; each may always have a few, so that none starves.
 */
export class Hands {
  readonly #most: number;
  readonly #few: number;
  readonly #waiting = new Set<Bell>();
  #taken = 0;

  constructor({ most, few } = USUAL) {
    this.#most = most;
    this.#few = few;
  }

  /** How many more a tenant with `inHand` may take; `bell` is rung when that may have grown. */
  room(inHand: number, bell: Bell): number {
    const room = Math.max(this.#most - this.#taken, this.#few - inHand, 0);
    if (room < this.#few) this.#waiting.add(bell);
    return room;
  }

  /** Rings for `bell` no more. */
  forget(bell: Bell): void {
    this.#waiting.delete(bell);
  }

  take(): void {
    this.#taken += 1;
  }

  give(): void {
    this.#taken -= 1;
    if (this.#waiting.size === 0 || this.#most - this.#taken < this.#few) return;
    const [bell] = this.#waiting;
    if (!bell) return;
    this.#waiting.delete(bell);
    bell.ring();
  }
}
