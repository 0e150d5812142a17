import type { TenantId } from '../domain/alert.ts';
import type { AlertLine, RuleCount, TenantSummary } from '../domain/outcome.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import type { PollOutcome } from './poll.ts';

/** Most warnings of a pass that its summary repeats; all are told as they come. */
const MOST_WARNINGS = 100;

/** Adds up how often each rule was heard. */
export class RuleTally {
  readonly #counts = new Map<string, RuleCount>();

  note({ rules }: Pick<AlertLine, 'rules'>): void {
    for (const { rule } of rules?.spoke ?? [])
      this.#add(rule, { spoke: 1, suppressed: rule === rules?.suppressedBy ? 1 : 0, undecided: 0 });
    for (const { rule } of rules?.undecided ?? []) this.#add(rule, { spoke: 0, suppressed: 0, undecided: 1 });
  }

  /** For a summary: nothing where no rule was heard. */
  counts(): { rules?: readonly RuleCount[] } {
    return this.#counts.size === 0 ? {} : { rules: [...this.#counts.values()] };
  }

  #add(rule: string, more: Omit<RuleCount, 'rule'>): void {
    const { spoke, suppressed, undecided } = this.#counts.get(rule) ?? { spoke: 0, suppressed: 0, undecided: 0 };
    this.#counts.set(rule, {
      rule,
      spoke: spoke + more.spoke,
      suppressed: suppressed + more.suppressed,
      undecided: undecided + more.undecided,
    });
  }
}

/** Adds up what the events of a pass say. */
export class Tally {
  readonly #tenants: Map<TenantId, TenantSummary>;
  readonly warnings: string[] = [];
  readonly rules = new RuleTally();

  constructor(tenants: readonly TenantId[]) {
    this.#tenants = new Map(
      tenants.map((tenant) => [
        tenant,
        { tenant, read: 0, fresh: 0, raised: 0, attached: 0, suppressed: 0, held: 0, waiting: 0 },
      ]),
    );
  }

  note(event: ProgressEvent): void {
    if (event.event === 'settled') this.#count(event.line);
    if (event.event === 'settled' && event.line.outcome !== 'waiting') this.rules.note(event.line);
    if (event.event === 'warning' && this.warnings.length < MOST_WARNINGS)
      this.warnings.push(event.tenant ? `${event.tenant}: ${event.says}` : event.says);
  }

  /** What broke the tenant's work off; what was read before is not counted. */
  failed(tenant: TenantId, failure: NonNullable<TenantSummary['failure']>): void {
    const summary = this.#tenants.get(tenant);
    if (summary) summary.failure = failure;
  }

  polled(tenant: TenantId, { read, fresh, failure }: PollOutcome): void {
    const summary = this.#tenants.get(tenant);
    if (summary) Object.assign(summary, { read, fresh }, failure ? { failure } : {});
  }

  left(tenant: TenantId, left: { waiting: number; heldInAll: number }): void {
    const summary = this.#tenants.get(tenant);
    if (summary) Object.assign(summary, left);
  }

  summaries(): readonly TenantSummary[] {
    return [...this.#tenants.values()];
  }

  #count({ tenant, outcome }: AlertLine): void {
    const summary = this.#tenants.get(tenant);
    if (!summary) return;
    if (outcome === 'raised' || outcome === 'adopted') summary.raised += 1;
    else if (outcome === 'attached') summary.attached += 1;
    else if (outcome === 'suppressed') summary.suppressed += 1;
    else if (outcome === 'held') summary.held += 1;
  }
}
