import type { Kysely } from 'kysely';
import { sqlActs } from './acts/acts.ts';
import { sqlCatalogue } from './catalogue/catalogue.ts';
import { sqlDeliveries, sqlDeliveryLog } from './deliveries/deliveries.ts';
import { sqlCoverage } from './facts/coverage.ts';
import { sqlEditions } from './facts/editions.ts';
import { sqlFactLog } from './facts/fact-log.ts';
import { sqlFacts } from './facts/facts.ts';
import { sqlUnlinkedAlerts } from './facts/unlinked-alerts.ts';
import { sqlAttachments } from './groups/attachments.ts';
import { sqlGroups } from './groups/groups.ts';
import { sqlHeldAlerts } from './held-alerts.ts';
import { sqlHints } from './in-step/hints.ts';
import { sqlLinks } from './in-step/links.ts';
import { sqlNews } from './in-step/news.ts';
import { sqlNotes } from './in-step/notes.ts';
import { sqlInbox } from './inbox.ts';
import { sqlLeases } from './leases.ts';
import type { Ledger } from './ledger.ts';
import { sqlWaitingLookUps } from './look-ups/waiting-look-ups.ts';
import { sqlOutbox } from './outbox.ts';
import { sqlOverview } from './overview.ts';
import { sqlPulse } from './pulse.ts';
import { sqlReading } from './reading.ts';
import { sqlAudits, sqlTwins } from './recounts/audits.ts';
import { sqlRulings } from './rulings.ts';
import { sqlEndedSessions } from './sessions/ended-sessions.ts';
import type { LedgerTables } from './store/schema.ts';

/** All ports of the ledger on one database, whichever it is. */
export function sqlLedger(db: Kysely<LedgerTables>): Ledger {
  return {
    reading: sqlReading(db),
    inbox: sqlInbox(db),
    leases: sqlLeases(db),
    outbox: sqlOutbox(db),
    overview: sqlOverview(db),
    held: sqlHeldAlerts(db),
    rulings: sqlRulings(db),
    catalogue: sqlCatalogue(db),
    facts: sqlFacts(db),
    factLog: sqlFactLog(db),
    unlinked: sqlUnlinkedAlerts(db),
    editions: sqlEditions(db),
    coverage: sqlCoverage(db),
    deliveries: sqlDeliveries(db),
    deliveryLog: sqlDeliveryLog(db),
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
    acts: sqlActs(db),
    endedSessions: sqlEndedSessions(db),
    close: () => db.destroy(),
  };
}
