import { execFileSync } from 'node:child_process';
import { unzipSync } from 'fflate';
import { numbersOf } from './compare.ts';
import type { Tree } from './count.ts';
import type { Books, MadeReport } from './play.ts';

/** Laws that hold for every report, whatever was counted; each broken one is a sentence. */
export function brokenRelations(books: Books): string[] {
  return [
    ...books.reports.flatMap(shares),
    ...tenantsAddUp(books.reports),
    ...daysAddUp(books.reports),
    ...formatsAgree(books.looks.flatMap(({ first }) => first)),
    ...formatsAgree(books.reports),
    ...books.looks.flatMap(sameBytes),
    ...moments(books),
  ];
}

/** Numbers of events: those of the days add up to their week and their month, those of the tenants to the overview. */
const EVENTS: readonly RegExp[] = [
  /^(alerts|issues|acknowledged|resolved|reopenings)$/,
  /^(bySeverity|decisions|outcomes)\./,
  /^(alertToIssue|seenToIssue|acknowledge|resolve)\.n$/,
  /^bySeverityTimes\.[a-z]+\.[a-z]+\.n$/,
  /^(acknowledgeSla|resolveSla)\.breached\./,
  /^slaBySeverity\.[a-z]+\.[a-z]+\.breached\./,
];

/** Levels of the overview: how all tenants stood at the end of the period. */
const LEVELS = ['openAtStart', 'openAtEnd'];

const says = ({ scope, kind, name }: MadeReport) => `${scope} ${kind} ${name}`;
const at = (tree: unknown, path: string): unknown =>
  path.split('.').reduce((value: unknown, name) => (value as Tree | undefined)?.[name], tree);

/** No share is of less than its count, and what stands in one row is of the same alerts. */
function shares(report: MadeReport): string[] {
  const broken: string[] = [];
  for (const [path, count] of numbersOf(report.json, '')) {
    if (!path.endsWith('.count')) continue;
    const whole = at(report.json, `${path.slice(0, -'.count'.length)}.of`);
    if (whole !== undefined && count > Number(whole)) broken.push(`${says(report)} ${path}: ${count} of ${whole}`);
  }
  for (const [path, of] of numbersOf(report.json, '')) {
    if (!/\.rows\.\d+\.falsePositives\.of$/.test(path) || path.startsWith('tuning.')) continue;
    const alerts = at(report.json, path.replace(/falsePositives\.of$/, 'alerts'));
    if (of > Number(alerts)) broken.push(`${says(report)} ${path}: ${of} verdicts of ${alerts} alerts`);
  }
  const figures = report.json.figures as { alerts: number; states: Record<string, number> } | undefined;
  const states = Object.values(figures?.states ?? {}).reduce((total, n) => total + n, 0);
  if (figures && states !== figures.alerts)
    broken.push(`${says(report)}: the states are ${states}, the alerts ${figures.alerts}`);
  return broken;
}

function tenantsAddUp(reports: readonly MadeReport[]): string[] {
  const broken: string[] = [];
  for (const overview of reports.filter(({ scope }) => scope === 'all')) {
    const own = reports.filter(
      ({ scope, kind, from }) => scope !== 'all' && kind === overview.kind && from === overview.from,
    );
    const totals = overview.json.totals as Tree;
    const compare = (what: string, total: unknown, of: (figures: Tree) => unknown) => {
      const sum = own.reduce((all, { json }) => all + Number(of(json.figures as Tree)), 0);
      if (total !== sum)
        broken.push(`${says(overview)} ${what}: ${total} in the overview, ${sum} in the tenants' reports`);
    };
    for (const [path, total] of numbersOf(totals, ''))
      if (EVENTS.some((pattern) => pattern.test(path)) || LEVELS.includes(path))
        compare(path, total, (figures) => at(figures, path));
    compare('held', totals.held, ({ heldAtEnd }) => heldAtEnd);
    for (const part of ['count', 'of'])
      compare(
        `breached.${part}`,
        at(totals, `breached.${part}`),
        (figures) =>
          Number(at(figures, `acknowledgeSla.breached.${part}`)) + Number(at(figures, `resolveSla.breached.${part}`)),
      );
  }
  return broken;
}

