import type { Alert } from '../../domain/alert.ts';
import {
  type AttackRef,
  type Category,
  type CategoryPath,
  categoryPath,
  UNCATEGORISED,
} from '../../domain/category.ts';
import { nearest } from '../../domain/nearest.ts';
import { type Marks, marksOf, plainId } from '../expressions/marks.ts';
import { attackRef, tacticNamed } from './attack.ts';
import { CATEGORY_ROWS, type CategoryRow } from './categories.ts';
import { RSIT, rsitNamed } from './rsit.ts';

interface TitlePattern {
  pattern: RegExp;
  row: CategoryRow;
}

const BY_ID = rowsBy(({ ids = [] }) => ids.map(plainId));
const BY_TITLE = rowsBy(({ titles = [] }) => titles.filter((title) => !title.includes('*')));
const BY_MARK = rowsBy(({ marks = [] }) => marks);
const PATTERNS: readonly TitlePattern[] = CATEGORY_ROWS.flatMap((row) =>
  (row.titles ?? []).filter((title) => title.includes('*')).map((title) => ({ pattern: toPattern(title), row })),
);

/** Titles are searched no further than this, so that one of any length costs little. */
const LONGEST_TITLE = 300;

const UNPRIVILEGED = 'intrusions/unprivileged-account-compromise';
const PRIVILEGED = 'intrusions/privileged-account-compromise';

/**
 * Says what kind of incident an alert is: by the table of categories, or `other/uncategorised` where no row matches.
 * `named` is what a rule says it is; it takes the place of the table's class and type. The tactics and the techniques
 * that the record itself names take the place of the table's.
 */
export function classify(alert: Alert, named?: Category): Category {
  const marks = marksOf(alert);
  const told = toCategory(rowOf(alert, marks), marks.administrator);
  const tactics = marks.tactics.flatMap((name) => tacticNamed(name) ?? []);
  return {
    rsitClass: named?.rsitClass ?? told.rsitClass,
    rsitType: named?.rsitType ?? told.rsitType,
    phase: told.phase,
    tactics: tactics.length > 0 ? distinct(tactics) : told.tactics,
    techniques: marks.techniques.length > 0 ? marks.techniques.map(attackRef) : told.techniques,
  };
}

/** The row of the table that an alert belongs to. */
export function rowOf(alert: Alert, marks: Marks = marksOf(alert)): CategoryRow | undefined {
  const names = [alert.title, alert.type].map(plainTitle).filter((name) => name !== '');
  return (
    first(marks.ids, (id) => BY_ID.get(id)) ??
    first(names, (name) => BY_TITLE.get(name)) ??
    first(names, (name) => PATTERNS.find(({ pattern }) => pattern.test(name))?.row) ??
    first(marks.words, (word) => BY_MARK.get(word))
  );
}

export function isKnownCategory(text: string): boolean {
  return rsitNamed(text) !== undefined;
}

/**
 * The category that a rule names as `class/type` or by RSIT's machine tag `class:value`; it names no tactic and no
 * technique. `undefined` for what RSIT does not have.
 */
export function categoryNamed(text: string): Category | undefined {
  const type = rsitNamed(text);
  return type && { ...split(type.path), tactics: [], techniques: [], phase: 'Detection and Analysis' };
}

/** The category that a mistyped one most likely meant, by its whole path or by the type alone. */
export function nearestCategory(text: string): CategoryPath | undefined {
  const paths = RSIT.map(({ path }) => path);
  const last = text.trim().split(/[/:]/).at(-1) ?? '';
  const found = nearest(text.trim(), paths);
  if (found) return paths.find((path) => path === found);
  const type = nearest(
    last,
    paths.map((path) => split(path).rsitType),
  );
  return paths.find((path) => split(path).rsitType === type);
}

/** Every category that the table can give, each once, in the table's order; uncategorised last. */
export function categoriesOfTable(): readonly Category[] {
  const all = CATEGORY_ROWS.flatMap((row) =>
    row.category === UNPRIVILEGED ? [toCategory(row, false), toCategory(row, true)] : [toCategory(row, false)],
  );
  const byText = new Map(
    [...all, toCategory(undefined, false)].map((category) => [JSON.stringify(category), category]),
  );
  return [...byText.values()];
}

/** RSIT's own names of a category: `Intrusion Attempts`, `Login Attempts`. */
export function rsitOf(category: Category) {
  return rsitNamed(categoryPath(category));
}

function toCategory(row: CategoryRow | undefined, administrator: boolean): Category {
  const path = row?.category ?? UNCATEGORISED;
  const refs = (row?.attack ?? '')
    .split(' ')
    .filter((id) => id !== '')
    .map(attackRef);
  return {
    ...split(administrator && path === UNPRIVILEGED ? PRIVILEGED : path),
    tactics: refs.filter(({ id }) => id.startsWith('TA')),
    techniques: refs.filter(({ id }) => !id.startsWith('TA')),
    phase: row?.phase ?? 'Detection and Analysis',
  };
}

function split(path: CategoryPath) {
  const slash = path.indexOf('/');
  return { rsitClass: path.slice(0, slash), rsitType: path.slice(slash + 1) };
}

/** Titles are compared in small letters; Entra's risks without the words that Cloud Apps puts before them. */
function plainTitle(title: string): string {
  const plain = title
    .slice(0, LONGEST_TITLE)
    .toLowerCase()
    .replace(/\((?:by user|preview)\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const risk = /^risky sign-in: (.+)$/.exec(plain)?.[1];
  return risk !== undefined && BY_TITLE.has(risk) ? risk : plain;
}

function toPattern(title: string): RegExp {
  const text = title.replace(/[^a-z0-9 *]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${text}$`, 's');
}

function rowsBy(keysOf: (row: CategoryRow) => readonly string[]): ReadonlyMap<string, CategoryRow> {
  const rows = new Map<string, CategoryRow>();
  for (const row of CATEGORY_ROWS) for (const key of keysOf(row)) if (!rows.has(key)) rows.set(key, row);
  return rows;
}

function first<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function distinct(refs: readonly AttackRef[]): readonly AttackRef[] {
  return [...new Map(refs.map((ref) => [ref.id, ref])).values()];
}
