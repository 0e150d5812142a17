import { html } from 'hono/html';
import type { Config } from '../../../../config/config.ts';
import type { TenantId } from '../../../../domain/alert.ts';
import { type EpochMs, sayDuration } from '../../../../domain/time.ts';
import type { Standing, TenantVitals, Warning } from '../../../../domain/vitals.ts';
import type { Html } from '../../page.ts';
import { pathWith } from './places.ts';
import { ago, count, sayNumber } from './words.ts';

/** One tenant in a list, with what is not well of it. */
export interface TenantRow {
  vitals: TenantVitals;
  warnings: readonly Warning[];
  held: number;
  /** Its place in the list of all, the worst first. */
  place: string;
}

/** Kinds that mean that alerts may be missing or stand still. */
const GRAVE = new Set<Warning['kind']>([
  'reading-failed',
  'not-read',
  'sync-stopped',
  'alerts-wait',
  'unknown-creates',
  'held-grows',
]);

export function isGrave({ kind }: Warning): boolean {
  return GRAVE.has(kind);
}

/** Put in order once for all who look at the same standing. */
const ordered = new WeakMap<Standing, readonly TenantRow[]>();

/** All tenants, the worst first, and among those alike by name. */
export function tenantRows(standing: Standing): readonly TenantRow[] {
  const rows = ordered.get(standing) ?? inOrder(standing);
  ordered.set(standing, rows);
  return rows;
}

const beats = new WeakMap<Config, ReadonlyMap<TenantId, number>>();

/** How often each tenant is read, in milliseconds. */
export function beatsOf(config: Config): ReadonlyMap<TenantId, number> {
  const known = beats.get(config) ?? new Map(config.tenants.map(({ tenant, everyMs }) => [tenant, everyMs]));
  beats.set(config, known);
  return known;
}

function inOrder({ vitals, warnings }: Standing): readonly TenantRow[] {
  const of = Map.groupBy(warnings, ({ tenant }) => tenant);
  return vitals.tenants
    .map((own): TenantRow => {
      const about = of.get(own.tenant) ?? [];
      const held = Object.values(own.heldBy).reduce((sum, n) => sum + n, 0);
      const rank = about.some(isGrave) ? 0 : about.length > 0 ? 1 : own.open > 0 ? 2 : 3;
      return { vitals: own, warnings: about, held, place: `${rank}${own.tenant}` };
    })
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
}

/** The rows after a place, or before it, and from where to go on; a tenant that has changed its rank meanwhile breaks nothing. */
export function rowsFrom(rows: readonly TenantRow[], query: URLSearchParams, most: number) {
  const [after, before] = [query.get('after'), query.get('before')];
  let start = 0;
  if (after !== null) start = rows.findIndex(({ place }) => place > after);
  else if (before !== null) start = Math.max(0, rows.findLastIndex(({ place }) => place < before) + 1 - most);
  if (start < 0) start = rows.length;
  const shown = rows.slice(start, start + most);
  return {
    shown,
    ...(start > 0 ? { before: shown[0]?.place ?? `${after}` } : {}),
    ...(start + most < rows.length ? { after: shown.at(-1)?.place ?? '' } : {}),
  };
}

/** The list: whether each is well, when it was last read, how late that is, and what it had and has. */
export function tenantTable(
  rows: readonly TenantRow[],
  {
    now,
    today,
    everyMs,
  }: { now: EpochMs; today: ReadonlyMap<TenantId, number>; everyMs: ReadonlyMap<TenantId, number> },
): Html {
  return html`<div class="scroll"><table class="list tenants">
<thead><tr><th scope="col">Tenant</th><th scope="col">How it stands</th><th scope="col">Last read</th><th scope="col">Lag</th><th scope="col" class="n">Today</th><th scope="col" class="n">Waiting</th><th scope="col" class="n">Held</th></tr></thead>
<tbody>${rows.map(({ vitals, warnings, held }) => {
    const { tenant, polledAt, open } = vitals;
    return html`<tr>
<th scope="row"><a href="/tenants/${encodeURIComponent(tenant)}">${tenant}</a></th>
<td data-name="How it stands">${sayStanding(warnings, open)}</td>
<td data-name="Last read">${ago(polledAt, now)}</td>
<td data-name="Lag">${lag(vitals, everyMs.get(tenant) ?? 0, now)}</td>
<td data-name="Today" class="n">${linked(today.get(tenant) ?? 0, '/alerts', { tenant, since: dayOf(now) })}</td>
<td data-name="Waiting" class="n">${linked(open, '/alerts', { tenant, state: 'waiting' })}</td>
<td data-name="Held" class="n">${linked(held, '/alerts', { tenant, state: 'held' })}</td>
</tr>
`;
  })}</tbody></table></div>`;
}

function sayStanding(warnings: readonly Warning[], open: number): Html {
  const [worst, ...others] = warnings;
  if (!worst) return html`<span class="standing good">${open > 0 ? 'at work' : 'well'}</span>`;
  const more = others.length === 0 ? '' : html` <span class="quiet">and ${count(others.length, 'more thing')}</span>`;
  return html`<span class="standing ${isGrave(worst) ? 'bad' : 'attention'}">${worst.kind.replaceAll('-', ' ')}</span> <span class="says">${worst.says}</span>${more}`;
}

/** How far behind its beat the reading is. */
function lag({ polledAt }: TenantVitals, everyMs: number, now: EpochMs): Html {
  if (polledAt === undefined) return html`<span class="quiet">unknown</span>`;
  const late = now - polledAt - everyMs;
  return late <= 0 ? html`<span class="quiet">none</span>` : html`${sayDuration(late)}`;
}

function linked(n: number, path: string, query: Readonly<Record<string, string>>): Html {
  if (n === 0) return html`<span class="quiet">0</span>`;
  return html`<a href="${pathWith(path, query)}">${sayNumber(n)}</a>`;
}

/** The day of an instant in UTC, as a filter names it. */
export function dayOf(at: EpochMs): string {
  return new Date(at).toISOString().slice(0, 10);
}
