import type { Severity, TenantId } from '../domain/alert.ts';
import type { BusinessHours, SlaTarget } from '../domain/sla.ts';
import type { Clock, EpochMs } from '../domain/time.ts';
import type { Coverage, Edition, Editions, Facts } from '../ledger/facts/facts-port.ts';
import type { OverviewModel, ReportModel, SlaBasis } from './model.ts';
import { type MissingTenant, standingOf } from './moment.ts';
import { NotDrawable } from './not-drawable.ts';
import { overview } from './numbers/overview.ts';
import { summarise } from './numbers/summarise.ts';
import type { Paper } from './paper.ts';
import { type Composing, composeAll, composeReport } from './papers/compose.ts';
import type { Period, PeriodKind } from './periods/period.ts';
import { periodAt } from './periods/periods.ts';

/** What every report is made from. */
export interface ReportParts {
  facts: Facts;
  editions: Editions;
  coverage: Pick<Coverage, 'of'>;
  clock: Clock;
  /** How reports count. */
  counting: {
    timezone: string;
    sla: Readonly<Partial<Record<Severity, SlaTarget>>>;
    businessHours?: BusinessHours;
    /** Whether alert and issue are kept in step; absent: they are. */
    inStep?: boolean;
  };
  /** Of the configuration. */
  tenants: readonly TenantId[];
  /** The program's version. */
  version: string;
}

export const FORMATS = ['text', 'html', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof FORMATS)[number];

export interface PeriodAsk {
  kind: PeriodKind;
  /** Any instant of the period. */
  from: EpochMs;
  /** Make the next revision of a fixed period, for all of its reports, as of now. */
  revise?: boolean;
}

export interface ScopeAsk {
  scope: TenantId | 'all';
  pseudonymise?: boolean;
}

export type ReportAsk = PeriodAsk & ScopeAsk;

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
  /** Absent: the report is provisional. */
  revision?: number;
  paper: Paper;
  file(ask: FileAsk): Promise<ReportFile>;
}

/** One period, whose overview and tenants' reports are all told as of the same instant. */
export interface PeriodReports {
  period: Period;
  asOf: EpochMs;
  /** Absent: the period is not fixed. */
  revision?: number;
  /** Why it is not: a sentence. Such reports are not kept, and say something else when more is known. */
  provisional?: string;
  /** Of the overview: those of the configuration, and others that were read in the period. */
  tenants: readonly TenantId[];
  report(ask: ScopeAsk): Promise<Report>;
}

/** Counts one report of a period, see `openPeriod`. */
export async function openReport(parts: ReportParts, ask: ReportAsk): Promise<Report> {
  return (await openPeriod(parts, ask)).report(ask);
}

/**
 * Says as of when all reports of a period are told. Where it has ended and enough of it is known (`standingOf`) it is
 * fixed for ever: by whom and for which report it is asked first makes no difference. Else it is provisional.
 */
export async function openPeriod(parts: ReportParts, ask: PeriodAsk): Promise<PeriodReports> {
  const { editions, clock } = parts;
  const period = periodAt(ask.kind, parts.counting.timezone, ask.from);
  const made = await editions.find(period);
  if (made && !ask.revise) return fixed(parts, made);
  const { counting, tenants: configured } = parts;
  const now = clock.now();
  const coverage = await parts.coverage.of(period);
  const standing = standingOf({ period, now, configured, coverage, inStep: counting.inStep ?? true });
  const { tenants, missing, provisional } = standing;
  const counted: Counted = { counting, tenants, missing };
  if (!made && provisional !== undefined) {
    const latest = (await parts.facts.latest(tenants)) ?? period.from;
    // As of what was recorded last, so that it is the same until more is; of an ended period as of its end at least.
    const asOf = Math.max(now < period.to ? period.from : period.to, Math.min(latest, now));
    return reportsOf(parts, { period, counted, asOf, provisional });
  }
  const { kind, from, to } = period;
  const revision = (made?.revision ?? 0) + 1;
  return fixed(
    parts,
    await editions.freeze({ kind, from, to, revision, asOf: now, counting: JSON.stringify(counted) }),
  );
}

