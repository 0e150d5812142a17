import type { RulesReport } from '../../domain/replay.ts';
import { clean } from '../../domain/text/clean.ts';
import { wrapIndented } from '../../domain/text/width.ts';
import { sayInstant } from '../../domain/time.ts';
import type { Paper } from '../text/paper.ts';
import { type Column, layOut, rowOf } from '../text/table.ts';
import { sayNumber, sayTitle } from './alert-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'RULE', flexible: true },
  { title: 'SPOKE', align: 'right' },
  { title: 'SUPPRESSED', align: 'right' },
  { title: 'UNDECIDED', align: 'right' },
];

/** Each rule with how often it was heard lately and its last alert; those that never spoke are marked. */
export function renderRules({ from, rules }: RulesReport, paper: Paper): string[] {
  if (rules.length === 0) return ['There are no rules: severity alone decides (docs/configure.md, "Rules").'];
  const rows = rules.map(({ rule, spoke, suppressed, undecided }) => [
    clean(rule),
    sayNumber(spoke),
    sayNumber(suppressed),
    sayNumber(undecided),
  ]);
  const widths = layOut(COLUMNS, rows, paper.columns);
  const titles = COLUMNS.map(({ title }) => title);
  return [
    rowOf(COLUMNS, widths, titles, (cell) => paper.style('dim', cell)),
    ...rules.flatMap((rule, i) => [rowOf(COLUMNS, widths, rows[i] ?? []), ...remarks(rule, paper)]),
    '',
    `Counted: alerts first seen since ${sayInstant(from)}.`,
  ];
}

function remarks({ says, configured, spoke, undecided, last }: RulesReport['rules'][number], paper: Paper): string[] {
  const line = (tone: 'dim' | 'odd', text: string) =>
    wrapIndented(text, 4, paper.columns).map((one) => paper.style(tone, one));
  return [
    ...(says === undefined ? [] : line('dim', `says: ${clean(says)}`)),
    ...(configured ? [] : line('odd', 'is no longer in the configuration')),
    ...(spoke === 0 && configured ? line('odd', last ? 'has not spoken lately' : 'has never spoken') : []),
    ...(undecided > 0 ? line('odd', 'could not be decided on some alerts: casewire explain says why') : []),
    ...(last ? line('dim', `last on ${clean(last.key)} "${sayTitle(last.title)}" at ${sayInstant(last.seenAt)}`) : []),
  ];
}
