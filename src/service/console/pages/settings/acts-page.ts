import { html } from 'hono/html';
import type { ActId, RecordedAct } from '../../../../domain/act.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { Html, Page } from '../../page.ts';
import { pager, pathWith, ROWS } from '../parts/places.ts';
import { empty, instant } from '../parts/words.ts';

/** What people had Casewire do, the newest first. */
export const actsPage: Page = {
  path: '/settings/acts',
  here: 'settings',
  async show({ parts, query }) {
    const after = query.get('older') as ActId | null;
    const rows = await parts.atWork().ledger.acts.page({ most: ROWS + 1, ...(after ? { after } : {}) });
    const shown = rows.slice(0, ROWS);
    const last = shown.at(-1);
    const older = rows.length > ROWS && last ? pathWith('/settings/acts', { older: last.id }) : undefined;
    return {
      title: 'What people have done',
      body: html`<p><a href="/settings">← Settings</a></p>
<p class="quiet">Every act on this console and every change by the command line, written down before it is done. Nothing of it is ever changed.</p>
<div data-live="settings">${shown.length === 0 ? empty(after ? 'There are no more.' : 'Nothing has been done yet.', 'Retrying, dropping and checking are written down here.') : table(shown)}
${pager({ newer: after ? '/settings/acts' : undefined, older, words: ['Newest', 'Older'] })}</div>`,
    };
  },
};

function table(acts: readonly RecordedAct[]): Html {
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">To what</th><th scope="col">How it ended</th></tr></thead>
<tbody>${acts.map(
    ({
      at,
      who,
      what,
      subject = '',
      detail = '',
      end,
    }) => html`<tr><td data-name="When">${instant(at)}</td><td data-name="Who">${clean(who)}</td>
<th scope="row">${clean(what)}</th><td data-name="To what">${clean(subject)}${detail === '' ? '' : html` <span class="quiet">${clean(detail)}</span>`}</td>
<td data-name="How it ended">${end ? html`<span class="standing ${end.outcome === 'done' ? 'good' : 'bad'}">${end.outcome}</span> <span class="says">${clean(end.says)}</span>` : html`<span class="standing attention">not known</span>`}</td></tr>
`,
  )}</tbody></table></div>`;
}
