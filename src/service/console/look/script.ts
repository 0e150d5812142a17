import { KEYS_SCRIPT } from './keys-script.ts';
import { LIVE_SCRIPT } from './live-script.ts';

/**
 * The one script, which adds to pages that work without it: instants in the reader's zone, a box that chooses all,
 * keys, and parts that are read again when the program says that they changed.
 */
export const SCRIPT = `
const $ = (query, root = document) => [...root.querySelectorAll(query)];
const make = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const two = (n) => String(n).padStart(2, '0');
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'your zone';

function tellTimes(root) {
  for (const time of $('time[datetime]', root)) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const local = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-') +
      ' ' + two(at.getHours()) + ':' + two(at.getMinutes());
    if ('ago' in time.dataset) time.title = local + ' (' + zone + ') · ' + at.toISOString();
    else {
      time.textContent = local;
      time.title = at.toISOString() + ' · shown in ' + zone;
    }
  }
}

function chooseAll(root) {
  for (const table of $('form table', root)) {
    const boxes = () => $('tbody input[type=checkbox]', table);
    const head = table.querySelector('thead th');
    if (!head || boxes().length < 2 || head.querySelector('input')) continue;
    const all = make('input', { type: 'checkbox', class: 'choose-all', 'aria-label': 'Choose all on this page' });
    all.addEventListener('change', () => boxes().forEach((box) => { box.checked = all.checked; }));
    table.addEventListener('change', () => {
      const chosen = boxes().filter((box) => box.checked).length;
      all.checked = chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    });
    head.append(all);
  }
}

function enhance(root) {
  tellTimes(root);
  chooseAll(root);
}

document.documentElement.classList.add('scripted');
for (const place of $('.zone')) place.textContent = 'times in ' + zone;
enhance(document);
${KEYS_SCRIPT}
${LIVE_SCRIPT}
`;
