import { html } from 'hono/html';
import type { Severity } from '../../../../domain/alert.ts';
import { clean } from '../../../../domain/text/clean.ts';
import { type EpochMs, SECOND_MS, sayDuration } from '../../../../domain/time.ts';
import type { AlertStanding } from '../../../../ledger/catalogue/catalogue-port.ts';
import { instant } from '../../layout.ts';
import type { Html } from '../../page.ts';

/** `2,960` */
export function sayNumber(n: number): string {
  return n.toLocaleString('en-US');
}

/** A count and its noun: `1 alert`, `2,960 alerts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${sayNumber(n)} ${n === 1 ? one : many}`;
}

/** A title as one line for people; never empty, so that there is always something to follow. */
export function sayTitle(title: string): string {
  return clean(title).trim() || '(no title)';
}

const JUST_NOW_MS = 2 * SECOND_MS;

/** How long ago, with the exact instant on hover. */
export function ago(at: EpochMs | undefined, now: EpochMs): Html {
  if (at === undefined) return html`<span class="quiet">never</span>`;
  const words =
    Math.abs(now - at) < JUST_NOW_MS
      ? 'just now'
      : at > now
        ? `in ${sayDuration(at - now)}`
        : `${sayDuration(now - at)} ago`;
  return html`<time datetime="${new Date(at).toISOString()}" title="${new Date(at).toISOString()}" data-ago>${words}</time>`;
}

export { instant };

/** A severity as a coloured word. */
export function severityTag(severity: Severity): Html {
  return html`<span class="tag ${severity}">${severity === 'informational' ? 'info' : severity}</span>`;
}

const STANDING_WORDS: Readonly<Record<AlertStanding, string>> = {
  waiting: 'waiting',
  raised: 'raised',
  attached: 'attached',
  suppressed: 'suppressed',
  held: 'held',
  dropped: 'dropped',
};

const STANDING_TONES: Readonly<Partial<Record<AlertStanding, string>>> = {
  waiting: 'attention',
  held: 'bad',
  raised: 'good',
  attached: 'good',
};

/** How an alert stands as a coloured word. */
export function standingTag(standing: AlertStanding): Html {
  return html`<span class="standing ${STANDING_TONES[standing] ?? ''}">${STANDING_WORDS[standing]}</span>`;
}

/** The first users by name, the others counted. */
export function sayUsers(users: readonly string[]): Html {
  const [first, ...others] = users;
  if (first === undefined) return html`<span class="quiet">none</span>`;
  const rest =
    others.length === 0
      ? ''
      : html` <span class="quiet" title="${others.slice(0, 20).map(clean).join(', ')}">+${others.length}</span>`;
  return html`<span class="user">${clean(first)}</span>${rest}`;
}

/** A page's part that has nothing to show: why, and what to do. */
export function empty(title: string, says: Html | string): Html {
  return html`<div class="empty"><p><strong>${title}</strong></p><p>${says}</p></div>`;
}

/** Names and what they are, on one grid; `across`: one row of them takes the page's whole width. */
export function facts(rows: readonly (readonly [string, Html | string])[], width?: 'across'): Html {
  return html`<dl class="${width ? `facts ${width}` : 'facts'}">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A word with dashes as people write it: `reading-failed` as `Reading failed`. */
export function sayWord(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1).replaceAll('-', ' ')}`;
}
