import type { AlertLine, AlertOutcome, PassSummary, RuleCount } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { wrapIndented, wrapMend } from '../../domain/text/width.ts';
import type { Paper } from '../text/paper.ts';
import { sayNumber, sayRuleCount } from './alert-words.ts';
import { renderRaised, renderTold, renderWaiting, type ToldOutcome } from './render-alerts.ts';
import { attentionBesides, renderWarnings } from './render-warnings.ts';
import { type PassKind, sayCost, sayTotals, totalsOf } from './totals.ts';
import { upkeepLines } from './upkeep-lines.ts';
import type { WaitingCause } from './waiting-causes.ts';

export interface PassStory {
  summary: PassSummary;
  kind: PassKind;
  /** The alerts shown in full. */
  kept: readonly AlertLine[];
  /** How many alerts of each outcome there were in all. */
  counts: ReadonlyMap<AlertOutcome, number>;
  /** What waits, by its cause; of a plan each alert is shown instead. */
  waiting: readonly WaitingCause[];
  /** Whether the mapped fields of planned tickets are shown too. */
  showsFields: boolean;
}

const TOLD: readonly ToldOutcome[] = [
  'would-raise',
  'would-attach',
  'would-hold',
  'attached',
  'held',
  'waiting',
  'would-suppress',
  'suppressed',
];

/** A pass as a person reads it: what was raised, what was not and why, what failed and its mend, one line of totals. */
export function renderPass(story: PassStory, paper: Paper): string[] {
  const { summary, kind, kept, counts, showsFields } = story;
  const sections: string[][] = [];
  const raised = kept.filter(({ outcome }) => outcome === 'raised' || outcome === 'adopted');
  if (raised.length > 0) sections.push([...renderRaised(raised, paper), ...rest(raised, ['raised', 'adopted'], story)]);
  for (const outcome of TOLD) {
    const lines = kept.filter((line) => line.outcome === outcome);
    const total = Math.max(counts.get(outcome) ?? 0, outcome === 'waiting' ? totalsOf(summary).waiting : 0);
    if (lines.length === 0) continue;
    if (outcome === 'waiting' && kind === 'run') {
      sections.push(renderWaiting(story.waiting, total, paper));
      continue;
    }
    sections.push([...renderTold(outcome, { lines, total, showsFields }, paper), ...rest(lines, [outcome], story)]);
  }
  if (summary.rules) sections.push(renderRuleCounts(summary.rules, paper));
  const troubles = renderTroubles(summary, paper);
  if (troubles.length > 0) sections.push(troubles);
  const upkeep = upkeepLines(summary.upkeep ?? {}).flatMap((line) => wrapIndented(line, 0, paper.columns));
  if (upkeep.length > 0) sections.push(upkeep);
  const besides = attentionBesides(summary);
  if (besides.length > 0) sections.push(renderWarnings(besides, paper));
  const end = kind === 'plan' ? ['Nothing was written. To do it: casewire run'] : [];
  const stopped = summary.stopped
    ? [paper.style('odd', 'Stopped before the end; the next run goes on from here.')]
    : [];
  sections.push([
    ...stopped,
    ...wrapIndented(sayTotals(totalsOf(summary), kind), 0, paper.columns).map((line) => paper.style('bold', line)),
    ...wrapIndented(sayCost(summary), 0, paper.columns).map((line) => paper.style('dim', line)),
    ...end,
  ]);
  return sections.flatMap((section) => ['', ...section]);
}

/** Most rules a summary names; `casewire rules` names all. */
const MOST_RULES = 12;

/** The rules that were heard, those that failed first: a rule that cannot be decided is to be looked at. */
function renderRuleCounts(counts: readonly RuleCount[], paper: Paper): string[] {
  const ordered = counts.toSorted((a, b) => b.undecided - a.undecided || b.spoke - a.spoke);
  const more = ordered.length - MOST_RULES;
  return [
    paper.style('bold', 'Rules'),
    ...ordered.slice(0, MOST_RULES).flatMap((one) => {
      const lines = wrapIndented(sayRuleCount(one), 2, paper.columns);
      return one.undecided > 0 ? lines.map((line) => paper.style('odd', line)) : lines;
    }),
    ...(more > 0 ? [`and ${sayNumber(more)} more: casewire rules`] : []),
  ];
}

function rest(shown: readonly AlertLine[], outcomes: readonly AlertOutcome[], { kind, counts }: PassStory): string[] {
  const more = outcomes.reduce((sum, outcome) => sum + (counts.get(outcome) ?? 0), 0) - shown.length;
  const where = kind === 'plan' ? 'casewire plan --json' : 'casewire status, or run with --json';
  return more > 0 ? [`and ${sayNumber(more)} more: ${where}`] : [];
}

function renderTroubles(summary: PassSummary, paper: Paper): string[] {
  const lines: string[] = [];
  const tell = (tone: 'bad' | 'odd', head: string, why: string, mend?: string) => {
    lines.push(...wrapIndented(`${head}: ${clean(why)}`, 0, paper.columns).map((line) => paper.style(tone, line)));
    if (mend !== undefined) lines.push(...wrapMend(clean(mend), 2, paper.columns));
  };
  for (const { tenant, failure } of summary.tenants)
    if (failure)
      tell(
        failure.waiting ? 'odd' : 'bad',
        `${failure.waiting ? 'delayed' : 'failed'} tenant ${tenant}`,
        failure.why,
        failure.mend,
      );
  for (const { site, why, mend, waiting } of summary.siteFailures)
    tell(waiting ? 'odd' : 'bad', `${waiting ? 'delayed' : 'failed'} Jira ${site}`, why, mend);
  for (const says of summary.warnings.slice(0, MOST_WARNINGS)) tell('odd', 'warning', says);
  const more = summary.warnings.length - MOST_WARNINGS;
  if (more > 0) lines.push(`and ${sayNumber(more)} more warnings: run with --verbose`);
  return lines;
}

const MOST_WARNINGS = 10;
