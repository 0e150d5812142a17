import { html } from 'hono/html';
import type { Warning } from '../../../../domain/vitals.ts';
import type { Ask, Html } from '../../page.ts';

/** What to do about what is not well: the console's own page or button where it has one, else the command to type. */
export function mendOf({ kind, tenant, mend }: Warning, { viewer, csrf }: Ask): Html {
  const acts = viewer.may === 'act';
  if (kind === 'held' || kind === 'held-grows') return html`<a class="button small" href="/held">See what is held</a>`;
  if (kind === 'audit-differs' && tenant !== undefined)
    return html`<a class="button small" href="/tenants/${encodeURIComponent(tenant)}#recount">See the last recount</a>`;
  if (kind === 'report-failed' && acts)
    return html`${mend} <form method="post" action="/reports/retry">${csrf}<button class="small">Deliver now</button></form>`;
  if (mend.startsWith('casewire check') && tenant !== undefined && acts)
    return html`<form method="post" action="/settings/check">${csrf}<input type="hidden" name="tenant" value="${tenant}"><button class="small">Check ${tenant}</button></form>`;
  return mend.startsWith('casewire ') ? html`<code>${mend}</code>` : html`${mend}`;
}
