import { html } from 'hono/html';
import type { Config } from '../../../../config/config.ts';
import { sayInstant } from '../../../../domain/time.ts';
import type {
  Catalogue,
  CatalogueLine,
  CataloguePage,
  CataloguePlace,
} from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Html, Page } from '../../page.ts';
import { alertPath, issueLink, tenantLink } from '../parts/links.ts';
import { pager, pathWith, ROWS, readPlace, writePlace } from '../parts/places.ts';
import { empty, instant, sayTitle, sayUsers, severityTag, standingTag } from '../parts/words.ts';
import { type AlertFilter, readFilter } from './alert-filter.ts';
import { chips, filterForm } from './filter-form.ts';

const MOST_SUGGESTED = 8;

/** All alerts, the newest first, as a filter wants them; each view has its link. */
export const alertsPage: Page = {
  path: '/alerts',
  here: 'alerts',
  async show({ parts, query }) {
    const { config, ledger } = parts.atWork();
    const { catalogue } = ledger;
    const asked = readFilter(query);
    const [older, newer] = [readPlace(query.get('older')), readPlace(query.get('newer'))];
    const place = older ?? newer;
    const from = place && { place, towards: older ? ('older' as const) : ('newer' as const) };
    const page: CataloguePage =
      asked.mistakes.length > 0
        ? { lines: [] }
        : await catalogue.page({ filter: asked.filter, most: ROWS, ...(from ? { from } : {}) });
    return {
      title: 'Alerts',
      body: html`${filterForm(
        asked,
        config.tenants.map(({ tenant }) => tenant),
      )}
${chips(asked)}
<div data-live="alerts">
${page.lines.length > 0 ? table(page.lines, config) : await nothing(asked, { catalogue, page, moved: from !== undefined })}
${lookedTo(page, asked)}
${pager({ newer: linkTo(asked, 'newer', page.newer), older: page.lookedTo === undefined ? linkTo(asked, 'older', page.older) : undefined })}
</div>`,
    };
  },
};

function linkTo(
  { typed }: AlertFilter,
  towards: 'older' | 'newer',
  place: CataloguePlace | undefined,
): string | undefined {
  return place && pathWith('/alerts', { ...typed, [towards]: writePlace(place) });
}

function table(lines: readonly CatalogueLine[], config: Config): Html {
  return html`<div class="scroll"><table class="list alerts">
<thead><tr><th scope="col">Created</th><th scope="col">Severity</th><th scope="col">Alert</th><th scope="col">Tenant</th><th scope="col">Users</th><th scope="col">State</th><th scope="col">Issue</th></tr></thead>
<tbody>${lines.map((line) => row(line, config))}</tbody></table></div>`;
}

function row(line: CatalogueLine, config: Config): Html {
  const { createdAt, severity, title, tenant, users, standing, why, ticket } = line;
  return html`<tr>
<td data-name="Created">${instant(createdAt)}</td>
<td data-name="Severity">${severityTag(severity)}</td>
<th scope="row"><a href="${alertPath(line)}">${sayTitle(title)}</a></th>
<td data-name="Tenant">${tenantLink(tenant)}</td>
<td data-name="Users">${sayUsers(users)}</td>
<td data-name="State"><span title="${why}">${standingTag(standing)}</span></td>
<td data-name="Issue">${ticket ? issueLink(ticket, config) : html`<span class="quiet">none</span>`}</td>
</tr>
`;
}

/** How far a look went that stopped before the page was full. */
function lookedTo({ lookedTo: at, older, newer, lines }: CataloguePage, asked: AlertFilter): Html | '' {
  const place = older ?? newer;
  if (at === undefined || !place) return '';
  const few = lines.length === 0 ? 'None of the alerts looked at so far is as asked' : 'Few alerts are as asked';
  return html`<p class="notice attention">${few}; looked as far as ${sayInstant(at)}. <a class="button" href="${linkTo(asked, older ? 'older' : 'newer', place)}">Look on</a> or narrow it to a tenant or a time.</p>`;
}

/** Why there is nothing: a word that means nothing, a filter that hides all, or no alert at all. */
async function nothing(
  asked: AlertFilter,
  { catalogue, page, moved }: { catalogue: Catalogue; page: CataloguePage; moved: boolean },
): Promise<Html | ''> {
  if (asked.mistakes.length > 0)
    return html`<div class="notice bad" role="alert">${asked.mistakes.map((says) => html`<p>${says}</p>`)}</div>`;
  if (page.lookedTo !== undefined) return '';
  if (moved) return empty('There are no more.', html`<a href="${pathWith('/alerts', asked.typed)}">To the newest</a>`);
  const words = Object.entries(asked.typed);
  if (words.length === 0)
    return empty(
      'No alert has been read yet.',
      html`They appear here as soon as a tenant is read; <a href="/tenants">how the tenants stand</a>.`,
    );
  const said = words.map(([word, text]) => `${word} “${text}”`).join(', ');
  return empty(
    `No alert is as asked: ${said}.`,
    html`Remove a filter above, or <a href="/alerts">show all</a>.${await suggestions(asked, catalogue)}`,
  );
}

/** Users and addresses are looked for whole: those that begin as was typed may be the one that was meant. */
async function suggestions({ typed }: AlertFilter, catalogue: Catalogue): Promise<Html | ''> {
  const kinds = (['user', 'address'] as const).filter((kind) => typed[kind] !== undefined);
  const found: Html[] = [];
  for (const kind of kinds) {
    const begins = typed[kind] ?? '';
    const names = (await catalogue.named({ kind, begins, most: MOST_SUGGESTED })).filter(
      (name) => name !== begins.toLowerCase(),
    );
    if (names.length > 0)
      found.push(
        html` ${kind === 'user' ? 'Users' : 'Addresses'} that begin so: ${names.map(
          (name) => html`<a href="${pathWith('/alerts', { ...typed, [kind]: name })}">${name}</a> `,
        )}`,
      );
  }
  return found.length === 0 ? '' : html`${found}`;
}
