import { createHash } from 'node:crypto';
import type { Block, Paper } from '../paper.ts';
import { instant } from '../papers/words/times.ts';
import { htmlBlock } from './html-blocks.ts';
import { REPORT_STYLES } from './html-styles.ts';
import { inTwoParts } from './in-two-parts.ts';
import { type Markup, markup, trusted } from './markup.ts';
import { sayRevision } from './say-revision.ts';

/** From so many sections on a reader is given a list of them. */
const SECTIONS_TO_LIST = 5;

/**
 * A paper as one HTML file that needs nothing else: no script, nothing loaded, one stylesheet that its own policy names
 * by hash. It follows the reader's light or dark, prints on any paper and is read at any width. All text is escaped.
 */
export function renderHtml(paper: Paper): string {
  const hash = createHash('sha256').update(REPORT_STYLES).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Casewire ${paper.version}">
<title>${paper.title}, ${paper.period}: ${paper.scope}</title>
<style>${trusted(REPORT_STYLES)}</style>
</head>
<body>
<div class="page">
${titleBlock(paper)}
<main>
${body(paper.blocks)}
</main>
<footer class="end">${paper.scope} · ${paper.title}, ${paper.period} · ${sayRevision(paper.revision)}</footer>
</div>
</body>
</html>
`;
  return String(page);
}

function titleBlock(paper: Paper): Markup {
  const names = paper.pseudonymised ? ' · users under other names' : '';
  return markup`<header class="title"><p class="scope">${paper.scope}</p><h1>${paper.title}, ${paper.period}</h1><p class="about">${paper.span}</p><p class="about">As recorded by ${instant(paper.asOf, paper.zone)} · ${sayRevision(paper.revision)}${names} · Casewire ${paper.version}</p>${contents(paper.blocks)}</header>`;
}

function contents(blocks: readonly Block[]): Markup | '' {
  const sections = blocks.flatMap((block) => (block.block === 'heading' && block.level < 3 ? [block] : []));
  if (sections.length < SECTIONS_TO_LIST) return '';
  return markup`<nav class="contents" aria-label="Contents"><ol>${sections.map(
    ({ id, text }) => markup`<li><a href="#${id}">${text}</a></li>`,
  )}</ol></nav>`;
}

function body(blocks: readonly Block[]): Markup {
  const { before, annex } = inTwoParts(blocks);
  const end =
    annex.length === 0 ? '' : markup`<section class="annex" aria-label="Annex">${annex.map(htmlBlock)}</section>`;
  return markup`${before.map(htmlBlock)}${end}`;
}
