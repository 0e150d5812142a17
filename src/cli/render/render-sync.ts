import type { SyncDeed, SyncLine, SyncSummary } from '../../domain/sync-outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { wrapIndented, wrapMend } from '../../domain/text/width.ts';
import type { Paper } from '../text/paper.ts';
import { count, sayNumber, sayTitle } from './alert-words.ts';
import { sayCost } from './totals.ts';

export interface SyncStory {
  summary: SyncSummary;
  /** What would be done: of a dry run, or of tenants whose plan a guard stopped. */
  planned: readonly SyncLine[];
  dryRun: boolean;
}

const DONE: Record<SyncDeed, string> = {
  'close-alert': 'closed',
  'reopen-alert': 'reopened',
  'move-issue': 'moved',
  'reopen-issue': 'moved back',
  'tell-issue': 'told',
  'give-up-issue': 'gave up',
};

const TO_DO: Record<SyncDeed, string> = {
  'close-alert': 'close',
  'reopen-alert': 'reopen',
  'move-issue': 'move',
  'reopen-issue': 'move back',
  'tell-issue': 'tell',
  'give-up-issue': 'give up',
};

/** Most lines of a plan that a terminal shows; `--json` has all of them. */
const MOST_ON_A_TERMINAL = 60;

/** One deed as one plain line: `closed contoso/64a… "Impossible travel" with SOC-1: SOC-1 is Done (False Positive)`. */
export function syncLine({ key, title, ticket, deed, ending, why }: SyncLine): string {
  const pair = [`${clean(key)} ${JSON.stringify(sayTitle(title))}`, clean(ticket.key)] as const;
  const [subject, other] = deed.endsWith('issue') ? [pair[1], pair[0]] : pair;
  return `${sayDeed(deed, ending)} ${subject} with ${other}: ${clean(why)}`;
}

function sayDeed(deed: SyncDeed, ending: SyncLine['ending']): string {
  if (ending === 'done' || ending === 'was-so') return DONE[deed];
  const verb = TO_DO[deed];
  return ending === 'would' ? `would ${verb}` : ending === 'waits' ? `waits to ${verb}` : `cannot ${verb}`;
}

/** The end of a pass: plans that were not done, what failed and its mend, one line of totals. */
export function renderSyncEnd({ summary, planned, dryRun }: SyncStory, paper: Paper): string[] {
  const stopped = summary.tenants.filter((tenant) => tenant.stopped !== undefined);
  const shown = paper.terminal ? planned.slice(0, MOST_ON_A_TERMINAL) : planned;
  const more = planned.length - shown.length;
  const lines = [
    ...shown.flatMap((line) => wrapIndented(syncLine(line), 0, paper.columns)),
    ...(more > 0 ? [`and ${sayNumber(more)} more: casewire sync --dry-run --json`] : []),
  ];
  for (const { tenant, stopped: why = '' } of stopped)
    lines.push(
      ...tell(paper, {
        tone: 'bad',
        head: `stopped tenant ${tenant}`,
        why,
        mend: `look at the plan above; to do it: casewire sync --tenant ${tenant} --yes`,
      }),
    );
  for (const { tenant, failure } of summary.tenants)
    if (failure)
      lines.push(
        ...tell(paper, {
          tone: failure.waiting ? 'odd' : 'bad',
          head: `${failure.waiting ? 'delayed' : 'failed'} tenant ${tenant}`,
          ...failure,
        }),
      );
  if (summary.stopped) lines.push(paper.style('odd', 'Stopped before the end; the next sync goes on from here.'));
  const totals = [sayTotals(summary, planned), sayCost(summary)];
  lines.push(...totals.flatMap((line) => wrapIndented(line, 0, paper.columns)));
  if (dryRun) lines.push('Nothing was written. To do it: casewire sync');
  return lines;
}

interface Trouble {
  tone: 'bad' | 'odd';
  head: string;
  why: string;
  mend?: string;
}

function tell(paper: Paper, { tone, head, why, mend }: Trouble): string[] {
  return [
    ...wrapIndented(`${head}: ${clean(why)}`, 0, paper.columns).map((line) => paper.style(tone, line)),
    ...(mend === undefined ? [] : wrapMend(clean(mend), 2, paper.columns)),
  ];
}

type Counts = 'watched' | 'closed' | 'reopened' | 'moved' | 'movedBack' | 'told' | 'updated' | 'waiting' | 'refused';

/** `120 pairs watched · 3 alerts closed · 1 issue moved · 1 comment` */
function sayTotals({ tenants }: SyncSummary, planned: readonly SyncLine[]): string {
  const sum = (what: Counts) => tenants.reduce((total, tenant) => total + tenant[what], 0);
  const parts: readonly (readonly [number, string, string?])[] = [
    [sum('closed'), 'alert closed', 'alerts closed'],
    [sum('reopened'), 'alert reopened', 'alerts reopened'],
    [sum('moved'), 'issue moved', 'issues moved'],
    [sum('movedBack'), 'issue moved back', 'issues moved back'],
    [sum('told'), 'comment'],
    [sum('updated'), 'issue brought up to date', 'issues brought up to date'],
    [planned.length, 'to do', 'to do'],
    [sum('waiting'), 'waiting', 'waiting'],
    [sum('refused'), 'cannot follow', 'cannot follow'],
  ];
  const said = parts.flatMap(([n, one, many]) => (n > 0 ? [count(n, one, many ?? `${one}s`)] : []));
  return [`${count(sum('watched'), 'pair')} watched`, ...(said.length > 0 ? said : ['nothing to do'])].join(' · ');
}
