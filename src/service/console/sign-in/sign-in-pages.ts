import { html } from 'hono/html';
import type { ConsoleAuth } from '../../../config/config.ts';
import type { ErrorPage } from '../error-pages.ts';
import type { Html } from '../page.ts';
import type { CameBack } from './sign-in.ts';
import { BEGIN } from './sign-in.ts';

/** What whoever is not signed in is shown in place of any page; afterwards they get to `to`. */
export function signInPage(to: string, lost: boolean): ErrorPage & { status: 401 } {
  const says = lost
    ? 'Your session has ended, so nothing was done. Sign in, look again, and repeat it there if it is still to be done.'
    : 'You sign in with the account of your organisation. A session ends after 30 minutes without a look, and after 8 hours.';
  const path = `${BEGIN}?to=${encodeURIComponent(to)}`;
  return {
    title: 'Sign in',
    status: 401,
    body: html`<div class="trouble"><p>${says}</p><p><a class="button first" href="${path}">Sign in</a></p></div>`,
  };
}

/** What whoever is known, and in none of the groups, is shown. */
export function strangerPage(
  { name, account, groupsLeftOut }: Extract<CameBack, { outcome: 'stranger' }>,
  { viewers, operators, clientId }: ConsoleAuth,
): ErrorPage & { status: 403 } {
  const lists = [
    ...(viewers.length === 0 ? [] : [`to look: ${viewers.join(', ')}`]),
    ...(operators.length === 0 ? [] : [`to look and act: ${operators.join(', ')}`]),
  ];
  const left = groupsLeftOut
    ? html`<p>The token names no groups, for this account is in too many of them (Entra calls it overage). Have the application give roles, or only the groups assigned to it: docs/console.md says how.</p>`
    : '';
  return {
    title: 'You are signed in, and may not look',
    status: 403,
    body: html`<div class="trouble">
<p>${name} (${account}) is in none of the groups and roles that may use this console.</p>
<p>What is missing is one of these in the token for ${clientId} – ${lists.join('; ')}. Ask whoever looks after Casewire.</p>
${left}
<p><a class="button" href="${BEGIN}?to=%2F&amp;other=1">Sign in with another account</a></p></div>`,
  };
}

/** The button that ends a session. */
export function signOutForm(token: Html): Html {
  return html`<form method="post" action="/sign-out">${token}<button class="small">Sign out</button></form>`;
}
