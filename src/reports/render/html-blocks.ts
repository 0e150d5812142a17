import { drawChart } from '../charts/draw-chart.ts';
import type { Block, Cell, Column, ScoreFigure, TableBlock, Tone, Trace } from '../paper.ts';
import { link, type Markup, markup, runs, trusted } from './markup.ts';

const WIDE = 760;
const NARROW = 300;

/** From so many columns on a table is wider than a telephone. */
const MANY_COLUMNS = 4;

/** A longer figure is set smaller. */
const LONG_FIGURE = 11;

/** A shape beside each tone's colour, and its word for those who see neither. */
const MARKS: Readonly<Record<Exclude<Tone, 'plain'>, { sign: string; word: string }>> = {
  good: { sign: '✓', word: 'good' },
  attention: { sign: '▲', word: 'attention' },
  bad: { sign: '■', word: 'bad' },
};

/** One block of a paper as HTML; the annex is the page's own affair. */
export function htmlBlock(block: Exclude<Block, { block: 'annex' }>): Markup {
  switch (block.block) {
    case 'heading':
      return heading(block);
    case 'text':
      return markup`<p>${runs(block.runs)}</p>\n`;
    case 'list':
      return markup`<ul>${block.items.map((item) => markup`<li>${runs(item)}</li>`)}</ul>\n`;
    case 'notice':
      return markup`<div class="notice ${block.tone}" role="note"><p class="what">${mark(block.tone)}${block.title}</p><p>${runs(block.runs)}</p></div>\n`;
    case 'figures':
      return markup`<dl class="figures">${block.figures.map(figure)}</dl>${trace(block.trace)}\n`;
    case 'chart':
      return markup`<figure><figcaption><b>${block.chart.title}</b> ${block.caption}</figcaption><div class="wide">${trusted(drawChart(block.chart, { theme: 'class', width: WIDE }))}</div><div class="narrow">${trusted(drawChart(block.chart, { theme: 'class', width: NARROW }))}</div>${trace(block.trace)}</figure>\n`;
    case 'table':
      return block.rows.length === 0
        ? markup`<p class="empty"><strong>${block.caption}.</strong> <span>${block.empty}</span></p>${trace(block.trace)}\n`
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
  const value =
    tone === 'plain'
      ? markup`<dd class="value ${size}">${text}</dd>`
      : markup`<dd class="value toned ${tone} ${size}">${mark(tone)}${text}</dd>`;
  return markup`<div><dt>${label}</dt>${value}${note === undefined ? '' : markup`<dd class="note">${note}</dd>`}</div>`;
}

function table({ name, caption, columns, rows, trace: from }: TableBlock): Markup {
  const id = `table-${name}`;
  const many = columns.length > MANY_COLUMNS ? 'many' : 'few';
  const head = columns.map(({ title, align }) => markup`<th scope="col" class="${align}">${title}</th>`);
  return markup`<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table class="${many}"><caption id="${id}"><b>${caption}</b></caption><thead><tr>${head}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${row.map((cell, at) => tableCell(cell, columns[at], at))}</tr>\n`,
  )}</tbody></table></div>${trace(from)}\n`;
}

function tableCell({ text, url, tone = 'plain' }: Cell, column: Column | undefined, at: number): Markup {
  const words = link(text, url);
  const said = tone === 'plain' ? words : markup`<span class="toned ${tone}">${mark(tone)}${words}</span>`;
  const align = column?.align === 'right' ? markup` class="right"` : '';
  return at === 0 ? markup`<th scope="row"${align}>${said}</th>` : markup`<td${align}>${said}</td>`;
}

function mark(tone: Exclude<Tone, 'plain'>): Markup {
  const { sign, word } = MARKS[tone];
  return markup`<span class="mark" aria-hidden="true">${sign}</span><span class="hidden">${word}:</span> `;
}

function trace(from: Trace | undefined): Markup | '' {
  if (from === undefined || (from.jql === undefined && from.ledger === undefined)) return '';
  const jql = from.jql === undefined ? '' : markup`In Jira: <code>${from.jql}</code>`;
  const ledger = from.ledger === undefined ? '' : markup`Counted: ${from.ledger}. `;
  return markup`<p class="trace">${ledger}${jql}</p>`;
}
