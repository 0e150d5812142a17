import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { Report, ReportFormat } from '../../reports/make-report.ts';
import { NotDrawable } from '../../reports/not-drawable.ts';
import { lastEnded } from '../../reports/periods/periods.ts';
import type { Cli } from '../cli.ts';
import { openCasewire } from '../open.ts';
import { version } from '../version.ts';
import { writeFileWhole } from '../write-file.ts';

/** So much of the report's text is shown where nobody can turn pages. */
const LINES_SHOWN = 48;

const SCOPE = 'contoso' as TenantId;

/** The customer's report of the last month: its beginning through a pipe, a file in `folder` on a terminal. */
export async function showMonth(cli: Cli, config: Config, folder: string): Promise<void> {
  const { clock, random, stdout } = cli;
  const casewire = await openCasewire(config, { clock, random, progress: () => {}, store: 'use' });
  try {
    const { from } = lastEnded('monthly', config.reports.timezone, clock.now());
    const report = await casewire.report({ scope: SCOPE, kind: 'monthly', from, version: version() });
    stdout.writeLines(stdout.isTerminal ? await intoFile(report, folder) : await beginning(report));
  } finally {
    await casewire.close();
  }
}

async function beginning(report: Report): Promise<string[]> {
  const { bytes } = await report.file({ format: 'text' });
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n');
  const left = lines.length - LINES_SHOWN;
  if (left <= 0) return lines;
  return [...lines.slice(0, LINES_SHOWN), `… and ${left} lines more; the same as PDF, HTML, CSV or JSON`];
}

async function intoFile(report: Report, folder: string): Promise<string[]> {
  const file = await drawn(report, 'pdf').catch((error: unknown) => {
    // No typesetter for this machine: the page says the same.
    if (error instanceof NotDrawable) return drawn(report, 'html');
    throw error;
  });
  const path = join(folder, SCOPE, file.fileName);
  await writeFileWhole(path, file.bytes);
  return [`${path}${file.pages === undefined ? '' : ` (${file.pages} pages)`}`];
}

async function drawn(report: Report, format: ReportFormat) {
  const file = await report.file({ format });
  return { ...file, pages: format === 'pdf' ? pagesOf(file.bytes) : undefined };
}

/** As the page tree of a PDF counts them (ISO 32000-1:2008 §7.7.3.2); unknown where it is compressed. */
function pagesOf(pdf: Uint8Array): number | undefined {
  const counts = Buffer.from(pdf)
    .toString('latin1')
    .matchAll(/\/Type\s*\/Pages[^>]*?\/Count\s+(\d+)/g);
  const most = Math.max(0, ...[...counts].map(([, count]) => Number(count)));
  return most === 0 ? undefined : most;
}
