import { html } from 'hono/html';
import { type AlertId, dedupKeyOf, type TenantId } from '../../../../domain/alert.ts';
import { categoryPath } from '../../../../domain/category.ts';
import type { AlertHistory } from '../../../../domain/outcome.ts';
import { clean, cleanLines } from '../../../../domain/text/clean.ts';
import type { Ask, Html, Page } from '../../page.ts';
import { NothingHere } from '../../page.ts';
import { alertPath, issueLink, knownLink, tenantLink } from '../parts/links.ts';
import { pathWith } from '../parts/places.ts';
import { facts, sayTitle, severityTag, standingTag } from '../parts/words.ts';
import { findingsTable } from './findings-table.ts';
import { standingIn, timeline } from './timeline.ts';

/** A page stays below 100 kB: of a longer record it shows the beginning and links to the whole. */
const MOST_RECORD = 30_000;
const MOST_DESCRIPTION = 8_000;

function keyIn({ params }: Ask) {
  const [tenant, alertId] = [params.tenant as TenantId, params.alert as AlertId];
  return { tenant, alertId, key: dedupKeyOf(tenant, alertId) };
}

/** Everything that is known of one alert, from the source to the issue. */
export const alertPage: Page = {
  path: '/alerts/:tenant/:alert',
  here: 'alerts',
  async show(ask) {
    const { casewire, ledger } = ask.parts.atWork();
    const { tenant, alertId, key } = keyIn(ask);
    const history = await casewire.explain(tenant, alertId);
    if (!history)
      throw new NothingHere(
        `Nothing is known of an alert ${clean(alertId)} of ${clean(tenant)}. Its id is the last part of its link in Defender; an alert that was not read yet is not here yet.`,
      );
    const known = (await ledger.factLog.of([key])).get(key) ?? [];
    const record = (await ledger.overview.record(key)) ?? '';
    return {
      title: sayTitle(history.line.title),
      body: html`<div data-live="alerts">
${head(history, ask)}
<section aria-labelledby="story"><h2 id="story">What happened</h2>${timeline(history, known)}</section>
<section aria-labelledby="who"><h2 id="who">Who and where</h2>${whoAndWhere(history)}${findingsTable(history.line.findings)}</section>
<section aria-labelledby="rules"><h2 id="rules">What was decided</h2>${decided(history)}</section>
<section aria-labelledby="words"><h2 id="words">The source’s own words</h2>${words(history)}
<details><summary>The record as the source gave it</summary>${recordOf(record, alertPath({ tenant, alertId }))}</details></section>
</div>`,
    };
  },
};

/** The record alone, whole. */
export const recordPage: Page = {
  path: '/alerts/:tenant/:alert/record',
  here: 'alerts',
  async show(ask) {
    const { key } = keyIn(ask);
    const record = await ask.parts.atWork().ledger.overview.record(key);
    if (record === undefined) throw new NothingHere(`Nothing is known of an alert ${clean(key)}.`);
    const name = key.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, 100);
    return new Response(record, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${name}.json"`,
      },
    });
  },
};

function head(history: AlertHistory, ask: Ask): Html {
  const { line, url } = history;
  const { config } = ask.parts.atWork();
  const standing = standingIn(line);
  const defender = knownLink(url, config);
  const urgency = line.priority === undefined ? '' : html` <span class="quiet">priority</span> ${clean(line.priority)}`;
  return html`${facts([
    ['State', html`${standingTag(standing)} ${clean(line.why)}`],
    ['Severity', html`${severityTag(line.severity)}${urgency}`],
    ['Tenant', tenantLink(line.tenant)],
    ['Issue', line.ticket ? issueLink(line.ticket, config) : html`<span class="quiet">none</span>`],
    [
      'In Defender',
      defender === undefined
        ? html`<span class="quiet">${clean(url) || 'no link'}</span>`
        : html`<a href="${defender}" rel="noreferrer">open the alert</a>`,
    ],
  ])}
${standing === 'held' ? heldActs(history, ask) : ''}`;
}

