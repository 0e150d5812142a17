import { SEVERITIES, type Severity } from '../domain/alert.ts';
import type { AbuseReport, IpFinding } from '../domain/finding.ts';
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS, sayDuration } from '../domain/time.ts';
import type { Enricher } from '../enrichers/enricher.ts';
import type { Findings, Remembered } from '../ledger/findings-port.ts';
import type { Progress } from '../observe/progress.ts';
import type { LookUps } from './pass-parts.ts';

export interface LookUpParts {
  /** Absent: look-ups are switched off. */
  enricher: Enricher | undefined;
  findings: Findings;
  clock: Clock;
  progress: Progress;
  owner: string;
  /** `recall`: only what the ledger remembers, nothing is sent (`plan`). */
  mode: 'ask' | 'recall';
  windowDays: number;
  dailyBudget: number;
}

/** Addresses of one alert that are looked up at the most. */
const MOST_ADDRESSES = 25;

/** How long a ticket waits for its look-ups. */
const DEADLINE_MS = 5 * SECOND_MS;

/** An answer counts as fresh for a day; up to a week it stands in, with its age, where no newer one can be had. */
const FRESH_MS = DAY_MS;
const STALE_MS = 7 * DAY_MS;

const MOST_IN_FLIGHT = 20;
const MOST_REMEMBERED = 10_000;

/** After so many failures in a row the service is left alone for a while. */
const MOST_FAILURES = 5;
const BREAK_MS = 5 * MINUTE_MS;

/** With fewer look-ups left than this, those of lower severity let others go first for a moment. */
const SHORT_BUDGET = 200;
const STEP_BACK_MS = SECOND_MS;

interface Question {
  address: string;
  severity: Severity;
  answer: (finding: IpFinding) => void;
}

/**
 * Asks after addresses for the flows: each address once, whoever asks, high severity first, from memory where it can.
 * Whatever goes wrong in here ends in "not checked: why", never in an error: a look-up must not cost a ticket.
 */
export function createLookUps(parts: LookUpParts): LookUps {
  return new AddressDesk(parts);
}

class AddressDesk implements LookUps {
  readonly #parts: LookUpParts;
  readonly #fresh = new Map<string, Extract<IpFinding, { checked: true }>>();
  readonly #open = new Map<string, Promise<IpFinding>>();
  #arrived: Question[] = [];
  #gathering = false;
  readonly #queue = new Map<Severity, Question[]>(SEVERITIES.map((severity) => [severity, []]));
  readonly #stale = new Map<string, { report: AbuseReport; lookedUpAt: EpochMs }>();
  #inFlight = 0;
  #reserving = false;
  #failures = 0;
  #brokenUntil: EpochMs = 0;

  constructor(parts: LookUpParts) {
    this.#parts = parts;
  }

