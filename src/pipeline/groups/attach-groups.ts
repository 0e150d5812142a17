import { MINUTE_MS } from '../../domain/time.ts';
import type { Attachment } from '../../ledger/groups/groups-port.ts';
import { inParallel } from '../in-parallel.ts';
import type { TenantPass } from '../pass-parts.ts';
import { attachOnce } from './attach-once.ts';
import { tellIssues } from './tell-issues.ts';

/** How long comments in hand stay ours. */
const LEASE_MS = 10 * MINUTE_MS;

/** Issues that are written to at once; the comments of one issue follow each other. */
const ISSUES_AT_ONCE = 8;

/** A comment whose answer was lost is looked for at once, as a lost create is. */
const MOST_TRIES = 2;

/**
 * Lists a tenant's attaching alerts on the issues of their groups, one comment an issue, and tells the issues what
 * became of their groups. Returns how many alerts are pending again because their group came to nothing.
 */
export async function attachGroups(pass: TenantPass): Promise<number> {
  const { parts, tenant, signal } = pass;
  const { ledger, owner, clock, progress } = parts;
  const tries = new Map<string, number>();
  let freed = 0;
  while (!signal.aborted) {
    const now = clock.now();
    const except = new Set([...tries].flatMap(([id, n]) => (n >= MOST_TRIES ? [id] : [])));
    const gathered = await ledger.attachments.gather({ tenant, owner, now, until: now + LEASE_MS, except });
    const { attachments } = gathered;
    freed += gathered.freed;
    if (attachments.length === 0) break;
    progress({ event: 'gathered', tenant, comments: attachments.length, freed: gathered.freed });
    const issues = [...Map.groupBy(attachments, ({ group }) => group).values()];
    const counts = await inParallel(issues, ISSUES_AT_ONCE, (comments) => inTurn(pass, comments, tries));
    for (const count of counts) freed += count;
  }
  await tellIssues(pass);
  return freed;
}

async function inTurn(pass: TenantPass, comments: readonly Attachment[], tries: Map<string, number>): Promise<number> {
  let freed = 0;
  for (const attachment of comments) {
    const { again, back } = await attachOnce(pass, attachment);
    tries.set(attachment.id, again ? (tries.get(attachment.id) ?? 0) + 1 : MOST_TRIES);
    if (back) freed += attachment.alerts.length;
  }
  return freed;
}
