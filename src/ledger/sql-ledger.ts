import type { Kysely } from 'kysely';
import { sqlFacts } from './facts.ts';
import { sqlHeldAlerts } from './held-alerts.ts';
import { sqlInbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import { sqlOutbox } from './outbox.ts';
import { sqlOverview } from './overview.ts';
import { sqlReading } from './reading.ts';
import type { LedgerTables } from './schema.ts';

/** All ports of the ledger on one database, whichever it is. */
export function sqlLedger(db: Kysely<LedgerTables>): Ledger {
  return {
    reading: sqlReading(db),
    inbox: sqlInbox(db),
    outbox: sqlOutbox(db),
    overview: sqlOverview(db),
    held: sqlHeldAlerts(db),
    facts: sqlFacts(db),
    close: () => db.destroy(),
  };
}
