import { html } from 'hono/html';
import type { Vitals, Warning } from '../../../../domain/vitals.ts';
import type { Ask, Html, Page } from '../../page.ts';
import { pager, pathWith, ROWS } from '../parts/places.ts';
import { beatsOf, isGrave, rowsFrom, type TenantRow, tenantRows, tenantTable } from '../parts/tenant-rows.ts';
import { todayOf } from '../parts/today.ts';
import { weekChart } from '../parts/week-chart.ts';
import { ago, count, facts, sayNumber } from '../parts/words.ts';
import { whatWaits } from './what-waits.ts';

/** Whether all is well, what waits for a person, and how the tenants stand, the worst first. */
export const overviewPage: Page = {
  path: '/',
  here: 'overview',
  async show(ask) {
    const { parts, now, query } = ask;
    const { config, ledger } = parts.atWork();
    const standing = await parts.standings.now();
    const rows = tenantRows(standing);
    const list = rowsFrom(rows, query, ROWS);
    const [today, waits, week] = [
      await todayOf(ledger.catalogue, list.shown, now),
      await whatWaits(ask, standing),
      await weekChart(ledger.catalogue, now),
    ];
    const to = (place: 'after' | 'before') => list[place] && pathWith('/', { [place]: list[place] });
    return {
      title: 'Overview',
      body: html`<div data-live="overview">
${verdict(standing.warnings, rows)}
${figures(standing.vitals, rows, ask)}
${waits}
<section aria-labelledby="week"><h2 id="week">The last week</h2>${week}</section>
<section aria-labelledby="tenants"><h2 id="tenants">Tenants</h2>
<p class="quiet">The worst first, as they stood ${ago(standing.vitals.at, now)}.</p>
${tenantTable(list.shown, { now, today, everyMs: beatsOf(config) })}
${pager({ newer: to('before'), older: to('after'), words: ['Worse', 'Better'] })}
</section>
</div>`,
    };
  },
};

/** One sentence, first. */
function verdict(warnings: readonly Warning[], rows: readonly TenantRow[]): Html {
  const tenants = count(rows.length, 'tenant');
  if (warnings.length === 0)
    return html`<p class="verdict good"><strong>All is well.</strong> ${tenants} read, and nothing waits for a person.</p>`;
  const grave = warnings.filter(isGrave).length;
  const troubled = rows.filter(({ warnings: about }) => about.length > 0).length;
  const where = troubled === 0 ? '' : ` in ${sayNumber(troubled)} of ${tenants}`;
  return grave > 0
    ? html`<p class="verdict bad"><strong>${count(grave, 'thing')} must be looked at now</strong>${where}${grave === warnings.length ? '' : `; ${sayNumber(warnings.length - grave)} more can wait`}.</p>`
    : html`<p class="verdict attention"><strong>${count(warnings.length, 'thing')} ${warnings.length === 1 ? 'waits' : 'wait'} for a person</strong>${where}; no alert is lost or late.</p>`;
}

function figures({ quota, sweeps }: Vitals, rows: readonly TenantRow[], { now }: Ask): Html {
  const sum = (of: (row: TenantRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const open = sum(({ vitals }) => vitals.open);
  const held = sum((row) => row.held);
  const read = rows.flatMap(({ vitals }) => vitals.polledAt ?? []);
  return facts(
    [
      ['Waiting for an issue', html`<a href="/alerts?state=waiting">${sayNumber(open)}</a>`],
      ['Held', html`<a href="/held">${sayNumber(held)}</a>`],
      ['Last read', ago(read.length === 0 ? undefined : read.reduce((a, b) => Math.max(a, b)), now)],
      [
        'Looked for second issues',
        ago(sweeps.length === 0 ? undefined : Math.max(...sweeps.map((one) => one.at)), now),
      ],
      ...(quota ? [['AbuseIPDB look-ups left today', quotaWords(quota, now)] as const] : []),
    ],
    'across',
  );
}

function quotaWords({ left, dailyBudget, blockedUntil, blockedWhy }: NonNullable<Vitals['quota']>, now: number): Html {
  const blocked =
    blockedUntil !== undefined && blockedUntil > now
      ? html` <span class="quiet">none before ${ago(blockedUntil, now)}${blockedWhy === undefined ? '' : `: ${blockedWhy}`}</span>`
      : '';
  return html`<meter min="0" max="${dailyBudget}" low="${dailyBudget / 10}" optimum="${dailyBudget}" value="${left}">${left}</meter> ${sayNumber(left)} of ${sayNumber(dailyBudget)}${blocked}`;
}
