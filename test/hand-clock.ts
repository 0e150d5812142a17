import type { Clock, EpochMs } from '../src/domain/time.ts';

/** A clock that stands still until a test moves it; a sleep ends when its time has come by hand. */
export class HandClock implements Clock {
  #now: EpochMs;
  /** Grows whenever somebody begins to wait or ends. */
  changes = 0;
  #sleepers: { at: EpochMs; wake: () => void }[] = [];

  constructor(start: EpochMs | string = '2026-11-23T07:00:00Z') {
    this.#now = typeof start === 'string' ? Date.parse(start) : start;
  }

  now(): EpochMs {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const end = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      // As the time of day is told: in whole milliseconds.
      const sleeper = { at: Math.ceil(this.#now + ms), wake: end };
      const giveUp = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        this.changes += 1;
        end();
      };
      this.#sleepers.push(sleeper);
      this.changes += 1;
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Moves time on and wakes, in order, everyone whose time has come. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers[0];
      if (!next || next.at > until) break;
      this.#sleepers.shift();
      this.changes += 1;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
  }

  /** Sets the time of day, as a person or a time server does: nobody's wait grows shorter or longer by it. */
  jump(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) sleeper.at += ms;
  }

  /** How many wait, and how long the first of them still does. */
  first(): { waiting: number; inMs: number | undefined } {
    let at = Number.POSITIVE_INFINITY;
    for (const sleeper of this.#sleepers) if (sleeper.at < at) at = sleeper.at;
    const waiting = this.#sleepers.length;
    return { waiting, inMs: waiting === 0 ? undefined : at - this.#now };
  }

  /** Who waits longest from now, in milliseconds; deadlines of calls in flight count too. */
  sleeping(): readonly number[] {
    return this.#sleepers.map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }
}

/** Lets real input and output go on until `done` holds; fails after a bounded number of turns of the event loop. */
export async function until(done: () => boolean, turns = 20_000): Promise<void> {
  for (let i = 0; i < turns; i++) {
    if (done()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('what the test waits for did not come about');
}
