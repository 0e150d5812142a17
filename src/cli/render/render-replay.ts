import type { ReplayChange, ReplayReport, RuleDifference, Said } from '../../domain/replay.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip, widthOf, wrapIndented } from '../../domain/text/width.ts';
import { sayInstant } from '../../domain/time.ts';
import type { Paper } from '../text/paper.ts';
import { type Column, layOut, rowOf } from '../text/table.ts';
import { count, sayNumber, sayTitle } from './alert-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'RULE', flexible: true },
  { title: 'SPOKE', align: 'right' },
  { title: 'SPEAKS', align: 'right' },
  { title: 'UNDECIDED', align: 'right' },
  { title: 'TICKETS', align: 'right' },
  { title: 'PRIORITY', align: 'right' },
  { title: 'GROUPED', align: 'right' },
];

const MOST_ON_A_TERMINAL = 40;

/** What the present rules change in past alerts: by rule, then alert by alert, then in one line. */
export function renderReplay(report: ReplayReport, paper: Paper): string[] {
  const { from, alerts, changed, changes, rules, tickets } = report;
  const shown = paper.terminal ? changes.slice(0, MOST_ON_A_TERMINAL) : changes;
  const more = changed - shown.length;
  const sum = `${count(alerts, 'alert')} first seen since ${sayInstant(from)}: ${sayNumber(changed)} would be other than they were; ${count(tickets.before, 'ticket')} then, ${sayNumber(tickets.after)} now.`;
  return [
    ...(rules.length === 0 ? ['No rule speaks or spoke on these alerts.'] : table(rules, paper)),
    '',
    ...shown.flatMap((change) => inLines(change, paper)),
    ...(more > 0 ? [`and ${sayNumber(more)} more: casewire plan --replay --json`] : []),
    ...(changed === 0 ? [] : ['']),
    ...wrapIndented(sum, 0, paper.columns).map((line) => paper.style('bold', line)),
    'Nothing was written.',
  ];
}

function table(rules: readonly RuleDifference[], paper: Paper): string[] {
  const rows = rules.map((one) => [
    clean(one.rule),
    sayNumber(one.spokeThen),
    sayNumber(one.speaksNow),
    sayNumber(one.undecidedNow),
    gainAndLoss(one.raised, one.suppressed),
    gainAndLoss(one.priorityUp, one.priorityDown),
    sayNumber(one.grouped),
  ]);
  const widths = layOut(COLUMNS, rows, paper.columns);
  const titles = COLUMNS.map(({ title }) => title);
  return [
    rowOf(COLUMNS, widths, titles, (cell) => paper.style('dim', cell)),
    ...rows.map((row) => rowOf(COLUMNS, widths, row)),
  ];
}

/** `+2 −1` */
function gainAndLoss(gained: number, lost: number): string {
  const said = [...(gained > 0 ? [`+${sayNumber(gained)}`] : []), ...(lost > 0 ? [`−${sayNumber(lost)}`] : [])];
  return said.join(' ') || '0';
}

function inLines({ key, title, before, after, rules }: ReplayChange, { columns, style }: Paper): string[] {
  return [
    `${style('bold', clean(key))}  ${clip(sayTitle(title), Math.max(12, columns - widthOf(clean(key)) - 2))}`,
    ...wrapIndented(`was ${say(before)}; would be ${say(after)}`, 4, columns),
    ...(rules.length === 0
      ? []
      : wrapIndented(`by ${rules.map(clean).join(', ')}`, 4, columns).map((line) => style('dim', line))),
  ];
}

function say({ outcome, why, priority, project, issueType, group, undecided }: Said): string {
  if (outcome === 'suppressed') return `suppressed (${clean(why)})`;
  const place = [project, issueType].flatMap((part) => (part === undefined ? [] : [clean(part)])).join(' / ');
  return [
    `a ticket${place === '' ? '' : ` in ${place}`}`,
    priority === undefined ? 'the usual priority' : `priority ${clean(priority)}`,
    ...(group === undefined ? [] : [`grouped by ${clean(group)}`]),
    ...undecided.map(({ rule }) => `${clean(rule)} undecided`),
  ].join(', ');
}
