import { html } from 'hono/html';
import { NothingHere, type Page } from '../../page.ts';
import { pager, pathWith, ROWS } from '../parts/places.ts';
import { beatsOf, rowsFrom, tenantRows, tenantTable } from '../parts/tenant-rows.ts';
import { todayOf } from '../parts/today.ts';
import { count, empty } from '../parts/words.ts';

/** All tenants, the worst first, or those whose names have a text in them. */
export const tenantsPage: Page = {
  path: '/tenants',
  here: 'tenants',
  async show({ parts, query, now }) {
    const { config, ledger } = parts.atWork();
    const text = (query.get('name') ?? '').trim().slice(0, 100);
    const all = tenantRows(await parts.standings.now());
    const found = all.filter(({ vitals }) => vitals.tenant.toLowerCase().includes(text.toLowerCase()));
    if (query.has('after') && query.has('before')) throw new NothingHere('A list goes on in one direction at a time.');
    const list = rowsFrom(found, query, ROWS);
    const today = await todayOf(ledger.catalogue, list.shown, now);
    const to = (place: 'after' | 'before') => list[place] && pathWith('/tenants', { name: text, [place]: list[place] });
    const troubled = found.filter(({ warnings }) => warnings.length > 0).length;
    return {
      title: 'Tenants',
      body: html`<form class="filters" method="get" action="/tenants" role="search"><div class="row">
<label>Name <input type="search" name="name" value="${text}" placeholder="part of a name" autocomplete="off" spellcheck="false"></label><button>Show</button></div></form>
<div data-live="tenants">
${
  found.length === 0
    ? empty('No tenant has this in its name.', html`<a href="/tenants">Show all ${count(all.length, 'tenant')}</a>`)
    : html`<p class="quiet">${count(found.length, 'tenant')}, of which ${count(troubled, 'needs', 'need')} a look; the worst first.</p>${tenantTable(list.shown, { now, today, everyMs: beatsOf(config) })}`
}
${pager({ newer: to('before'), older: to('after'), words: ['Worse', 'Better'] })}
</div>`,
    };
  },
};
