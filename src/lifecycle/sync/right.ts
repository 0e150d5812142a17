import { MINUTE_MS } from '../../domain/time.ts';
import type { SyncTurn } from '../../ledger/in-step/links-port.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/** How long the right to a tenant lasts; it is renewed from half of that on. */
const LASTS_MS = 15 * MINUTE_MS;

/** Takes the right to keep a tenant in step, or says until when another process has it. */
export async function takeRight(pass: TenantSyncPass): Promise<SyncTurn | { busyUntil: number }> {
  const { parts, tenant } = pass;
  const now = parts.clock.now();
  const until = now + LASTS_MS;
  const taken = await parts.ledger.links.begin({ tenant, owner: parts.owner, now, until });
  if ('position' in taken) pass.rightUntil = until;
  return taken;
}

/**
 * Whether the pass may go on with the tenant. A process that was stopped for longer than its right lasts may not, even
 * where nobody has the tenant now: others may have had it meanwhile, and what this one saw before is old.
 */
export async function holdsRight(pass: TenantSyncPass): Promise<boolean> {
  if (pass.signal.aborted) return false;
  const left = pass.rightUntil - pass.parts.clock.now();
  if (left <= 0) return false;
  return left > LASTS_MS / 2 || 'position' in (await takeRight(pass));
}
