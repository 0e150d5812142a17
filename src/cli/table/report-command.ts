import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import { among, docs, oneOf, type TenantFlags, tenant, text, toggle, word } from './flags.ts';

const FORMATS = ['text', 'html', 'pdf', 'csv', 'json'] as const;
const KINDS = ['daily', 'weekly', 'monthly'] as const;

export interface ReportFlags extends TenantFlags {
  date?: string | undefined;
  format?: (typeof FORMATS)[number] | undefined;
  out?: string | undefined;
  table?: string | undefined;
  paper?: 'a4' | 'letter' | undefined;
  pseudonymise?: boolean | undefined;
  revise?: boolean | undefined;
}

export type ReportKind = (typeof KINDS)[number];

export const report = buildCommand<ReportFlags, [ReportKind], Cli>({
  loader: async () => (await import('../commands/report.ts')).report,
  parameters: {
    flags: {
      date: word('2026-10-31, 2026-W44 or 2026-10 [default = last ended]', 'DATE'),
      tenant,
      format: {
        kind: 'parsed',
        parse: oneOf(...FORMATS),
        brief: 'text, html, pdf, csv, json [default by --out, else text]',
        proposeCompletions: among(FORMATS),
        placeholder: 'FORMAT',
        optional: true,
      },
      out: word('Write to this file, or one for each tenant into FOLDER/', 'PATH'),
      table: word('One table as a CSV file [default = a zip archive of all]', 'NAME'),
      paper: {
        kind: 'parsed',
        parse: oneOf('a4', 'letter'),
        brief: 'Paper of a PDF: a4 or letter [default = a4]',
        proposeCompletions: among(['a4', 'letter']),
        placeholder: 'SIZE',
        optional: true,
      },
      pseudonymise: toggle('Users under other names, for reports that leave the house'),
      revise: toggle('A new revision of the period, for all tenants at once'),
      json: toggle('The same as --format json'),
    },
    positional: {
      kind: 'tuple',
      parameters: [
        {
          parse: kindNamed,
          brief: 'daily, weekly or monthly',
          placeholder: 'KIND',
          proposeCompletions: among(KINDS),
        },
      ],
    },
  },
  docs: {
    ...docs(
      'A daily, weekly or monthly report of a tenant, or of all',
      'What came, what became of it, how soon, and whether all of it was looked at.',
      'Several tenants give an overview; into a FOLDER/ it goes with a report of each.',
      'Reads the ledger alone. A period is fixed for all tenants at once, when each was',
      'read past its end; its reports stay the same then, and --revise makes a new',
      'revision of them. Until it is fixed they are provisional, and say so.',
      '',
      'Examples: casewire report daily',
      '          casewire report monthly --tenant contoso --out october.pdf',
      '          casewire report monthly --date 2026-10 --format pdf --out reports/',
      '          casewire report weekly --tenant contoso --format csv --table users',
    ),
    customUsage: ['KIND [FLAGS]'],
  },
});

function kindNamed(input: string): ReportKind {
  return oneOf(...KINDS)(text(input));
}