  async lookUp(addresses: readonly string[], severity: Severity): Promise<IpFinding[]> {
    const { enricher, clock } = this.#parts;
    if (!enricher) return addresses.map((address) => unchecked(address, 'look-ups are switched off'));
    const over = new AbortController();
    const deadline = clock.sleep(DEADLINE_MS, over.signal);
    let eligible = 0;
    const findings = addresses.map((address): IpFinding | Promise<IpFinding> => {
      const refusal = enricher.refusal(address);
      if (refusal !== undefined) return unchecked(address, refusal);
      eligible += 1;
      if (eligible > MOST_ADDRESSES)
        return unchecked(address, `only the first ${MOST_ADDRESSES} addresses of an alert are looked up`);
      const known = this.#remembered(address);
      if (known) return known;
      const late = deadline.then(() => unchecked(address, `no answer within ${sayDuration(DEADLINE_MS)}`));
      return Promise.race([this.#ask(address, severity), late]);
    });
    const answers = await Promise.all(findings);
    over.abort();
    return answers;
  }

  #remembered(address: string): IpFinding | undefined {
    const known = this.#fresh.get(address);
    if (known && this.#parts.clock.now() - known.lookedUpAt < FRESH_MS) return known;
    return undefined;
  }

  /** One question per address at a time; who asks meanwhile gets the same answer. */
  #ask(address: string, severity: Severity): Promise<IpFinding> {
    const open = this.#open.get(address);
    if (open) return open;
    const asked = new Promise<IpFinding>((answer) => {
      this.#arrived.push({ address, severity, answer });
      if (this.#gathering) return;
      this.#gathering = true;
      setImmediate(() => void this.#gather());
    });
    this.#open.set(address, asked);
    void asked.then(() => this.#open.delete(address));
    return asked;
  }

  /** Questions that arrive together are looked for in the ledger together. */
  async #gather(): Promise<void> {
    const questions = this.#arrived;
    this.#arrived = [];
    this.#gathering = false;
    try {
      const addresses = questions.map(({ address }) => address);
      const known = await this.#parts.findings.recall({ addresses, windowDays: this.#parts.windowDays });
      for (const question of questions) this.#sort(question, known.get(question.address));
      this.#pump();
    } catch (error) {
      this.#fail(questions, error);
    }
  }

  #sort(question: Question, known: Remembered | undefined): void {
    const { address, severity } = question;
    const now = this.#parts.clock.now();
    if (known?.report && known.lookedUpAt !== undefined) {
      const age = now - known.lookedUpAt;
      const { report, lookedUpAt } = known;
      if (age < FRESH_MS) {
        this.#answer(question, { checked: true, address, report, lookedUpAt });
        return;
      }
      if (age < STALE_MS) this.#stale.set(address, { report, lookedUpAt });
    }
    const failure = (known?.retryAt ?? 0) > now ? known?.failure : undefined;
    if (this.#parts.mode === 'recall') this.#notChecked(question, 'a plan sends no look-ups');
    else if (failure !== undefined) this.#notChecked(question, failure);
    else this.#queue.get(severity)?.push(question);
  }

  #pump(): void {
    const waiting = SEVERITIES.some((severity) => (this.#queue.get(severity)?.length ?? 0) > 0);
    if (this.#reserving || this.#inFlight >= MOST_IN_FLIGHT || !waiting) return;
    this.#reserving = true;
    void this.#reserve().finally(() => {
      this.#reserving = false;
      this.#pump();
    });
  }

  /** Takes the most urgent questions, as many as may be in flight, and counts them against the day's budget. */
  async #reserve(): Promise<void> {
    const { findings, clock, owner, windowDays, dailyBudget } = this.#parts;
    const { left } = await findings.quotaView({ dailyBudget, now: clock.now() });
    if (left > 0 && left < SHORT_BUDGET && (this.#queue.get('high')?.length ?? 0) === 0)
      await clock.sleep(STEP_BACK_MS);
    const questions = this.#next(MOST_IN_FLIGHT - this.#inFlight);
    const now = clock.now();
    if (this.#brokenUntil > now) {
      for (const question of questions) this.#notChecked(question, 'AbuseIPDB did not answer lately');
      return;
    }
    try {
      const reserved = await findings.reserve({
        wanted: questions,
        windowDays,
        owner,
        now,
        until: now + 2 * DEADLINE_MS,
        dailyBudget,
      });
      for (const question of questions) {
        const reservation = reserved.get(question.address);
        if (reservation === 'yours') void this.#send(question);
        else if (reservation === 'asked-elsewhere') void this.#awaitOther(question);
        else this.#notChecked(question, reservation?.refused ?? 'it was not reserved');
      }
    } catch (error) {
      this.#fail(questions, error);
    }
  }

  #next(most: number): Question[] {
    const taken: Question[] = [];
    for (const severity of SEVERITIES) taken.push(...(this.#queue.get(severity)?.splice(0, most - taken.length) ?? []));
    return taken;
  }

  async #send(question: Question): Promise<void> {
    const { enricher, findings, clock, windowDays } = this.#parts;
    const { address } = question;
    this.#inFlight += 1;
    try {
      const result = await (enricher as Enricher).lookUp(address);
      const now = clock.now();
      const { remaining, blockedUntil } = result.quota;
      const answered = result.outcome === 'answered';
      this.#judge(answered || result.stopsAll, now);
      await findings.record({
        address,
        windowDays,
        now,
        result: answered ? { report: result.report } : { failure: result.why, retryAt: result.retryAt },
        ...(remaining === undefined ? {} : { remaining }),
        ...(!answered && result.stopsAll ? { block: { until: blockedUntil ?? result.retryAt, why: result.why } } : {}),
      });
      if (answered) this.#answer(question, { checked: true, address, report: result.report, lookedUpAt: now });
      else this.#notChecked(question, result.why);
    } catch (error) {
      this.#fail([question], error);
    } finally {
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  #judge(healthy: boolean, now: EpochMs): void {
    this.#failures = healthy ? 0 : this.#failures + 1;
    if (this.#failures < MOST_FAILURES) return;
    this.#brokenUntil = now + BREAK_MS;
    this.#failures = 0;
  }

  /** Another process asks after this address at the moment: its answer comes through the ledger. */
  async #awaitOther(question: Question): Promise<void> {
    const { findings, clock, windowDays } = this.#parts;
    const until = clock.now() + DEADLINE_MS;
    try {
      while (clock.now() < until) {
        await clock.sleep(SECOND_MS / 4);
        const known = (await findings.recall({ addresses: [question.address], windowDays })).get(question.address);
        const { report, lookedUpAt, failure } = known ?? {};
        if (report && lookedUpAt !== undefined && clock.now() - lookedUpAt < FRESH_MS)
          return this.#answer(question, { checked: true, address: question.address, report, lookedUpAt });
        if (failure !== undefined) return this.#notChecked(question, failure);
      }
      this.#notChecked(question, 'another run is asking after it');
    } catch (error) {
      this.#fail([question], error);
    }
  }

  #answer(question: Question, finding: IpFinding): void {
    if (finding.checked) {
      if (this.#fresh.size >= MOST_REMEMBERED) this.#fresh.delete(this.#fresh.keys().next().value ?? '');
      this.#fresh.set(finding.address, finding);
    }
    this.#parts.progress({ event: 'looked-up', finding });
    question.answer(finding);
  }

  /** An older answer, where there is one, says more than none; its age is shown with it. */
  #notChecked(question: Question, why: string): void {
    const { address } = question;
    const stale = this.#stale.get(address);
    const finding: IpFinding = stale ? { checked: true, address, ...stale } : unchecked(address, why);
    this.#parts.progress({ event: 'looked-up', finding });
    question.answer(finding);
  }

  #fail(questions: readonly Question[], error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    this.#parts.progress({ event: 'warning', says: `look-ups failed by a fault of Casewire itself: ${words}` });
    for (const question of questions) this.#notChecked(question, 'a fault of Casewire itself');
  }
}

function unchecked(address: string, why: string): IpFinding {
  return { checked: false, address, why };
}
