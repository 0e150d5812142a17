import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import { clean } from '../../../../domain/text/clean.ts';
import type { HeldCause } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Ask, Html } from '../../page.ts';
import { ago, count } from '../parts/words.ts';

/** A cause's name in links: short, and the same as long as anything is held for it. */
export function causeId({ reason, why }: Pick<HeldCause, 'reason' | 'why'>): string {
  return createHash('sha256')
    .update(JSON.stringify([reason, why]))
    .digest('hex')
    .slice(0, 16);
}

const REASONS: Readonly<Record<HeldCause['reason'], { name: string; mend: string }>> = {
  unreadable: {
    name: 'Record that cannot be read',
    mend: 'Retry reads the record again, which helps once Casewire was updated. Its alert is in Defender as ever.',
  },
  refused: {
    name: 'Refused by Jira',
    mend: 'Mend what Jira says in the project or in the configuration, then retry. A changed configuration retries by itself.',
  },
  mapping: {
    name: 'Mapping that does not fit the project',
    mend: 'Mend the mapping in the configuration, or the field in the project; “Check” in the settings says which. Then retry.',
  },
  storm: {
    name: 'More than the hourly limit',
    mend: 'Nothing need be done: they are released as the hour allows. Retry raises them now, beyond the limit, and they do not count towards it; drop what is noise.',
  },
  group: {
    name: 'Its group’s issue cannot take it',
    mend: 'See that Casewire’s account may see and comment the issue, then retry.',
  },
};

export function reasonOf(cause: Pick<HeldCause, 'reason'>): { name: string; mend: string } {
  return REASONS[cause.reason] ?? { name: cause.reason, mend: 'Retry, or drop it.' };
}

/** One cause: the words, how many alerts, the mend, and what can be done with all of them. */
export function causeCard(cause: HeldCause, ask: Ask): Html {
  const { now } = ask;
  const path = `/held/${causeId(cause)}`;
  const { name, mend } = reasonOf(cause);
  const again =
    cause.nextRetry === undefined ? 'tried again by hand only' : html`next tried again ${ago(cause.nextRetry, now)}`;
  return html`<article class="card bad">
<h3><a href="${path}">${name}</a> <span class="quiet">${count(cause.alerts, 'alert')} of ${count(cause.tenants, 'tenant')}</span></h3>
<blockquote>${clean(cause.why) || 'no reason was given'}</blockquote>
<p class="quiet">${mend} First held ${ago(cause.since, now)}; ${again}.</p>
${allOf(cause, ask)}
</article>
`;
}

/** What an operator can do with all alerts of a cause. */
export function allOf(cause: HeldCause, { viewer, csrf }: Ask): Html | '' {
  if (viewer.may !== 'act') return '';
  const path = `/held/${causeId(cause)}`;
  const all = cause.alerts === 1 ? 'it' : `all ${cause.alerts.toLocaleString('en-US')}`;
  const id = `why-${causeId(cause)}`;
  return html`<div class="acts">
<form method="post" action="${path}/retry">${csrf}<button>Retry ${all}</button></form>
<details><summary>Drop ${all}</summary>
<form method="post" action="${path}/drop">${csrf}<label for="${id}">Why (it is kept with the alerts)</label>
<input id="${id}" name="why" required maxlength="500" autocomplete="off"> <button class="grave">Drop ${all} for good</button></form>
</details></div>`;
}
