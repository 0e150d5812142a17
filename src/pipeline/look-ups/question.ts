import { SEVERITIES, type Severity } from '../../domain/alert.ts';
import { type IpFinding, NOT_ACCEPTED } from '../../domain/finding.ts';
import type { CheckedFinding } from './fresh-findings.ts';

/** One address that alerts wait for: however many ask, it is one question. */
export class Question {
  readonly address: string;
  /** The most urgent of those who asked. */
  severity: Severity;
  /** Alerts that still wait for it. */
  waiting = 0;
  isQueued = false;
  /** An older answer, which stands in where no newer one can be had. */
  stale: CheckedFinding | undefined;
  /** What a ticket says that can wait no longer, where there is more to say than that no answer came. */
  lateWhy: string | undefined;
  finding: IpFinding | undefined;
  readonly answered: Promise<void>;
  #resolve: () => void = () => {};

  constructor(address: string, severity: Severity) {
    this.address = address;
    this.severity = severity;
    this.answered = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** An older answer says more than none; its age is shown with it. */
  unchecked(why: string): IpFinding {
    if (this.stale) return this.stale;
    return { checked: false, address: this.address, why, ...(why === NOT_ACCEPTED ? {} : { later: true }) };
  }

  answer(finding: IpFinding): void {
    this.finding = finding;
    this.#resolve();
  }
}

/** Questions that wait for their turn, the most urgent first and in each severity the oldest. */
export class QuestionQueue {
  readonly #bySeverity: Readonly<Record<Severity, Question[]>> = { high: [], medium: [], low: [], informational: [] };
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(severity: Severity): boolean {
    return this.#bySeverity[severity].some((question) => question.isQueued && question.severity === severity);
  }

  add(question: Question): void {
    question.isQueued = true;
    this.#size += 1;
    this.#bySeverity[question.severity].push(question);
  }

  /** Makes a question more urgent, wherever it stands. */
  raise(question: Question, severity: Severity): void {
    if (SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(question.severity)) return;
    question.severity = severity;
    if (question.isQueued) this.#bySeverity[severity].push(question);
  }

  /** Takes up to `most` out. */
  take(most: number): Question[] {
    const taken: Question[] = [];
    for (const severity of SEVERITIES) {
      const queue = this.#bySeverity[severity];
      let looked = 0;
      while (looked < queue.length && taken.length < most) {
        const question = queue[looked++];
        // A question that was raised stands in two queues and is taken out of the first.
        if (!question?.isQueued) continue;
        question.isQueued = false;
        taken.push(question);
      }
      queue.splice(0, looked);
    }
    this.#size -= taken.length;
    return taken;
  }
}
