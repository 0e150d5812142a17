import { html } from 'hono/html';
import type { TenantId } from '../../../../domain/alert.ts';
import type { CheckLine } from '../../../../domain/check.ts';
import { cleanLines } from '../../../../domain/text/clean.ts';
import { SECOND_MS } from '../../../../domain/time.ts';
import { type Act, CannotDo, type Html, type Page } from '../../page.ts';
import { ago, count } from '../parts/words.ts';
import { beginCheck, type Check, lastCheck } from './checks.ts';

/** Whoever presses the button waits this long for the result; a check that takes longer goes on. */
const WAIT_MS = 15 * SECOND_MS;

/** More tenants than this are checked one by one: each is asked over the network. */
const MOST_TENANTS = 50;

const check: Act = {
  path: '/settings/check',
  may: 'act',
  says: (form) => ({ what: 'check', subject: form.get('tenant') || 'everything' }),
  async run({ parts }, form) {
    const { casewire, config } = parts.atWork();
    const asked = form.get('tenant') || undefined;
    const tenant = config.tenants.find((one) => one.tenant === asked)?.tenant;
    if (asked !== undefined && tenant === undefined) throw new CannotDo('The configuration has no such tenant.');
    if (tenant === undefined && config.tenants.length > MOST_TENANTS)
      throw new CannotDo(
        `${config.tenants.length} tenants are too many for one check here; choose one, or type: casewire check`,
      );
    const begun = beginCheck(casewire, { clock: parts.clock, ...(tenant === undefined ? {} : { tenant }) });
    if (!begun) throw new CannotDo('A check is running already; its result is shown under Settings when it has ended.');
    void begun.done.then(() => parts.live.changed(['settings']));
    const over = new AbortController();
    await Promise.race([begun.done.then(() => over.abort()), parts.clock.sleep(WAIT_MS, over.signal)]);
    return { to: '/settings/check', says: saidOf(lastCheck(casewire)) };
  },
};

function saidOf(last: Check | undefined): string {
  return last?.ended ? 'The check has ended.' : 'The check goes on; this page shows its result when it has ended.';
}

/** What the last check found, each with its mend. */
export const checkPage: Page = {
  path: '/settings/check',
  here: 'settings',
  async show({ parts, viewer, csrf, now }) {
    const last = lastCheck(parts.atWork().casewire);
    const again =
      viewer.may === 'act'
        ? html`<form method="post" action="/settings/check">${csrf}${last?.tenant === undefined ? '' : html`<input type="hidden" name="tenant" value="${last.tenant}">`}<button>Check ${sayWhat(last?.tenant)} ${last ? 'again' : 'now'}</button></form>`
        : '';
    return {
      title: 'Check',
      body: html`<p><a href="/settings">← Settings</a></p><div data-live="settings">${last ? result(last, now) : html`<p class="quiet">Nothing was checked since Casewire began.</p>`}</div>${again}`,
    };
  },
  acts: [check],
};

function sayWhat(tenant: TenantId | undefined): string {
  return tenant ?? 'everything';
}

function result({ tenant, startedAt, ended }: Check, now: number): Html {
  if (!ended)
    return html`<p class="notice attention" aria-busy="true">Checking ${sayWhat(tenant)}, begun ${ago(startedAt, now)}. <a class="button" href="/settings/check">Look again</a></p>`;
  if ('failure' in ended) return html`<p class="notice bad">The check broke off: ${ended.failure}</p>`;
  const { lines } = ended;
  const wrong = lines.filter(({ level }) => level !== 'ok');
  const errors = wrong.filter(({ level }) => level === 'error').length;
  const verdict =
    wrong.length === 0
      ? html`<p class="verdict good"><strong>All is well:</strong> ${count(lines.length, 'thing')} looked at.</p>`
      : html`<p class="verdict ${errors > 0 ? 'bad' : 'attention'}"><strong>${count(wrong.length, 'thing')} to mend</strong> of ${lines.length} looked at.</p>`;
  const sorted = [...wrong, ...lines.filter(({ level }) => level === 'ok')];
  return html`${verdict}<p class="quiet">Of ${sayWhat(tenant)}, ${ago(ended.at, now)}.</p>
<div class="scroll"><table class="list"><thead><tr><th scope="col">What</th><th scope="col">How</th><th scope="col">Found</th></tr></thead><tbody>${sorted.slice(0, 300).map(row)}</tbody></table></div>`;
}

const TONES = { ok: 'good', warning: 'attention', error: 'bad' } as const;

function row({ subject, level, says, mend, paste = [] }: CheckLine): Html {
  const lines = cleanLines(paste.join('\n')).join('\n');
  return html`<tr><th scope="row">${subject}</th><td data-name="How"><span class="standing ${TONES[level]}">${level}</span></td>
<td data-name="Found"><div>${says}${mend === undefined ? '' : html`<span class="mend">${mend}</span>`}${lines === '' ? '' : html`<pre>${lines}</pre>`}</div></td></tr>
`;
}
