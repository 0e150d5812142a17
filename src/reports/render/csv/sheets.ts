import { SEVERITIES } from '../../../domain/alert.ts';
import type { ChartSpec } from '../../chart-spec.ts';
import type { Block, Paper, Run, ScoreFigure, TableBlock } from '../../paper.ts';

/** One table for machines. */
export interface Sheet {
  name: string;
  /** The first row names the columns. */
  rows: readonly (readonly (string | number)[])[];
}

/** Every table of a paper, the figures and the values of its charts among them, and first what the paper is. */
export function sheetsOf(paper: Paper): readonly Sheet[] {
  return [about(paper), ...paper.blocks.flatMap(sheetOf), populations(paper)];
}

function sheetOf(block: Block): readonly Sheet[] {
  if (block.block === 'table') return [tableSheet(block)];
  if (block.block === 'figures') return [{ name: block.name, rows: figureRows(block.figures) }];
  if (block.block === 'chart') return [{ name: block.chart.name, rows: chartRows(block.chart) }];
  return [];
}

function about(paper: Paper): Sheet {
  const iso = (at: number) => new Date(at).toISOString();
  const notices = paper.blocks.flatMap((block) =>
    block.block === 'notice' ? [['notice', `${block.title}. ${block.runs.map(plain).join('')}`]] : [],
  );
  return {
    name: 'about',
    rows: [
      ['what', 'value'],
      ['title', paper.title],
      ['scope', paper.scope],
      ['period', paper.period],
      ['from', iso(paper.from)],
      ['to', iso(paper.to)],
      ['time_zone', paper.zone],
      ['as_of', iso(paper.asOf)],
      ['provisional', paper.revision === undefined ? 'yes' : 'no'],
      ['revision', paper.revision ?? ''],
      ['version', paper.version],
      ['pseudonymised', paper.pseudonymised ? 'yes' : 'no'],
      ...notices,
    ],
  };
}

/** What each of the tables counts. */
function populations({ blocks }: Paper): Sheet {
  const rows = blocks.flatMap((block) => {
    const [sheet] = sheetOf(block);
    return sheet && 'population' in block && block.population !== undefined ? [[sheet.name, block.population]] : [];
  });
  return { name: 'populations', rows: [['table', 'counts'], ...rows] };
}

function plain(run: Run): string {
  if (typeof run === 'string') return run;
  return 'strong' in run ? run.strong : 'code' in run ? run.code : run.link;
}

/** A column whose cells lead somewhere is followed by one with their links. */
function tableSheet({ name, columns, rows }: TableBlock): Sheet {
  const names = columns.map(({ title }) => columnName(title));
  return {
    name,
    rows: [
      names.flatMap((column, i) => (columns[i]?.linked ? [column, `${column}_url`] : [column])),
      ...rows.map((row) =>
        row.flatMap(({ text, value, url }, i) => (columns[i]?.linked ? [value ?? text, url ?? ''] : [value ?? text])),
      ),
    ],
  };
}

function figureRows(figures: readonly ScoreFigure[]): Sheet['rows'] {
  const rows = figures.map(({ label, text, value, note }) => [label, value ?? text, text, note ?? '']);
  return [['figure', 'value', 'text', 'note'], ...rows];
}

function chartRows(spec: ChartSpec): Sheet['rows'] {
  switch (spec.chart) {
    case 'stacked-columns':
      return [
        ['when', ...SEVERITIES],
        ...spec.columns.map(({ label, when = label, values }) => [
          when,
          ...SEVERITIES.map((severity) => values[severity]),
        ]),
      ];
    case 'line':
      return [['when', columnName(spec.unit)], ...spec.points.map(({ label, when = label, value }) => [when, value])];
    case 'bars-with-share':
      return [
        ['what', columnName(spec.unit), columnName(spec.partWords), 'note'],
        ...spec.bars.map(({ label, value, part, note }) => [label, value, part, note]),
      ];
    case 'dots':
      return [
        ['what', 'median_minutes', 'p90_minutes', 'n', 'target_minutes'],
        ...spec.rows.map(({ label, medianMinutes, p90Minutes, n, targetMinutes }) => [
          label,
          medianMinutes ?? '',
          p90Minutes ?? '',
          n,
          targetMinutes ?? '',
        ]),
      ];
    case 'heat-strip':
      return [['what', columnName(spec.unit)], ...spec.cells.map(({ label, value }) => [label, value])];
  }
}

function columnName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
