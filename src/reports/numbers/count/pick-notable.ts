import { SEVERITIES } from '../../../domain/alert.ts';
import { categoryPath } from '../../../domain/category.ts';
import type { AlertFacts, Fact } from '../../../domain/facts.ts';
import { DAY_MS } from '../../../domain/time.ts';
import type { Incident, IncidentStep, Listed } from '../../model.ts';
import { type Scope, within } from '../scope.ts';
import type { SlaVerdict } from '../sla-verdict.ts';
import type { Story } from '../story.ts';
import { toIssueRow } from './count-issues.ts';
import { byName, FirstFew } from './ranking.ts';

/** Of those that took longest, as many are told, and only what took longer than a day. */
const LONGEST = 3;
const LONG_MS = DAY_MS;

interface Candidate {
  story: Story;
  because: Incident['because'];
  weight: number;
  openMs: number;
}

/** Picks the issues that a reader should know one by one. */
export class PickNotable {
  readonly #scope: Scope;
  readonly #most: number;
  readonly #told: FirstFew<Candidate>;
  readonly #longest = new FirstFew<Candidate>(LONGEST, (a, b) => b.openMs - a.openMs || byKey(a, b));

  constructor(scope: Scope, most: number) {
    this.#scope = scope;
    this.#most = most;
    this.#told = new FirstFew(most, inOrder);
  }

  take(story: Story, verdicts: readonly SlaVerdict[]): void {
    const { alert, own, outcome, resolvedAt, goneAt } = story;
    if (!own) return;
    const { severity } = alert;
    const real = severity === 'high' && outcome?.outcome === 'true-positive' && within(this.#scope, outcome.at);
    const late = verdicts.some(({ decided }) => decided === 'missed');
    const openMs = (resolvedAt ?? goneAt ?? this.#scope.end) - own.at;
    const weight = (real ? 8 : 0) + (late ? 4 : 0) + SEVERITIES.length - 1 - SEVERITIES.indexOf(severity);
    const because = [...(real ? ['high-true-positive' as const] : []), ...(late ? ['sla-breached' as const] : [])];
    const one = { story, because, weight, openMs };
    if (because.length > 0) this.#told.add(one);
    if (within(this.#scope, resolvedAt) && openMs > LONG_MS) this.#longest.add(one);
  }

  notable(): Listed<Incident> {
    const told = this.#told.listed();
    const longest = this.#longest.listed().rows;
    const isLongest = new Set(longest.map(({ story }) => story.alert.key));
    const others = longest.filter(({ because }) => because.length === 0);
    const rows = [...told.rows, ...others].slice(0, this.#most).map((one) => {
      const because = isLongest.has(one.story.alert.key) ? [...one.because, 'longest' as const] : one.because;
      return toIncident({ ...one, because }, this.#scope);
    });
    return { rows, total: told.total + others.length };
  }
}

/** Weightiest first; among equals the longest. */
function inOrder(a: Candidate, b: Candidate): number {
  return b.weight - a.weight || b.openMs - a.openMs || byKey(a, b);
}

function byKey(a: Candidate, b: Candidate): number {
  return byName(a.story.alert.key, b.story.alert.key);
}

function toIncident({ story, because }: Candidate, scope: Scope): Incident {
  const { alert, own, outcome, acknowledgedAt, resolvedAt } = story;
  if (!own) throw new Error(`${alert.key} has no issue of its own`);
  return {
    ...toIssueRow(story, own, scope),
    type: alert.type,
    ...(alert.category ? { category: categoryPath(alert.category) } : {}),
    users: alert.users,
    because,
    ...(outcome ? { verdict: outcome.outcome } : {}),
    ...(acknowledgedAt === undefined ? {} : { acknowledgeMs: Math.max(0, acknowledgedAt - own.at) }),
    ...(resolvedAt === undefined ? {} : { resolveMs: Math.max(0, resolvedAt - own.at) }),
    timeline: timelineOf(alert, scope.to),
  };
}

function timelineOf(alert: AlertFacts, to: number): IncidentStep[] {
  const { activityAt, createdAt, seenAt } = alert;
  const begin: IncidentStep[] = [
    ...(activityAt === undefined ? [] : [{ at: activityAt, step: 'activity' as const }]),
    { at: createdAt, step: 'alert' },
    { at: seenAt, step: 'seen' },
  ];
  const rest = alert.facts.filter(({ at }) => at < to).flatMap((fact) => stepOf(fact) ?? []);
  return [...begin, ...rest].sort((a, b) => a.at - b.at);
}

function stepOf(fact: Fact): IncidentStep | undefined {
  const { at } = fact;
  switch (fact.fact) {
    case 'raised':
    case 'adopted':
    case 'attached':
      return { at, step: 'issue', detail: fact.ticket.key };
    case 'held':
      return { at, step: 'held', detail: fact.why };
    case 'resolved':
      return { at, step: 'resolved', ...(fact.resolution === undefined ? {} : { detail: fact.resolution }) };
    case 'closed':
      return { at, step: 'closed', detail: fact.verdict };
    case 'released':
    case 'acknowledged':
    case 'reopened':
    case 'alert-reopened':
      return { at, step: fact.fact };
    default:
      return undefined;
  }
}
