import type { Kysely, Transaction } from 'kysely';
import type { DedupKey } from '../../../domain/alert.ts';
import type { AlertLine } from '../../../domain/outcome.ts';
import type { SiteId, TicketRef } from '../../../domain/ticket.ts';
import type { EpochMs } from '../../../domain/time.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { snapshotOf } from './snapshot.ts';
import { storeFacts } from './store-facts.ts';

/** Keys in one statement, far below what either database allows. */
const AT_ONCE = 500;

export interface NewIssue {
  key: DedupKey;
  at: EpochMs;
  fact: 'raised' | 'adopted' | 'attached';
  site: SiteId;
  ticket: TicketRef;
  /** The issue's, where it is another alert's; else the line says it. */
  project?: string;
}

/** Stores that these alerts have their issue; the line of each, as it was decided, is stored already. */
export async function storeRaised(
  tx: Transaction<LedgerTables>,
  issues: readonly NewIssue[],
  now: EpochMs,
): Promise<void> {
  if (issues.length === 0) return;
  const lines = await readLines(tx, issues);
  await storeFacts(
    tx,
    issues.map(({ key, at, fact, site, ticket, project: given }) => {
      const line = lines.get(key) ?? {};
      const { priority } = line;
      const project = given ?? line.project;
      const detail = {
        ticket,
        site,
        ...(project === undefined ? {} : { project }),
        ...(priority === undefined ? {} : { priority }),
      };
      return { key, at, happening: { fact, ...detail }, snapshot: snapshotOf(line) };
    }),
    now,
  );
}

async function readLines(
  db: Kysely<LedgerTables>,
  issues: readonly NewIssue[],
): Promise<ReadonlyMap<string, Partial<AlertLine>>> {
  const lines = new Map<string, Partial<AlertLine>>();
  for (let i = 0; i < issues.length; i += AT_ONCE) {
    const rows = await db
      .selectFrom('proposals')
      .select(['dedup_key', 'json'])
      .where(
        'dedup_key',
        'in',
        issues.slice(i, i + AT_ONCE).map(({ key }) => key),
      )
      .execute();
    for (const { dedup_key, json } of rows) lines.set(dedup_key, JSON.parse(json));
  }
  return lines;
}
