import type { Severity } from '../../domain/alert.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { type Clock, DAY_MS, type EpochMs, SECOND_MS } from '../../domain/time.ts';
import type { Enricher, LookUpResult } from '../../enrichers/enricher.ts';
import type { Findings, Remembered, Turn } from '../../ledger/look-ups/findings-port.ts';
import type { Progress } from '../../observe/progress.ts';
import { traced } from '../../observe/trace.ts';
import { sayLeftOut } from '../tenant-failure.ts';
import { Breaker } from './breaker.ts';
import { endingOf } from './ending-of.ts';
import type { FreshFindings } from './fresh-findings.ts';
import { Question, QuestionQueue } from './question.ts';

/*
 * The way of one question: asked → recalled from the ledger, together with all that came in the same turn of the event
 * loop → queued → reserved against the day's budget, the most urgent first → sent, recorded, answered. One that another
 * process is asking waits for that answer in the ledger instead. One that no alert waits for any more is dropped.
 */

export interface AddressDeskParts {
  enricher: Enricher;
  findings: Findings;
  clock: Clock;
  progress: Progress;
  owner: string;
  /** `recall`: only what the ledger remembers, nothing is sent (`plan`). */
  mode: 'ask' | 'recall';
  windowDays: number;
  dailyBudget: number;
  /** Takes in every answer. */
  fresh: FreshFindings;
  freshMs: number;
  /** Called when the last open question was answered. */
  onQuiet: () => void;
}

/** An older answer stands in up to this age. */
const STALE_MS = 7 * DAY_MS;

const MOST_IN_FLIGHT = 20;

/** Free places are filled so many at a time: each filling is a transaction. */
const REFILL = 5;

/** Longer than a look-up can take, so that nobody asks twice at once; a process that died holds nobody up for longer. */
const ASKING_MS = 10 * SECOND_MS;

const POLL_MS = SECOND_MS / 4;

/** With fewer look-ups left than this, those of lower severity once let others, still on their way, go first. */
const SHORT_OF = 2 * MOST_IN_FLIGHT;
const STEP_BACK_MS = SECOND_MS;
const STEP_BACK_AGAIN_MS = 30 * SECOND_MS;

/** Asks after each address once at a time, whoever asks, and gives every question an answer. */
export class AddressDesk {
  readonly #parts: AddressDeskParts;
  readonly #open = new Map<string, Question>();
  #arrived: Question[] = [];
  readonly #queue = new QuestionQueue();
  readonly #elsewhere = new Set<Question>();
  readonly #breaker = new Breaker();
  readonly #told = new Set<string>();
  #inFlight = 0;
  #isReserving = false;
  #isWatching = false;
  #isEnding = false;
  #steppedBackAt = Number.NEGATIVE_INFINITY;

  constructor(parts: AddressDeskParts) {
    this.#parts = parts;
  }

  /** The caller counts as waiting until it takes itself off `waiting`. */
  ask(address: string, severity: Severity): Question {
    const open = this.#open.get(address);
    const question = open ?? new Question(address, severity);
    question.waiting += 1;
    if (open) {
      this.#queue.raise(open, severity);
      return open;
    }
    this.#open.set(address, question);
    this.#arrived.push(question);
    if (this.#arrived.length === 1) setImmediate(() => void this.#recall());
    return question;
  }

  /** Gives up what has not been sent and resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    this.#isEnding = true;
    this.#giveUpQueued('the run has ended');
    for (const question of this.#elsewhere) this.#giveUp(question, 'the run has ended');
    await Promise.all([...this.#open.values()].map(({ answered }) => answered));
  }

  async #recall(): Promise<void> {
    const questions = this.#arrived;
    this.#arrived = [];
    await this.#guard(questions, async () => {
      const known = await this.#remembered(questions);
      for (const question of questions) this.#sort(question, known.get(question.address));
    });
    this.#pump();
  }

  #remembered(questions: readonly Question[]): Promise<ReadonlyMap<string, Remembered>> {
    const { findings, windowDays } = this.#parts;
    return findings.recall({ addresses: questions.map(({ address }) => address), windowDays });
  }

  #sort(question: Question, known: Remembered | undefined): void {
    const now = this.#parts.clock.now();
    if (this.#answerFrom(question, known, now)) return;
    if (this.#parts.mode === 'recall') this.#giveUp(question, 'a plan sends no look-ups');
    else this.#queue.add(question);
  }

  /** Answers from what the ledger remembers, if that is enough. */
  #answerFrom(question: Question, known: Remembered | undefined, now: EpochMs): boolean {
    const { address } = question;
    const { report, lookedUpAt, failure, retryAt = 0 } = known ?? {};
    if (report && lookedUpAt !== undefined) {
      const finding = { checked: true, address, report, lookedUpAt } as const;
      const age = now - lookedUpAt;
      if (age < this.#parts.freshMs) {
        this.#answer(question, finding, true);
        return true;
      }
      if (age < STALE_MS) question.stale = finding;
    }
    if (failure === undefined || retryAt <= now) return false;
    this.#giveUp(question, failure);
    return true;
  }

