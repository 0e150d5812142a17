import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { DedupKey } from '../../domain/alert.ts';
import type { AlertRowState, LedgerTables } from '../store/schema.ts';
import type { AlertStanding, CatalogueFilter, CataloguePlace } from './catalogue-port.ts';
import type { MarkKind } from './mark-tables.ts';
import { toMarkValue } from './marks.ts';

/** An alert that was looked at. */
export interface WalkedRow {
  dedup_key: string;
  created_at: number;
  tenant: string;
  alert_id: string;
  title: string;
  severity: string;
  state: AlertRowState;
  reason: string | null;
  why: string | null;
  /** As it was decided last; NULL where it is not asked for. */
  category: string | null;
  /** NULL: it has not the second mark that is asked for. */
  also: string | null;
}

export interface WalkAsk {
  filter: CatalogueFilter;
  from?: { place: CataloguePlace; towards: 'older' | 'newer' };
  most: number;
}

export interface Walked {
  /** In the order of the walk. */
  found: readonly WalkedRow[];
  /** Where the walk stopped although there is more to look at; absent: it found enough, or went to the end. */
  stoppedAt?: WalkedRow;
}

/** Alerts looked at for one answer; beyond it a person says whether to look on. */
export const MOST_LOOKED_AT = 20_000;
const FIRST_ROUND = 100;
const LONG_ROUND = 2_000;

const OPEN_STATES = ['pending', 'sending', 'unknown', 'attaching'] as const;

const STATES: Readonly<Record<AlertStanding, readonly AlertRowState[]>> = {
  waiting: OPEN_STATES,
  raised: ['raised'],
  attached: ['attached'],
  suppressed: ['suppressed'],
  held: ['held'],
  dropped: ['held'],
};

export function standingOf({ state, reason }: Pick<WalkedRow, 'state' | 'reason'>): AlertStanding {
  if (state === 'held') return reason === 'dropped' ? 'dropped' : 'held';
  return state === 'pending' || state === 'sending' || state === 'unknown' || state === 'attaching' ? 'waiting' : state;
}

/**
 * Walks the alerts along the one index that leaves the fewest to look at, round by round, and keeps those that the
 * rest of the filter wants. So an answer is bounded whatever the filter, and no database has to choose a plan.
 */
export async function walk(db: Kysely<LedgerTables>, ask: WalkAsk): Promise<Walked> {
  const { filter, most } = ask;
  const drive = driveOf(filter);
  const wanted = wantedBy(filter);
  const found: WalkedRow[] = [];
  let { from } = ask;
  let round = Math.max(most, FIRST_ROUND);
  for (let looked = 0; ; ) {
    const rows = await nextRows(db, { ask: { ...ask, ...(from ? { from } : {}) }, drive, round });
    for (const row of rows) if (found.length < most && wanted(row)) found.push(row);
    const last = rows.at(-1);
    if (found.length >= most || !last || rows.length < round) return { found };
    looked += rows.length;
    if (looked >= MOST_LOOKED_AT) return { found, stoppedAt: last };
    from = { place: placeOf(last), towards: ask.from?.towards ?? 'older' };
    round = Math.min(LONG_ROUND, MOST_LOOKED_AT - looked);
  }
}

export function placeOf(row: Pick<WalkedRow, 'created_at' | 'dedup_key'>): CataloguePlace {
  return { createdAt: row.created_at, key: row.dedup_key as DedupKey };
}

/** Along which index to walk; several where one word means several states. */
type Drive =
  | { by: 'mark'; kind: MarkKind; value: string; also?: { kind: MarkKind; value: string } }
  | { by: 'row'; equal: readonly Partial<Pick<WalkedRow, 'tenant' | 'state' | 'severity'>>[] };

function driveOf({ tenant, standing, severity, category, user, address }: CatalogueFilter): Drive {
  const mark = (kind: MarkKind, text: string) => ({ kind, value: toMarkValue(text) });
  if (address !== undefined) {
    const also = user === undefined ? {} : { also: mark('user', user) };
    return { by: 'mark', ...mark('address', address), ...also };
  }
  if (user !== undefined) return { by: 'mark', ...mark('user', user) };
  // Nearly all alerts are raised, so that this word leaves few out.
  const states = standing !== undefined && standing !== 'raised' ? STATES[standing] : [undefined];
  const stateOf = (state: AlertRowState | undefined) => (state === undefined ? {} : { state });
  if (tenant !== undefined) return { by: 'row', equal: states.map((state) => ({ tenant, ...stateOf(state) })) };
  if (states[0] !== undefined) return { by: 'row', equal: states.map(stateOf) };
  if (category !== undefined) return { by: 'mark', ...mark('category', category) };
  return { by: 'row', equal: [severity === undefined ? {} : { severity }] };
}

