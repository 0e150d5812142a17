import type { AlertLine, AlertOutcome } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip, widthOf, wrapIndented } from '../../domain/text/width.ts';
import { linked, type Paper } from '../text/paper.ts';
import { type Column, layOut, rowOf } from '../text/table.ts';
import {
  count,
  listAddresses,
  sayNumber,
  sayRules,
  sayTitle,
  sayUrgency,
  sayUsers,
  scoreOf,
  toneOfFinding,
  toneOfSeverity,
} from './alert-words.ts';
import { sayField, sayTarget } from './event-line.ts';
import { sayFirst, type WaitingCause } from './waiting-causes.ts';

export type ToldOutcome = Exclude<AlertOutcome, 'raised' | 'adopted'>;

/** The user gives way to the alert's title: both stand in full in the issue. */
function columnsFor({ columns }: Paper): readonly Column[] {
  return [
    { title: 'ISSUE', most: 14 },
    { title: 'PRIORITY', most: 10 },
    { title: 'TENANT', most: 16 },
    { title: 'ALERT', flexible: true },
    { title: 'USER', most: Math.max(22, Math.floor(Math.min(columns, 160) * 0.28)) },
  ];
}

const HEADINGS: Record<ToldOutcome, readonly [word: string, hint: string]> = {
  'would-raise': ['Would raise', ''],
  'would-attach': ['Would attach', ''],
  'would-hold': ['Would hold', ''],
  attached: ['Attached', 'listed in a comment on the issue of its group'],
  'would-suppress': ['Would suppress', ''],
  held: ['Held', 'casewire held lists all; held retry, held drop'],
  waiting: ['Waiting', 'the next run goes on, or: casewire run --wait 15m'],
  suppressed: ['Suppressed', ''],
};

/** The issues of a pass, two lines each: what it is; its link, and its addresses with their scores. */
export function renderRaised(lines: readonly AlertLine[], paper: Paper): string[] {
  const { style } = paper;
  const table = columnsFor(paper);
  const rows = lines.map((line) => [
    clean(line.ticket?.key ?? ''),
    clean(line.priority ?? line.severity),
    clean(line.tenant),
    sayTitle(line.title),
    sayUsers(line.users),
  ]);
  const widths = layOut(table, rows, paper.columns);
  const indent = (widths[0] ?? 0) + 2;
  const titles = table.map(({ title }) => title);
  return [
    rowOf(table, widths, titles, (cell) => style('dim', cell)),
    ...lines.flatMap((line, i) => {
      const dress = (cell: string, column: number): string => {
        if (column === 0) return linked(style('bold', cell), line.ticket?.url ?? '', paper);
        return column === 1 ? style(toneOfSeverity(line.severity), cell) : cell;
      };
      return [rowOf(table, widths, rows[i] ?? [], dress), ...secondLine(line, indent, paper)];
    }),
  ];
}

/** The plain link and the addresses share a line where both fit; the link is never cut, so that it can be copied. */
function secondLine(line: AlertLine, indent: number, paper: Paper): string[] {
  const { columns, style } = paper;
  const blank = ' '.repeat(indent);
  const url = clean(line.ticket?.url ?? '');
  const notes = [...(line.outcome === 'adopted' ? [clean(line.why)] : []), ...line.notes.map(clean)].flatMap((note) =>
    wrapIndented(note, indent, columns).map((text) => style('odd', text)),
  );
  const left = columns - indent - widthOf(url) - 2;
  const beside = addresses(line, left, paper);
  const link = linked(style('dim', url), url, paper);
  if (beside !== undefined) return [`${blank}${link}  ${beside}`.trimEnd(), ...notes];
  return [`${blank}${link}`, `${blank}${addresses(line, columns - indent, paper) ?? ''}`, ...notes];
}

