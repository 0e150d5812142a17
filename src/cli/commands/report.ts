import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Casewire } from '../../assembly/casewire.ts';
import type { Config } from '../../config/config.ts';
import type { TenantId } from '../../domain/alert.ts';
import { clean } from '../../domain/text/clean.ts';
import type { PeriodReports, ReportFile, ReportFormat } from '../../reports/make-report.ts';
import { NotDrawable } from '../../reports/not-drawable.ts';
import type { Period } from '../../reports/periods/period.ts';
import { lastEnded, periodNamed } from '../../reports/periods/periods.ts';
import type { Cli } from '../cli.ts';
import { tenantsAmong, withCasewire } from '../open.ts';
import type { ReportFlags, ReportKind } from '../table/report-command.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { writeFileWhole } from '../write-file.ts';

const ENDINGS: Readonly<Record<string, ReportFormat>> = {
  txt: 'text',
  html: 'html',
  htm: 'html',
  pdf: 'pdf',
  csv: 'csv',
  zip: 'csv',
  json: 'json',
};

export async function report(this: Cli, flags: ReportFlags, kind: ReportKind): Promise<void> {
  await withCasewire(
    this,
    async (casewire, config) => {
      const asked = await tenantsNamed(casewire, config, flags.tenant);
      const { from } = periodAsked(flags.date, kind, config, this);
      const reports = await casewire.reports({ kind, from, revise: flags.revise ?? false, version: version() });
      const tenants = asked ?? reports.tenants;
      const making = new Making(this, { reports, flags });
      const folder = folderNamed(flags.out);
      if (folder !== undefined) {
        const all = asked === undefined && tenants.length > 1;
        return making.intoFolder(folder, all ? ['all', ...tenants] : tenants);
      }
      const scope = scopeOf(tenants, flags);
      if (flags.out !== undefined) return making.intoFile(flags.out, scope);
      return making.onto(scope);
    },
    'if there',
  );
}

/** The tenants that `--tenant` names, configured or only in the ledger; `undefined` when it names none. */
async function tenantsNamed(
  casewire: Casewire,
  config: Config,
  names: readonly string[] | undefined,
): Promise<readonly TenantId[] | undefined> {
  if (names === undefined || names.length === 0) return undefined;
  const configured = config.tenants.map(({ tenant }) => tenant);
  const isKnown = names.every((name) => configured.some((tenant) => tenant === name.normalize('NFC')));
  const read = isKnown ? [] : await casewire.tenantsRead();
  return tenantsAmong([...configured, ...read], names);
}

/** What is the same for every report that one command makes. */
class Making {
  readonly #cli: Cli;
  readonly #reports: PeriodReports;
  readonly #flags: ReportFlags;
  readonly #format: ReportFormat;

  constructor(cli: Cli, { reports, flags }: { reports: PeriodReports; flags: ReportFlags }) {
    this.#cli = cli;
    this.#reports = reports;
    this.#flags = flags;
    this.#format = formatAsked(flags);
  }

  /** To standard output: bytes only where nobody looks at them. */
  async onto(scope: TenantId | 'all'): Promise<void> {
    const { stdout } = this.#cli;
    const binary = this.#format === 'pdf' || (this.#format === 'csv' && this.#flags.table === undefined);
    if (binary && stdout.isTerminal)
      throw new UsageError(
        `${this.#format === 'pdf' ? 'a PDF' : 'a zip archive'} is not for a terminal`,
        this.#format === 'pdf'
          ? 'Name a file: --out report.pdf'
          : 'Name a file, --out report.zip, or one table: --table users',
      );
    const { bytes } = await this.#file(scope);
    if (binary) stdout.writeBytes(bytes);
    else stdout.write(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  }

  async intoFile(path: string, scope: TenantId | 'all'): Promise<void> {
    const { bytes } = await this.#file(scope);
    await writeFileWhole(path, bytes);
    this.#cli.stdout.write(`${path}\n`);
  }

  /** `FOLDER/TENANT/2026-10-monthly.pdf` for each, and the overview in the folder itself where all are asked for. */
  async intoFolder(folder: string, scopes: readonly (TenantId | 'all')[]): Promise<void> {
    for (const scope of scopes) {
      const { fileName, bytes } = await this.#file(scope);
      const path = join(folder, scope === 'all' ? '' : scope, fileName);
      await writeFileWhole(path, bytes);
      this.#cli.stdout.write(`${path}\n`);
    }
  }

  async #file(scope: TenantId | 'all'): Promise<ReportFile> {
    const { paper, table, pseudonymise = false } = this.#flags;
    const made = await this.#reports.report({ scope, pseudonymise });
    try {
      return await made.file({
        format: this.#format,
        ...(paper === undefined ? {} : { paperSize: paper }),
        ...(table === undefined ? {} : { table }),
      });
    } catch (error) {
      if (error instanceof NotDrawable) throw new UsageError(clean(error.message));
      throw error;
    }
  }
}

function periodAsked(date: string | undefined, kind: ReportKind, config: Config, { clock }: Cli): Period {
  const { timezone } = config.reports;
  if (date === undefined) return lastEnded(kind, timezone, clock.now());
  const period = periodNamed(kind, timezone, date.trim());
  if (period === undefined) {
    const own = { daily: 'a day, 2026-10-31', weekly: 'a week, 2026-W44, or a day of it', monthly: 'a month, 2026-10' };
    throw new UsageError(`--date cannot be "${clean(date)}": a ${kind} report takes ${own[kind]}`);
  }
  if (period.from > clock.now()) throw new UsageError(`--date cannot be ${clean(date)}: it has not begun`);
  return period;
}

/** A file of a known ending says its format itself. */
function formatAsked({ format, out, json, table }: ReportFlags): ReportFormat {
  const asked = json ? 'json' : format;
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} ask for two formats; leave one out`);
  const ending = /\.([a-z]+)$/i.exec(out ?? '')?.[1]?.toLowerCase() ?? '';
  const chosen = asked ?? (Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined);
  if (table !== undefined && chosen !== undefined && chosen !== 'csv')
    throw new UsageError(`--table is of --format csv alone, not of ${chosen}`);
  if (ending === 'csv' && table === undefined && (chosen ?? 'csv') === 'csv')
    throw new UsageError(
      'a report has many tables, and a CSV file holds one',
      'Name it, --table users, or take them all in an archive: --out report.zip',
    );
  return chosen ?? (table === undefined ? 'text' : 'csv');
}

/** A path that ends in a slash, or a folder that is there. */
function folderNamed(out: string | undefined): string | undefined {
  if (out === undefined) return undefined;
  if (/[/\\]$/.test(out)) return out;
  return statSync(out, { throwIfNoEntry: false })?.isDirectory() ? out : undefined;
}

/** One tenant, or the overview of all. */
function scopeOf(tenants: readonly TenantId[], { tenant }: ReportFlags): TenantId | 'all' {
  const [only] = tenants;
  if (tenants.length === 1 && only !== undefined) return only;
  if (tenant === undefined || tenant.length === 0) return 'all';
  throw new UsageError(
    'several tenants are several reports',
    'Name one tenant, or a folder to write them to: --out reports/',
  );
}
