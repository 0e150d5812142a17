import type { Kysely } from 'kysely';
import { sqlAttachments } from './attachments.ts';
import { sqlAudits, sqlTwins } from './audits.ts';
import { sqlFacts } from './facts.ts';
import { sqlGroups } from './groups.ts';
import { sqlHeldAlerts } from './held-alerts.ts';
import { sqlHints } from './hints.ts';
import { sqlInbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import { sqlLinks } from './links.ts';
import { sqlNews } from './news.ts';
import { sqlNotes } from './notes.ts';
import { sqlOutbox } from './outbox.ts';
import { sqlOverview } from './overview.ts';
import { sqlPulse } from './pulse.ts';
import { sqlReading } from './reading.ts';
import type { LedgerTables } from './schema.ts';
import { sqlWaitingLookUps } from './waiting-look-ups.ts';

/** All ports of the ledger on one database, whichever it is. */
export function sqlLedger(db: Kysely<LedgerTables>): Ledger {
  return {
    reading: sqlReading(db),
    inbox: sqlInbox(db),
    outbox: sqlOutbox(db),
    overview: sqlOverview(db),
    held: sqlHeldAlerts(db),
    facts: sqlFacts(db),
    groups: sqlGroups(db),
    attachments: sqlAttachments(db),
    news: sqlNews(db),
    waitingLookUps: sqlWaitingLookUps(db),
    links: sqlLinks(db),
    notes: sqlNotes(db),
    hints: sqlHints(db),
    pulse: sqlPulse(db),
    audits: sqlAudits(db),
    twins: sqlTwins(db),
    close: () => db.destroy(),
  };
}
