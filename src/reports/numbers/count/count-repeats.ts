import type { AlertFacts } from '../../../domain/facts.ts';
import type { Listed, RepeatRow } from '../../model.ts';
import { byName, listed, Tally } from './ranking.ts';

/** In so many weeks, the last one among them. */
const WEEKS_TO_REPEAT = 3;

/** Follows users and addresses over several periods, the oldest being the first. */
export class CountRepeats {
  readonly #periods: number;
  readonly #users: Tally<{ name: string; alerts: number[] }>;
  readonly #addresses: Tally<{ name: string; alerts: number[] }>;
  /** Addresses that somebody was asked about, or is to be: of any other it is not known whether it is public. */
  readonly #asked = new Set<string>();

  constructor(periods: number) {
    this.#periods = periods;
    const begin = (name: string) => ({ name, alerts: Array.from({ length: periods }, () => 0) });
    this.#users = new Tally(begin);
    this.#addresses = new Tally(begin);
  }

  /** An alert that was created in the period with this index. */
  take(index: number, { users, findings }: AlertFacts): void {
    for (const key of new Set(users.map((name) => name.toLowerCase())))
      add(
        this.#users.of(
          key,
          users.find((name) => name.toLowerCase() === key),
        ).alerts,
        index,
      );
    for (const finding of findings) {
      add(this.#addresses.of(finding.address).alerts, index);
      if (finding.checked || !(finding.never || finding.unneeded)) this.#asked.add(finding.address);
    }
  }

  repeats(most: number): Listed<RepeatRow> {
    const addresses = this.#rows('address', this.#addresses).filter(({ name }) => this.#asked.has(name));
    const rows = [...this.#rows('user', this.#users), ...addresses];
    const sum = ({ alerts }: RepeatRow) => alerts.reduce((total, n) => total + n, 0);
    return listed(
      rows,
      most,
      (a, b) => b.weeks - a.weeks || sum(b) - sum(a) || byName(b.kind, a.kind) || byName(a.name, b.name),
    );
  }

  #rows(kind: RepeatRow['kind'], tally: Tally<{ name: string; alerts: number[] }>): RepeatRow[] {
    const last = this.#periods - 1;
    return [...tally.rows()]
      .map(({ name, alerts }) => ({ kind, name, alerts, weeks: alerts.filter((n) => n > 0).length }))
      .filter(({ weeks, alerts }) => weeks >= WEEKS_TO_REPEAT && (alerts[last] ?? 0) > 0);
  }
}

function add(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
