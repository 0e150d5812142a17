import { type AliasedRawBuilder, sql } from 'kysely';
import type { EpochMs } from '../../domain/time.ts';
import type { FactRow } from './fact-rows.ts';

/**
 * All facts of a sighting that were recorded by then in one value, a line each: reading a row costs more than what is in
 * it. JSON has no control characters of its own (RFC 8259, section 7), so that lines and tabs part it safely.
 * `string_agg` is in Postgres and, since 3.44, in SQLite (sqlite.org/lang_aggfunc.html).
 */
export function packedFacts(asOf: EpochMs): AliasedRawBuilder<string | null, 'packed'> {
  const tab = sql.lit('\t');
  const columns = sql.join(
    [
      sql`fact`,
      sql`cast(turn as text)`,
      sql`cast(at as text)`,
      sql`cast(recorded_at as text)`,
      sql`coalesce(detail, '')`,
      sql`coalesce(snapshot, '')`,
    ],
    sql` || ${tab} || `,
  );
  const lines = sql<string | null>`(select string_agg(${columns}, ${sql.lit('\n')}) from facts
    where facts.dedup_key = sightings.dedup_key and facts.recorded_at <= ${asOf})`;
  return lines.as('packed');
}

/** The rows that `packedFacts` packed, in no order. */
export function unpacked(dedup_key: string, packed: string | null): FactRow[] {
  if (packed === null) return [];
  return packed.split('\n').map((line) => {
    const [fact = '', turn, at, recorded, detail, snapshot] = line.split('\t');
    return {
      dedup_key,
      fact,
      turn: Number(turn),
      at: Number(at),
      recorded_at: Number(recorded),
      detail: detail || null,
      snapshot: snapshot || null,
    };
  });
}
