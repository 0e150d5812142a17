import { html } from 'hono/html';
import type { TenantId } from '../../../../domain/alert.ts';
import type { EpochMs } from '../../../../domain/time.ts';
import type { DeliveryStanding } from '../../../../ledger/deliveries/deliveries-port.ts';
import type { Coverage, Edition, Editions } from '../../../../ledger/facts/facts-port.ts';
import type { Period, PeriodKind } from '../../../../reports/periods/period.ts';
import { before, periodAt, periodNamed } from '../../../../reports/periods/periods.ts';
import { type Html, NothingHere, type Page, type Viewer } from '../../page.ts';
import { pager, pathWith } from '../parts/places.ts';
import { count, instant } from '../parts/words.ts';
import { arrivalsOf } from './arrivals.ts';
import { retryReports } from './retry-reports.ts';

export const KINDS: readonly PeriodKind[] = ['monthly', 'weekly', 'daily'];

const MOST_OPTIONS = 100;
const PERIODS: Readonly<Record<PeriodKind, number>> = { monthly: 12, weekly: 12, daily: 14 };

/** The reports that exist and can be made, by period, to look at or to take along. */
export const reportsPage: Page = {
  path: '/reports',
  here: 'reports',
  async show({ parts, query, now, viewer, csrf }) {
    const { config, ledger } = parts.atWork();
    const tenants = config.tenants.map(({ tenant }) => tenant);
    const known = await reportable(tenants, ledger.coverage);
    const scope = scopeNamed(query.get('scope') || 'all', known);
    const kind = KINDS.find((one) => one === query.get('kind')) ?? 'monthly';
    const { timezone } = config.reports;
    const newest = periodAt(kind, timezone, now);
    const start = periodNamed(kind, timezone, query.get('until') ?? '') ?? newest;
    const shown = Array.from({ length: PERIODS[kind] }, (_, n) => before(start, n));
    const deliveries =
      config.reports.deliver &&
      (await ledger.deliveryLog.of({ scope, kind, from: shown.at(-1)?.from ?? now, to: now }));
    const undelivered = config.reports.deliver ? (await ledger.deliveries.failed()).failed : 0;
    const older = before(start, PERIODS[kind]).name;
    const view = { scope: scope === 'all' ? '' : scope, kind };
    return {
      title: 'Reports',
      body: html`${chooser({ scope, kind }, known)}
<p class="quiet">Periods in ${timezone}. Once a period has ended and every tenant was read past its end, its reports are fixed, all as of one instant, and stay the same. Until then they are provisional.</p>
<div data-live="reports">${undelivered > 0 ? notArrived(undelivered, viewer, csrf) : ''}${await table(shown, { scope, editions: ledger.editions, deliveries, now })}
${pager({ newer: start.from < newest.from ? pathWith('/reports', view) : undefined, older: pathWith('/reports', { ...view, until: older }), words: ['Newest', 'Older'] })}</div>`,
    };
  },
  acts: [retryReports],
};

function notArrived(n: number, viewer: Viewer, csrf: Html): Html {
  const again =
    viewer.may === 'act'
      ? html` <form method="post" action="/reports/retry">${csrf}<button class="small">Deliver now</button></form>`
      : '';
  return html`<div class="card attention"><p><strong>${count(n, 'report')} did not arrive yet</strong>, of any tenant and period; each is tried again by itself.</p>${again}</div>`;
}

/** Tenants of the configuration, then those that it no longer has, of whose time there are reports. */
export async function reportable(configured: readonly TenantId[], coverage: Coverage): Promise<readonly TenantId[]> {
  const has = new Set(configured);
  return [...configured, ...(await coverage.tenants()).filter((tenant) => !has.has(tenant))];
}

/** @throws NothingHere for a tenant that neither the configuration nor the ledger has. */
export function scopeNamed(name: string, tenants: readonly TenantId[]): TenantId | 'all' {
  if (name === 'all') return name;
  const tenant = tenants.find((one) => one === name);
  if (!tenant)
    throw new NothingHere(`There is no tenant ${name.slice(0, 100)}, neither in the configuration nor in the ledger.`);
  return tenant;
}

function chooser({ scope, kind }: { scope: TenantId | 'all'; kind: PeriodKind }, tenants: readonly TenantId[]): Html {
  const option = (value: string, is: string, words = value) =>
    html`<option value="${value}"${value === is ? html` selected` : ''}>${words}</option>`;
  const whose =
    tenants.length > MOST_OPTIONS
      ? html`<input type="text" name="scope" value="${scope === 'all' ? '' : scope}" placeholder="all, or one whole name" autocomplete="off" spellcheck="false">`
      : html`<select name="scope">${option('all', scope, 'all tenants')}${tenants.map((one) => option(one, scope))}</select>`;
  return html`<form class="filters" method="get" action="/reports"><div class="row"><label>Of ${whose}</label><label>Kind <select name="kind">${KINDS.map((one) => option(one, kind))}</select></label><button>Show</button></div></form>`;
}

const NAMES = { html: 'Look', pdf: 'PDF', csv: 'CSV', json: 'JSON' } as const;

async function table(
  periods: readonly Period[],
  {
    scope,
    editions,
    deliveries,
    now,
  }: {
    scope: TenantId | 'all';
    editions: Editions;
    /** Absent: none are delivered. */
    deliveries: readonly DeliveryStanding[] | undefined;
    now: EpochMs;
  },
): Promise<Html> {
  const rows: Html[] = [];
  for (const period of periods) {
    const { kind, from, to, name } = period;
    const made = to <= now ? await editions.find({ kind, from, to }) : undefined;
    const path = `/reports/${encodeURIComponent(scope)}/${kind}/${name}`;
    rows.push(html`<tr><th scope="row">${name}</th><td data-name="Stands">${stands(period, made, now)}</td>${
      deliveries
        ? html`<td data-name="Delivered">${arrivalsOf(
            deliveries.filter((one) => one.from === from),
            now,
          )}</td>`
        : ''
    }
<td data-name="Report"><div class="links">${Object.entries(NAMES).map(([format, words]) => html`<a href="${path}/${format}" aria-label="${words} of ${name}">${words}</a> `)}</div></td></tr>
`);
  }
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Period</th><th scope="col">How it stands</th>${deliveries ? html`<th scope="col">Delivered</th>` : ''}<th scope="col">Report</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function stands({ to }: Period, made: Edition | undefined, now: EpochMs): Html {
  if (to > now) return html`<span class="standing attention">so far</span> <span class="quiet">it has not ended</span>`;
  if (!made) return html`<span class="standing attention">provisional</span> <span class="quiet">not fixed yet</span>`;
  const revision = made.revision > 1 ? html`, revision ${made.revision}` : '';
  return html`<span class="standing good">fixed</span> ${instant(made.asOf)}${revision}`;
}
