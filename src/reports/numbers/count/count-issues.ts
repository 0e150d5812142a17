import { DAY_MS, type EpochMs } from '../../../domain/time.ts';
import type { Backlog, HeldFigures, HighRow, IssueRow, ReportModel, SlaLists, SlaRow } from '../../model.ts';
import { type Scope, within } from '../scope.ts';
import type { SlaVerdict } from '../sla-verdict.ts';
import { isOpen, type Story } from '../story.ts';
import { byName, FirstFew, Tally } from './ranking.ts';
import { bySeverity } from './severities.ts';

const BUCKETS: readonly { label: string; underMs: number }[] = [
  { label: 'under 1 day', underMs: DAY_MS },
  { label: '1 to 3 days', underMs: 3 * DAY_MS },
  { label: '3 to 7 days', underMs: 7 * DAY_MS },
  { label: '7 to 30 days', underMs: 30 * DAY_MS },
  { label: '30 days and over', underMs: Number.POSITIVE_INFINITY },
];

type StillHeld = HeldFigures['still']['rows'][number];

/** Keeps the lists of single issues and alerts: open ones, late ones, those of high severity, held ones. */
export class CountIssues {
  readonly #scope: Scope;
  readonly #buckets = BUCKETS.map(({ label }) => ({ label, bySeverity: bySeverity(() => 0), issues: 0 }));
  readonly #oldest: FirstFew<IssueRow>;
  readonly #breached: FirstFew<SlaRow>;
  readonly #overdue: FirstFew<SlaRow>;
  readonly #dueSoon: FirstFew<SlaRow>;
  readonly #high: FirstFew<HighRow>;
  readonly #still: FirstFew<StillHeld>;
  readonly #held = new Tally((reason) => ({ reason: reason as StillHeld['reason'], held: 0, still: 0 }));

  constructor(scope: Scope, most: number) {
    this.#scope = scope;
    this.#oldest = new FirstFew(
      most,
      inOrderOf(({ madeAt }) => madeAt),
    );
    this.#breached = new FirstFew(
      most,
      inOrderOf(({ dueAt }) => dueAt),
    );
    this.#overdue = new FirstFew(
      most,
      inOrderOf(({ dueAt }) => dueAt),
    );
    this.#dueSoon = new FirstFew(
      most,
      inOrderOf(({ dueAt }) => dueAt),
    );
    this.#high = new FirstFew(
      most,
      inOrderOf(({ createdAt }) => createdAt),
    );
    this.#still = new FirstFew(
      most,
      inOrderOf(({ since }) => since),
    );
  }

  take(story: Story, verdicts: readonly SlaVerdict[]): void {
    const { alert, own } = story;
    if (own && isOpen(story)) this.#takeOpen(toIssueRow(story, own, this.#scope));
    // An issue that is late twice is one issue: it is told by what was due first.
    let late: SlaRow | undefined;
    if (own)
      for (const { target, dueAt, doneAt, decided, standing } of verdicts) {
        if (decided !== 'missed' && !standing) continue;
        const { goneAt } = story;
        const done = doneAt !== undefined ? { doneAt } : goneAt !== undefined ? { goneAt } : {};
        const row: SlaRow = { ...toIssueRow(story, own, this.#scope), target, dueAt, ...done };
        if (decided === 'missed') this.#breached.add(row);
        if (standing === 'overdue' && (!late || row.dueAt < late.dueAt)) late = row;
        if (standing === 'due-soon') this.#dueSoon.add(row);
      }
    if (late) this.#overdue.add(late);
    if (alert.severity === 'high' && within(this.#scope, alert.createdAt)) this.#high.add(toHighRow(story));
    this.#takeHeld(story);
  }

  #takeOpen(row: IssueRow): void {
    this.#oldest.add(row);
    const bucket = this.#buckets[BUCKETS.findIndex(({ underMs }) => row.ageMs < underMs)];
    if (!bucket) return;
    bucket.issues += 1;
    bucket.bySeverity[row.severity] += 1;
  }

  #takeHeld({ alert, decisions, waits }: Story): void {
    for (const made of decisions)
      if (made.decision === 'held' && within(this.#scope, made.at)) this.#held.of(made.reason).held += 1;
    if (!waits) return;
    const { reason, why, since } = waits;
    this.#held.of(reason).still += 1;
    this.#still.add({ key: alert.key, title: alert.title, reason, why, since });
  }

  lists(): { backlog: Backlog; slaLists: SlaLists; held: HeldFigures } & Pick<ReportModel, 'high'> {
    const byReason = [...this.#held.rows()].sort(
      (a, b) => b.held - a.held || b.still - a.still || byName(a.reason, b.reason),
    );
    return {
      backlog: { buckets: this.#buckets, oldest: this.#oldest.listed() },
      slaLists: {
        breached: this.#breached.listed(),
        overdue: this.#overdue.listed(),
        dueSoon: this.#dueSoon.listed(),
      },
      high: this.#high.listed(),
      held: { byReason, still: this.#still.listed() },
    };
  }
}

export function toIssueRow(story: Story, own: NonNullable<Story['own']>, { end }: Scope): IssueRow {
  const { alert, goneAt = end, resolvedAt = goneAt } = story;
  return {
    key: alert.key,
    title: alert.title,
    severity: alert.severity,
    issue: own.ticket.key,
    url: own.ticket.url,
    madeAt: own.at,
    ageMs: Math.max(0, resolvedAt - own.at),
  };
}

function toHighRow(story: Story): HighRow {
  const { alert, issue, outcome } = story;
  return {
    key: alert.key,
    title: alert.title,
    createdAt: alert.createdAt,
    users: alert.users,
    url: alert.url,
    ...(issue ? { issue: issue.ticket.key, issueUrl: issue.ticket.url } : {}),
    state: stateOf(story),
    ...(outcome ? { verdict: outcome.outcome } : {}),
  };
}

function stateOf({ state, resolvedAt, acknowledgedAt, goneAt }: Story): HighRow['state'] {
  if (state === 'underWay') return 'under-way';
  if (state !== 'raised' && state !== 'attached') return state;
  if (resolvedAt !== undefined) return 'resolved';
  if (goneAt !== undefined) return 'gone';
  return acknowledgedAt === undefined ? 'open' : 'acknowledged';
}

function inOrderOf<T extends { key: string }>(of: (row: T) => EpochMs): (a: T, b: T) => number {
  return (a, b) => of(a) - of(b) || byName(a.key, b.key);
}
