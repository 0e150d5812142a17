import { clean } from '../../domain/text/clean.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { drawChart } from '../charts/draw-chart.ts';
import type { Block, Paper, Run, TableBlock, Trace } from '../paper.ts';
import { instant } from '../papers/words/times.ts';
import { cleanPiece } from './clean-piece.ts';
import { withFonts } from './fonts/with-fonts.ts';
import { inTwoParts, type Said } from './in-two-parts.ts';
import { safeUrl } from './markup.ts';
import { REPORT_TEMPLATE } from './report-template.ts';
import { sayRevision } from './say-revision.ts';
import { typeset } from './typeset.ts';

/** In units of the charts, for a page of about 490 points across: their text is then about nine points. */
const CHART_WIDTH = 640;

/** A longer figure is set smaller. */
const LONG_FIGURE = 11;

/** One longer than this may need more than one line. */
const WIDE_FIGURE = 24;

/** A column whose texts are no longer than this is as wide as they are; the others share the rest. */
const SHORT = 22;

/** A longer query than this is in the annex alone. */
const LONG_QUERY = 240;

/**
 * A paper as PDF/UA: tagged, with a title, alternative texts and page numbers. The same paper gives the same bytes: its
 * time stamp is the instant as of which the report was made.
 */
export async function renderPdf(paper: Paper, { paperSize }: { paperSize: 'a4' | 'letter' }): Promise<Uint8Array> {
  return typeset(REPORT_TEMPLATE, {
    paper: dataOf(paper, paperSize === 'letter' ? 'us-letter' : 'a4'),
    at: Math.floor(paper.asOf / SECOND_MS),
  });
}

/** All that the template says, each text cleaned; absent things are null, for Typst knows no other absence. */
function dataOf(paper: Paper, size: string): object {
  const names = paper.pseudonymised ? ' · users under other names' : '';
  const heading = clean(`${paper.title}, ${paper.period}`);
  const { before, annex } = inTwoParts(paper.blocks);
  return {
    size,
    heading,
    scope: clean(paper.scope),
    running: heading,
    foot: `${paper.revision === undefined ? 'Provisional' : `Revision ${paper.revision}`}${names}`,
    span: clean(paper.span),
    about: `As recorded by ${instant(paper.asOf, paper.zone)} · ${sayRevision(paper.revision)}${names} · Casewire ${paper.version}`,
    short: paper.kind === 'daily',
    blocks: before.map(block),
    annex: annex.map(block),
  };
}

function block(one: Said): object {
  switch (one.block) {
    case 'heading':
      return { block: one.block, level: one.level === 3 ? 2 : 1, text: clean(one.text) || '–' };
    case 'text':
      return { block: one.block, runs: one.runs.map(run) };
    case 'list':
      return { block: one.block, items: one.items.map((item) => item.map(run)) };
    case 'notice':
      return { block: one.block, tone: one.tone, title: clean(one.title), runs: one.runs.map(run) };
    case 'figures':
      return { block: one.block, figures: one.figures.map(figure), trace: trace(one) };
    case 'chart':
      return {
        block: one.block,
        title: clean(one.chart.title),
        caption: clean(one.caption),
        says: clean(one.chart.says) || clean(one.chart.title) || 'Chart',
        svg: withFonts(drawChart(one.chart, { theme: 'print', width: CHART_WIDTH })),
        trace: trace(one),
      };
    case 'table':
      return table(one);
    case 'timeline':
      return { block: one.block, steps: one.steps.map(({ at, text }) => ({ at: clean(at), text: text.map(run) })) };
  }
}

function table(one: TableBlock): object {
  const { block: kind, caption, columns, rows, empty } = one;
  const longest = columns.map(({ title }, at) =>
    Math.max(...[title, ...rows.map((row) => row[at]?.text ?? '')].map(sizeOf)),
  );
  const most = Math.max(0, ...longest);
  const isShort = (length = 0, align = 'left') => length <= SHORT && (length < most || align === 'right');
  return {
    block: kind,
    caption: clean(caption),
    columns: columns.map(({ title, align, weight = 1 }, at) => ({
      title: clean(title),
      align,
      weight,
      fits: isShort(longest[at], align),
    })),
    rows: rows.map((row) =>
      row.map(({ text, url, tone = 'plain' }) => ({ text: clean(text), url: safeUrl(url) ?? null, tone })),
    ),
    empty: clean(empty),
    trace: trace(one),
  };
}

function sizeOf(text: string): number {
  return [...text].length;
}

function figure({
  label,
  text,
  note,
  tone = 'plain',
}: Extract<Block, { block: 'figures' }>['figures'][number]): object {
  return {
    label: clean(label),
    text: clean(text),
    long: [...text].length > LONG_FIGURE,
    wide: [...text].length > WIDE_FIGURE,
    note: note === undefined ? null : clean(note),
    tone,
  };
}

function trace({ population, trace: from = {} }: { population?: string; trace?: Trace }): object | null {
  if (from.jql === undefined && population === undefined) return null;
  return {
    jql: from.jql === undefined || from.jql.length > LONG_QUERY ? null : clean(from.jql),
    annexed: (from.jql?.length ?? 0) > LONG_QUERY,
    population: population === undefined ? null : clean(population),
  };
}

function run(piece: Run): object {
  if (typeof piece === 'string') return { kind: 'text', text: cleanPiece(piece) };
  if ('strong' in piece) return { kind: 'strong', text: cleanPiece(piece.strong) };
  if ('code' in piece) return { kind: 'code', text: clean(piece.code) };
  return { kind: 'link', text: clean(piece.link), url: safeUrl(piece.url) ?? null };
}
