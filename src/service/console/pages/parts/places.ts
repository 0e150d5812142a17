import { html } from 'hono/html';
import type { DedupKey } from '../../../../domain/alert.ts';
import type { CataloguePlace } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Html } from '../../page.ts';

/** Rows of a list on one page. */
export const ROWS = 50;

/** A place in the order of alerts as it stands in a link. */
export function writePlace({ createdAt, key }: CataloguePlace): string {
  return `${createdAt}~${key}`;
}

/** Reads such a place; `undefined` for what is none. */
export function readPlace(text: string | null): CataloguePlace | undefined {
  const parts = /^(\d{1,15})~(.{1,600})$/s.exec(text ?? '');
  return parts ? { createdAt: Number(parts[1]), key: parts[2] as DedupKey } : undefined;
}

/** A path with a query, of which empty words are left out. */
export function pathWith(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const words = Object.entries(query).filter((pair): pair is [string, string] => (pair[1] ?? '') !== '');
  const text = new URLSearchParams(words).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Where a list goes on, in both directions; nothing where it has one page. */
export function pager(links: {
  newer?: string | undefined;
  older?: string | undefined;
  words?: readonly [string, string];
}): Html | '' {
  const { newer, older, words: [back, on] = ['Newer', 'Older'] } = links;
  if (newer === undefined && older === undefined) return '';
  const to = (path: string | undefined, rel: string, name: string) =>
    path === undefined
      ? html`<span class="button off" aria-disabled="true">${name}</span>`
      : html`<a class="button" rel="${rel}" href="${path}">${name}</a>`;
  return html`<nav class="pager" aria-label="Pages">${to(newer, 'prev', `← ${back}`)}${to(older, 'next', `${on} →`)}</nav>`;
}
