import type { MissingTenant } from '../../moment.ts';
import type { Block } from '../../paper.ts';
import type { Period } from '../../periods/period.ts';
import type { Composing } from '../compose.ts';
import { count } from '../words/numbers.ts';
import { instant } from '../words/times.ts';

/** Tenants that a reader takes in; CSV and JSON name all. */
const NAMED = 10;

/** What stands above everything else: that the report is provisional, and of which tenants not all is known. */
export function standingNotices({ provisional, missing = [], whole }: Composing, { zone }: Period): Block[] {
  const notices: Block[] = [];
  if (provisional !== undefined)
    notices.push({
      block: 'notice',
      tone: 'attention',
      title: 'Provisional',
      runs: [
        `${provisional} Until it is fixed, the same report may say something else; it has no revision, and is not delivered.`,
      ],
    });
  else if (missing.length > 0) {
    const named = missing.slice(0, whole ? missing.length : NAMED).map((one) => sayMissing(one, zone));
    const more = missing.length - named.length;
    const all = more > 0 ? [...named, `${count(more, 'tenant')} more`] : named;
    notices.push({
      block: 'notice',
      tone: 'bad',
      title: 'Not complete',
      runs: [
        `When this was fixed, not all of the period was known: ${all.join('; ')}. A later revision takes in what was learnt since (`,
        { code: '--revise' },
        ' makes one).',
      ],
    });
  }
  return notices;
}

function sayMissing({ tenant, lacks, alertsTo, issuesTo, removed }: MissingTenant, zone: string): string {
  const known = (what: string, at: number | undefined) =>
    at === undefined ? `${what} not known` : `${what} known until ${instant(at, zone)}`;
  const says = [
    ...(removed ? ['no longer configured'] : []),
    ...(lacks.includes('alerts') && alertsTo === undefined && issuesTo === undefined
      ? ['nothing is known']
      : [
          ...(lacks.includes('alerts') ? [known('alerts', alertsTo)] : []),
          ...(lacks.includes('issues') ? [known('issues', issuesTo)] : []),
        ]),
  ];
  return `${tenant} (${says.join(', ')})`;
}
