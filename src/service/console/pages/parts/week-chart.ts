import { html, raw } from 'hono/html';
import { SEVERITIES, type TenantId } from '../../../../domain/alert.ts';
import { DAY_MS, type EpochMs } from '../../../../domain/time.ts';
import type { Catalogue } from '../../../../ledger/catalogue/catalogue-port.ts';
import { drawChart } from '../../../../reports/charts/draw-chart.ts';
import type { Html } from '../../page.ts';
import { count } from './words.ts';

const DAYS = 7;
const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The alerts of the last week by day and severity, days of UTC, today's so far; of all tenants or of one. */
export async function weekChart(catalogue: Catalogue, now: EpochMs, tenant?: TenantId): Promise<Html> {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const edges = Array.from({ length: DAYS + 1 }, (_, i) => today + (i - DAYS + 1) * DAY_MS);
  const volumes = await catalogue.volumes({ edges, ...(tenant === undefined ? {} : { tenant }) });
  const sumOf = (volume: (typeof volumes)[number]) => SEVERITIES.reduce((sum, severity) => sum + volume[severity], 0);
  const all = volumes.reduce((sum, volume) => sum + sumOf(volume), 0);
  const high = volumes.reduce((sum, volume) => sum + volume.high, 0);
  const columns = volumes.map((values, i) => {
    const day = new Date(edges[i] ?? 0);
    return { label: `${DAY_NAMES[day.getUTCDay()]} ${day.getUTCDate()}`, values };
  });
  const says = `${count(all, 'alert')} in the last seven days, ${high} of them high; ${count(sumOf(volumes.at(-1) ?? { high: 0, medium: 0, low: 0, informational: 0 }), 'alert')} today so far.`;
  if (all === 0) return html`<p class="quiet">No alert was created in the last seven days.</p>`;
  const spec = {
    chart: 'stacked-columns',
    name: 'week',
    title: 'Alerts by day and severity',
    says,
    columns,
    unit: 'alerts',
  } as const;
  return html`<figure class="drawn">${raw(drawChart(spec, { theme: 'class', width: 480 }))}<figcaption>${says} Days in UTC.</figcaption></figure>`;
}
