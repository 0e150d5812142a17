import { countAll, countTenant, type Tree } from './count.ts';
import { type AlertHistory, historiesOf } from './history.ts';
import type { Books, MadeReport } from './play.ts';

/** One figure on which the report and the second counter do not agree. */
export interface Difference {
  /** `contoso monthly 2026-10 figures.resolved`. */
  where: string;
  report: unknown;
  counted: unknown;
  /** What the report says of how it counted, and what the second counter did. */
  how: { report: string; counted: string };
}

export interface Comparison {
  /** How many figures were compared. */
  figures: number;
  differences: readonly Difference[];
}

/** How the second counter counts, by the first word of a figure's path that fits. */
const HOW: readonly (readonly [part: RegExp, how: string])[] = [
  [
    /outcomes|tuning/,
    'closings of alerts in the Defender simulator whose moment lies in the period, with and without an issue',
  ],
  [/falsePositives/, "of the row's alerts, the resolution that Defender showed last by the period's end"],
  [
    /decisions|suppressed|held\.byReason/,
    'creates, comments and refusals in the Jira journal, and rules and limits of the scenario, by the pass in which they fell',
  ],
  [
    /breached|overdue|dueSoon|slaLists/,
    "the changelog of each issue against its target's due instant, each target once",
  ],
  [/heldAtEnd|held/, "alerts held by the period's end, without release, drop or closing in Defender"],
  [
    /issues|open|backlog|resolved|reopen|acknowledge|resolve|doneButOpen/,
    'moments in the Jira simulator: created, assigned, moved between statuses, found deleted',
  ],
  [/./, 'alerts that an answer to a pass listed, by the moment at which the source raised them'],
];

/**
 * Numbers of a report that the second counter does not count, each with the reason. A number that is neither counted
 * nor named here is a difference, so that a new figure is not overlooked.
 */
export const NOT_COUNTED: readonly (readonly [path: RegExp, why: string])[] = [
  [/^(revision|asOf|version)/, 'not a figure'],
  [/^(period|sla)\./, 'says how it was counted'],
  [/^completeness\./, 'how the source was read: src/reports/numbers/judge-completeness.test.ts'],
  [/^tenants\.\d+\.longestGapMs/, 'how the source was read'],
  [/^totals\.states\./, 'how the source was read'],
  [/^notable\./, 'a choice of incidents; their numbers are those of other lists'],
  [/^(trend|yearAgo)/, 'counted by the relations'],
  [/^previous\.\d+\.period/, 'says how it was counted'],
  [/^addresses\.rows\.\d+\.(score|reports)/, 'what AbuseIPDB says'],
  [/^enrichment\.notMade/, 'why addresses were not looked up, in words'],
];

/** Compares every figure of every report with the second counter's; the first differences come first. */
export function compare(books: Books): Comparison {
  const histories = historiesOf(books);
  const made = [...books.looks.flatMap(({ first }) => first), ...books.reports];
  const compared = made.map((report) => compareReport(books, histories, report));
  return {
    figures: compared.reduce((total, { figures }) => total + figures, 0),
    differences: compared.flatMap((one) => one.differences),
  };
}

export function expectedOf(books: Books, histories: readonly AlertHistory[], report: MadeReport): Tree {
  const { scope, kind, name, from, json } = report;
  const { to } = json.period as { to: string };
  const asOf = Date.parse(String(json.asOf));
  const ask = { kind, span: { name, from, to: Date.parse(to) }, asOf };
  return scope === 'all' ? countAll(books, histories, ask) : countTenant(books, histories, scope, ask);
}

function compareReport(books: Books, histories: readonly AlertHistory[], report: MadeReport): Comparison {
  const { scope, kind, name, json } = report;
  const expected = expectedOf(books, histories, report);
  const found: Found[] = [];
  const visited = new Set<string>();
  walk(expected, json, '', { found, visited });
  for (const [path, value] of numbersOf(json, ''))
    if (!visited.has(path) && !NOT_COUNTED.some(([pattern]) => pattern.test(path)))
      found.push({ where: path, report: value, counted: 'nobody counts this' });
  return {
    figures: visited.size,
    differences: found.map((one) => ({
      ...one,
      where: `${scope} ${kind} ${name} ${one.where}`,
      how: {
        report: `recorded until ${String(json.asOf)}, see "Where each number comes from" in it`,
        counted: HOW.find(([part]) => part.test(one.where))?.[1] ?? '',
      },
    })),
  };
}

type Found = Omit<Difference, 'how'>;
type Walk = { found: Found[]; visited: Set<string> };

/** Lists whose rows are found by a name, because the report may leave some out or order them by what is not counted. */
const BY_NAME: Readonly<Record<string, (row: Tree) => unknown>> = {
  previous: ({ period }) => (period as Tree).name,
  tenants: ({ tenant }) => tenant,
};

function walk(expected: unknown, actual: unknown, path: string, into: Walk): void {
  into.visited.add(path);
  if (Array.isArray(expected)) {
    const rows = Array.isArray(actual) ? actual : [];
    const nameOf = BY_NAME[path];
    if (!nameOf && rows.length !== expected.length) {
      into.found.push({ where: `${path}.length`, report: rows.length, counted: expected.length });
      return;
    }
    for (const [i, row] of rows.entries()) {
      const other = nameOf ? expected.find((one: Tree) => nameOf(one) === nameOf(row as Tree)) : expected[i];
      walk(other ?? {}, row, `${path}.${i}`, into);
    }
    return;
  }
  if (expected !== null && typeof expected === 'object') {
    for (const [name, value] of Object.entries(expected))
      walk(value, (actual as Tree | undefined)?.[name], path === '' ? name : `${path}.${name}`, into);
    return;
  }
  const [a, b] = [expected, actual].map((value) =>
    typeof value === 'string' && path.includes('users.rows') ? value.toLowerCase() : value,
  );
  if (a !== b) into.found.push({ where: path, report: actual, counted: expected });
}

/** Every number below a value, with its path. */
export function* numbersOf(value: unknown, path: string): Generator<readonly [string, number]> {
  if (typeof value === 'number') yield [path, value];
  else if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value)) yield* numbersOf(inner, path === '' ? name : `${path}.${name}`);
}
