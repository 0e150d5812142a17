import type { TenantId } from '../domain/alert.ts';
import type { PassSummary } from '../domain/outcome.ts';
import { traced } from '../observe/trace.ts';
import { allEnded } from './all-ended.ts';
import { Bell } from './bell.ts';
import { drain, type Feed } from './drain.ts';
import { examineOnce } from './examine.ts';
import { findLost } from './find-lost.ts';
import { finishGroups } from './groups/finish-groups.ts';
import { Hands } from './hands.ts';
import { inParallel } from './in-parallel.ts';
import { untilLastAnswers } from './last-answers.ts';
import { PATIENCE_MS, type PassParts, type SiteParts, type TenantParts, type TenantPass } from './pass-parts.ts';
import { type PollOutcome, poll } from './poll.ts';
import { Tally } from './tally.ts';
import { tellWaiting } from './tell-waiting.ts';
import { toTenantFailure } from './tenant-failure.ts';

export interface PassOptions {
  tenants: readonly TenantId[];
  waitMs: number;
  signal: AbortSignal;
}

/** Most tenants worked on at once; a tenant that hangs keeps one of these places until its deadline. */
const TENANTS_AT_ONCE = 256;

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
  await parts.ledger.leases.reclaim(parts.owner, startedAt);
  const hands = new Hands();
  const work = inParallel(tenants, TENANTS_AT_ONCE, async (tenant) => {
    const own = parts.tenants.get(tenant) as TenantParts;
    const site = parts.sites.get(own.policy.ticket.site) as SiteParts;
    const pass: TenantPass = { parts, tenant, own, site, hands, signal, waitUntil: startedAt + waitMs };
    if (signal.aborted) return;
    try {
      tally.polled(tenant, await traced('casewire.pass', { tenant }, () => tenantPass(pass)));
      tally.left(tenant, await tellWaiting(pass));
    } catch (error) {
      const failure = toTenantFailure(error);
      tally.failed(tenant, failure);
      parts.progress({ event: 'poll-failed', tenant, ...failure });
    }
  });
  await untilLastAnswers(work, parts.clock, signal);
  return {
    tenants: tally.summaries(),
    siteFailures: [...parts.sites].flatMap(([site, { health }]) =>
      health.trouble
        ? [
            {
              site,
              why: health.trouble.why,
              ...(health.trouble.mend ? { mend: health.trouble.mend } : {}),
              ...(health.trouble.waiting ? { waiting: true as const } : {}),
            },
          ]
        : [],
    ),
    warnings: tally.warnings,
    ...tally.rules.counts(),
    calls: {},
    startedAt,
    durationMs: parts.clock.now() - startedAt,
    stopped: signal.aborted,
  };
}

async function tenantPass(pass: TenantPass): Promise<PollOutcome> {
  const { parts, tenant, own } = pass;
  const { clock, ledger } = parts;
  await ledger.inbox.release({ tenant, now: clock.now(), policy: own.fingerprint });
  const examine = examineOnce(pass);
  const feed: Feed = { bell: new Bell(), ended: false };
  const polling = poll(pass, feed.bell.ring).finally(() => {
    feed.ended = true;
    feed.bell.ring();
  });
  const [polled] = await allEnded([polling, findLost(pass).then(() => drain(pass, feed, examine))]);
  await findLost(pass);
  await finishGroups(pass);
  await goOnWaiting(pass);
  return polled;
}

/** Between two rounds of a pass that waits; keeps a due time in the past from becoming a busy loop. */
const SHORTEST_WAIT_MS = 200;

/**
 * As long as the pass may wait and something of the tenant comes due in that time, goes on. A pass that may not wait
 * waits out what Jira asks for all the same where that is short, up to the patience of a pass in all.
 */
async function goOnWaiting(pass: TenantPass): Promise<void> {
  const { parts, tenant, signal, site, waitUntil } = pass;
  const { clock, ledger } = parts;
  let patienceMs = PATIENCE_MS;
  while (!signal.aborted && !site.health.stopped()) {
    const now = clock.now();
    const mayWait = now < waitUntil;
    const { count, nextDue = 0, nextPending } = await ledger.overview.waiting(tenant, 0);
    if (count === 0 || (!mayWait && nextPending === undefined)) return;
    const due = Math.max(mayWait ? nextDue : (nextPending ?? 0), site.health.pausedAt(now)?.until ?? 0);
    if (mayWait ? due > waitUntil : due <= now || due - now > patienceMs) return;
    const pauseMs = Math.max(due - now, SHORTEST_WAIT_MS);
    patienceMs -= pauseMs;
    await clock.sleep(pauseMs, signal);
    await findLost(pass);
    await drain(pass, { bell: new Bell(), ended: true }, examineOnce(pass));
    await finishGroups(pass);
  }
}
