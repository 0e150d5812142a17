import { drawChart } from '../charts/draw-chart.ts';
import type { Block, Cell, ScoreFigure, TableBlock, Trace } from '../paper.ts';
import type { Said } from './in-two-parts.ts';
import { link, type Markup, markup, runs, trusted } from './markup.ts';

const WIDE = 760;
const NARROW = 300;

/** From so many columns on a table is wider than a telephone. */
const MANY_COLUMNS = 4;

/** With so few a table across the whole page would part what belongs together. */
const FEW_COLUMNS = 3;

/** A longer figure is set smaller. */
const LONG_FIGURE = 8;

/** A longer query than this is in the annex alone. */
const LONG_QUERY = 240;

/** One block of a paper as HTML. */
export function htmlBlock(block: Said): Markup {
  switch (block.block) {
    case 'heading':
      return heading(block);
    case 'text':
      return markup`<p>${runs(block.runs)}</p>\n`;
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li>${runs(item)}</li>`)}</ul>\n`;
    case 'notice':
      return markup`<div class="notice ${block.tone}" role="note"><p class="what">${block.title}</p><p>${runs(block.runs)}</p></div>\n`;
    case 'figures':
      return markup`<dl class="figures">${block.figures.map(figure)}</dl>${trace(block)}\n`;
    case 'chart':
      return markup`<figure><figcaption><b>${block.chart.title}</b> ${block.caption}</figcaption><div class="wide">${trusted(drawChart(block.chart, { theme: 'class', width: WIDE }))}</div><div class="narrow">${trusted(drawChart(block.chart, { theme: 'class', width: NARROW }))}</div>${trace(block)}</figure>\n`;
    case 'table':
      return block.rows.length === 0
        ? markup`<p class="empty"><strong>${block.caption}.</strong> <span>${block.empty}</span></p>${trace(block)}\n`
        : table(block);
    case 'timeline':
      return markup`<ol class="timeline">${block.steps.map(
        ({ at, text }) => markup`<li><span class="at">${at}</span> <span class="step">${runs(text)}</span></li>`,
      )}</ol>\n`;
  }
}

/** The page's own title is the first level, so no heading of a paper stands above the second. */
function heading({ level, text, id }: Extract<Block, { block: 'heading' }>): Markup {
  return level === 3 ? markup`<h3 id="${id}">${text}</h3>\n` : markup`<h2 id="${id}">${text}</h2>\n`;
}

function figure({ label, text, note, tone = 'plain' }: ScoreFigure): Markup {
  const size = [...text].length > LONG_FIGURE ? 'long' : 'short';
  const value = markup`<dd class="value ${size} ${tone}">${text}</dd>`;
  return markup`<div><dt>${label}</dt>${value}${note === undefined ? '' : markup`<dd class="note">${note}</dd>`}</div>`;
}

function table(block: TableBlock): Markup {
  const { name, caption, columns, rows } = block;
  const id = `table-${name}`;
  const many = columns.length > MANY_COLUMNS ? 'many' : columns.length <= FEW_COLUMNS ? 'few' : 'some';
  const numbers = columns.flatMap(({ align }, at) => (align === 'right' ? [`r${at + 1}`] : []));
  const head = columns.map(({ title }) => markup`<th scope="col">${title}</th>`);
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table class="${[many, ...numbers].join(' ')}"><caption id="${id}"><b>${caption}</b></caption><thead><tr>${head}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, at) => tableCell(cell, at))}</tr>\n`,
  )}</tbody></table></div>${trace(block)}\n`;
}

function tableCell({ text, url, tone = 'plain' }: Cell, at: number): Markup {
  const toned = tone === 'plain' ? '' : markup` class="${tone}"`;
  return at === 0
    ? markup`<th scope="row"${toned}>${link(text, url)}</th>`
    : markup`<td${toned}>${link(text, url)}</td>`;
}

/** What was counted, and its query, for copying; where that is a long list of keys the annex has it. */
function trace({ population, trace: from = {} }: { population?: string; trace?: Trace }): Markup | '' {
  if (population === undefined && from.jql === undefined) return '';
  const jql =
    from.jql === undefined
      ? ''
      : from.jql.length > LONG_QUERY
        ? 'In Jira: by the query in the annex.'
        : markup`In Jira: <code>${from.jql}</code>`;
  return markup`<p class="trace">${population === undefined ? '' : markup`${population} `}${jql}</p>`;
}
