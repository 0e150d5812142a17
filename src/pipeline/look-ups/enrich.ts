import type { Severity } from '../../domain/alert.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { type Clock, DAY_MS, type EpochMs, sayDuration } from '../../domain/time.ts';
import type { Enricher } from '../../enrichers/enricher.ts';
import type { Progress } from '../../observe/progress.ts';
import type { LookUps } from '../pass-parts.ts';
import { sayLeftOut } from '../tenant-failure.ts';
import { AddressDesk, type AddressDeskParts } from './address-desk.ts';
import { FreshFindings } from './fresh-findings.ts';
import { Patience } from './patience.ts';
import type { Question } from './question.ts';

export interface LookUpParts extends Omit<AddressDeskParts, 'enricher' | 'fresh' | 'freshMs' | 'onQuiet'> {
  /** Absent: look-ups are switched off. */
  enricher: Enricher | undefined;
}

/** Addresses of one alert that are looked up at the most. */
const MOST_ADDRESSES = 25;

/** An answer counts as fresh for a day. */
export const FRESH_MS = DAY_MS;

const MOST_REMEMBERED = 10_000;

/** Share of the daily budget that is kept for alerts without a ticket. */
const KEPT_FOR_NEW = 0.5;

/** Look-ups for the flows, and a way to end them before the ledger closes. */
export interface RunningLookUps extends LookUps {
  /** Gives up what is queued and resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

/**
 * Asks after addresses for the flows: each address once, whoever asks, high severity first, from memory where it can.
 * Whatever goes wrong in here ends in "not checked: why", never in an error: a look-up must not cost a ticket.
 */
export function createLookUps(parts: LookUpParts): RunningLookUps {
  const { enricher } = parts;
  if (enricher) return new AlertLookUps(parts, enricher);
  return {
    lookUp: async (addresses) => addresses.map((address) => unchecked(address, 'look-ups are switched off')),
    spare: async () => 0,
    idle: async () => {},
  };
}

/** One alert's share: its findings in order, from memory or from the desk, within its deadline. */
class AlertLookUps implements RunningLookUps {
  readonly #enricher: Enricher;
  readonly #clock: Clock;
  readonly #progress: Progress;
  readonly #fresh = new FreshFindings({ most: MOST_REMEMBERED, freshMs: FRESH_MS });
  readonly #patience = new Patience();
  readonly #desk: AddressDesk;
  readonly #spare: () => Promise<number>;

  constructor(parts: LookUpParts, enricher: Enricher) {
    this.#enricher = enricher;
    this.#clock = parts.clock;
    this.#progress = parts.progress;
    const fresh = this.#fresh;
    const onQuiet = () => this.#patience.allAnswered();
    const { findings, clock, dailyBudget, mode } = parts;
    this.#spare = async () => {
      if (mode === 'recall') return 0;
      const { left } = await findings.quotaView({ dailyBudget, now: clock.now() });
      return Math.max(0, left - Math.floor(dailyBudget * KEPT_FOR_NEW));
    };
    this.#desk = new AddressDesk({ ...parts, enricher, fresh, freshMs: FRESH_MS, onQuiet });
  }

  async lookUp(addresses: readonly string[], severity: Severity): Promise<IpFinding[]> {
    const asked: Question[] = [];
    try {
      const now = this.#clock.now();
      let eligible = 0;
      let remembered = 0;
      const findings = addresses.map((address): IpFinding | Question => {
        const known = this.#fresh.get(address, now);
        const refusal = known ? undefined : this.#enricher.refusal(address);
        if (refusal !== undefined) return never(address, refusal);
        eligible += 1;
        if (eligible > MOST_ADDRESSES)
          return unchecked(address, `only the first ${MOST_ADDRESSES} addresses of an alert are looked up`);
        if (known) {
          remembered += 1;
          return known;
        }
        const question = this.#desk.ask(this.#enricher.askedAs(address), severity);
        asked.push(question);
        return question;
      });
      if (remembered > 0) this.#progress({ event: 'remembered', addresses: remembered });
      if (asked.length === 0) return findings as IpFinding[];
      const why = await this.#wait(asked, now);
      return findings.map((finding, i) =>
        'checked' in finding
          ? finding
          : { ...(finding.finding ?? finding.unchecked(finding.lateWhy ?? why)), address: addresses[i] ?? '' },
      );
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#progress({ event: 'warning', says: `look-ups failed (${sayLeftOut(error)}): ${words}` });
      return addresses.map((address) => unchecked(address, sayLeftOut(error)));
    } finally {
      for (const question of asked) question.waiting -= 1;
    }
  }

  /** Waits for all answers or as long as a ticket waits; returns what one says that still lacks an answer. */
  async #wait(asked: readonly Question[], since: EpochMs): Promise<string> {
    const waitMs = this.#patience.now(since);
    const over = new AbortController();
    const all = Promise.all(asked.map(({ answered }) => answered));
    await Promise.race([all, this.#clock.sleep(waitMs, over.signal)]);
    over.abort();
    if (asked.some(({ finding }) => !finding)) this.#patience.waitedInVain(since);
    return `no answer from AbuseIPDB within ${sayDuration(waitMs)}`;
  }

  spare(): Promise<number> {
    return this.#spare();
  }

  idle(): Promise<void> {
    return this.#desk.idle();
  }
}

function never(address: string, why: string): IpFinding {
  return { checked: false, address, why, never: true };
}

function unchecked(address: string, why: string): IpFinding {
  return { checked: false, address, why };
}
