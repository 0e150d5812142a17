import type { Severity, TenantId } from '../domain/alert.ts';
import type { BusinessHours, SlaTarget } from '../domain/sla.ts';
import { type Clock, type EpochMs, HOUR_MS } from '../domain/time.ts';
import type { Edition, Editions, Facts } from '../ledger/facts/facts-port.ts';
import type { OverviewModel, ReportModel, SlaBasis } from './model.ts';
import { NotDrawable } from './not-drawable.ts';
import { overview } from './numbers/overview.ts';
import { summarise } from './numbers/summarise.ts';
import type { Paper } from './paper.ts';
import { composeAll, composeReport } from './papers/compose.ts';
import type { Period, PeriodKind } from './periods/period.ts';
import { periodAt } from './periods/periods.ts';

/** What every report is made from. */
export interface ReportParts {
  facts: Facts;
  editions: Editions;
  clock: Clock;
  /** How reports count. */
  counting: {
    timezone: string;
    sla: Readonly<Partial<Record<Severity, SlaTarget>>>;
    businessHours?: BusinessHours;
    /** Whether alert and issue are kept in step; absent: they are. */
    inStep?: boolean;
  };
  /** Of the overview. */
  tenants: readonly TenantId[];
  /** The program's version. */
  version: string;
}

/**
 * So long after its end a period may still be read: until then its report is told as what is recorded so far, so that
 * nobody who looks early fixes it for ever.
 */
const SETTLED_AFTER_MS = HOUR_MS;

export const FORMATS = ['text', 'html', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof FORMATS)[number];

export interface ReportAsk {
  scope: TenantId | 'all';
  kind: PeriodKind;
  /** Any instant of the period. */
  from: EpochMs;
  pseudonymise?: boolean;
  /** Make a new revision of an ended period, as of now. */
  revise?: boolean;
  /** Of a period that has only just ended: tell it as it is from now on, though more of it may still be read. */
  freeze?: 'now';
}

export interface FileAsk {
  format: ReportFormat;
  /** A4 unless told; of PDF alone. */
  paperSize?: 'a4' | 'letter';
  /** Of CSV alone: this table as one file instead of all in a zip archive. */
  table?: string;
}

