import type { AlertStates, Decisions, Durations, Figures, Outcomes, SlaFigures } from '../../model.ts';
import { type Scope, within } from '../scope.ts';
import type { SlaVerdict } from '../sla-verdict.ts';
import { isOpen, openAt, type Story } from '../story.ts';
import { Samples } from './samples.ts';
import { bySeverity } from './severities.ts';

interface SlaCount {
  met: number;
  missed: number;
  overdue: number;
  dueSoon: number;
}

/** Counts the figures by which periods are compared, from one alert after the other. */
export class CountFigures {
  readonly #scope: Scope;
  readonly #states: AlertStates = { raised: 0, attached: 0, suppressed: 0, held: 0, dropped: 0, underWay: 0 };
  readonly #decisions: Decisions = { raised: 0, attached: 0, suppressed: 0, held: 0, dropped: 0 };
  readonly #volumes = bySeverity(() => 0);
  readonly #outcomes = { 'true-positive': 0, benign: 0, 'false-positive': 0, undetermined: 0 };
  readonly #times = { detection: new Samples(), alertToIssue: new Samples(), seenToIssue: new Samples() };
  readonly #acknowledge = bySeverity(() => new Samples());
  readonly #resolve = bySeverity(() => new Samples());
  readonly #allAcknowledge = new Samples();
  readonly #allResolve = new Samples();
  readonly #sla = bySeverity(() => ({ acknowledge: noSla(), resolve: noSla() }));
  #issues = 0;
  #reopenings = 0;
  #reopened = 0;
  #doneButOpen = 0;
  #openAtStart = 0;
  #openAtEnd = 0;
  #heldAtEnd = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  take(story: Story, verdicts: readonly SlaVerdict[]): void {
    const { alert, issue } = story;
    if (within(this.#scope, alert.createdAt)) {
      this.#volumes[alert.severity] += 1;
      this.#states[story.state] += 1;
      if (alert.activityAt !== undefined) this.#times.detection.add(alert.createdAt - alert.activityAt);
    }
    for (const { at, decision } of story.decisions) if (within(this.#scope, at)) this.#decisions[decision] += 1;
    for (const { at, outcome } of story.verdicts) if (within(this.#scope, at)) this.#outcomes[outcome] += 1;
    if (issue && within(this.#scope, issue.at)) {
      this.#times.alertToIssue.add(issue.at - alert.createdAt);
      this.#times.seenToIssue.add(issue.at - alert.seenAt);
    }
    if (story.waits) this.#heldAtEnd += 1;
    if (story.own) this.#takeIssue(story, story.own.at);
    for (const verdict of verdicts) this.#takeVerdict(alert.severity, verdict);
  }

  #takeIssue(story: Story, madeAt: number): void {
    const scope = this.#scope;
    const { severity } = story.alert;
    if (within(scope, madeAt)) this.#issues += 1;
    if (openAt(story, scope.from)) this.#openAtStart += 1;
    if (isOpen(story)) this.#openAtEnd += 1;
    if (within(scope, story.resolvedAt) && story.goneAt === undefined && !story.outcome) this.#doneButOpen += 1;
    for (const at of story.reopens) if (within(scope, at)) this.#reopenings += 1;
    if (within(scope, story.acknowledgedAt)) {
      this.#acknowledge[severity].add(story.acknowledgedAt - madeAt);
      this.#allAcknowledge.add(story.acknowledgedAt - madeAt);
    }
    // Every resolution but the last one was reopened before the next, and the last one where it does not stand.
    const standing = story.resolvedAt === undefined ? story.resolves.length : story.resolves.length - 1;
    for (const [i, at] of story.resolves.entries()) {
      if (!within(scope, at)) continue;
      this.#resolve[severity].add(at - madeAt);
      this.#allResolve.add(at - madeAt);
      if (i < standing) this.#reopened += 1;
    }
  }

  #takeVerdict(severity: Story['alert']['severity'], { target, decided, standing }: SlaVerdict): void {
    const count = this.#sla[severity][target];
    if (decided) count[decided] += 1;
    if (standing) count[standing === 'overdue' ? 'overdue' : 'dueSoon'] += 1;
  }

  figures(): Figures {
    const acknowledge = this.#allAcknowledge.durations();
    const resolve = this.#allResolve.durations();
    const slas = Object.values(this.#sla);
    return {
      alerts: Object.values(this.#volumes).reduce((sum, n) => sum + n, 0),
      bySeverity: { ...this.#volumes },
      states: { ...this.#states },
      decisions: { ...this.#decisions },
      issues: this.#issues,
      acknowledged: acknowledge.n,
      resolved: resolve.n,
      reopenings: this.#reopenings,
      reopened: { count: this.#reopened, of: resolve.n },
      doneButOpen: this.#doneButOpen,
      openAtStart: this.#openAtStart,
      openAtEnd: this.#openAtEnd,
      heldAtEnd: this.#heldAtEnd,
      outcomes: this.#mix(),
      detection: this.#times.detection.durations(),
      alertToIssue: this.#times.alertToIssue.durations(),
      seenToIssue: this.#times.seenToIssue.durations(),
      acknowledge,
      resolve,
      bySeverityTimes: bySeverity((severity) => this.#timesOf(severity)),
      acknowledgeSla: sumSla(slas.map((one) => one.acknowledge)),
      resolveSla: sumSla(slas.map((one) => one.resolve)),
      slaBySeverity: bySeverity((severity) => ({
        acknowledge: sumSla([this.#sla[severity].acknowledge]),
        resolve: sumSla([this.#sla[severity].resolve]),
      })),
    };
  }

  #timesOf(severity: Story['alert']['severity']): { acknowledge: Durations; resolve: Durations } {
    return { acknowledge: this.#acknowledge[severity].durations(), resolve: this.#resolve[severity].durations() };
  }

  #mix(): Outcomes {
    const { 'true-positive': truePositive, benign, 'false-positive': falsePositive, undetermined } = this.#outcomes;
    const falsePositives = { count: falsePositive, of: truePositive + benign + falsePositive };
    return { truePositive, benign, falsePositive, undetermined, falsePositives };
  }
}

function noSla(): SlaCount {
  return { met: 0, missed: 0, overdue: 0, dueSoon: 0 };
}

function sumSla(counts: readonly SlaCount[]): SlaFigures {
  const sum = (pick: (one: SlaCount) => number) => counts.reduce((total, one) => total + pick(one), 0);
  const missed = sum((one) => one.missed);
  const breached = { count: missed, of: missed + sum((one) => one.met) };
  return { breached, overdue: sum((one) => one.overdue), dueSoon: sum((one) => one.dueSoon) };
}
