import type { Alert } from '../../domain/alert.ts';
import type { SourcePage, UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';

/** A page's records as alerts, each once; the last of several with one id counts. */
export interface ConvertedPage extends Omit<SourcePage, 'position'> {
  /** Creation time of the newest alert that has one; 0 without any. */
  newest: EpochMs;
}

/** Converts the records of one page. `timeField`: the record's field whose absence leaves an alert without a time. */
export function toPage(
  records: readonly unknown[],
  convert: (record: unknown) => Alert | UnreadableRecord,
  timeField: string,
): ConvertedPage {
  const alerts = new Map<string, Alert>();
  const unreadable = new Map<string, UnreadableRecord>();
  let newest = 0;
  for (const record of records) {
    const read = convert(record);
    if (!('tenant' in read)) {
      unreadable.set(read.id, read);
      alerts.delete(read.id);
    } else {
      alerts.set(read.id, read);
      unreadable.delete(read.id);
      if (!read.incomplete.includes(timeField)) newest = Math.max(newest, read.createdAt);
    }
  }
  return { alerts: [...alerts.values()], unreadable: [...unreadable.values()], warnings: [], newest };
}

/** A page that carries nothing but a position, for what calls without alerts have taught. */
export function notesOnly(position: SourcePage['position']): SourcePage {
  return { alerts: [], unreadable: [], warnings: [], position };
}
