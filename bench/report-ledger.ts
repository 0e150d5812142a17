import Database from 'better-sqlite3';
import type { AlertFacts, Fact } from '../src/domain/facts.ts';
import { HOUR_MS } from '../src/domain/time.ts';
import { openSqlite } from '../src/ledger/store/sqlite.ts';
import { lifelikeAlerts } from '../test/report-facts.ts';

export interface Month {
  from: string;
  to: string;
  perDay: number;
}

/** Makes a SQLite ledger of one tenant's months, as the flows would have left it; says how many alerts each has. */
export async function makeReportLedger(path: string, tenant: string, months: readonly Month[]): Promise<number[]> {
  await (await openSqlite(path)).destroy();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const put = (table: string, columns: number) =>
    db.prepare(`insert into ${table} values (${Array.from({ length: columns }, () => '?').join(', ')})`);
  const into = { sightings: put('sightings', 11), facts: put('facts', 8), hours: put('reading_hours', 10) };
  const link = db.prepare(
    'insert into links (dedup_key, site, ticket_id, ticket_key, ticket_url, linked_at, tenant, done_recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  db.prepare('insert into tenants (tenant, memo) values (?, ?)').run(tenant, '{}');
  const counts: number[] = [];
  for (const [i, { from, to, perDay }] of months.entries()) {
    const alerts = lifelikeAlerts({ tenant, from, to, perDay, seed: i + 1 });
    counts.push(alerts.length);
    db.transaction(() => {
      for (const alert of alerts)
        putAlert({ ...alert, key: `${alert.key}-${i}` as AlertFacts['key'] }, { ...into, link });
      for (let hour = Date.parse(from); hour < Date.parse(to); hour += HOUR_MS)
        into.hours.run(tenant, hour, 12, 0, null, hour, hour, hour + HOUR_MS - 1, hour + HOUR_MS - 1, HOUR_MS / 12);
    })();
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return counts;
}

type Statements = Record<'sightings' | 'facts' | 'link', Database.Statement>;

function putAlert(alert: AlertFacts, { sightings, facts, link }: Statements): void {
  const { key, tenant, createdAt, seenAt, severity, title, type, activityAt, url } = alert;
  const { category, users, findings, rules } = alert;
  sightings.run(
    key,
    tenant,
    key.slice(tenant.length + 1),
    createdAt,
    seenAt,
    seenAt,
    severity,
    title,
    type,
    activityAt,
    url,
  );
  const snapshot = JSON.stringify({ title, severity, category, users, findings, rules });
  const turns = new Map<string, number>();
  for (const one of alert.facts) {
    const { fact, at, recordedAt, ...rest } = one;
    const turn = (turns.get(fact) ?? 0) + 1;
    turns.set(fact, turn);
    const decides = fact === 'raised' || fact === 'attached' || fact === 'suppressed' || fact === 'held';
    const detail = Object.keys(rest).length === 0 ? null : JSON.stringify(rest);
    facts.run(key, tenant, fact, decides ? 0 : turn, at, recordedAt, detail, decides ? snapshot : null);
  }
  const issue = alert.facts.find(isIssue);
  if (!issue) return;
  const last = alert.facts.findLast(({ fact }) => fact === 'resolved' || fact === 'reopened');
  const done = last?.fact === 'resolved' ? last.recordedAt : null;
  const { id, key: ticket, url: page } = issue.ticket;
  link.run(key, issue.site, id, ticket, page, issue.at, tenant, done);
}

function isIssue(fact: Fact): fact is Extract<Fact, { fact: 'raised' | 'adopted' | 'attached' }> {
  return fact.fact === 'raised' || fact.fact === 'adopted' || fact.fact === 'attached';
}
