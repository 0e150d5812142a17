import type { AlertLine } from '../../domain/outcome.ts';

/** Alerts that wait for one reason; `first`: the first of them. */
export interface WaitingCause {
  why: string;
  alerts: number;
  first: readonly AlertLine[];
}

/** Alerts named for a cause; the others are counted. */
const MOST_NAMED = 5;

/** Counts by its reason what a pass leaves waiting, so that one cause is told once. */
export class WaitingCauses {
  readonly #causes = new Map<string, { why: string; alerts: number; first: AlertLine[] }>();

  note(line: AlertLine): void {
    const cause = this.#causes.get(line.why) ?? { why: line.why, alerts: 0, first: [] };
    cause.alerts += 1;
    if (cause.first.length < MOST_NAMED) cause.first.push(line);
    this.#causes.set(line.why, cause);
  }

  /** The most frequent first. */
  list(): readonly WaitingCause[] {
    return [...this.#causes.values()].toSorted((a, b) => b.alerts - a.alerts);
  }
}

/** `contoso/603f704a, contoso/603f704b and 13 more` */
export function sayFirst({ alerts, first }: WaitingCause): string {
  const more = alerts - first.length;
  const named = first.map(({ tenant, alertId }) => `${tenant}/${alertId}`).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