function daysAddUp(reports: readonly MadeReport[]): string[] {
  const broken: string[] = [];
  const days = reports.filter(({ kind }) => kind === 'daily');
  for (const longer of reports.filter(({ kind }) => kind !== 'daily')) {
    const { to } = longer.json.period as { to: string };
    const own = days.filter(
      ({ scope, from }) => scope === longer.scope && from >= longer.from && from < Date.parse(to),
    );
    const whole = longer.scope === 'all' ? longer.json.totals : longer.json.figures;
    const ofDay = ({ json }: MadeReport) => (longer.scope === 'all' ? json.totals : json.figures);
    for (const [path, total] of numbersOf(whole, '')) {
      if (!EVENTS.some((pattern) => pattern.test(path)) && !/^breached\./.test(path)) continue;
      const sum = own.reduce((all, day) => all + Number(at(ofDay(day), path)), 0);
      if (sum !== total) broken.push(`${says(longer)} ${path}: ${total}, and ${sum} over its ${own.length} days`);
    }
  }
  return broken;
}

/** What each format says of a figure, by the words that stand beside it, and where JSON has it. */
const FIGURES: Readonly<Record<string, readonly (readonly [label: string, path: string])[]>> = {
  day: [
    ['Alerts', 'figures.alerts'],
    ['High severity', 'figures.bySeverity.high'],
    ['Issues made', 'figures.issues'],
    ['Acknowledged', 'figures.acknowledged'],
    ['Resolved', 'figures.resolved'],
    ['Open at the end', 'figures.openAtEnd'],
    ['Suppressed', 'figures.decisions.suppressed'],
    ['Held at the end', 'figures.heldAtEnd'],
  ],
  totals: [
    ['Tenants', 'totals.tenants'],
    ['Alerts', 'totals.alerts'],
    ['High severity', 'totals.bySeverity.high'],
    ['Issues made', 'totals.issues'],
    ['Resolved', 'totals.resolved'],
    ['Open at the end', 'totals.openAtEnd'],
    ['Held', 'totals.held'],
    ['False positives', 'totals.outcomes.falsePositives.count'],
    ['Targets missed', 'totals.breached.count'],
  ],
  measures: [
    ['Alerts', 'figures.alerts'],
    ['Alerts of high severity', 'figures.bySeverity.high'],
    ['Issues made', 'figures.issues'],
    ['Alerts suppressed', 'figures.decisions.suppressed'],
    ['Alerts held at the end', 'figures.heldAtEnd'],
    ['Issues acknowledged', 'figures.acknowledged'],
    ['Resolutions', 'figures.resolved'],
    ['Resolutions reopened', 'figures.reopened.count'],
    ['Issues open at the end', 'figures.openAtEnd'],
    ['False positives', 'figures.outcomes.falsePositives.count'],
  ],
};

/** Tables that stand in all formats: the sheet, the column of its value, and whose figures they are. */
const SHEETS: Readonly<
  Record<string, { sheet: string; figures: keyof typeof FIGURES; column: (row: readonly string[]) => number }>
> = {
  daily: { sheet: 'day', figures: 'day', column: () => 1 },
  weekly: { sheet: 'comparison', figures: 'measures', column: (row) => row.length - 1 },
  monthly: { sheet: 'scorecard', figures: 'measures', column: () => 2 },
  all: { sheet: 'totals', figures: 'totals', column: () => 1 },
};

function formatsAgree(reports: readonly MadeReport[]): string[] {
  return reports.flatMap((report) => {
    const { csv, text, html, pdf } = report.files;
    if (!csv || !text || !html) return [];
    const { sheet, figures, column } = SHEETS[report.scope === 'all' ? 'all' : report.kind] as (typeof SHEETS)[string];
    const sheets = unzipSync(csv);
    const rows = rowsOf(new TextDecoder().decode(sheets[`${sheet}.csv`]));
    const drawn: [string, string][] = [
      ['text', flat(new TextDecoder().decode(text))],
      ['HTML', flat(textOfHtml(new TextDecoder().decode(html)))],
      ...(pdf ? textOfPdf(pdf) : []).map((words): [string, string] => ['PDF', flat(words)]),
    ];
    const broken: string[] = [];
    for (const [label, path] of FIGURES[figures] ?? []) {
      const row = rows.find(([name]) => name === label);
      const value = at(report.json, path);
      // What nobody looked at is left out where people read it.
      if (!row && report.json.notMeasured === true) continue;
      const inCsv = row?.[column(row)];
      if (inCsv !== String(value) && !(inCsv === '' && value === 0))
        broken.push(`${says(report)} ${label}: ${inCsv} in CSV, ${value} in JSON`);
      const before = (row ?? [])
        .slice(1, row ? column(row) : 1)
        .map(looseCell)
        .join('');
      // There is no share of nothing: people read a dash.
      const ofNothing = path.endsWith('.count') && at(report.json, path.replace(/count$/, 'of')) === 0;
      const seen = new RegExp(
        `(^| )${literally(label)}${before} ${ofNothing ? '(?:–|none)' : number(value)}(?![\\d,.])`,
      );
      for (const [format, words] of drawn)
        if (!seen.test(words)) broken.push(`${says(report)} ${label}: ${value} in JSON, not found in ${format}`);
    }
    return broken;
  });
}

