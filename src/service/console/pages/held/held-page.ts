import { html } from 'hono/html';
import type { DedupKey } from '../../../../domain/alert.ts';
import type { HeldAlert } from '../../../../domain/outcome.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { HeldCause } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Ask, Html, Page } from '../../page.ts';
import { NothingHere } from '../../page.ts';
import { alertPath, tenantLink } from '../parts/links.ts';
import { pager, pathWith, ROWS, readPlace, writePlace } from '../parts/places.ts';
import { ago, count, empty, sayTitle, severityTag } from '../parts/words.ts';
import { allOf, causeCard, causeId, reasonOf } from './cause-card.ts';
import { causeNamed, dropAll, dropChosen, MOST_CAUSES, retryAll, retryChosen } from './held-acts.ts';

/** What is held, by cause. */
export const heldPage: Page = {
  path: '/held',
  here: 'held',
  async show(ask) {
    const { causes, more } = await ask.parts.atWork().ledger.catalogue.causes({ most: MOST_CAUSES });
    const all = causes.reduce((sum, { alerts }) => sum + alerts, 0);
    const body =
      causes.length === 0
        ? empty(
            'Nothing is held.',
            html`Every alert that was read is on its way, has its issue, or needs none. <a href="/alerts?state=dropped">Those that people dropped</a> stay listed.`,
          )
        : html`<p>${count(all, 'alert')} ${all === 1 ? 'is' : 'are'} held for ${count(causes.length + more, 'cause')}. A held alert is not lost: it waits for a mend, and is retried or dropped here.</p>
<h2>By cause</h2>
${causes.map((cause) => causeCard(cause, ask))}
${more === 0 ? '' : html`<p>${count(more, 'cause')} with fewer alerts are listed once these are dealt with; <a href="/alerts?state=held">all held alerts</a>.</p>`}`;
    return { title: 'Held', body: html`<div data-live="held">${body}</div>` };
  },
};

/** The held alerts of one cause. */
export const heldCausePage: Page = {
  path: '/held/:cause',
  here: 'held',
  async show(ask) {
    const { ledger } = ask.parts.atWork();
    const id = ask.params.cause ?? '';
    const cause = await causeNamed(ledger.catalogue, id);
    if (!cause)
      throw new NothingHere(
        'Nothing is held for this cause any more: it was retried or dropped, here or by somebody else. What is held now is listed under Held.',
      );
    const after = readPlace(ask.query.get('older'));
    const { alerts, next } = await ledger.catalogue.heldFor({ cause, most: ROWS, ...(after ? { after } : {}) });
    const path = `/held/${id}`;
    return {
      title: reasonOf(cause).name,
      body: html`<p><a href="/held">← All causes</a></p>
<div data-live="held">
<blockquote>${clean(cause.why) || 'no reason was given'}</blockquote>
<p class="quiet">${reasonOf(cause).mend}</p>
<h2>${count(cause.alerts, 'alert')} of ${count(cause.tenants, 'tenant')}</h2>
${allOf(cause, ask)}
${chosenForm(alerts, cause, ask)}
${pager({ newer: after && path, older: next && pathWith(path, { older: writePlace(next) }), words: ['First page', 'Older'] })}
</div>`,
    };
  },
  acts: [retryChosen, dropChosen, retryAll, dropAll],
};

/** The list with a box for each; two buttons send the same form to two acts. */
function chosenForm(alerts: readonly HeldAlert[], cause: HeldCause, { viewer, csrf, now }: Ask): Html {
  const acts = viewer.may === 'act';
  const table = html`<div class="scroll"><table class="list held">
<thead><tr>${acts ? html`<th scope="col"><span class="hidden">Choose</span></th>` : ''}<th scope="col">Alert</th><th scope="col">Severity</th><th scope="col">Tenant</th><th scope="col">Created</th><th scope="col">Held</th><th scope="col">Tried again</th></tr></thead>
<tbody>${alerts.map((alert) => row(alert, acts, now))}</tbody></table></div>`;
  if (!acts) return table;
  return html`<form method="post" action="/held/retry" class="chosen">${csrf}<input type="hidden" name="cause" value="${causeId(cause)}">
${table}
<div class="acts"><button>Retry the chosen</button>
<details><summary>Drop the chosen</summary><label for="why">Why (it is kept with the alerts)</label>
<input id="why" name="why" maxlength="500" autocomplete="off"> <button class="grave" formaction="/held/drop">Drop the chosen for good</button></details></div>
</form>`;
}

function row(
  { key, tenant, alertId, title, severity, createdAt, heldAt, retryAt }: HeldAlert,
  acts: boolean,
  now: number,
): Html {
  const name = sayTitle(title);
  return html`<tr>
${acts ? html`<td class="choose"><input type="checkbox" name="key" value="${key satisfies DedupKey}" aria-label="Choose ${name} of ${tenant}"></td>` : ''}
<th scope="row"><a href="${alertPath({ tenant, alertId })}">${name}</a></th>
<td data-name="Severity">${severityTag(severity)}</td>
<td data-name="Tenant">${tenantLink(tenant)}</td>
<td data-name="Created">${ago(createdAt, now)}</td>
<td data-name="Held">${ago(heldAt, now)}</td>
<td data-name="Tried again">${retryAt === undefined ? 'by hand only' : ago(retryAt, now)}</td>
</tr>
`;
}
