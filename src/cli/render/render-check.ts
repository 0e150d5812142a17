import type { CheckLine } from '../../domain/check.ts';
import { clean } from '../../domain/text/clean.ts';
import { widthOf, wrapIndented, wrapMend } from '../../domain/text/width.ts';
import type { Paper, Tone } from '../text/paper.ts';
import { count } from './alert-words.ts';

const LEVELS: Record<CheckLine['level'], readonly [word: string, tone: Tone]> = {
  ok: ['ok', 'good'],
  warning: ['warning', 'odd'],
  error: ['ERROR', 'bad'],
};

const LEVEL_WIDTH = 7;
const INDENT = LEVEL_WIDTH + 2;

/** One finding after the other, grouped by what was looked at, each with its mend; the sum at the end. */
export function renderCheck(checks: readonly CheckLine[], paper: Paper): string[] {
  const subjects = [...new Set(checks.map(({ subject }) => subject))];
  const lines = paper.terminal
    ? subjects.flatMap((subject) => [
        paper.style('bold', clean(subject)),
        ...checks.filter((check) => check.subject === subject).flatMap((check) => finding(check, paper)),
        '',
      ])
    : checks.flatMap((check) => [plainFinding(check), ...(check.paste ?? []).map(toPaste)]);
  return [...lines, sum(checks)];
}

function finding({ level, says, mend, paste = [] }: CheckLine, { columns, style }: Paper): string[] {
  const [word, tone] = LEVELS[level];
  const [first = '', ...others] = wrapIndented(clean(says), INDENT, columns);
  return [
    `${style(tone, word)}${' '.repeat(INDENT - widthOf(word))}${first.trimStart()}`,
    ...others,
    ...(mend === undefined ? [] : wrapMend(clean(mend), INDENT, columns)),
    ...paste.map(toPaste),
  ];
}

/** Never wrapped, so that what is copied is what is meant. */
function toPaste(line: string): string {
  const indent = line.length - line.trimStart().length;
  return `${' '.repeat(INDENT + 2 + indent)}${clean(line)}`;
}

function plainFinding({ subject, level, says, mend }: CheckLine): string {
  return `${LEVELS[level][0]} ${clean(subject)}: ${clean(says)}${mend === undefined ? '' : ` Mend: ${clean(mend)}`}`;
}

function sum(checks: readonly CheckLine[]): string {
  const errors = checks.filter(({ level }) => level === 'error').length;
  const warnings = checks.filter(({ level }) => level === 'warning').length;
  if (errors + warnings === 0) return 'All is well.';
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
}
