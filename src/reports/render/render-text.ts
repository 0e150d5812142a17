import { clean } from '../../domain/text/clean.ts';
import { clip, pad, widthOf, wrap, wrapIndented } from '../../domain/text/width.ts';
import type { Block, Paper, Run, ScoreFigure, Tone } from '../paper.ts';
import { instant } from '../papers/words/times.ts';
import { sayRevision } from './say-revision.ts';
import { chartLines } from './text/chart-lines.ts';
import { tableLines } from './text/table-lines.ts';

/** Columns of a terminal of the usual size. */
const COLUMNS = 80;

const MARKS: Readonly<Record<Exclude<Tone, 'plain'>, string>> = { good: '[ok]', attention: '[!]', bad: '[!!]' };

/** Draws a paper as plain text of 80 columns; whatever stands in an alert is harmless on a terminal. */
export function renderText(paper: Paper): string {
  const { title, scope, period, span, asOf, zone, revision, version, pseudonymised } = paper;
  const head = [
    ...wrap(`${title}: ${clean(scope)}, ${period}`, COLUMNS),
    '═'.repeat(Math.min(COLUMNS, widthOf(`${title}: ${clean(scope)}, ${period}`))),
    ...wrap(span, COLUMNS),
    ...wrap(`As recorded by ${instant(asOf, zone)}, ${sayRevision(revision)}. Casewire ${version}.`, COLUMNS),
    ...(pseudonymised ? ['Users stand under other names.'] : []),
  ];
  const blocks = paper.blocks.map(blockLines).filter((lines) => lines.length > 0);
  return `${[head, ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function blockLines(block: Block): string[] {
  switch (block.block) {
    case 'heading':
      return headingLines(clean(block.text), block.level);
    case 'text':
      return wrap(sayRuns(block.runs), COLUMNS);
    case 'list':
      return block.items.flatMap((runs) => marked('- ', sayRuns(runs)));
    case 'notice':
      return [
        ...marked(`${MARKS[block.tone]} `, clean(block.title)),
        ...wrapIndented(sayRuns(block.runs), MARKS[block.tone].length + 1, COLUMNS),
      ];
    case 'figures':
      return [...figureLines(block.figures), ...populationLines(block)];
    case 'chart':
      return [...chartLines(block.chart, COLUMNS), ...populationLines(block)];
    case 'table':
      return [...tableLines(block, COLUMNS), ...populationLines(block)];
    case 'timeline':
      return timelineLines(block.steps.map(({ at, text }) => ({ at, text: sayRuns(text) })));
    case 'annex':
      return headingLines('Annex', 1);
  }
}

function populationLines({ population }: { population?: string }): string[] {
  return population === undefined ? [] : marked('  ', population);
}

function headingLines(text: string, level: 1 | 2 | 3): string[] {
  const lines = wrap(text, COLUMNS);
  if (level === 3) return lines;
  const widest = Math.max(...lines.map(widthOf));
  return [...lines, (level === 1 ? '═' : '─').repeat(widest)];
}

function sayRuns(runs: readonly Run[]): string {
  return clean(
    runs
      .map((run) => {
        if (typeof run === 'string') return run;
        if ('strong' in run) return run.strong;
        if ('code' in run) return run.code;
        return run.url === '' || run.url === run.link ? run.link : `${run.link} (${run.url})`;
      })
      .join(''),
  );
}

/** A mark before the first line, the others below its text. */
function marked(mark: string, text: string): string[] {
  const [first = '', ...others] = wrap(text, COLUMNS - mark.length);
  return [mark + first, ...others.map((line) => ' '.repeat(mark.length) + line)];
}

function figureLines(said: readonly ScoreFigure[]): string[] {
  const figures = said.map(({ label, text, ...rest }) => ({
    ...rest,
    label: clean(label),
    text: clip(clean(text), 24),
  }));
  const labels = Math.min(28, Math.max(...figures.map(({ label }) => widthOf(label))));
  const texts = Math.max(...figures.map(({ text }) => widthOf(text)));
  return figures.flatMap(({ label, text, note, tone }) => {
    const mark = tone === 'bad' || tone === 'attention' ? ` ${MARKS[tone]}` : '';
    const lead = `${pad(label, labels)}  ${' '.repeat(texts - widthOf(text))}${text}`;
    const rest = clean(`${note ?? ''}${mark}`);
    if (rest === '') return [lead];
    const [first = '', ...others] = wrap(rest, COLUMNS - labels - texts - 4);
    return [`${lead}  ${first}`, ...others.map((line) => ' '.repeat(labels + texts + 4) + line)];
  });
}

function timelineLines(steps: readonly { at: string; text: string }[]): string[] {
  const times = Math.max(0, ...steps.map(({ at }) => widthOf(at)));
  return steps.flatMap(({ at, text }) => marked(`  ${pad(at, times)}  `, text));
}
