import type { EdgeFailure } from '../domain/failure.ts';
import { type Clock, type EpochMs, MINUTE_MS } from '../domain/time.ts';

/** Failures in a row after which a site is left alone for a while. */
const MOST_FAILURES = 5;

/** How long a site that does not answer is left alone, in milliseconds. */
const PAUSE_MS = 30_000;

/** For a service, each pause that did not help is followed by one twice as long, up to these. */
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;
const REFUSED_PAUSE_MS = MINUTE_MS;
const LONGEST_REFUSED_MS = 15 * MINUTE_MS;

export interface SitePause {
  why: string;
  mend?: string;
  /** When the site may be tried again; absent: not in this pass. */
  until?: EpochMs;
  /** The site asked to wait: it is neither down nor does it refuse us. */
  waiting?: true;
}

/**
 * Whether a site takes creates at the moment. A row of failures stops it for half a minute, so that a site that is down
 * does not collect one lost answer for each alert. Refused credentials stop it for the pass; a service, which gives its
 * clock, tries them again: people mend them while it runs.
 */
export class SiteHealth {
  readonly #clock: Clock | undefined;
  #failures = 0;
  /** Pauses since the last answer. */
  #pauses = 0;
  #pause: SitePause | undefined;
  #pausedSince: EpochMs = 0;
  /** The first trouble of the pass, for its summary. */
  trouble: SitePause | undefined;

  /** `clock`: that of a service. Without one it serves a single pass. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  answered(): void {
    this.#failures = 0;
    this.#pauses = 0;
    this.#pause = undefined;
    this.trouble = undefined;
  }

  failed(why: string, now: EpochMs): void {
    this.#failures += 1;
    this.trouble ??= { why };
    if (this.#failures >= MOST_FAILURES) this.#stop({ why }, now, this.#pauseMs());
  }

  /** The site cannot be asked at all, as for its metadata: no create is worth trying for a while. */
  unreachable(why: string, mend: string | undefined, now: EpochMs): void {
    this.#stop({ why, ...(mend === undefined ? {} : { mend }) }, now, this.#pauseMs());
  }

  /** A question to the site failed: nothing more is tried while it is down, refuses us or asks to wait. */
  troubled({ kind, message, details: { mend, retryAfterMs = 0 } }: EdgeFailure, now: EpochMs): void {
    if (kind === 'unauthorised') this.refusedUs(message, mend);
    else if (kind === 'rate-limited') this.#throttled(message, now, retryAfterMs);
    else this.unreachable(message, mend, now);
  }

  refusedUs(why: string, mend: string | undefined): void {
    const pauseMs = this.#clock && Math.min(REFUSED_PAUSE_MS * 2 ** this.#pauses, LONGEST_REFUSED_MS);
    this.#stop(mend === undefined ? { why } : { why, mend }, this.#clock?.now() ?? 0, pauseMs);
  }

  /** True when waiting will not help within this pass. */
  stopped(): boolean {
    return this.#pause !== undefined && this.#pause.until === undefined;
  }

  /** How many creates of a tenant may be in hand: after a pause one at a time, until one is answered. */
  places(): number {
    return this.#failures >= MOST_FAILURES || this.#pauses > 0 ? 1 : Number.POSITIVE_INFINITY;
  }

  pausedAt(now: EpochMs): SitePause | undefined {
    const until = this.#pause?.until;
    // A clock that was set back must not make a pause longer.
    if (until !== undefined && (until <= now || now < this.#pausedSince)) this.#pause = undefined;
    return this.#pause;
  }

  /** Leaves a longer pause as it is. */
  #throttled(why: string, now: EpochMs, retryAfterMs: number): void {
    const pause = this.pausedAt(now);
    if (pause && (pause.until === undefined || pause.until >= now + retryAfterMs)) return;
    this.#pause = { why, until: now + retryAfterMs, waiting: true };
    this.#pausedSince = now;
    this.trouble = this.#pause;
  }

  #pauseMs(): number {
    return this.#clock ? Math.min(PAUSE_MS * 2 ** this.#pauses, LONGEST_PAUSE_MS) : PAUSE_MS;
  }

  /** Those that were under way as a pause began make it no longer. */
  #stop(pause: SitePause, now: EpochMs, pauseMs: number | undefined): void {
    this.trouble = pause;
    if (this.#clock && this.pausedAt(now)) return;
    if (this.#clock) this.#pauses += 1;
    this.#pause = pauseMs === undefined ? pause : { ...pause, until: now + pauseMs };
    this.#pausedSince = now;
  }
}