/** What the whole filter wants of a row, also what the walk's index has seen to already. */
function wantedBy(filter: CatalogueFilter): (row: WalkedRow) => boolean {
  const { tenant, standing, severity, category, user, address } = filter;
  const text = filter.text?.toLowerCase();
  const both = user !== undefined && address !== undefined;
  return (row) =>
    (tenant === undefined || row.tenant === tenant) &&
    (standing === undefined || standingOf(row) === standing) &&
    (severity === undefined || row.severity === severity) &&
    (category === undefined || row.category === category) &&
    (!both || row.also !== null) &&
    (text === undefined || row.title.toLowerCase().includes(text) || row.alert_id.toLowerCase().includes(text));
}

interface Round {
  ask: WalkAsk;
  drive: Drive;
  round: number;
}

async function nextRows(db: Kysely<LedgerTables>, { ask, drive, round }: Round): Promise<WalkedRow[]> {
  const walks = drive.by === 'mark' ? [alongMarks(db, drive)] : drive.equal.map((equal) => alongRows(db, equal));
  const rows: WalkedRow[] = [];
  for (const one of walks) rows.push(...(await within(one, ask, drive).limit(round).execute()));
  if (walks.length === 1) return rows;
  const sign = ask.from?.towards === 'newer' ? 1 : -1;
  return rows.sort((a, b) => sign * compare(a, b)).slice(0, round);
}

function compare(a: WalkedRow, b: WalkedRow): number {
  return a.created_at - b.created_at || (a.dedup_key < b.dedup_key ? -1 : 1);
}

const ROW = [
  'alerts.dedup_key',
  'alerts.created_at',
  'alerts.tenant',
  'alerts.alert_id',
  'alerts.title',
  'alerts.severity',
  'alerts.state',
  'alerts.reason',
  'alerts.why',
] as const;

type Walking = SelectQueryBuilder<LedgerTables, 'alerts' | 'alert_marks', Omit<WalkedRow, 'category' | 'also'>>;

function alongRows(
  db: Kysely<LedgerTables>,
  equal: Partial<Pick<WalkedRow, 'tenant' | 'state' | 'severity'>>,
): Walking {
  let query = db.selectFrom('alerts').select(ROW);
  for (const [column, value] of Object.entries(equal)) query = query.where(`alerts.${column as 'tenant'}`, '=', value);
  return query as unknown as Walking;
}

function alongMarks(db: Kysely<LedgerTables>, { kind, value }: Drive & { by: 'mark' }): Walking {
  return (
    db
      .selectFrom('alert_marks')
      // SQLite keeps the order of a CROSS JOIN; without figures of its tables it might begin with the alerts.
      .crossJoin('alerts')
      .select(ROW)
      .whereRef('alerts.dedup_key', '=', 'alert_marks.dedup_key')
      .whereRef('alerts.created_at', '=', 'alert_marks.created_at')
      .where('alert_marks.kind', '=', kind)
      .where('alert_marks.value', '=', value)
  );
}

/** Adds span, place, order and what is only asked for when the filter needs it. */
function within(walking: Walking, { filter, from }: WalkAsk, drive: Drive) {
  const newer = from?.towards === 'newer';
  const table = drive.by === 'mark' ? 'alert_marks' : 'alerts';
  const [at, key] = [`${table}.created_at`, `${table}.dedup_key`] as const;
  let query = walking;
  if (filter.since !== undefined) query = query.where(at, '>=', filter.since);
  if (filter.until !== undefined) query = query.where(at, '<', filter.until);
  if (from) {
    const { createdAt, key: place } = from.place;
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple(at, key), newer ? '>' : '<', tuple(createdAt, place as string)),
    );
  }
  const order = newer ? 'asc' : 'desc';
  return withMark(withCategory(query.orderBy(at, order).orderBy(key, order), filter), drive);
}

type Categorised = SelectQueryBuilder<LedgerTables, 'alerts' | 'alert_marks', Omit<WalkedRow, 'also'>>;

function withCategory(query: Walking, { category }: CatalogueFilter): Categorised {
  if (category === undefined) return query.select(({ val }) => val<string | null>(null).as('category'));
  return query
    .leftJoin('proposals', 'proposals.dedup_key', 'alerts.dedup_key')
    .select('proposals.category') as unknown as Categorised;
}

function withMark(query: Categorised, drive: Drive): SelectQueryBuilder<LedgerTables, 'alerts', WalkedRow> {
  const also = drive.by === 'mark' ? drive.also : undefined;
  const whole = also
    ? query
        .leftJoin('alert_marks as second', (join) =>
          join
            .on('second.kind', '=', also.kind)
            .on('second.value', '=', also.value)
            .onRef('second.created_at', '=', 'alerts.created_at')
            .onRef('second.dedup_key', '=', 'alerts.dedup_key'),
        )
        .select('second.dedup_key as also')
    : query.select(({ val }) => val<string | null>(null).as('also'));
  return whole as unknown as SelectQueryBuilder<LedgerTables, 'alerts', WalkedRow>;
}
