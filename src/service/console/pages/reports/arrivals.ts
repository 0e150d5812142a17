import { html } from 'hono/html';
import { clean } from '../../../../domain/text/clean.ts';
import type { EpochMs } from '../../../../domain/time.ts';
import type { DeliveryStanding } from '../../../../ledger/deliveries/deliveries-port.ts';
import type { Html } from '../../page.ts';
import { ago, instant } from '../parts/words.ts';

const WAYS = {
  folder: ['put into the folder', 'not put into the folder yet'],
  mail: ['mailed', 'not mailed yet'],
} as const;

/** How the deliveries of one period stand, a line each. */
export function arrivalsOf(deliveries: readonly DeliveryStanding[], now: EpochMs): Html | '' {
  if (deliveries.length === 0) return html`<span class="quiet">–</span>`;
  return html`${deliveries.map((one) => html`<div>${lineOf(one, now)}</div>`)}`;
}

function lineOf({ channel, doneAt, failures, why, nextAt }: DeliveryStanding, now: EpochMs): Html {
  const [done, open] = WAYS[channel];
  const said = why === undefined ? '' : html` <span class="says">${clean(why)}</span>`;
  if (doneAt !== undefined)
    return html`<span class="standing ${why === undefined ? 'good' : 'bad'}">${why === undefined ? done : 'not mailed to everyone'}</span> ${instant(doneAt)}${said}`;
  if (failures === 0) return html`<span class="standing attention">${open}</span>${said}`;
  return html`<span class="standing bad">${open}</span>${said} <span class="quiet">tried ${failures === 1 ? 'once' : `${failures} times`}, again ${ago(nextAt, now)}</span>`;
}
