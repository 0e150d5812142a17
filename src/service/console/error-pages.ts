import { html } from 'hono/html';
import type { Html } from './page.ts';

export type Trouble = 400 | 403 | 404 | 405 | 413 | 415 | 419 | 421 | 429 | 500 | 502;

/** What a page says that stands for one that cannot be shown. */
export interface ErrorPage {
  title: string;
  body: Html;
}

const TITLES: Record<Trouble, string> = {
  400: 'This request makes no sense here',
  403: 'You may not do this',
  404: 'There is nothing here',
  405: 'This cannot be done here',
  413: 'This is too much',
  415: 'This is no form of ours',
  419: 'This page is older than the program',
  421: 'Casewire is not served under this name',
  429: 'Too many tries',
  500: 'Casewire failed here',
  502: 'The sign-in service does not answer',
};

/** A page for people: what happened, why, and what to do next. `backTo` is a path of the console. */
export function errorPage(trouble: Trouble, says: readonly string[], backTo?: string): ErrorPage {
  const back = backTo === undefined ? '' : html`<p><a class="button" href="${backTo}">Look again</a></p>`;
  return {
    title: TITLES[trouble],
    body: html`<div class="trouble">${says.map((one) => html`<p>${one}</p>`)}${back}</div>`,
  };
}
