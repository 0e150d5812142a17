import { html } from 'hono/html';
import type { TenantConfig } from '../../../../config/config.ts';
import type { TenantId } from '../../../../domain/alert.ts';
import type { AuditReport } from '../../../../domain/audit.ts';
import { clean } from '../../../../domain/text/clean.ts';
import { DAY_MS, sayDuration } from '../../../../domain/time.ts';
import type { TenantVitals, Warning } from '../../../../domain/vitals.ts';
import type { Catalogue } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Facts } from '../../../../ledger/facts/facts-port.ts';
import { type Ask, type Html, NothingHere, type Page } from '../../page.ts';
import { causeId, reasonOf } from '../held/cause-card.ts';
import { mendOf } from '../parts/mend.ts';
import { pathWith } from '../parts/places.ts';
import { isGrave } from '../parts/tenant-rows.ts';
import { weekChart } from '../parts/week-chart.ts';
import { ago, count, facts, instant, sayNumber, sayWord } from '../parts/words.ts';
import { syncForm, syncNow } from './sync-act.ts';

const READINGS_MS = 2 * DAY_MS;
const MOST_GAPS = 20;
const MOST_CAUSES = 10;

/** One tenant: what is not well, how it stands, its readings, its last recount. */
export const tenantPage: Page = {
  path: '/tenants/:tenant',
  here: 'tenants',
  async show(ask) {
    const { parts, now, params } = ask;
    const { config, ledger } = parts.atWork();
    const tenant = params.tenant as TenantId;
    const configured = config.tenants.find((one) => one.tenant === tenant);
    if (!configured)
      throw new NothingHere(
        `The configuration has no tenant ${clean(tenant)}. Alerts of one that it had once are still under Alerts.`,
      );
    const { vitals, warnings } = await parts.standings.now();
    const own = vitals.tenants.find((one) => one.tenant === tenant);
    const about = warnings.filter((warning) => warning.tenant === tenant);
    const audit = (await ledger.audits.latest()).find((one) => one.tenant === tenant);
    return {
      title: tenant,
      body: html`<p><a href="/tenants">← All tenants</a></p>
<div data-live="tenants">
${notWell(about, ask)}
${own ? standing(own, configured, now) : ''}
${actForms(tenant, ask)}
${await heldOf(ledger.catalogue, tenant, now)}
<section aria-labelledby="week"><h2 id="week">The last week</h2>${await weekChart(ledger.catalogue, now, tenant)}
<p><a class="button" href="${pathWith('/alerts', { tenant })}">All its alerts</a></p></section>
<section aria-labelledby="readings"><h2 id="readings">Readings</h2>${await readings(ledger.facts, tenant, now)}</section>
<section aria-labelledby="recount"><h2 id="recount">Last recount</h2>${recount(audit, now)}</section>
</div>`,
    };
  },
  acts: [syncNow],
};

function notWell(warnings: readonly Warning[], ask: Ask): Html {
  if (warnings.length === 0) return html`<p class="verdict good"><strong>All is well.</strong></p>`;
  return html`<div class="card ${warnings.some(isGrave) ? 'bad' : 'attention'}"><ul>${warnings.map(
    (warning) =>
      html`<li><strong>${sayWord(warning.kind)}</strong>: ${clean(warning.says)}<span class="mend">${mendOf(warning, ask)}</span></li>`,
  )}</ul></div>`;
}

const SOURCES = { 'defender-cloud-apps': 'Defender for Cloud Apps', graph: 'Microsoft Graph' } as const;

function standing(own: TenantVitals, configured: TenantConfig, now: number): Html {
  const { tenant, polledAt, watermark, open, oldestOpen, heldBy, newestAlert, syncedAt, notesOpen } = own;
  const held = Object.values(heldBy).reduce((sum, n) => sum + n, 0);
  const { ticket } = configured.policy;
  return facts([
    ['Source', html`${SOURCES[configured.source]} <span class="quiet">${configured.url}</span>`],
    ['Last read', html`${ago(polledAt, now)} <span class="quiet">every ${sayDuration(configured.everyMs)}</span>`],
    ['Read as far as', watermark === undefined ? html`<span class="quiet">nothing yet</span>` : instant(watermark)],
    ['Newest alert', ago(newestAlert, now)],
    [
      'Waiting',
      html`<a href="${pathWith('/alerts', { tenant, state: 'waiting' })}">${sayNumber(open)}</a>${oldestOpen === undefined ? '' : html` <span class="quiet">oldest ${ago(oldestOpen, now)}</span>`}`,
    ],
    ['Held', html`<a href="${pathWith('/alerts', { tenant, state: 'held' })}">${sayNumber(held)}</a>`],
    ['Goes to', `${ticket.project} / ${ticket.issueType}`],
    ['In step', ago(syncedAt, now)],
    ['Notes on their way', sayNumber(notesOpen)],
  ]);
}

