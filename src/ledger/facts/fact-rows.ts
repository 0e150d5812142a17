import type { DedupKey } from '../../domain/alert.ts';
import type { Fact } from '../../domain/facts.ts';
import type { LedgerTables } from '../store/schema.ts';

export type FactRow = Pick<
  LedgerTables['facts'],
  'dedup_key' | 'fact' | 'turn' | 'at' | 'recorded_at' | 'detail' | 'snapshot'
>;

/** Kinds that may happen again, or be corrected: they are counted. */
const COUNTED: ReadonlySet<string> = new Set<Fact['fact']>([
  'acknowledged',
  'resolved',
  'reopened',
  'issue-gone',
  'closed',
  'alert-reopened',
]);

export function isCounted(fact: string): boolean {
  return COUNTED.has(fact);
}

/** Facts of one instant in the order in which they can have happened. */
const ORDER: readonly Fact['fact'][] = [
  'held',
  'released',
  'suppressed',
  'dropped',
  'raised',
  'adopted',
  'attached',
  'acknowledged',
  'resolved',
  'reopened',
  'issue-gone',
  'closed',
  'alert-reopened',
];

export function toDetail({ fact: _fact, at: _at, recordedAt: _recordedAt, ...rest }: Fact): string | null {
  const json = JSON.stringify(rest);
  return json === '{}' ? null : json;
}

function toFact({ fact, at, recorded_at, detail }: FactRow): Fact {
  return { fact, at, recordedAt: recorded_at, ...(detail === null ? {} : parsedDetail(detail)) } as Fact;
}

/** Who touched it, resolutions, verdicts and causes are the same few texts many thousand times. */
const SHORT = 120;
const MOST_REMEMBERED = 1_000;
const remembered = new Map<string, object>();

function parsedDetail(detail: string): object {
  // That of an issue is its own.
  if (detail.length > SHORT || detail.startsWith('{"ticket"')) return JSON.parse(detail);
  let parsed = remembered.get(detail);
  if (!parsed) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    parsed = JSON.parse(detail) as object;
    remembered.set(detail, parsed);
  }
  return parsed;
}

/** Of rows that correct each other the one recorded last; what is not counted happened each time it was recorded. */
export function newestOf<Row extends FactRow>(rows: readonly Row[]): readonly Row[] {
  const corrects = (row: Row) => (other: Row) =>
    other.turn === row.turn && other.fact === row.fact && other.recorded_at > row.recorded_at;
  return rows.filter((row) => row.turn === 0 || !rows.some(corrects(row)));
}

/** The facts that these rows of one alert tell, in the order of `at`. */
export function toFacts(rows: readonly FactRow[]): readonly Fact[] {
  const told = newestOf(rows).filter(({ fact }) => fact !== 're-read');
  return (told.length > 1 ? told.sort(byTime) : told).map(toFact);
}

export function byTime(a: FactRow, b: FactRow): number {
  return a.at - b.at || rank(a) - rank(b) || a.turn - b.turn || a.recorded_at - b.recorded_at;
}

function rank({ fact }: FactRow): number {
  return ORDER.indexOf(fact as Fact['fact']);
}

export function byKey(rows: readonly FactRow[]): Map<DedupKey, FactRow[]> {
  const found = new Map<DedupKey, FactRow[]>();
  for (const row of rows) {
    const key = row.dedup_key as DedupKey;
    const of = found.get(key);
    if (of) of.push(row);
    else found.set(key, [row]);
  }
  return found;
}
