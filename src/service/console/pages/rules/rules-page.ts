import { html } from 'hono/html';
import { clean } from '../../../../domain/text/clean.ts';
import type { Html, Page } from '../../page.ts';
import { keyPath } from '../parts/links.ts';
import { ago, empty, instant, sayNumber, sayTitle } from '../parts/words.ts';

/** The rules in their order, how often each was heard, and the way to compare them with what was said before. */
export const rulesPage: Page = {
  path: '/rules',
  here: 'rules',
  async show({ parts, now }) {
    const { from, rules } = await parts.atWork().casewire.rules();
    const list =
      rules.length === 0
        ? empty(
            'There are no rules.',
            'Every alert goes to its tenant’s project with the priority of its severity. Rules stand under “rules” in the configuration.',
          )
        : html`<p class="quiet">In order: every rule that matches speaks, and later ones win. Counted since ${instant(from)}.</p>
<div class="scroll"><table class="list rules">
<thead><tr><th scope="col">Rule</th><th scope="col" class="n">Spoke</th><th scope="col" class="n">Suppressed</th><th scope="col" class="n">Undecided</th><th scope="col">Last</th></tr></thead>
<tbody>${rules.map((rule) => row(rule, now))}</tbody></table></div>`;
    return {
      title: 'Rules',
      body: html`<div data-live="rules">${list}</div>
<section aria-labelledby="replay"><h2 id="replay">What would they say now?</h2>
<p>Asks the present rules about past alerts and shows where they say something else. Nothing is written.</p>
<div class="acts">${[7, 30].map((days) => html`<form method="get" action="/rules/replay"><input type="hidden" name="days" value="${days}"><button>Compare the last ${days} days</button></form>`)}</div></section>`,
    };
  },
};

type Rule = Awaited<
  ReturnType<ReturnType<Parameters<Page['show']>[0]['parts']['atWork']>['casewire']['rules']>
>['rules'][number];

function row({ rule, when, says, configured, spoke, suppressed, undecided, last }: Rule, now: number): Html {
  return html`<tr>
<th scope="row">${clean(rule)}${configured ? '' : html` <span class="quiet">not in the configuration any more</span>`}
${when === undefined ? '' : html`<br><code>${when}</code>`}${says === undefined ? '' : html`<br><span class="quiet">${clean(says)}</span>`}</th>
<td class="n" data-name="Spoke">${sayNumber(spoke)}</td>
<td class="n" data-name="Suppressed">${sayNumber(suppressed)}</td>
<td class="n" data-name="Undecided">${undecided === 0 ? sayNumber(0) : html`<span class="standing attention">${sayNumber(undecided)}</span>`}</td>
<td data-name="Last">${last ? html`${ago(last.seenAt, now)} <a href="${keyPath(last.key)}">${sayTitle(last.title)}</a>` : html`<span class="quiet">never</span>`}</td>
</tr>
`;
}
