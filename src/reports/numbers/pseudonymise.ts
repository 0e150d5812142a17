import type { AlertFacts } from '../../domain/facts.ts';
import type { Listed, ReportModel } from '../model.ts';
import { byName } from './count/ranking.ts';

/** Keys of the model under which texts stand that may name a person. Whatever else it says names none. */
const TEXTS = new Set(['title', 'type', 'why', 'rule', 'detail', 'failures', 'name', 'users']);

/** A name's part before its @ is looked for in texts as well; one that is shorter would be found in other words. */
const SHORTEST_PART = 3;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}._%+'@-]*/gu;

const MAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Every user of a report's alerts, in order of how many of the period they are in, and then how early they come. */
export class NamesSeen {
  readonly #alerts = new Map<string, number>();

  take({ users }: AlertFacts, inPeriod: boolean): void {
    for (const name of users) {
      const key = name.toLowerCase();
      this.#alerts.set(key, (this.#alerts.get(key) ?? 0) + (inPeriod ? 1 : 0));
    }
  }

  inOrder(): string[] {
    // Sorting is stable, so that among equals who came first stays first: an order by name would give the name away.
    return [...this.#alerts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  }
}

/**
 * The same report with every user under another name, `User 01`, which is the same within the report and says nothing
 * outside it. Names in titles and reasons are replaced, and any mail address besides. IP addresses stay.
 */
export function pseudonymise(model: ReportModel, seen: NamesSeen): ReportModel {
  const names = seen.inOrder();
  const width = Math.max(2, String(names.length).length);
  const pseudonyms = new Map(names.map((name, i) => [name, `User ${String(i + 1).padStart(width, '0')}`]));
  const hide = hider(pseudonyms);
  const hidden = replaceIn(model, hide, false) as ReportModel;
  return {
    ...hidden,
    pseudonymised: true,
    users: reordered(hidden.users, (a, b) => b.alerts - a.alerts || byName(a.name, b.name)),
    repeats: reordered(
      hidden.repeats,
      (a, b) => b.weeks - a.weeks || sum(b.alerts) - sum(a.alerts) || byName(b.kind, a.kind) || byName(a.name, b.name),
    ),
  };
}

/**
 * Replaces names in a text, word by word, so that it costs the same with a hundred thousand users: whole names, and of
 * a mail address the part before its @, as it is and as words (`ada.lovelace`, `Ada Lovelace`).
 */
function hider(pseudonyms: ReadonlyMap<string, string>): (text: string) => string {
  const names = new Map(pseudonyms);
  for (const [name, pseudonym] of pseudonyms) {
    const part = name.slice(0, Math.max(0, name.indexOf('@')));
    for (const alias of [part, part.replace(/[._-]+/g, ' ').trim()])
      if (alias.length >= SHORTEST_PART && !names.has(alias)) names.set(alias, pseudonym);
  }
  const byFirstWord = Map.groupBy(
    [...names.keys()].sort((a, b) => b.length - a.length || byName(a, b)),
    (name) => name.match(WORD)?.[0] ?? name,
  );
  return (text) => {
    const lower = text.toLowerCase();
    // A text that changes its length in small letters cannot be compared letter by letter.
    if (lower.length !== text.length) return text.replace(MAIL, 'a user');
    let told = '';
    let end = 0;
    for (const { 0: found, index } of lower.matchAll(WORD)) {
      if (index < end) continue;
      const word = found.replace(/[.'_%+@-]+$/, '');
      const name = [...(byFirstWord.get(found) ?? []), ...(byFirstWord.get(word) ?? [])].find(
        (one) => lower.startsWith(one, index) && !/^[\p{L}\p{N}]/u.test(lower.slice(index + one.length)),
      );
      if (name === undefined) continue;
      told += text.slice(end, index) + (names.get(name) ?? 'a user');
      end = index + name.length;
    }
    return (told + text.slice(end)).replace(MAIL, 'a user');
  };
}

function replaceIn(value: unknown, hide: (text: string) => string, isText: boolean): unknown {
  if (typeof value === 'string') return isText ? hide(value) : value;
  if (Array.isArray(value)) return value.map((one) => replaceIn(one, hide, isText));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaceIn(one, hide, TEXTS.has(key))]));
}

function reordered<T>({ rows, total }: Listed<T>, order: (a: T, b: T) => number): Listed<T> {
  return { rows: [...rows].sort(order), total };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, n) => total + n, 0);
}
