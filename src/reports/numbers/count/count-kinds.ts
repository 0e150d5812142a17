import { type CategoryPath, categoryPath, UNCATEGORISED } from '../../../domain/category.ts';
import type { CategoryRow, DetectionRow, Listed, Outcome, ReportModel, TuningRow } from '../../model.ts';
import { type Scope, within } from '../scope.ts';
import type { Story } from '../story.ts';
import { byName, listed, Tally } from './ranking.ts';
import { LEAST_FOR_PERCENTILES } from './samples.ts';

/** A share of false positives above this is worth tuning the detection. */
const TOO_MANY = 0.8;

/** How many have a verdict, and of them false positives. */
interface Judged {
  judged: number;
  wrong: number;
}

const UNJUDGED: Readonly<Judged> = { judged: 0, wrong: 0 };

/** Counts what kinds of alerts there were: detections, categories, tactics, and what suppressed them. */
export class CountKinds {
  readonly #scope: Scope;
  readonly #types = new Tally((type) => ({
    type,
    alerts: 0,
    uncategorised: 0,
    posture: 0,
    ...UNJUDGED,
    given: { ...UNJUDGED },
  }));
  readonly #categories = new Tally((path) => ({ category: path as CategoryRow['category'], alerts: 0 }));
  readonly #tactics = new Tally((id) => ({ id, name: id, alerts: 0 }));
  readonly #suppressed = new Tally((rule) => ({ rule, alerts: 0 }));
  #closedBefore = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  take({ alert, outcome, verdicts, decisions }: Story): void {
    if (within(this.#scope, alert.createdAt)) this.#takeNew(alert, outcome?.outcome);
    for (const given of verdicts)
      if (within(this.#scope, given.at)) judge(this.#types.of(alert.type).given, given.outcome);
    for (const made of decisions) {
      if (made.decision !== 'suppressed' || !within(this.#scope, made.at)) continue;
      if (made.rule === undefined) this.#closedBefore += 1;
      else this.#suppressed.of(made.rule).alerts += 1;
    }
  }

  #takeNew({ type, category }: Story['alert'], outcome: Outcome | undefined): void {
    const row = this.#types.of(type);
    row.alerts += 1;
    judge(row, outcome);
    const path = category ? categoryPath(category) : 'unknown';
    this.#categories.of(path).alerts += 1;
    if (!category) return;
    if (path === (UNCATEGORISED as CategoryPath)) row.uncategorised += 1;
    if (category.phase === 'Preparation') row.posture += 1;
    for (const { id, name } of category.tactics) {
      const tactic = this.#tactics.of(id);
      tactic.name = name;
      tactic.alerts += 1;
    }
  }

  kinds(
    most: number,
  ): Pick<
    ReportModel,
    'detections' | 'categories' | 'tactics' | 'tuning' | 'uncategorised' | 'posture' | 'suppressed'
  > {
    return {
      detections: this.#detections(most),
      categories: listed(
        this.#categories.rows(),
        most,
        mostAlerts(({ category }) => category),
      ),
      tactics: listed(
        this.#tactics.rows(),
        most,
        mostAlerts(({ id }) => id),
      ),
      tuning: this.#tuning(most),
      uncategorised: this.#typesWith('uncategorised', most),
      posture: this.#typesWith('posture', most),
      suppressed: this.#suppressions(most),
    };
  }

  #detections(most: number): Listed<DetectionRow> {
    const rows = [...this.#types.rows()].filter(({ alerts }) => alerts > 0);
    const told = rows.map(({ type, alerts, judged, wrong }) => ({
      type,
      alerts,
      falsePositives: { count: wrong, of: judged },
    }));
    return listed(
      told,
      most,
      mostAlerts(({ type }) => type),
    );
  }

  #tuning(most: number): Listed<TuningRow> {
    const rows = [...this.#types.rows()].filter(
      ({ given: { judged, wrong } }) => judged >= LEAST_FOR_PERCENTILES && wrong > TOO_MANY * judged,
    );
    const told = rows.map(({ type, given }) => ({ type, falsePositives: { count: given.wrong, of: given.judged } }));
    return listed(told, most, (a, b) => b.falsePositives.count - a.falsePositives.count || byName(a.type, b.type));
  }

  #typesWith(what: 'uncategorised' | 'posture', most: number): Listed<{ type: string; alerts: number }> {
    const rows = [...this.#types.rows()].filter((row) => row[what] > 0);
    return listed(
      rows.map((row) => ({ type: row.type, alerts: row[what] })),
      most,
      mostAlerts(({ type }) => type),
    );
  }

  #suppressions(most: number): ReportModel['suppressed'] {
    const rows: { rule?: string; alerts: number }[] = [...this.#suppressed.rows()];
    if (this.#closedBefore > 0) rows.push({ alerts: this.#closedBefore });
    return listed(
      rows,
      most,
      mostAlerts(({ rule = '' }) => rule),
    );
  }
}

/** Counts a verdict; one that was closed without any is not judged. */
export function judge(row: Judged, outcome: Outcome | undefined): void {
  if (outcome === undefined || outcome === 'undetermined') return;
  row.judged += 1;
  if (outcome === 'false-positive') row.wrong += 1;
}

/** Most alerts first, then by name. */
export function mostAlerts<T extends { alerts: number }>(nameOf: (row: T) => string): (a: T, b: T) => number {
  return (a, b) => b.alerts - a.alerts || byName(nameOf(a), nameOf(b));
}