/** A cell of another column, as people read it: a share stands behind its count, and nothing is a dash. */
function looseCell(value: string): string {
  return value === '' ? '(?: (?:–|n = \\d+))?' : ` (?:${number(value)}(?: \\(\\d+ %\\)| of \\d+)?|–)`;
}

function number(value: unknown): string {
  return Number.isInteger(Number(value)) ? Number(value).toLocaleString('en-US') : '\\S+';
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function textOfHtml(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#?\w+;/g, ' ');
}

let toldWhy = false;

/** The text of a PDF in reading order, where poppler's `pdftotext` is at hand; else none, and it is said once. */
function textOfPdf(pdf: Uint8Array): string[] {
  try {
    return [
      execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', '-', '-'], { input: pdf, stdio: 'pipe' }).toString('utf8'),
    ];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (!toldWhy) process.stderr.write('recount: PDF is not compared: there is no pdftotext (poppler-utils) here\n');
    toldWhy = true;
    return [];
  }
}

/** Rows of an RFC 4180 file. */
function rowsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end = ''] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A report of a fixed period has the same bytes whenever it is made; a provisional one may differ. */
function sameBytes({ first, again }: Books['looks'][number]): string[] {
  return first.flatMap((report, i) => {
    const later = again[i];
    if (report.json.provisional === true || !later) return [];
    return Object.entries(report.files)
      .filter(([format, bytes]) => Buffer.compare(bytes, later.files[format] ?? new Uint8Array()) !== 0)
      .map(([format]) => `${says(report)}: made again later, its ${format} has other bytes`);
  });
}

const GRACE_MS = 6 * 3_600_000;

/**
 * A period is fixed for all scopes at one instant: when each tenant was read and synced past its end, or six hours after
 * it when one was read past it; the others are missing then.
 */
function moments({ looks, passes, scenario }: Books): string[] {
  const fixed = new Map<string, { missing: readonly string[] }>();
  const broken: string[] = [];
  for (const { first } of looks)
    for (const [name, made] of Map.groupBy(first, ({ kind, from }) => `${kind} ${from}`)) {
      const { at: now, json } = made[0] as MadeReport;
      const to = Date.parse((json.period as { to: string }).to);
      const past = (tenant: string, what: string) => {
        const own = passes.filter((one) => one.what === what && one.at <= now && !one.failed.has(tenant));
        return (own[0]?.at ?? to) < to && (own.at(-1)?.at ?? 0) >= to;
      };
      const unread = scenario.tenants.filter((tenant) => !past(tenant, 'run'));
      const missing = scenario.tenants.filter((tenant) => !past(tenant, 'run') || !past(tenant, 'sync'));
      const isFixed = missing.length === 0 || (unread.length < scenario.tenants.length && now >= to + GRACE_MS);
      if (isFixed && !fixed.has(name)) fixed.set(name, { missing });
      const expected = fixed.get(name);
      for (const report of made) {
        const told = report.json.provisional === true ? undefined : namesIn(report.json.missing);
        const own = expected?.missing.filter((tenant) => report.scope === 'all' || report.scope === tenant);
        if (told?.join() !== own?.join())
          broken.push(`${says(report)}: ${sayFixed(told)} in the report, ${sayFixed(own)} by the passes`);
        if (report.json.asOf !== json.asOf || report.json.revision !== json.revision)
          broken.push(`${says(report)}: as of ${report.json.asOf}, and the overview as of ${json.asOf}`);
      }
    }
  return broken;
}

function namesIn(missing: unknown): string[] {
  return ((missing as { tenant: string }[] | undefined) ?? []).map(({ tenant }) => tenant).sort();
}

function sayFixed(missing: readonly string[] | undefined): string {
  return missing ? `fixed without ${missing.join(', ') || 'nobody'}` : 'provisional';
}
