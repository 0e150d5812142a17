import type { Verdict } from '../../domain/alert.ts';
import type { HoldReason } from '../../domain/decision.ts';
import type { AlertFacts, Fact } from '../../domain/facts.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { AlertStates, Outcome } from '../model.ts';
import type { Span } from '../periods/period.ts';

type IssueFact = Extract<Fact, { fact: 'raised' | 'adopted' | 'attached' }>;

/** What was decided on an alert, and when. */
export type DecisionMade = { at: EpochMs } & (
  | { decision: 'raised' | 'attached' | 'dropped' }
  | { decision: 'suppressed'; rule?: string }
  | { decision: 'held'; reason: HoldReason; why: string }
);

/** What had become of one alert and its issue by the end of a period. */
export interface Story {
  alert: AlertFacts;
  state: keyof AlertStates;
  /** The issue that was made for it; durations and targets are counted for it alone. */
  own?: IssueFact;
  /** Its own or another's. */
  issue?: IssueFact;
  /** Oldest first. It is held once from becoming held until it is released or ends otherwise, whatever causes it had. */
  decisions: readonly DecisionMade[];
  /** It is held and not closed in Defender, so that it waits for a person: since when, and the newest cause. */
  waits?: { since: EpochMs; reason: HoldReason; why: string };
  /** First touch by a person; that it was resolved is one. */
  acknowledgedAt?: EpochMs;
  /** When its issue became done for the last time; absent while it is open. */
  resolvedAt?: EpochMs;
  resolution?: string;
  /** When it was found that the issue is no more; absent once it is there again. */
  goneAt?: EpochMs;
  resolves: readonly EpochMs[];
  reopens: readonly EpochMs[];
  /** When its own issue became open (first when it was made) and when it ended being open (done or deleted), in turn. */
  opens: readonly EpochMs[];
  ends: readonly EpochMs[];
  /** When its issue was found deleted, and when it was found to be there again, in turn. */
  gones: readonly EpochMs[];
  returns: readonly EpochMs[];
  /** Each time that the alert was closed in Defender, or got another verdict while it was closed. */
  verdicts: readonly { at: EpochMs; outcome: Outcome }[];
  /** The last of `verdicts`, while the alert is closed. */
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
  const story: Story = {
    alert,
    state: 'underWay',
    decisions: NONE,
    resolves: NONE,
    reopens: NONE,
    opens: NONE,
    ends: NONE,
    gones: NONE,
    returns: NONE,
    verdicts: NONE,
  };
  for (const fact of alert.facts) if (fact.at < to) take(story, fact);
  // Whoever closed it in Defender has seen to it; opened again, it waits again.
  if (story.outcome) delete story.waits;
  return story;
}

function take(story: Story, fact: Fact): void {
  const { at } = fact;
  switch (fact.fact) {
    case 'raised':
    case 'adopted':
      if (!story.own) {
        story.own = fact;
        decide(story, { at, decision: 'raised' });
        story.opens = [at];
        // Jira's clock may be behind ours.
        if (story.resolvedAt !== undefined || story.goneAt !== undefined) endOpen(story, at);
      }
      story.issue ??= fact;
      story.state = 'raised';
      return;
    case 'attached':
      if (!story.issue) decide(story, { at, decision: 'attached' });
      story.issue ??= fact;
      story.state = 'attached';
      return;
    case 'suppressed':
      decide(story, { at, decision: 'suppressed', ...(fact.rule === undefined ? {} : { rule: fact.rule }) });
      story.state = 'suppressed';
      return;
    case 'held':
      takeHold(story, fact);
      return;
    case 'released':
      delete story.waits;
      if (story.state === 'held') story.state = 'underWay';
      return;
    case 'dropped':
      decide(story, { at, decision: 'dropped' });
      story.state = 'dropped';
      return;
    case 'closed':
      story.outcome = { at, outcome: OUTCOMES[fact.verdict] };
      story.verdicts = [...story.verdicts, story.outcome];
      return;
    case 'alert-reopened':
      delete story.outcome;
      return;
    default:
      takeTouch(story, fact);
  }
}

function decide(story: Story, made: DecisionMade): void {
  story.decisions = [...story.decisions, made];
  delete story.waits;
}

function takeHold(story: Story, { at, reason, why }: Extract<Fact, { fact: 'held' }>): void {
  const { since = at } = story.waits ?? {};
  if (story.state !== 'held') decide(story, { at, decision: 'held', reason, why });
  story.state = 'held';
  story.waits = { since, reason, why };
}

function takeTouch(
  story: Story,
  fact: Extract<Fact, { fact: 'acknowledged' | 'resolved' | 'reopened' | 'issue-gone' }>,
): void {
  const { at } = fact;
  switch (fact.fact) {
    case 'acknowledged':
      story.acknowledgedAt ??= at;
      return;
    case 'resolved':
      takeReturn(story, at);
      // From done to done, such as from resolved to closed: it was done already.
      if (story.resolvedAt !== undefined) return;
      story.acknowledgedAt ??= at;
      story.resolves = [...story.resolves, at];
      story.resolvedAt = at;
      if (fact.resolution !== undefined) story.resolution = fact.resolution;
      endOpen(story, at);
      return;
    case 'reopened':
      takeReturn(story, at);
      beginOpen(story, at);
      // One that was not done was not reopened.
      if (story.resolvedAt === undefined) return;
      story.reopens = [...story.reopens, at];
      delete story.resolvedAt;
      delete story.resolution;
      return;
    case 'issue-gone':
      if (story.goneAt !== undefined) return;
      story.goneAt = at;
      story.gones = [...story.gones, at];
      endOpen(story, at);
  }
}

/** A deleted issue may be there again, such as from a back-up. */
function takeReturn(story: Story, at: EpochMs): void {
  if (story.goneAt === undefined) return;
  delete story.goneAt;
  story.returns = [...story.returns, at];
}

function beginOpen(story: Story, at: EpochMs): void {
  if (story.own && !isOpen(story)) story.opens = [...story.opens, at];
}

function endOpen(story: Story, at: EpochMs): void {
  if (isOpen(story)) story.ends = [...story.ends, Math.max(at, story.opens.at(-1) ?? at)];
}

/** Whether its own issue is there and not done at the end of the period. */
export function isOpen({ opens, ends }: Story): boolean {
  return opens.length > ends.length;
}

/** Whether its own issue was open at an instant of the period. */
export function openAt({ opens, ends }: Story, at: EpochMs): boolean {
  return countBefore(opens, at) > countBefore(ends, at);
}

/** Whether its issue was deleted at an instant of the period. */
export function wasGoneAt({ gones, returns }: Story, at: EpochMs): boolean {
  return countBefore(gones, at) > countBefore(returns, at);
}

function countBefore(times: readonly EpochMs[], at: EpochMs): number {
  return times.reduce((n, time) => (time < at ? n + 1 : n), 0);
}
