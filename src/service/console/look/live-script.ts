/**
 * Reads the page again when the program says that something changed, and puts its live parts in place of the old ones.
 * What a person has in hand stays as it is: a part with a chosen box, an open drawer or a field being typed in waits.
 */
export const LIVE_SCRIPT = `
const LEAST_MS = 3000;
let readAt = 0;
let waiting;
let lost = false;

function inHand(part) {
  const active = document.activeElement;
  return (part.contains(active) && active.matches('input, textarea, select, button')) ||
    part.querySelector('input:checked, details[open] input') !== null;
}

async function readAgain() {
  waiting = undefined;
  if (document.hidden) return;
  readAt = Date.now();
  const answer = await fetch(location.href, { headers: { accept: 'text/html', 'x-casewire-live': '1' } });
  if (answer.redirected || answer.status === 401) return location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const token = fresh.querySelector('input[name=token]')?.value;
  if (token) for (const field of $('input[name=token]')) field.value = token;
  for (const part of $('[data-live]')) {
    const next = fresh.querySelector('[data-live="' + CSS.escape(part.dataset.live) + '"]');
    if (!next || inHand(part)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    part.replaceWith(next);
    enhance(next);
    if (focused !== null) $('a[href]', next).find((link) => link.getAttribute('href') === focused)?.focus();
  }
  const foot = fresh.querySelector('.foot time');
  const old = document.querySelector('.foot time');
  if (foot && old) { old.replaceWith(foot); tellTimes(document.querySelector('.foot')); }
}

function changed() {
  if (waiting) return;
  const late = () => readAgain().catch(() => { lost = true; });
  waiting = setTimeout(late, Math.max(250, readAt + LEAST_MS - Date.now()));
}

if (document.querySelector('[data-live]') && 'EventSource' in window) {
  const source = new EventSource('/live');
  source.addEventListener('changed', changed);
  source.addEventListener('open', () => { if (lost) { lost = false; changed(); } });
  source.addEventListener('error', () => {
    lost = true;
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (!$('[data-live]').some(inHand)) location.reload(); }, 15000);
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) changed(); });
  addEventListener('pagehide', () => source.close());
}
`;