function actForms(tenant: TenantId, ask: Ask): Html | '' {
  const { viewer, csrf } = ask;
  if (viewer.may !== 'act') return '';
  return html`<div class="acts">${syncForm(tenant, ask)}<form method="post" action="/settings/check">${csrf}<input type="hidden" name="tenant" value="${tenant}"><button>Check it now</button></form></div>`;
}

async function heldOf(catalogue: Catalogue, tenant: TenantId, now: number): Promise<Html | ''> {
  const { causes, more } = await catalogue.causes({ tenant, most: MOST_CAUSES });
  if (causes.length === 0) return '';
  return html`<section aria-labelledby="held"><h2 id="held">Held</h2><ul>${causes.map(
    (cause) =>
      html`<li><a href="/held/${causeId(cause)}">${reasonOf(cause).name}</a> ${count(cause.alerts, 'alert')}, first held ${ago(cause.since, now)}: ${clean(cause.why)}</li>`,
  )}</ul>${more > 0 ? html`<p>and ${count(more, 'more cause')}</p>` : ''}</section>`;
}

/** How often it was read in the last two days, and where there was no reading for long. */
async function readings(port: Facts, tenant: TenantId, now: number): Promise<Html> {
  const { hours, gaps } = await port.readings({ tenant, from: now - READINGS_MS, to: now, asOf: now });
  const done = hours.reduce((sum, hour) => sum + hour.done, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  if (hours.length === 0)
    return html`<p class="quiet">It was not read in the last two days, as far as this ledger knows.</p>`;
  const why = hours.toReversed().find((hour) => hour.why !== undefined)?.why;
  return html`<p>In the last two days ${count(done, 'reading')} went to the end${failed === 0 ? ', and none failed.' : html`, and <strong>${sayNumber(failed)} failed</strong>${why === undefined ? '' : html`; the last one: ${clean(why)}`}.`}</p>
${
  gaps.length === 0
    ? ''
    : html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Not read from</th><th scope="col">To</th><th scope="col">Why</th></tr></thead><tbody>${gaps
        .slice(0, MOST_GAPS)
        .map(
          ({ from, to, why: reason }) =>
            html`<tr><td data-name="Not read from">${instant(from)}</td><td data-name="To">${to === undefined ? 'now' : instant(to)}</td><td data-name="Why">${clean(reason ?? 'not known')}</td></tr>`,
        )}</tbody></table></div>`
}`;
}

function recount(audit: AuditReport | undefined, now: number): Html {
  if (!audit) return html`<p class="quiet">It was not recounted yet; that happens once a day.</p>`;
  const { at, from, to, source, ledger, issues, admitted, differences, failures } = audit;
  return html`<p>${ago(at, now)}, of the alerts created from ${instant(from)} to ${instant(to)}: ${count(source, 'alert')} at the source, ${sayNumber(ledger)} in the ledger, ${count(issues, 'issue')} read${admitted === 0 ? '' : html`; ${count(admitted, 'missing alert')} ${admitted === 1 ? 'was' : 'were'} taken up`}.</p>
${differences.length === 0 && failures.length === 0 ? html`<p><span class="standing good">all fits together</span></p>` : ''}
${differences.length === 0 ? '' : html`<ul>${differences.map(({ kind, count: n, examples }) => html`<li><strong>${sayNumber(n)} ${kind.replaceAll('-', ' ')}</strong> <span class="quiet">${examples.map(clean).join(', ')}</span></li>`)}</ul>`}
${failures.length === 0 ? '' : html`<ul>${failures.slice(0, MOST_GAPS).map((says) => html`<li>could not be recounted: ${clean(says)}</li>`)}</ul>`}`;
}
