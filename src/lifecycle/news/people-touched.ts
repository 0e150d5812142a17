import type { IssueChange } from '../../domain/issue-change.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { IssueEdit } from '../../ledger/in-step/news-port.ts';

/** How far the tracker's clock and ours may be apart, and how long a call whose answer was lost may have taken. */
const SKEW_MS = 2 * MINUTE_MS;

/**
 * Fields that somebody else changed, by id: any account but ours, or ours where no edit that we recorded fits, since a
 * person may share it.
 */
export function peopleTouched(history: readonly IssueChange[], edits: readonly IssueEdit[]): ReadonlySet<string> {
  const ours = ({ at, own, field }: IssueChange) =>
    own &&
    edits.some(
      ({ sentAt, answeredAt, fields }) =>
        at >= sentAt - SKEW_MS &&
        at <= (answeredAt ?? sentAt) + SKEW_MS &&
        (fields === undefined || fields.includes(field)),
    );
  return new Set(history.filter((change) => !ours(change)).map(({ field }) => field));
}
