import { type EpochMs, MINUTE_MS } from '../../../domain/time.ts';

/** Within this time so many steps of signing in are taken from one address. */
const WINDOW_MS = 5 * MINUTE_MS;
const MOST_OF_ONE = 30;

/**
 * After so many from all together an address has only so many: two sign-ins, as each takes two steps. Whoever tries on
 * and on from many addresses keeps nobody out who comes from another one.
 */
const MANY = 600;
const MOST_OF_ONE_THEN = 4;

/** Addresses that are counted apart; beyond them the one that came first is forgotten. */
const MOST_ADDRESSES = 2_000;

/** Counts steps of signing in, in bounded memory. */
export class Attempts {
  #startedAt: EpochMs = Number.NEGATIVE_INFINITY;
  #all = 0;
  #of = new Map<string, number>();

  /** Counts one; answers for how long no more is taken, or 0 when this one is. */
  take(address: string, now: EpochMs): number {
    if (now - this.#startedAt >= WINDOW_MS || now < this.#startedAt) {
      this.#startedAt = now;
      this.#all = 0;
      this.#of = new Map();
    }
    const key = networkOf(address);
    const own = (this.#of.get(key) ?? 0) + 1;
    if (own > (this.#all >= MANY ? MOST_OF_ONE_THEN : MOST_OF_ONE)) return this.#startedAt + WINDOW_MS - now;
    if (!this.#of.has(key) && this.#of.size >= MOST_ADDRESSES) this.#of.delete(this.#of.keys().next().value ?? '');
    this.#of.set(key, own);
    this.#all += 1;
    return 0;
  }
}

/** One customer has an IPv6 network of 64 bits, and all addresses of it (RFC 6177 §2). */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
