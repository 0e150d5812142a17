import { sayDuration } from '../../../domain/time.ts';
import type { Listed, ReportModel, Share, TraceName } from '../../model.ts';
import type { Block, Cell, Column, TableBlock, Tone } from '../../paper.ts';
import { number, part } from '../words/numbers.ts';
import { dayTime } from '../words/times.ts';

/** What a paper is made of, and how long its lists may become. */
export interface Making {
  model: ReportModel;
  /** Most rows of a list. */
  most: number;
}

/** A list of the model as a table: cut at `most`, and its caption says of how many. */
export function listTable<T>({
  list,
  making,
  trace,
  caption,
  row,
  ...rest
}: Pick<TableBlock, 'name' | 'caption' | 'columns' | 'empty'> & {
  list: Listed<T>;
  making: Making;
  trace: TraceName;
  row: (row: T) => readonly Cell[];
}): TableBlock {
  const rows = list.rows.slice(0, making.most).map(row);
  const cut = rows.length < list.total ? `, the first ${number(rows.length)} of ${number(list.total)}` : '';
  return { block: 'table', ...rest, caption: `${caption}${cut}`, rows, trace: making.model.traces[trace] };
}

export function left(title: string, weight?: number): Column {
  return { title, align: 'left', ...(weight === undefined ? {} : { weight }) };
}

/** A column of words that may lead somewhere. */
export function links(title: string, weight?: number): Column {
  return { ...left(title, weight), linked: true };
}

export function right(title: string, weight?: number): Column {
  return { title, align: 'right', ...(weight === undefined ? {} : { weight }) };
}

export function words(text: string, tone?: Tone): Cell {
  return { text, ...(tone === undefined || tone === 'plain' ? {} : { tone }) };
}

/** Text that leads somewhere, where it is known. */
export function link(text: string, url: string | undefined): Cell {
  return { text, ...(url ? { url } : {}) };
}

export function quantity(n: number, tone?: Tone): Cell {
  return { ...words(number(n), tone), value: n };
}

/** The part of a share; its whole stands in a column of its own. */
export function partOf(of: Share, tone?: Tone): Cell {
  return { ...words(part(of), tone), value: of.count };
}

/** A span of time; machines read minutes. */
export function lasting(ms: number | undefined, tone?: Tone): Cell {
  if (ms === undefined) return { text: '–', value: '' };
  return { ...words(sayDuration(ms), tone), value: Math.round(ms / 6_000) / 10 };
}

/** An instant in the report's zone; machines read it in UTC. */
export function moment(at: number | undefined, { model }: Making): Cell {
  if (at === undefined) return { text: '–', value: '' };
  return { text: dayTime(at, model.period), value: new Date(at).toISOString() };
}

export const NONE: Cell = { text: '–', value: '' };

/** A heading whose id is made of its words. */
export function heading(level: 2 | 3, text: string): Block {
  const id = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { block: 'heading', level, text, id };
}