/** As many addresses as fit, the worst first, the others counted; `undefined` when not even one fits. */
function addresses(line: AlertLine, columns: number, { style }: Paper): string | undefined {
  const said = listAddresses(line.findings);
  const worst = [...line.findings].sort((a, b) => scoreOf(b) - scoreOf(a))[0];
  if (said.length === 0 || worst === undefined) return style('dim', columns >= 10 ? 'no address' : '');
  let text = said[0] ?? '';
  let shown = 1;
  const withRest = (head: string, n: number) => (n < said.length ? `${head} +${said.length - n}` : head);
  while (shown < said.length && widthOf(withRest(`${text}, ${said[shown]}`, shown + 1)) <= columns) {
    text = `${text}, ${said[shown]}`;
    shown += 1;
  }
  const whole = withRest(text, shown);
  return widthOf(whole) <= columns ? style(toneOfFinding(worst), whole) : undefined;
}

/** Alerts with the reason for what becomes of them. */
export function renderTold(
  outcome: ToldOutcome,
  { lines, total, showsFields }: { lines: readonly AlertLine[]; total: number; showsFields: boolean },
  paper: Paper,
): string[] {
  const { columns } = paper;
  return [
    headingOf(outcome, Math.max(total, lines.length), paper),
    ...lines.flatMap((line) => [
      ...headOf(line, paper),
      ...detailsOf(line).flatMap((text) => wrapIndented(text, 4, columns)),
      ...(showsFields ? fieldsOf(line).flatMap((text) => wrapIndented(text, 4, columns)) : []),
    ]),
  ];
}

/** What waits, one cause after the other with how many alerts wait for it and the first of them. */
export function renderWaiting(causes: readonly WaitingCause[], total: number, paper: Paper): string[] {
  const named = causes.reduce((sum, { alerts }) => sum + alerts, 0);
  return [
    headingOf('waiting', Math.max(total, named), paper),
    ...causes.flatMap((cause) => [
      ...wrapIndented(`${count(cause.alerts, 'alert')}: ${clean(cause.why)}`, 2, paper.columns),
      ...wrapIndented(clean(sayFirst(cause)), 4, paper.columns).map((line) => paper.style('dim', line)),
    ]),
    ...(total > named ? [`and ${sayNumber(total - named)} more: casewire status, or run with --json`] : []),
  ];
}

function headingOf(outcome: ToldOutcome, total: number, { style }: Paper): string {
  const [word, hint] = HEADINGS[outcome];
  return `${style('bold', `${word}: ${sayNumber(total)}`)}${hint === '' ? '' : style('dim', ` (${hint})`)}`;
}

function headOf(line: AlertLine, { columns, style }: Paper): string[] {
  const urgency = sayUrgency({ severity: line.severity });
  const head = `${clean(line.tenant)}/${clean(line.alertId)}`;
  const title = clip(sayTitle(line.title), Math.max(12, columns - widthOf(head) - urgency.length - 6));
  return [`  ${head}  ${style(toneOfSeverity(line.severity), urgency)}  ${title}`];
}

function detailsOf(line: AlertLine): string[] {
  const notes = [...(line.rules ? sayRules(line.rules).map((said) => `rule ${said}`) : []), ...line.notes.map(clean)];
  const issue = line.ticket ? `${clean(line.ticket.key)} ${clean(line.ticket.url)}: ` : '';
  if (line.outcome !== 'would-raise') return [`${issue}${clean(line.why)}`, ...notes];
  return [
    `${sayTarget(line)} (${clean(line.why)})`,
    `${line.users.map(clean).join(', ') || 'no user'} · ${sayAddresses(line)}`,
    ...notes,
  ];
}

function fieldsOf({ fields = {} }: AlertLine): string[] {
  return Object.entries(fields).map(([name, text]) => sayField(name, text));
}

/** A plan looks nothing up: the addresses that the ledger does not know by now are named alone. */
function sayAddresses({ findings }: AlertLine): string {
  if (findings.length === 0) return 'no address';
  if (findings.some(({ checked }) => checked)) return listAddresses(findings).join(', ');
  return `${findings.map(({ address }) => clean(address)).join(', ')} (not looked up)`;
}
