/** Keys for those who look all day; they can be turned off (WCAG 2.2 §2.1.4). */
export const KEYS_SCRIPT = `
const KEPT = 'casewire-keys';
const kept = (value) => {
  try {
    if (value !== undefined) localStorage.setItem(KEPT, value);
    return localStorage.getItem(KEPT);
  } catch { return null; }
};
const rows = () => $('main .list tbody tr');
let leading = false;

function move(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  next?.querySelector('th a, td a, input')?.focus();
}

function showKeys() {
  document.querySelector('dialog')?.remove();
  const list = make('dl');
  const row = (keys, says) => list.append(make('dt', {}, make('kbd', {}, keys)), make('dd', {}, says));
  for (const link of $('nav [data-key]')) row('g ' + link.dataset.key, link.textContent);
  row('/', 'Search');
  row('j  k', 'Next or previous row');
  row('Enter', 'Open the row');
  row('x', 'Choose the row');
  row('?', 'These keys');
  const off = kept() === 'off';
  const turn = make('button', { type: 'button' }, off ? 'Turn keys on' : 'Turn keys off');
  const close = make('button', { type: 'button', class: 'first' }, 'Close');
  const dialog = make('dialog', { 'aria-labelledby': 'keys' }, make('h2', { id: 'keys' }, 'Keys'), list, turn, ' ', close);
  turn.addEventListener('click', () => { kept(off ? 'on' : 'off'); dialog.close(); });
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

for (const place of $('.keys kbd')) {
  const button = make('button', { type: 'button', class: 'small' }, 'keys');
  button.addEventListener('click', showKeys);
  place.closest('.keys').replaceChildren('press ', place, ' for ', button);
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || kept() === 'off') return;
  if (event.target.closest('input:not([type=checkbox]), textarea, select, dialog')) return;
  const { key } = event;
  if (leading) {
    leading = false;
    const link = $('nav [data-key]').find((one) => one.dataset.key === key);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const row = document.activeElement?.closest('.list tbody tr');
  const doing = {
    g: () => { leading = true; setTimeout(() => { leading = false; }, 1500); },
    j: () => move(1),
    k: () => move(-1),
    x: () => row?.querySelector('input[type=checkbox]')?.click(),
    '/': () => {
      const search = document.querySelector('main [type=search]');
      if (search) search.focus(); else location.assign('/alerts');
    },
    '?': showKeys,
  }[key];
  if (!doing) return;
  event.preventDefault();
  doing();
});
`;
