import type { Kysely } from 'kysely';
import type { Alert } from '../../domain/alert.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { MarkKind, MarkTables } from './mark-tables.ts';

type Mark = MarkTables['alert_marks'];
type Marked = Pick<Mark, 'dedup_key' | 'created_at'>;

/** Of one alert and kind; a record may name thousands. */
const MOST_MARKS = 200;

/** A name longer than this is not found by its whole, but by its beginning; a database's index has its limits. */
const MOST_CHARACTERS = 300;

/** Rows in one statement, far below what either database allows. */
const ROWS_AT_ONCE = 1_000;

/** A value as it is marked and looked for. */
export function toMarkValue(text: string): string {
  return text.trim().toLowerCase().slice(0, MOST_CHARACTERS);
}

/** By which users and addresses an alert is found. */
export function marksOfAlert(marked: Marked, { users, ips }: Pick<Alert, 'users' | 'ips'>): readonly Mark[] {
  const names = users.flatMap(({ name, address, displayName }) => [name, address, displayName]);
  return [
    ...toMarks(marked, 'user', names),
    ...toMarks(
      marked,
      'address',
      ips.map(({ address }) => address),
    ),
  ];
}

export function marksOfCategory(marked: Marked, category: string): readonly Mark[] {
  return toMarks(marked, 'category', [category]);
}

function toMarks(marked: Marked, kind: MarkKind, texts: readonly (string | undefined)[]): Mark[] {
  const values = new Set(texts.flatMap((text) => toMarkValue(text ?? '') || []));
  return [...values].slice(0, MOST_MARKS).map((value) => ({ ...marked, kind, value }));
}

/** Stores marks; one that is there already changes nothing. */
export async function storeMarks(db: Kysely<LedgerTables>, marks: readonly Mark[]): Promise<void> {
  for (let from = 0; from < marks.length; from += ROWS_AT_ONCE)
    await db
      .insertInto('alert_marks')
      .values(
        marks
          .slice(from, from + ROWS_AT_ONCE)
          .map(({ kind, value, created_at, dedup_key }) => ({ kind, value, created_at, dedup_key })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}