/** What of the configuration and of the ledger's reading is in a report, and is kept with its period. */
type Counted = Pick<ReportParts, 'counting' | 'tenants'> & { missing: readonly MissingTenant[] };

/** Targets, tenants and the zone of the configuration may have changed since; the reports have not. */
function fixed(parts: ReportParts, { kind, from, revision, asOf, counting: written }: Edition): PeriodReports {
  const counted = JSON.parse(written) as Counted;
  return reportsOf(parts, { period: periodAt(kind, counted.counting.timezone, from), counted, asOf, revision });
}

/** What every format says of the report besides its numbers. */
type Said = Omit<Composing, 'whole'>;

interface Told {
  period: Period;
  counted: Counted;
  asOf: EpochMs;
  revision?: number;
  provisional?: string;
}

function reportsOf(parts: ReportParts, told: Told): PeriodReports {
  const { period, asOf, revision, provisional } = told;
  return {
    period,
    asOf,
    ...(revision === undefined ? {} : { revision }),
    ...(provisional === undefined ? {} : { provisional }),
    tenants: told.counted.tenants,
    report: (ask) => reportOf(parts, told, ask),
  };
}

async function reportOf(parts: ReportParts, told: Told, ask: ScopeAsk): Promise<Report> {
  const { period, asOf, counted, revision, provisional } = told;
  const missing = missingIn(counted, ask.scope);
  const said: Said = {
    version: parts.version,
    ...(revision === undefined ? {} : { revision }),
    ...(provisional === undefined ? {} : { provisional }),
    missing,
  };
  const model = await count(
    { ...parts, ...counted },
    { ...ask, period, asOf, missing, isFixed: revision !== undefined },
  );
  const compose = (whole: boolean) =>
    model.scope === 'all'
      ? composeAll(model as OverviewModel, { ...said, whole })
      : composeReport(model as ReportModel, { ...said, whole });
  const paper = compose(false);
  const name = nameOf(period, revision, paper.pseudonymised);
  return {
    period,
    asOf,
    ...(revision === undefined ? {} : { revision }),
    paper,
    file: async ({ format, ...how }) =>
      format === 'json'
        ? {
            fileName: `${name}.json`,
            mediaType: 'application/json',
            bytes: encode((await import('./render/render-json.ts')).renderJson(model, said)),
          }
        : draw(format === 'csv' ? compose(true) : paper, name, { format, ...how }),
  };
}

/** A tenant that came after the period was fixed has nothing in this revision. */
function missingIn({ tenants, missing }: Counted, scope: ScopeAsk['scope']): readonly MissingTenant[] {
  if (scope === 'all') return missing;
  if (!tenants.includes(scope)) return [{ tenant: scope, lacks: ['alerts', 'issues'] }];
  return missing.filter(({ tenant }) => tenant === scope);
}

async function count(
  { facts, counting, tenants }: ReportParts,
  {
    scope,
    period,
    asOf,
    missing,
    isFixed,
    pseudonymise = false,
  }: ScopeAsk & { period: Period; asOf: EpochMs; missing: readonly MissingTenant[]; isFixed: boolean },
): Promise<ReportModel | OverviewModel> {
  const { sla: targets, businessHours } = counting;
  const sla: SlaBasis = { targets, ...(businessHours ? { businessHours } : {}) };
  const inStep =
    (counting.inStep ?? true) && !(scope !== 'all' && isFixed && missing.some((one) => nothingOfIssues(one, period)));
  if (scope === 'all') return overview(facts, { tenants, period, asOf, sla, inStep });
  return summarise(facts, { tenant: scope, period, asOf, sla, inStep, pseudonymise });
}

/** What people did with the issues in the period is not known at all: it is not measured, and not zero. */
function nothingOfIssues({ lacks, issuesTo = 0 }: MissingTenant, { from }: Period): boolean {
  return lacks.includes('issues') && issuesTo <= from;
}

/** `2026-10-monthly`, with what sets it apart from the first revision of it. */
function nameOf({ kind, name }: Period, revision: number | undefined, pseudonymised: boolean): string {
  const which = revision === undefined ? '-provisional' : revision > 1 ? `-r${revision}` : '';
  return `${name}-${kind}${which}${pseudonymised ? '-pseudonymised' : ''}`;
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
