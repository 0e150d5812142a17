import type { Upkeep } from '../../domain/audit.ts';
import { clean } from '../../domain/text/clean.ts';
import { count } from './alert-words.ts';

/** What the duplicate scan and the reconciliation of a pass did, one line each, and one for each finding. */
export function upkeepLines({ scan, reconciliation = [] }: Upkeep): string[] {
  const lines: string[] = [];
  if (scan) {
    const { issues, closed, left, failures } = scan;
    lines.push(
      `duplicate scan: ${count(issues, 'issue')} looked through, ${count(closed.length, 'duplicate')} closed${left.length > 0 ? `, ${left.length} left for the next scan` : ''}`,
      ...closed.map(({ twin, original }) => `duplicate ${twin.key} was closed; ${original.key} is kept`),
      ...left.map(
        ({ twin, original, note }) => `duplicate ${twin.key} of ${original.key} is still open: ${clean(note ?? '')}`,
      ),
      ...failures.map(({ site, why }) => `duplicate scan of the site ${site} failed: ${clean(why)}`),
    );
  }
  if (reconciliation.length > 0) {
    const differing = reconciliation.filter(({ differences }) => differences.length > 0);
    lines.push(`reconciliation: ${count(reconciliation.length, 'tenant')}, ${differing.length} with differences`);
  }
  for (const { tenant, differences, admitted, failures } of reconciliation) {
    for (const { kind, count: times, examples } of differences)
      lines.push(`reconciliation ${tenant}: ${kind} ${times} (${examples.map(clean).join(', ')})`);
    if (admitted > 0) lines.push(`reconciliation ${tenant}: ${count(admitted, 'alert')} admitted for the next pass`);
    for (const why of failures) lines.push(`reconciliation ${tenant}: ${clean(why)}`);
  }
  return lines;
}

/** Whether something of it needs a person. */
export function needsAttention({ scan, reconciliation = [] }: Upkeep): boolean {
  const isScanOpen = scan !== undefined && (scan.left.length > 0 || scan.failures.length > 0);
  return isScanOpen || reconciliation.some(({ differences }) => differences.length > 0);
}
