import type { DayFigures } from '../../model.ts';
import type { DaySpan } from '../../periods/period.ts';
import { type Scope, within } from '../scope.ts';
import type { Story } from '../story.ts';
import { bySeverity } from './severities.ts';

/** Counts a period day by day. */
export class CountDays {
  readonly #scope: Scope;
  readonly #days: readonly DaySpan[];
  readonly #rows;

  constructor(scope: Scope, days: readonly DaySpan[]) {
    this.#scope = scope;
    this.#days = days;
    this.#rows = days.map(() => ({ volumes: bySeverity(() => 0), withIssue: 0, issues: 0, resolved: 0, opened: 0 }));
  }

  take({ alert, own, issue, resolves, opens, ends }: Story): void {
    const created = this.#row(alert.createdAt);
    if (created) {
      created.volumes[alert.severity] += 1;
      if (issue) created.withIssue += 1;
    }
    if (!own) return;
    const made = this.#row(own.at);
    if (made) made.issues += 1;
    for (const at of resolves) {
      const done = this.#row(at);
      if (done) done.resolved += 1;
    }
    for (const at of opens) this.#open(at, 1);
    for (const at of ends) this.#open(at, -1);
  }

  /** `openAtStart`: issues open when the period began. */
  days(openAtStart: number): DayFigures[] {
    let open = openAtStart;
    return this.#days.map((day, i) => {
      const row = this.#rows[i];
      open += row?.opened ?? 0;
      const { volumes = bySeverity(() => 0), issues = 0, resolved = 0 } = row ?? {};
      return { ...day, volumes, ...(day.to <= this.#scope.end ? { open } : {}), issues, resolved };
    });
  }

  /** Alerts of a day, and those of them that have an issue. */
  counted(day: number): { alerts: number; withIssue: number } {
    const row = this.#rows[day];
    const alerts = Object.values(row?.volumes ?? {}).reduce((sum, n) => sum + n, 0);
    return { alerts, withIssue: row?.withIssue ?? 0 };
  }

  #open(at: number, by: number): void {
    const row = this.#row(at);
    if (row) row.opened += by;
  }

  #row(at: number) {
    if (!within(this.#scope, at)) return undefined;
    let low = 0;
    let high = this.#days.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#days[middle]?.from ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return this.#rows[low];
  }
}