  /** Fills free places with the most urgent questions; one filling at a time. */
  #pump(): void {
    if (this.#isEnding) this.#giveUpQueued('the run has ended');
    if (this.#breaker.isOpen(this.#parts.clock.now())) this.#giveUpQueued('AbuseIPDB did not answer lately');
    if (this.#isReserving || this.#queue.size === 0) return;
    const places = this.#breaker.isProbing ? 1 : MOST_IN_FLIGHT;
    const free = places - this.#inFlight;
    if (free < Math.min(REFILL, places, this.#queue.size)) return;
    this.#isReserving = true;
    void this.#fill(free).finally(() => {
      this.#isReserving = false;
      this.#pump();
    });
  }

  #giveUpQueued(why: string): void {
    for (const question of this.#queue.take(this.#queue.size)) this.#giveUp(question, why);
  }

  async #fill(free: number): Promise<void> {
    await this.#guard([], () => this.#letUrgentGoFirst());
    const taken = this.#queue.take(free);
    const questions = taken.filter(({ waiting }) => waiting > 0);
    for (const question of taken) if (question.waiting === 0) this.#giveUp(question, 'its ticket could not wait');
    if (questions.length > 0) await this.#guard(questions, () => this.#reserve(questions));
  }

  /** When few look-ups are left, alerts of high severity that are just being read should find them unspent. */
  async #letUrgentGoFirst(): Promise<void> {
    const { findings, clock, dailyBudget } = this.#parts;
    const now = clock.now();
    if (this.#queue.has('high') || now - this.#steppedBackAt < STEP_BACK_AGAIN_MS) return;
    const { left } = await findings.quotaView({ dailyBudget, now });
    if (left === 0 || left >= SHORT_OF) return;
    this.#steppedBackAt = now;
    await clock.sleep(STEP_BACK_MS);
  }

  async #reserve(questions: readonly Question[]): Promise<void> {
    const { findings, clock, owner, windowDays, dailyBudget, freshMs } = this.#parts;
    const now = clock.now();
    const wanted = questions.map(({ address, severity }) => ({ address, severity }));
    const until = now + ASKING_MS;
    const freshSince = now - freshMs;
    const reserved = await findings.reserve({ wanted, windowDays, owner, now, until, freshSince, dailyBudget });
    for (const [i, question] of questions.entries()) {
      const reservation = reserved.get(question.address);
      if (reservation === 'asked-elsewhere') this.#awaitOther(question);
      else if (reservation && 'turn' in reservation) void this.#send(question, reservation.turn);
      else if (question.severity !== wanted[i]?.severity) this.#queue.add(question);
      else this.#giveUp(question, reservation?.refused ?? 'a fault of Casewire itself');
    }
  }

  async #send(question: Question, turn: Turn): Promise<void> {
    const { clock } = this.#parts;
    await this.#guard([question], async () => {
      const result = await this.#lookUp(question.address);
      const now = clock.now();
      if (result.outcome === 'failed' && result.outage) this.#breaker.failed(now);
      else this.#breaker.succeeded();
      // Recorded before it is told: whoever hears the answer finds it in the ledger.
      await this.#guard([], () => this.#record(question, { result, turn, now }));
      if (result.outcome === 'failed') this.#giveUp(question, result.why);
      else this.#answer(question, { checked: true, address: question.address, report: result.report, lookedUpAt: now });
    });
  }

  async #lookUp(address: string): Promise<LookUpResult> {
    this.#inFlight += 1;
    try {
      return await traced('casewire.look-up', {}, () => this.#parts.enricher.lookUp(address));
    } finally {
      this.#inFlight -= 1;
      // Not at once: answers that came together free their places together, and the breaker has heard of them.
      setImmediate(() => this.#pump());
    }
  }

  #record(question: Question, ending: { result: LookUpResult; turn: Turn; now: EpochMs }): Promise<void> {
    const { findings, windowDays } = this.#parts;
    return findings.record(endingOf(ending.result, { ...ending, address: question.address, windowDays }));
  }

  #awaitOther(question: Question): void {
    question.lateWhy = 'another run is asking';
    this.#elsewhere.add(question);
    if (this.#isWatching) return;
    this.#isWatching = true;
    void this.#watchOthers().finally(() => {
      this.#isWatching = false;
    });
  }

  /** Looks for the answers that other processes are getting; a question that they leave unanswered is queued again. */
  async #watchOthers(): Promise<void> {
    const { clock } = this.#parts;
    while (this.#elsewhere.size > 0) {
      const questions = [...this.#elsewhere];
      await this.#guard(questions, async () => {
        const known = await this.#remembered(questions);
        const now = clock.now();
        for (const question of questions) {
          const memory = known.get(question.address);
          if (question.waiting === 0) this.#giveUp(question, 'another run is asking');
          else if (!this.#answerFrom(question, memory, now) && (memory?.askedUntil ?? 0) <= now)
            this.#askAgain(question);
        }
      });
      if (this.#elsewhere.size > 0) await clock.sleep(POLL_MS);
    }
  }

  #askAgain(question: Question): void {
    this.#elsewhere.delete(question);
    question.lateWhy = undefined;
    this.#queue.add(question);
    this.#pump();
  }

  #giveUp(question: Question, why: string): void {
    this.#answer(question, question.unchecked(why));
  }

  #answer(question: Question, finding: IpFinding, remembered = false): void {
    if (question.finding) return;
    if (finding.checked && finding !== question.stale) this.#parts.fresh.add(finding);
    this.#open.delete(question.address);
    this.#elsewhere.delete(question);
    question.answer(finding);
    this.#parts.progress({ event: 'looked-up', finding, ...(remembered ? { remembered } : {}) });
    if (this.#open.size === 0) this.#parts.onQuiet();
  }

  /** A fault in here is told, once each, and leaves its questions unchecked. */
  async #guard(questions: readonly Question[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      for (const question of questions) this.#giveUp(question, sayLeftOut(error));
      if (this.#told.has(words)) return;
      this.#told.add(words);
      this.#parts.progress({ event: 'warning', says: `look-ups failed (${sayLeftOut(error)}): ${words}` });
    }
  }
}
