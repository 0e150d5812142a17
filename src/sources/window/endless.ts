import { EdgeFailure } from '../../domain/failure.ts';

/** The failure of a service whose pages come to no end: that many are a fault of the answers, not alerts. */
export function endless(service: string, pages: number): EdgeFailure {
  return new EdgeFailure('malformed', `${service} comes to no end after ${pages} pages of alerts`, {
    mend: 'shorten the tenant’s lookback; if it is short already, tell Microsoft',
  });
}

/** @throws EdgeFailure `malformed` when the same page comes twice in a row, which would go on for ever. */
export function refuseRepetition(
  records: readonly unknown[],
  previous: readonly unknown[] | undefined,
  service: string,
): void {
  if (previous === undefined || records.length === 0 || records.length !== previous.length) return;
  if (JSON.stringify(records[0]) !== JSON.stringify(previous[0])) return;
  if (JSON.stringify(records.at(-1)) !== JSON.stringify(previous.at(-1))) return;
  throw new EdgeFailure('malformed', `${service} answered with the same page of alerts twice in a row`, {
    mend: 'what was read is kept; if it lasts, a proxy may answer from its memory',
  });
}
