import type { TenantId } from '../domain/alert.ts';
import type { AlertLine, PassSummary, TenantSummary } from '../domain/outcome.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import { Bell } from './bell.ts';
import { drain, type Feed } from './drain.ts';
import { examineOnce } from './examine.ts';
import { findLost } from './find-lost.ts';
import type { PassParts, SiteParts, TenantParts, TenantPass } from './pass-parts.ts';
import { type PollOutcome, poll } from './poll.ts';
import { lineOf, type ProposedLine } from './propose.ts';

export interface PassOptions {
  tenants: readonly TenantId[];
  waitMs: number;
  signal: AbortSignal;
}

/** Most tenants worked on at once; a tenant that hangs keeps one of these places until its deadline. */
const TENANTS_AT_ONCE = 256;

/** Most alerts a tenant's share of the summary names as waiting; all are counted. */
const WAITING_NAMED = 50;

/** After a stop was asked for, creates in flight get this long to be answered; then they are left as unknown. */
const LAST_ANSWERS_MS = 5_000;

/** One pass over the tenants: read, decide, raise, and look for what was lost. Troubles end in the summary. */
export async function runPass(outer: PassParts, { tenants, waitMs, signal }: PassOptions): Promise<PassSummary> {
  const startedAt = outer.clock.now();
  const tally = new Tally(tenants);
  const parts: PassParts = {
    ...outer,
    progress: (event) => {
      tally.note(event);
      outer.progress(event);
    },
  };
  await parts.ledger.inbox.reclaim(parts.owner, startedAt);
  const work = inParallel(tenants, TENANTS_AT_ONCE, async (tenant) => {
    const own = parts.tenants.get(tenant) as TenantParts;
    const site = parts.sites.get(own.policy.ticket.site) as SiteParts;
    const pass: TenantPass = { parts, tenant, own, site, signal, waitUntil: startedAt + waitMs };
    if (signal.aborted) return;
    tally.polled(tenant, await tenantPass(pass));
    await tellWaiting(pass, tally);
  });
  await Promise.race([work, lastAnswers(parts, signal)]);
  return {
    tenants: tally.summaries(),
    siteFailures: [...parts.sites].flatMap(([site, { health }]) =>
      health.trouble
        ? [{ site, why: health.trouble.why, ...(health.trouble.mend ? { mend: health.trouble.mend } : {}) }]
        : [],
    ),
    warnings: tally.warnings,
    calls: {},
    startedAt,
    durationMs: parts.clock.now() - startedAt,
    stopped: signal.aborted,
  };
}

async function tenantPass(pass: TenantPass): Promise<PollOutcome> {
  const { parts, tenant, own, signal } = pass;
  const { clock, ledger } = parts;
  await ledger.inbox.release({ tenant, now: clock.now(), policy: own.fingerprint });
  const examine = examineOnce(pass);
  const feed: Feed = { bell: new Bell(), ended: false };
  const polling = poll(pass, feed.bell.ring).finally(() => {
    feed.ended = true;
    feed.bell.ring();
  });
  await findLost(pass);
  const [polled] = await Promise.all([polling, drain(pass, feed, examine)]);
  await findLost(pass);
  while (!signal.aborted && clock.now() < pass.waitUntil) {
    const { count, nextDue } = await ledger.overview.waiting(tenant, 0);
    if (count === 0 || nextDue === undefined || nextDue > pass.waitUntil || pass.site.health.stopped()) break;
    await clock.sleep(Math.max(nextDue - clock.now(), SHORTEST_WAIT_MS), signal);
    await findLost(pass);
    await drain(pass, { bell: new Bell(), ended: true }, examineOnce(pass));
  }
  return polled;
}

/** Between two rounds of a pass that waits; keeps a due time in the past from becoming a busy loop. */
const SHORTEST_WAIT_MS = 200;

/** Names what this pass leaves waiting, and counts it. */
async function tellWaiting(pass: TenantPass, tally: Tally): Promise<void> {
  const { parts, tenant, site } = pass;
  const { count, first } = await parts.ledger.overview.waiting(tenant, WAITING_NAMED);
  tally.waiting(tenant, count);
  for (const { alert, state, why, sentAt, leasedBy, proposal } of first) {
    const line: ProposedLine = proposal ? JSON.parse(proposal) : lineOf(alert, [], '');
    const outcome = 'waiting' as const;
    parts.progress({ event: 'settled', line: { ...line, outcome, why: sayWhy() } });
    function sayWhy(): string {
      if (state === 'unknown' || state === 'sending') {
        const until = (sentAt ?? 0) + site.reconcileWindowMs;
        const left = Math.max(0, until - parts.clock.now());
        const lost = why || 'no answer yet';
        return `its create was sent and the answer was lost (${lost}); being looked for, sent again ${inMinutes(left)} if not found`;
      }
      if (leasedBy !== undefined && leasedBy !== parts.owner) return 'another run has it in hand';
      return why || site.health.trouble?.why || 'not reached in this pass';
    }
  }
}

function inMinutes(ms: number): string {
  return ms < 60_000 ? `in ${Math.ceil(ms / 1000)} s` : `in ${Math.ceil(ms / 60_000)} min`;
}

/** Resolves some seconds after a stop was asked for; never when none is. */
function lastAnswers({ clock }: PassParts, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = () => void clock.sleep(LAST_ANSWERS_MS).then(resolve);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}

async function inParallel<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const workers = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  await Promise.all(workers);
}

/** Adds up what the events of a pass say. */
class Tally {
  readonly #tenants: Map<TenantId, TenantSummary & { failure?: TenantSummary['failure'] }>;
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
    if (event.event === 'warning' && this.warnings.length < 100)
      this.warnings.push(event.tenant ? `${event.tenant}: ${event.says}` : event.says);
  }

  polled(tenant: TenantId, { read, fresh, failure }: PollOutcome): void {
    const summary = this.#tenants.get(tenant);
    if (summary) Object.assign(summary, { read, fresh }, failure ? { failure } : {});
  }

  waiting(tenant: TenantId, count: number): void {
    const summary = this.#tenants.get(tenant);
    if (summary) summary.waiting = count;
  }

  summaries(): readonly TenantSummary[] {
    return [...this.#tenants.values()];
  }

  #count({ tenant, outcome }: AlertLine): void {
    const summary = this.#tenants.get(tenant);
    if (!summary) return;
    if (outcome === 'raised' || outcome === 'adopted') summary.raised += 1;
    else if (outcome === 'suppressed') summary.suppressed += 1;
    else if (outcome === 'held') summary.held += 1;
  }
}