export interface ReportFile {
  /** `2026-10-monthly.pdf`; the folder says whose it is. */
  fileName: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** A report whose numbers are counted; each format is drawn from the same ones. */
export interface Report {
  period: Period;
  asOf: EpochMs;
  /** 0 for a period that has not ended. */
  revision: number;
  paper: Paper;
  file(ask: FileAsk): Promise<ReportFile>;
}

/**
 * Counts a report. Of an ended period everything that was recorded when it was first made is told, and ever after the
 * same; of one that has not ended, what is recorded so far.
 */
export async function openReport(parts: ReportParts, ask: ReportAsk): Promise<Report> {
  const { counting, version } = parts;
  const period = periodAt(ask.kind, counting.timezone, ask.from);
  const { asOf, revision, counting: written } = await toldAsOf(parts, period, ask);
  // Targets and tenants of the configuration may have changed since; the report has not.
  const model = await count({ ...parts, ...(JSON.parse(written) as Counted) }, { ...ask, period, asOf });
  const compose = (whole: boolean) =>
    model.scope === 'all'
      ? composeAll(model as OverviewModel, { revision, version, whole })
      : composeReport(model as ReportModel, { revision, version, whole });
  const paper = compose(false);
  const name = nameOf(period, revision, paper.pseudonymised);
  return {
    period,
    asOf,
    revision,
    paper,
    file: async ({ format, ...how }) =>
      format === 'json'
        ? {
            fileName: `${name}.json`,
            mediaType: 'application/json',
            bytes: encode((await import('./render/render-json.ts')).renderJson(model, { revision, version })),
          }
        : draw(format === 'csv' ? compose(true) : paper, name, { format, ...how }),
  };
}

/** What of the configuration is in a report, and is kept with it. */
type Counted = Pick<ReportParts, 'counting' | 'tenants'>;

async function toldAsOf(
  { editions, facts, clock, counting, tenants }: ReportParts,
  { kind, from, to }: Period,
  { scope, revise = false, freeze }: ReportAsk,
): Promise<Pick<Edition, 'asOf' | 'revision' | 'counting'>> {
  const now = clock.now();
  const counted: Counted = { counting, tenants: scope === 'all' ? tenants : [] };
  const written = JSON.stringify(counted);
  const made = await editions.find({ scope, kind, from });
  const isSettled = now >= to + SETTLED_AFTER_MS || (now >= to && (freeze === 'now' || revise));
  if (!made && !isSettled) {
    const latest = await facts.latest(scope === 'all' ? tenants : [scope]);
    return { asOf: Math.max(from, Math.min(latest ?? from, now)), revision: 0, counting: written };
  }
  // The zone may have been another when it was made: then it was another period, and this one is a new revision.
  if (made && made.to === to && !revise) return made;
  return editions.freeze({ scope, kind, from, to, revision: (made?.revision ?? 0) + 1, asOf: now, counting: written });
}

async function count(
  { facts, counting, tenants }: ReportParts,
  { scope, period, asOf, pseudonymise = false }: ReportAsk & { period: Period; asOf: EpochMs },
): Promise<ReportModel | OverviewModel> {
  const { sla: targets, businessHours, inStep = true } = counting;
  const sla: SlaBasis = { targets, ...(businessHours ? { businessHours } : {}) };
  if (scope === 'all') return overview(facts, { tenants, period, asOf, sla, inStep });
  return summarise(facts, { tenant: scope, period, asOf, sla, inStep, pseudonymise });
}

/** `2026-10-monthly`, with what sets it apart from the first of it. */
function nameOf({ kind, name }: Period, revision: number, pseudonymised: boolean): string {
  return `${name}-${kind}${revision > 1 ? `-r${revision}` : ''}${pseudonymised ? '-pseudonymised' : ''}`;
}

async function draw(
  paper: Paper,
  name: string,
  { format, paperSize = 'a4', table }: FileAsk & { format: Exclude<ReportFormat, 'json'> },
): Promise<ReportFile> {
  switch (format) {
    case 'text': {
      const { renderText } = await import('./render/render-text.ts');
      return { fileName: `${name}.txt`, mediaType: 'text/plain; charset=utf-8', bytes: encode(renderText(paper)) };
    }
    case 'html': {
      const { renderHtml } = await import('./render/render-html.ts');
      return { fileName: `${name}.html`, mediaType: 'text/html; charset=utf-8', bytes: encode(renderHtml(paper)) };
    }
    case 'pdf': {
      const { renderPdf } = await import('./render/render-pdf.ts');
      return { fileName: `${name}.pdf`, mediaType: 'application/pdf', bytes: await renderPdf(paper, { paperSize }) };
    }
    case 'csv':
      return drawCsv(paper, name, table);
  }
}

async function drawCsv(paper: Paper, name: string, table: string | undefined): Promise<ReportFile> {
  const { renderCsv, renderCsvZip, tableNames } = await import('./render/render-csv.ts');
  if (table === undefined)
    return { fileName: `${name}.csv.zip`, mediaType: 'application/zip', bytes: renderCsvZip(paper) };
  const bytes = renderCsv(paper, table);
  if (bytes === undefined) {
    const { nearest } = await import('../domain/nearest.ts');
    const names = tableNames(paper);
    const meant = nearest(table, names);
    throw new NotDrawable(
      `this report has no table "${table.slice(0, 60)}"${meant ? `; did you mean ${meant}?` : `. It has: ${names.join(', ')}.`}`,
    );
  }
  return { fileName: `${name}-${table}.csv`, mediaType: 'text/csv; charset=utf-8; header=present', bytes };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
