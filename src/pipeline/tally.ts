import type { TenantId } from '../domain/alert.ts';
import type { AlertLine, TenantSummary } from '../domain/outcome.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import type { PollOutcome } from './poll.ts';

/** Most warnings of a pass that its summary repeats; all are told as they come. */
const MOST_WARNINGS = 100;

/** Adds up what the events of a pass say. */
export class Tally {
  readonly #tenants: Map<TenantId, TenantSummary>;
  readonly warnings: string[] = [];

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
    if (event.event === 'warning' && this.warnings.length < MOST_WARNINGS)
      this.warnings.push(event.tenant ? `${event.tenant}: ${event.says}` : event.says);
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
