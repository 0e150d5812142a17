import type { TenantId } from '../src/domain/alert.ts';
import type { Edition, Editions } from '../src/ledger/facts/facts-port.ts';
import {
  type FileAsk,
  openReport,
  type ReportAsk,
  type ReportFile,
  type ReportParts,
} from '../src/reports/make-report.ts';
import { HandClock } from './hand-clock.ts';
import { FactsInMemory, hourlyReadings, lifelikeAlerts, recountAt } from './report-facts.ts';

/** Port `Editions` in memory, as a ledger keeps them. */
export function editionsInMemory(): Editions & { made: Edition[] } {
  const made: Edition[] = [];
  const newest = (ask: Pick<Edition, 'kind' | 'from' | 'to'>) =>
    made.findLast(({ kind, from, to }) => kind === ask.kind && from === ask.from && to === ask.to);
  return {
    made,
    find: async (ask) => newest(ask),
    async freeze(edition) {
      const before = newest(edition);
      if (before && before.revision >= edition.revision) return before;
      made.push(edition);
      return edition;
    },
  };
}

/** A life-like year of two tenants up to 24 November 2026, read every hour but for one night, as reports see it. */
export function reportRig(now = '2026-11-24T20:00:00Z'): ReportParts & { clock: HandClock } {
  const from = '2025-10-15T00:00:00Z';
  const to = '2026-11-24T20:00:00Z';
  const night = Date.parse('2026-10-12T22:00:00Z');
  const fails = (hour: number) =>
    hour >= night && hour < night + 5 * 3_600_000 ? 'the source answered 503' : undefined;
  const alerts = [
    ...lifelikeAlerts({ from, to, perDay: 4, seed: 7 }),
    ...lifelikeAlerts({ tenant: 'fabrikam', from: '2026-10-20T00:00:00Z', to, perDay: 2, seed: 8 }),
  ];
  const facts = new FactsInMemory(alerts, {
    hours: [
      ...hourlyReadings({ from, to, fails }),
      ...hourlyReadings({ tenant: 'fabrikam', from: '2026-10-20T00:00:00Z', to }),
    ],
    gaps: [
      {
        tenant: 'contoso' as TenantId,
        from: night,
        to: night + 5 * 3_600_000,
        why: 'the source answered 503',
      },
    ],
    recounts: [
      ...['08', '15', '22', '29'].map((day) => recountAt(`2026-10-${day}T02:00:00Z`)),
      ...['05', '12', '19'].map((day) => recountAt(`2026-11-${day}T02:00:00Z`)),
    ],
  });
  const clock = new HandClock(Date.parse(now));
  /** Both were read and synced to this minute; tailspin never was. */
  const coverage = (['contoso', 'fabrikam'] as TenantId[]).map((tenant) => ({
    tenant,
    since: Date.parse(tenant === 'contoso' ? from : '2026-10-20T00:00:00Z'),
    present: true,
  }));
  return {
    facts,
    editions: editionsInMemory(),
    coverage: { of: async () => coverage.map((one) => ({ ...one, readTo: clock.now(), syncedTo: clock.now() })) },
    clock,
    counting: {
      timezone: 'Europe/Berlin',
      sla: {
        high: { acknowledgeMs: 3_600_000, resolveMs: 28_800_000 },
        medium: { acknowledgeMs: 14_400_000, resolveMs: 259_200_000 },
      },
    },
    tenants: ['contoso', 'fabrikam', 'tailspin'] as TenantId[],
    version: '1.2.3',
  };
}

/** Makes one report in one format. */
export async function makeReport(parts: ReportParts, ask: ReportAsk & FileAsk): Promise<ReportFile> {
  return (await openReport(parts, ask)).file(ask);
}
