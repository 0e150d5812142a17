import type { PassSummary } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip, widthOf } from '../../domain/text/width.ts';
import type { Warning, WarningKind } from '../../domain/vitals.ts';
import type { Paper } from '../text/paper.ts';
import { sayNumber } from './alert-words.ts';
import { sayMend } from './event-line.ts';

/** What is wrong with many tenants at once, and what to do then. */
const MANY: Record<WarningKind, { says: string; mend: string }> = {
  'store-failed': { says: 'the ledger did not do what it was asked', mend: 'casewire check' },
  'reading-failed': { says: 'could not be read', mend: 'casewire check' },
  'not-read': { says: 'were not read in their time', mend: 'casewire serve, or casewire run' },
  'credential-ends': { says: 'sign in with what ends soon', mend: 'renew it, then casewire check' },
  'sync-refused': { says: 'have links that could not be synced', mend: 'casewire sync' },
  'sync-stopped': { says: 'were stopped by the guard of sync', mend: 'casewire sync' },
  'sync-failed': { says: 'could not be kept in step', mend: 'casewire check' },
  'alerts-wait': { says: 'have alerts without an issue for long', mend: 'casewire check' },
  'unknown-creates': { says: 'have creates without an answer', mend: 'casewire check' },
  'held-grows': { says: 'hold ever more alerts', mend: 'casewire held' },
  held: { says: 'hold alerts', mend: 'casewire held' },
  'audit-differs': { says: 'differ in their last audit', mend: 'casewire status --json' },
  'not-configured': { says: 'are in the ledger but not in the configuration', mend: 'casewire status --json' },
  'report-failed': { says: 'have reports that did not arrive', mend: 'casewire status --json' },
  'hints-waiting': { says: 'have issues that webhooks named and that are not synced yet', mend: 'casewire sync' },
  'notes-waiting': { says: 'have notes that are not on their issues', mend: 'casewire check' },
  silent: { says: 'are silent, and normally are not', mend: 'casewire check' },
  'quota-ends': { says: 'have few look-ups left', mend: 'casewire status --json' },
};

/** More tenants than this with the same trouble share a line on a terminal. */
const FEW = 3;
const MOST_LINES = 10;

/** One line for each trouble, with the command to type; the same trouble of many tenants is one trouble. */
export function renderWarnings(warnings: readonly Warning[], paper: Paper): string[] {
  const groups = [...Map.groupBy(warnings, ({ kind }) => kind).values()];
  const troubles = groups.flatMap((group) =>
    paper.terminal && group.length > FEW ? [together(group)] : group.map(alone),
  );
  const shown = paper.terminal ? troubles.slice(0, MOST_LINES) : troubles;
  const more = troubles.length - shown.length;
  return [
    paper.style(
      'bad',
      troubles.length === 1 ? '1 thing is not well:' : `${sayNumber(troubles.length)} things are not well:`,
    ),
    ...shown.map(({ says, mend }) => squeezed(says, mend, paper.columns)),
    ...(more > 0 ? [`and ${sayNumber(more)} more: casewire status --json`] : []),
  ];
}

/** What the summary of a pass names in lines of its own: held alerts in its totals, tenants that were not read. */
const NAMED_BY_A_PASS: readonly WarningKind[] = ['held', 'reading-failed', 'not-read'];

/** What needs attention after a pass besides what its summary names in lines of its own. */
export function attentionBesides({ attention = [] }: Pick<PassSummary, 'attention'>): readonly Warning[] {
  return attention.filter(({ kind }) => !NAMED_BY_A_PASS.includes(kind));
}

/** One of them as a plain line: `attention contoso: sync failed: … Mend: casewire check --tenant contoso`. */
export function attentionLine({ tenant, says, mend }: Warning): string {
  return `attention ${clean(tenant === undefined ? says : `${tenant}: ${says}`)}${sayMend(mend)}`;
}

interface Trouble {
  says: string;
  mend: string;
}

function alone({ tenant, says, mend }: Warning): Trouble {
  return { says: clean(tenant === undefined ? says : `${tenant}: ${says}`), mend: clean(mend) };
}

function together(group: readonly Warning[]): Trouble {
  const { says, mend } = MANY[group[0]?.kind ?? 'held'];
  const names = group.map(({ tenant }) => clean(tenant ?? '')).join(', ');
  return { says: `${sayNumber(group.length)} tenants ${says}: ${names}`, mend };
}

const ARROW = ' → ';
const LEAST_WORDS = 20;

/** The words give way to the command: that must be there whole. */
function squeezed(says: string, mend: string, columns: number): string {
  const room = columns - widthOf(mend) - widthOf(ARROW);
  if (room < LEAST_WORDS) return clip(`${mend}${ARROW}${says}`, columns);
  return `${clip(says, room)}${ARROW}${mend}`;
}
