import { html } from 'hono/html';
import type { Standing, Warning } from '../../../../domain/vitals.ts';
import type { Ask, Html } from '../../page.ts';
import { causeCard } from '../held/cause-card.ts';
import { tenantLink } from '../parts/links.ts';
import { mendOf } from '../parts/mend.ts';
import { isGrave } from '../parts/tenant-rows.ts';
import { count, sayWord } from '../parts/words.ts';

/** Lines of one kind, and causes of held alerts, before the rest is counted. */
const MOST_LINES = 5;
const MOST_CAUSES = 3;

/** What of these is told by the causes of held alerts, with the act beside them. */
const TOLD_BY_CAUSES = new Set<Warning['kind']>(['held', 'held-grows']);

/** What waits for a person: each thing with what to do about it, the most urgent first. */
export async function whatWaits(ask: Ask, { warnings }: Standing): Promise<Html> {
  const { causes, more } = await ask.parts.atWork().ledger.catalogue.causes({ most: MOST_CAUSES });
  const kinds = [
    ...Map.groupBy(
      warnings.filter(({ kind }) => !TOLD_BY_CAUSES.has(kind)),
      ({ kind }) => kind,
    ),
  ];
  if (kinds.length === 0 && causes.length === 0) return html``;
  return html`<section aria-labelledby="waits"><h2 id="waits">Waits for a person</h2>
${kinds.map(([kind, all]) => kindOf(kind, all, ask))}
${causes.map((cause) => causeCard(cause, ask))}
${more === 0 ? '' : html`<p><a href="/held">${count(more, 'more cause')} of held alerts</a></p>`}
</section>`;
}

function kindOf(kind: Warning['kind'], all: readonly Warning[], ask: Ask): Html {
  const shown = all.slice(0, MOST_LINES);
  const more = all.length - shown.length;
  const grave = all.some(isGrave);
  return html`<article class="card ${grave ? 'bad' : 'attention'}">
<h3>${sayWord(kind)}${all.length === 1 ? '' : html` <span class="quiet">${count(all.length, 'time')}</span>`}</h3>
<ul>${shown.map((warning) => html`<li>${line(warning, ask)}</li>`)}</ul>
${more === 0 ? '' : html`<p><a href="/tenants">and ${count(more, 'tenant')} more</a></p>`}
</article>
`;
}

function line(warning: Warning, ask: Ask): Html {
  const { tenant, says } = warning;
  const about = tenant === undefined ? '' : html`<strong>${tenantLink(tenant)}</strong> `;
  return html`${about}${says}<span class="mend">${mendOf(warning, ask)}</span>`;
}
