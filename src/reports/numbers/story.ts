import type { Verdict } from '../../domain/alert.ts';
import type { HoldReason } from '../../domain/decision.ts';
import type { AlertFacts, Fact } from '../../domain/facts.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { AlertStates, Outcome } from '../model.ts';
import type { Span } from '../periods/period.ts';

type IssueFact = Extract<Fact, { fact: 'raised' | 'adopted' | 'attached' }>;

/** What had become of one alert and its issue by the end of a period. */
export interface Story {
  alert: AlertFacts;
  state: keyof AlertStates;
  /** The issue that was made for it; durations and targets are counted for it alone. */
  own?: IssueFact;
  /** Its own or another's. */
  issue?: IssueFact;
  /** First touch by a person; that it was resolved is one. */
  acknowledgedAt?: EpochMs;
  /** When its issue became done for the last time; absent while it is open. */
  resolvedAt?: EpochMs;
  resolution?: string;
  /** When it was found that the issue is no more; it is in no backlog from then on, and was not resolved. */
  goneAt?: EpochMs;
  resolves: readonly EpochMs[];
  reopens: readonly EpochMs[];
  suppressed?: { at: EpochMs; rule?: string };
  /** Each time that it was held. */
  holds: readonly { at: EpochMs; reason: HoldReason; why: string }[];
  outcome?: { at: EpochMs; outcome: Outcome };
}

const NONE: readonly never[] = [];

const OUTCOMES: Readonly<Record<Verdict, Outcome>> = {
  true_positive: 'true-positive',
  benign: 'benign',
  false_positive: 'false-positive',
  unspecified: 'undetermined',
};

/** Follows an alert's facts up to the end of a span; what comes after does not count. */
export function storyOf(alert: AlertFacts, { to }: Pick<Span, 'to'>): Story {
  const story: Story = { alert, state: 'underWay', resolves: NONE, reopens: NONE, holds: NONE };
  for (const fact of alert.facts) if (fact.at < to) take(story, fact);
  const { resolvedAt } = story;
  if (!story.outcome && resolvedAt !== undefined) story.outcome = { at: resolvedAt, outcome: 'undetermined' };
  return story;
}

function take(story: Story, fact: Fact): void {
  switch (fact.fact) {
    case 'raised':
    case 'adopted':
      story.own ??= fact;
      story.issue ??= fact;
      story.state = 'raised';
      return;
    case 'attached':
      story.issue ??= fact;
      story.state = 'attached';
      return;
    case 'suppressed':
      story.suppressed = { at: fact.at, ...(fact.rule === undefined ? {} : { rule: fact.rule }) };
      story.state = 'suppressed';
      return;
    case 'held':
      story.holds = [...story.holds, { at: fact.at, reason: fact.reason, why: fact.why }];
      story.state = 'held';
      return;
    case 'released':
      if (story.state === 'held') story.state = 'underWay';
      return;
    case 'dropped':
      story.state = 'dropped';
      return;
    default:
      takeTouch(story, fact);
  }
}

function takeTouch(
  story: Story,
  fact: Extract<Fact, { fact: 'acknowledged' | 'resolved' | 'reopened' | 'issue-gone' | 'closed' | 'alert-reopened' }>,
): void {
  switch (fact.fact) {
    case 'acknowledged':
      story.acknowledgedAt ??= fact.at;
      return;
    case 'resolved':
      // From done to done, such as from resolved to closed: it was done already.
      if (story.resolvedAt !== undefined) return;
      story.acknowledgedAt ??= fact.at;
      story.resolves = [...story.resolves, fact.at];
      story.resolvedAt = fact.at;
      if (fact.resolution !== undefined) story.resolution = fact.resolution;
      return;
    case 'reopened':
      // One that was not done was not reopened.
      if (story.resolvedAt === undefined) return;
      story.reopens = [...story.reopens, fact.at];
      delete story.resolvedAt;
      delete story.resolution;
      return;
    case 'issue-gone':
      story.goneAt = fact.at;
      return;
    case 'closed':
      story.outcome = { at: fact.at, outcome: OUTCOMES[fact.verdict] };
      return;
    case 'alert-reopened':
      delete story.outcome;
  }
}

/** Whether its own issue is there and not done at the end of the period. */
export function isOpen({ own, resolvedAt, goneAt }: Story): boolean {
  return own !== undefined && resolvedAt === undefined && goneAt === undefined;
}

/** Whether its own issue was open at an instant of the period. */
export function openAt({ own, resolves, reopens, goneAt }: Story, at: EpochMs): boolean {
  if (!own || own.at >= at || (goneAt !== undefined && goneAt < at)) return false;
  const done = resolves.findLast((time) => time < at);
  return done === undefined || reopens.some((time) => time >= done && time < at);
}