function heldActs({ line }: AlertHistory, { viewer, csrf }: Ask): Html | '' {
  if (viewer.may !== 'act') return '';
  const hidden = html`${csrf}<input type="hidden" name="key" value="${line.key}"><input type="hidden" name="alert" value="${alertPath(line)}">`;
  return html`<div class="acts">
<form method="post" action="/held/retry">${hidden}<button>Retry</button></form>
<details><summary>Drop</summary><form method="post" action="/held/drop">${hidden}<label for="why">Why (it is kept with the alert)</label>
<input id="why" name="why" required maxlength="500" autocomplete="off"> <button class="grave">Drop for good</button></form></details></div>`;
}

function whoAndWhere({ line, incomplete }: AlertHistory): Html {
  const users = line.users.slice(0, 50);
  const more = line.users.length - users.length;
  return facts([
    [
      'Users',
      users.length === 0
        ? html`<span class="quiet">none found</span>`
        : html`${users.map((user) => html`<a href="${pathWith('/alerts', { user })}" title="All alerts of this user">${clean(user)}</a> `)}${more > 0 ? `and ${more} more` : ''}`,
    ],
    ...(incomplete.length === 0 ? [] : [['Missing in the record', incomplete.map(clean).join(', ')] as const]),
  ]);
}

function decided({ line, label }: AlertHistory): Html {
  const { category, type, rules, project, issueType } = line;
  const refs = category
    ? [...category.tactics, ...category.techniques].map(({ id, name }) => (id === name ? id : `${id} ${name}`))
    : [];
  const path = category && categoryPath(category);
  const place = [project, issueType].flatMap((part) => (part === undefined ? [] : [clean(part)])).join(' / ');
  return html`${facts([
    ...(type === undefined ? [] : [['Detection', clean(type)] as const]),
    ...(path === undefined
      ? []
      : [['Category', html`<a href="${pathWith('/alerts', { category: path })}">${path}</a>`] as const]),
    ...(refs.length === 0 ? [] : [['ATT&CK', clean(refs.join(', '))] as const]),
    ...(category ? [['Phase', `${category.phase} (NIST SP 800-61)`] as const] : []),
    ...(place === '' ? [] : [['Goes to', place] as const]),
    ['Id', html`<code>${clean(line.key)}</code>`],
    ['Jira label', html`<code>${label}</code>`],
  ])}
${
  rules && rules.spoke.length + rules.undecided.length > 0
    ? html`<ul class="rules">${rules.spoke.map(({ rule, said }) => html`<li><strong>${clean(rule)}</strong> ${clean(said)}</li>`)}${rules.undecided.map(({ rule, why }) => html`<li><strong>${clean(rule)}</strong> <span class="standing attention">undecided</span> ${clean(why)}</li>`)}</ul>`
    : html`<p class="quiet">No rule spoke.</p>`
}
${rules?.group ? html`<p>Shares an issue by ${clean(rules.group.words)} (${clean(rules.group.rule)}).</p>` : ''}
${line.notes.length === 0 ? '' : html`<ul class="notes">${line.notes.map((note) => html`<li>${clean(note)}</li>`)}</ul>`}`;
}

function words({ description }: AlertHistory): Html {
  const text = cleanLines(description.slice(0, MOST_DESCRIPTION)).join('\n').trim();
  if (text === '') return html`<p class="quiet">It gave none.</p>`;
  return html`<pre class="words">${text}${description.length > MOST_DESCRIPTION ? ' …' : ''}</pre>`;
}

function recordOf(record: string, path: string): Html {
  if (record === '') return html`<p class="quiet">It is not kept.</p>`;
  const text = pretty(record);
  const cut = text.length > MOST_RECORD;
  return html`${cut ? html`<p>Only the beginning is shown.</p>` : ''}<pre class="record">${cleanLines(text.slice(0, MOST_RECORD)).join('\n')}</pre>
<p><a href="${path}/record" download>Download it whole</a></p>`;
}

function pretty(record: string): string {
  try {
    return JSON.stringify(JSON.parse(record), null, 2);
  } catch {
    // What the source sent is no JSON, which is why it is held: it is shown as it is.
    return record;
  }
}
