import { html, raw } from 'hono/html';
import { type EpochMs, sayInstant } from '../../domain/time.ts';
import { assets } from './look/assets.ts';
import type { Done, Html, Section, Viewer } from './page.ts';

export interface LayoutParts {
  title: string;
  body: Html;
  version: string;
  now: EpochMs;
  /** Absent: no section is marked. */
  here?: Section;
  /** Absent: nobody is signed in, and there is nowhere to go. */
  viewer?: Viewer;
  /** Told once above the page: how the last act ended. */
  told?: Pick<Done, 'says' | 'mood'>;
  /** The form that signs out; absent where nobody signs in. */
  signOut?: Html;
  /** What a viewer has to know before they can act. */
  note?: string;
}

/** Where the navigation leads, in its order; `key` is typed after `g`. */
const SECTIONS: readonly { section: Section; name: string; path: string; key: string }[] = [
  { section: 'overview', name: 'Overview', path: '/', key: 'o' },
  { section: 'alerts', name: 'Alerts', path: '/alerts', key: 'a' },
  { section: 'held', name: 'Held', path: '/held', key: 'h' },
  { section: 'tenants', name: 'Tenants', path: '/tenants', key: 't' },
  { section: 'rules', name: 'Rules', path: '/rules', key: 'u' },
  { section: 'reports', name: 'Reports', path: '/reports', key: 'r' },
  { section: 'settings', name: 'Settings', path: '/settings', key: 's' },
];

/** A whole page: product, navigation, what was told, the body, and as of when it stands. */
export function layout({ title, body, version, now, here, viewer, told, signOut, note }: LayoutParts): Html {
  const { style, script } = assets();
  return html`${raw('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Casewire</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style.path}">
<script type="module" src="${script.path}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the page</a>
<header class="top">
<a class="product" href="/">Casewire</a>
${viewer === undefined ? '' : navigation(here)}
${viewer === undefined ? '' : account(viewer, signOut)}
</header>
<main id="main" tabindex="-1">
${told === undefined ? '' : html`<p class="told ${told.mood ?? 'good'}" role="status">${told.says}</p>`}
<h1>${title}</h1>
${body}
${note === undefined ? '' : html`<p class="quiet">${note}</p>`}
</main>
<footer class="foot">
<p>As of ${instant(now)} · <span class="zone">times in UTC</span> · Casewire ${version}${viewer === undefined ? '' : html` · <span class="keys">press <kbd>?</kbd> for keys</span>`}</p>
</footer>
</body>
</html>
`;
}

/** An instant: UTC as it is written, the reader's own zone where the script runs, the exact instant on hover. */
export function instant(at: EpochMs): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${sayInstant(at)}</time>`;
}

function navigation(here: Section | undefined): Html {
  return html`<nav aria-label="Sections"><ul>${SECTIONS.map(
    ({ section, name, path, key }) =>
      html`<li><a href="${path}" data-key="${key}"${section === here ? html` aria-current="page"` : ''}>${name}</a></li>`,
  )}</ul></nav>`;
}

function account({ name, may }: Viewer, signOut: Html | undefined): Html {
  return html`<div class="account"><span>${name}</span> <span class="may">${may === 'act' ? 'operator' : 'viewer'}</span>${signOut ?? ''}</div>`;
}
