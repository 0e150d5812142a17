import { html } from 'hono/html';
import type { Fact } from '../../../../domain/facts.ts';
import type { AlertHistory } from '../../../../domain/outcome.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { EpochMs } from '../../../../domain/time.ts';
import type { AlertStanding } from '../../../../ledger/catalogue/catalogue-port.ts';
import type { Html } from '../../page.ts';
import { instant } from '../parts/words.ts';

/** One thing that happened. */
interface Step {
  at: EpochMs;
  what: string;
  says?: string;
  tone?: 'good' | 'attention' | 'bad';
}

/** How an alert stands, in the word by which it is looked for. */
export function standingIn({ state, reason }: Pick<AlertHistory['line'], 'state' | 'reason'>): AlertStanding {
  if (state === 'held') return reason === 'dropped' ? 'dropped' : 'held';
  if (state === 'raised' || state === 'attached' || state === 'suppressed') return state;
  return 'waiting';
}

/** Everything that happened to an alert and its issue, oldest first, each at its own time. */
export function timeline(history: AlertHistory, facts: readonly Fact[]): Html {
  const steps = stepsOf(history, facts).sort((a, b) => a.at - b.at);
  return html`<ol class="timeline">${steps.map(
    ({ at, what, says, tone }) =>
      html`<li class="${tone ?? ''}"><span class="at">${instant(at)}</span> <span><strong>${what}</strong>${says ? html` <span class="says">${says}</span>` : ''}</span></li>`,
  )}</ol>`;
}

function stepsOf(history: AlertHistory, facts: readonly Fact[]): Step[] {
  const { line, seenAt, settledAt, retryAt } = history;
  const standing = standingIn(line);
  const told = new Set(facts.map(({ fact }) => fact));
  const ended = [...told].some((fact) => ENDS.has(fact));
  return [
    { at: line.createdAt, what: 'Raised by the source' },
    { at: seenAt, what: 'First read' },
    ...history.attempts.flatMap(attemptSteps),
    ...(settledAt === undefined || ended
      ? []
      : [{ at: settledAt, what: SETTLED[standing], says: clean(line.why), ...toneOf(standing) }]),
    ...facts.map(factStep),
    ...inStepSteps(history),
    ...(history.news ?? []).map(({ at, words, says }) => ({
      at,
      what: `New of it: ${clean(words)}`,
      says: clean(says),
    })),
    ...(retryAt === undefined
      ? []
      : [{ at: retryAt, what: standing === 'held' ? 'Tried again by itself' : 'Taken up again' }]),
  ];
}

/** Facts that tell of an end themselves. */
const ENDS = new Set<Fact['fact']>(['raised', 'adopted', 'attached', 'suppressed', 'held', 'dropped']);

const SETTLED: Readonly<Record<AlertStanding, string>> = {
  waiting: 'Waits',
  raised: 'Its issue was made',
  attached: 'Listed on its group’s issue',
  suppressed: 'Suppressed',
  held: 'Held',
  dropped: 'Dropped by a person',
};

function toneOf(standing: AlertStanding): { tone?: 'good' | 'bad' } {
  if (standing === 'held') return { tone: 'bad' };
  return standing === 'raised' || standing === 'attached' ? { tone: 'good' } : {};
}

function attemptSteps({ attempt, sentAt, outcome, outcomeAt, detail }: AlertHistory['attempts'][number]): Step[] {
  const sent: Step = { at: sentAt, what: `Attempt ${attempt}`, says: 'a create left for Jira' };
  if (outcomeAt === undefined)
    return [{ ...sent, says: 'a create left for Jira; no answer is known yet', tone: 'attention' }];
  const says = [outcome, detail].flatMap((part) => (part ? [clean(part)] : [])).join(': ');
  return [
    sent,
    {
      at: outcomeAt,
      what: `Attempt ${attempt} was answered`,
      says,
      ...(outcome === 'created' ? { tone: 'good' } : {}),
    },
  ];
}

function inStepSteps({ inStep }: AlertHistory): Step[] {
  if (!inStep) return [];
  const { agreed, told } = inStep;
  const verdict = agreed.verdict === undefined ? '' : ` (${agreed.verdict.replaceAll('_', ' ')})`;
  return [
    { at: agreed.at, what: 'In step', says: `alert ${agreed.alert}${verdict}, issue ${agreed.issue}` },
    ...(agreed.left
      ? [
          {
            at: agreed.at,
            what: `Could not ${agreed.left.what.replace('-', ' the ')}`,
            says: clean(agreed.left.why),
            tone: 'attention' as const,
          },
        ]
      : []),
    ...told.map(
      ({ notedAt, writtenAt, why }): Step =>
        writtenAt === undefined
          ? {
              at: notedAt,
              what: 'Its issue is not told yet',
              tone: 'attention',
              ...(why === undefined ? {} : { says: clean(why) }),
            }
          : { at: writtenAt, what: 'Its issue was told in a comment' },
    ),
  ];
}

function factStep(fact: Fact): Step {
  const { at } = fact;
  switch (fact.fact) {
    case 'raised':
      return { at, what: 'Its issue was made', says: clean(fact.ticket.key), tone: 'good' };
    case 'adopted':
      return {
        at,
        what: 'Its issue was found',
        says: `${clean(fact.ticket.key)}: the answer to its create had been lost`,
        tone: 'good',
      };
    case 'attached':
      return { at, what: 'Listed on its group’s issue', says: clean(fact.ticket.key), tone: 'good' };
    case 'suppressed':
      return { at, what: 'Suppressed', says: clean([fact.rule, fact.why].filter(Boolean).join(': ')) };
    case 'held':
      return { at, what: 'Held', says: clean(fact.why), tone: 'bad' };
    case 'released':
      return { at, what: 'Back in the queue' };
    case 'dropped':
      return { at, what: 'Dropped by a person', says: clean(fact.why) };
    case 'acknowledged':
      return {
        at,
        what: 'Taken up by a person',
        says: fact.by === 'assignee' ? 'the issue was assigned' : 'the issue left its first status',
      };
    case 'resolved':
      return {
        at,
        what: 'Issue resolved',
        tone: 'good',
        ...(fact.resolution === undefined ? {} : { says: clean(fact.resolution) }),
      };
    case 'issue-gone':
      return { at, what: 'Issue gone', says: 'it was deleted in Jira', tone: 'attention' };
    case 'reopened':
      return { at, what: 'Issue reopened' };
    case 'closed':
      return { at, what: 'Alert closed in Defender', says: fact.verdict.replaceAll('_', ' '), tone: 'good' };
    case 'alert-reopened':
      return { at, what: 'Alert reopened in Defender' };
  }
}
