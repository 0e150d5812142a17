import type { DedupKey } from '../domain/alert.ts';
import { isEdgeFailure } from '../domain/failure.ts';
import { MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { OpenCreate } from '../ledger/ledger.ts';
import type { Sighting } from '../tracker/tracker.ts';
import { type SiteParts, settled, type TenantPass } from './pass-parts.ts';
import { type ProposedLine, withOutcome } from './propose.ts';

/** The first look comes at once; later ones wait as long as the create is old, within these bounds. */
const SHORTEST_PAUSE_MS = 2 * SECOND_MS;
const LONGEST_PAUSE_MS = MINUTE_MS;

/** Most creates looked for in one go. */
const MOST_AT_ONCE = 100;

/**
 * Looks for the issues of creates whose answer was lost. An issue that is found is the alert's issue at once; "not
 * there" is believed only by a look at or after the end of the site's reconcile window, counted from the create. A look
 * that fails proves nothing and changes nothing.
 */
export async function findLost(pass: TenantPass): Promise<void> {
  const { parts, tenant } = pass;
  const { clock, ledger } = parts;
  const open = (await ledger.outbox.open({ tenant, now: clock.now() })).filter(({ lookAt }) => lookAt <= clock.now());
  for (const [site, all] of Map.groupBy(open, ({ route }) => route.site)) {
    const at = parts.sites.get(site);
    if (!at) {
      const says = `${all.length} creates with a lost answer went to the Jira site ${site}, which is no longer configured`;
      parts.progress({ event: 'warning', tenant, says });
      continue;
    }
    for (let i = 0; i < all.length && !pass.signal.aborted; i += MOST_AT_ONCE)
      await look(pass, at, all.slice(i, i + MOST_AT_ONCE));
  }
}

async function look(pass: TenantPass, site: SiteParts, open: readonly OpenCreate[]): Promise<void> {
  const { clock, progress } = pass.parts;
  if (site.health.pausedAt(clock.now())) return;
  const lookedAt = clock.now();
  let sightings: ReadonlyMap<DedupKey, Sighting>;
  try {
    sightings = new Map((await site.tracker.lookFor(open)).map((sighting) => [sighting.dedupKey, sighting]));
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    if (error.kind === 'unauthorised') site.health.refusedUs(error.message, error.details.mend);
    else site.health.failed(error.message, clock.now());
    progress({ event: 'warning', tenant: pass.tenant, says: `lost creates could not be looked for: ${error.message}` });
    return;
  }
  for (const create of open) {
    const tickets = sightings.get(create.dedupKey)?.tickets ?? [];
    progress({ event: 'looked-for', key: create.dedupKey, found: tickets.length });
    if (tickets.length > 0) await adopt(pass, create, tickets);
    else await lookAgain(pass, site, create, lookedAt);
  }
}

async function adopt(pass: TenantPass, create: OpenCreate, tickets: Sighting['tickets']): Promise<void> {
  const { clock, ledger, progress } = pass.parts;
  const [ticket, ...twins] = tickets;
  if (!ticket) return;
  const { dedupKey: key, attempt, route } = create;
  if (twins.length > 0)
    progress({
      event: 'warning',
      tenant: pass.tenant,
      says: `alert ${key} has more than one issue; ${ticket.key} is kept, ${twins.map((twin) => twin.key).join(', ')} doubles it`,
    });
  await ledger.outbox.end({ key, outcome: 'created', attempt, site: route.site, ticket, found: true }, clock.now());
  const line = JSON.parse(create.proposal) as ProposedLine;
  settled(pass, withOutcome(line, 'adopted', { ticket, why: `${line.why}; found after its create's answer was lost` }));
}

async function lookAgain(pass: TenantPass, site: SiteParts, create: OpenCreate, lookedAt: number): Promise<void> {
  const { clock, ledger } = pass.parts;
  const { dedupKey: key, attempt, sentAt } = create;
  const windowEnd = sentAt + site.reconcileWindowMs;
  const pause = Math.min(Math.max(lookedAt - sentAt, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  const lookAt = lookedAt >= windowEnd ? 'send-again' : Math.min(lookedAt + pause, windowEnd);
  await ledger.outbox.notSeen({ key, attempt, lookAt, now: clock.now() });
}
