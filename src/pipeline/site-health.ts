import type { EpochMs } from '../domain/time.ts';

/** Failures in a row after which a site is left alone for a while. */
const MOST_FAILURES = 5;

/** How long a site that does not answer is left alone, in milliseconds. */
const PAUSE_MS = 30_000;

export interface SitePause {
  why: string;
  mend?: string;
  /** When the site may be tried again; absent: not in this pass. */
  until?: EpochMs;
}

/**
 * Whether a site takes creates at the moment. Refused credentials stop it for the pass; a row of failures stops it
 * for half a minute, so that a site that is down does not collect one lost answer for each alert.
 */
export class SiteHealth {
  #failures = 0;
  #pause: SitePause | undefined;
  /** The first trouble of the pass, for its summary. */
  trouble: SitePause | undefined;

  answered(): void {
    this.#failures = 0;
    this.#pause = undefined;
    this.trouble = undefined;
  }

  failed(why: string, now: EpochMs): void {
    this.#failures += 1;
    this.trouble ??= { why };
    if (this.#failures >= MOST_FAILURES) this.#stop({ why, until: now + PAUSE_MS });
  }

  /** The site cannot be asked at all, as for its metadata: no create is worth trying for a while. */
  unreachable(why: string, mend: string | undefined, now: EpochMs): void {
    this.#stop({ why, until: now + PAUSE_MS, ...(mend === undefined ? {} : { mend }) });
  }

  refusedUs(why: string, mend: string | undefined): void {
    this.#stop(mend === undefined ? { why } : { why, mend });
  }

  /** True when waiting will not help within this pass. */
  stopped(): boolean {
    return this.#pause !== undefined && this.#pause.until === undefined;
  }

  pausedAt(now: EpochMs): SitePause | undefined {
    const pause = this.#pause;
    if (pause?.until !== undefined && pause.until <= now) this.#pause = undefined;
    return this.#pause;
  }

  #stop(pause: SitePause): void {
    this.#pause = pause;
    this.trouble = pause;
  }
}
