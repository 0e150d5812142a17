import { html } from 'hono/html';
import { SEVERITIES } from '../../../../domain/alert.ts';
import { STANDINGS } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Html } from '../../page.ts';
import { pathWith } from '../parts/places.ts';
import { type AlertFilter, CATEGORIES, type Word } from './alert-filter.ts';

/** More names than this make a list that nobody scrolls and a page that is too heavy. */
const MOST_OPTIONS = 100;

const NAMES: Readonly<Record<Word, string>> = {
  text: 'Title or id',
  tenant: 'Tenant',
  state: 'State',
  severity: 'Severity',
  category: 'Category',
  user: 'User',
  address: 'IP address',
  since: 'From',
  until: 'To',
};

/** The filter as a form whose answer is a link. */
export function filterForm({ typed }: AlertFilter, tenants: readonly string[]): Html {
  const rare = (['category', 'user', 'address', 'since', 'until'] as const).some((word) => typed[word] !== undefined);
  return html`<form class="filters" method="get" action="/alerts" role="search">
<div class="row">
${field('text', typed.text, 'search', 'part of a title, or an id')}
${tenants.length > MOST_OPTIONS ? field('tenant', typed.tenant, 'text', 'whole name') : choice('tenant', typed.tenant, tenants)}
${choice('state', typed.state, STANDINGS)}
${choice('severity', typed.severity, SEVERITIES)}
<button>Show</button>
</div>
<details${rare ? html` open` : ''}><summary>More: category, user, address, time</summary>
<div class="row">
${choice('category', typed.category, CATEGORIES)}
${field('user', typed.user, 'text', 'whole name or address')}
${field('address', typed.address, 'text', '203.0.113.7')}
${field('since', typed.since, 'text', '2026-11-24')}
${field('until', typed.until, 'text', '2026-11-24')}
</div></details>
</form>`;
}

function field(word: Word, value: string | undefined, type: string, hint: string): Html {
  return html`<label>${NAMES[word]} <input type="${type}" name="${word}" value="${value ?? ''}" placeholder="${hint}" autocomplete="off" spellcheck="false"></label>`;
}

function choice(word: Word, value: string | undefined, all: readonly string[]): Html {
  const known = value === undefined || all.includes(value) ? all : [value, ...all];
  return html`<label>${NAMES[word]} <select name="${word}"><option value="">any</option>${known.map(
    (one) => html`<option${one === value ? html` selected` : ''}>${one}</option>`,
  )}</select></label>`;
}

/** What is asked for, each word with the way to do without it. */
export function chips({ typed }: AlertFilter): Html | '' {
  const words = Object.entries(typed) as [Word, string][];
  if (words.length === 0) return '';
  return html`<ul class="chips" aria-label="Filters in force">${words.map(
    ([word, text]) =>
      html`<li><a href="${pathWith('/alerts', { ...typed, [word]: undefined })}" title="Show without this filter"><span class="quiet">${NAMES[word]}</span> ${text} <span aria-hidden="true">×</span><span class="hidden">: remove</span></a></li>`,
  )}${words.length > 1 ? html`<li><a href="/alerts">Remove all</a></li>` : ''}</ul>`;
}
