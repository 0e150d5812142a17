import { type Kysely, sql } from 'kysely';
import type { Severity } from '../../domain/alert.ts';
import type { LedgerTables } from '../store/schema.ts';
import type { Facts } from './facts-port.ts';

type Ask = Parameters<Facts['volumes']>[0];
type Counts = Record<Severity, number>;

/** Tenants in one statement, far below what either database allows. */
const AT_ONCE = 500;

/** As `Facts.volumes` promises. */
export async function volumes(db: Kysely<LedgerTables>, { tenants, edges, asOf }: Ask): Promise<readonly Counts[]> {
  const spans = edges.slice(1).map((): Counts => ({ high: 0, medium: 0, low: 0, informational: 0 }));
  if (spans.length === 0) return spans;
  const count = (span: number, severity: string, by: number) => {
    const counts = spans[span];
    if (counts) counts[severity as Severity] += by;
  };
  for (let i = 0; i < tenants.length; i += AT_ONCE) {
    const some = tenants.slice(i, i + AT_ONCE);
    for (const { span, severity, n } of await asFirstRead(db, { tenants: some, edges, asOf }))
      count(Number(span), severity, Number(n));
    for (const { created_at, was, is } of await corrected(db, { tenants: some, edges, asOf })) {
      const span = edges.findIndex((edge, at) => edge <= created_at && created_at < (edges[at + 1] ?? edge));
      count(span, was, -1);
      count(span, is, 1);
    }
  }
  return spans;
}

function asFirstRead(db: Kysely<LedgerTables>, { tenants, edges, asOf }: Ask) {
  return db
    .selectFrom('sightings')
    .select((select) => {
      const [first = 0, ...rest] = edges.slice(1);
      let spans = select.case().when('created_at', '<', first).then(sql.lit<number>(0));
      for (const [at, edge] of rest.entries())
        spans = spans.when('created_at', '<', edge).then(sql.lit<number>(at + 1));
      return [spans.end().as('span'), 'severity', select.fn.countAll<number>().as('n')];
    })
    .where('tenant', 'in', [...tenants])
    .where('created_at', '>=', edges[0] ?? 0)
    .where('created_at', '<', edges.at(-1) ?? 0)
    .where('recorded_at', '<=', asOf)
    .groupBy(['span', 'severity'])
    .execute();
}

/** Alerts whose record was replaced before anything was decided, with the severity that it said first, and said last. */
async function corrected(db: Kysely<LedgerTables>, { tenants, edges, asOf }: Ask) {
  const rows = await db
    .selectFrom('facts')
    .innerJoin('sightings', 'sightings.dedup_key', 'facts.dedup_key')
    .select(['facts.dedup_key', 'facts.snapshot', 'sightings.created_at', 'sightings.severity'])
    .where('facts.fact', '=', sql.lit('re-read'))
    .where('facts.tenant', 'in', [...tenants])
    .where('facts.recorded_at', '<=', asOf)
    .where('created_at', '>=', edges[0] ?? 0)
    .where('created_at', '<', edges.at(-1) ?? 0)
    .where('sightings.recorded_at', '<=', asOf)
    .orderBy('facts.recorded_at')
    .execute();
  const newest = new Map(rows.map((row) => [row.dedup_key, row]));
  return [...newest.values()].map(({ created_at, severity, snapshot }) => ({
    created_at,
    was: severity,
    is: (JSON.parse(snapshot ?? '{}').severity ?? severity) as string,
  }));
}
