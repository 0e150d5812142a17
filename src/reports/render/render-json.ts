import type { OverviewModel, ReportModel } from '../model.ts';
import type { Composing } from '../papers/compose.ts';
import { POPULATIONS } from '../papers/words/populations.ts';

/** Raised when a key is renamed, taken away or means something else; a new key raises nothing. */
export const REPORT_SCHEMA = 'casewire-report/1';

/** Fields that are instants, wherever they stand. */
const INSTANTS = new Set([
  'asOf',
  'at',
  'from',
  'to',
  'createdAt',
  'madeAt',
  'dueAt',
  'doneAt',
  'goneAt',
  'since',
  'knownSince',
  'alertsTo',
  'issuesTo',
]);

/** Controls and bidirectional characters: escaped, so that JSON is harmless on a terminal too. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Writes all numbers of a report as JSON; docs/report.schema.json describes it. Instants are ISO 8601 in UTC, spans milliseconds. */
export function renderJson(
  model: ReportModel | OverviewModel,
  { revision, provisional, missing, version }: Omit<Composing, 'whole'>,
): string {
  const document = {
    schema: REPORT_SCHEMA,
    report: 'tenants' in model ? 'overview' : 'tenant',
    version,
    provisional: revision === undefined,
    ...(revision === undefined ? { because: provisional } : { revision }),
    missing,
    ...model,
    populations: POPULATIONS,
  };
  const text = JSON.stringify(
    document,
    (key, value: unknown) => (typeof value === 'number' && INSTANTS.has(key) ? new Date(value).toISOString() : value),
    2,
  );
  return `${text.replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
