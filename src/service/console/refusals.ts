import { type EpochMs, HOUR_MS } from '../../domain/time.ts';

/** Refused acts of one account that go on record within an hour. */
const MOST_OF_ONE = 20;
const WINDOW_MS = HOUR_MS;

/** Accounts that are counted apart; beyond them the one that came first is forgotten. */
const MOST_ACCOUNTS = 1_000;

/** Which refused acts go on record: nobody who may only look fills the ledger with what they may not do. */
export class Refusals {
  readonly #of = new Map<string, { since: EpochMs; count: number }>();

  /** Counts one; `last`: none of this account follows for the rest of the hour. */
  take(account: string, now: EpochMs): 'record' | 'last' | 'leave' {
    const before = this.#of.get(account);
    const fresh = before === undefined || now - before.since >= WINDOW_MS || now < before.since;
    const counted = fresh ? { since: now, count: 1 } : { since: before.since, count: before.count + 1 };
    if (fresh) this.#of.delete(account);
    const first = this.#of.size >= MOST_ACCOUNTS ? this.#of.keys().next().value : undefined;
    if (fresh && first !== undefined) this.#of.delete(first);
    this.#of.set(account, counted);
    if (counted.count > MOST_OF_ONE) return 'leave';
    return counted.count === MOST_OF_ONE ? 'last' : 'record';
  }
}
