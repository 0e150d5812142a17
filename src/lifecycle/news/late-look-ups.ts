import type { DedupKey } from '../../domain/alert.ts';
import { type IpFinding, waitsForLookUp } from '../../domain/finding.ts';
import type { NewsOutcome } from '../../domain/news-outcome.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { WaitingLookUp } from '../../ledger/in-step/news-port.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import { NOTHING, type TenantSyncPass } from '../sync/sync-tenant-parts.ts';
import { tellNotes } from '../sync/tell-notes.ts';
import { type NewsAsk, tellOpenNews } from './late-news.ts';

/** Older alerts are not looked up any more: what is known today says little of an address then. */
const OLDEST_MS = 30 * DAY_MS;

const LEASE_MS = 10 * MINUTE_MS;

/** What did not answer is tried again after this long; after so many tries the issue gets what is known. */
const RETRY_MS = HOUR_MS;
const MOST_TRIES = 5;

/**
 * Looks up what could not be looked up when a tenant's issues were made, at most `most` alerts of it, the most urgent and
 * of those the oldest first, as far as today's look-ups go beyond what is kept for new alerts; and brings the answers to
 * the issues, once each. What is to be said in comments is noted; `tellNotes` writes it.
 */
export async function lateLookUps(
  parts: SyncParts,
  { tenant, most, signal }: NewsAsk & { most: number },
): Promise<readonly NewsOutcome[]> {
  const { ledger, clock, owner, lookUps } = parts;
  const now = clock.now();
  const waiting = ledger.waitingLookUps;
  if (!signal.aborted && (await waiting.any({ tenant, now })) && (await lookUps.spare()) > 0) {
    const until = now + LEASE_MS;
    const taken = await waiting.take({ tenant, owner, now, until, createdSince: now - OLDEST_MS, most });
    for (const one of taken) await lookUp(parts, { tenant, signal }, one);
  }
  return tellOpenNews(parts, { tenant, signal });
}

/**
 * The same where nothing else writes the comments that come of it: without a `sync`, issues hear of late look-ups too.
 * Answers whether something of it is left for later.
 */
export async function lookUpLate(parts: SyncParts, ask: NewsAsk & { most: number }): Promise<boolean> {
  const { tenant, signal } = ask;
  const own = parts.tenants.get(tenant);
  if (!own) return false;
  const told = await lateLookUps(parts, ask);
  const count = { tenant, ...NOTHING };
  // Notes have leases of their own.
  const rightUntil = Number.POSITIVE_INFINITY;
  const policy = parts.sync ?? {};
  const tried = new Map();
  const pass: TenantSyncPass = { parts, tenant, own, policy, count, retry: false, tried, signal, rightUntil };
  await tellNotes(pass);
  const waits = pass.count.waiting > 0 || told.some(({ outcome }) => outcome === 'waits');
  return waits || (await parts.ledger.waitingLookUps.any({ tenant, now: parts.clock.now() + DAY_MS }));
}

async function lookUp(parts: SyncParts, { tenant, signal }: NewsAsk, { key, tries }: WaitingLookUp): Promise<void> {
  const { ledger, clock, owner, lookUps } = parts;
  const back = (more: { tries: number; notBefore: number | 'never' }) =>
    ledger.waitingLookUps.putBack({ key, owner, ...more });
  const told = (await ledger.news.told([key])).get(key as DedupKey);
  const open = told?.line.findings.filter(waitsForLookUp) ?? [];
  if (!told || open.length === 0) return back({ tries, notBefore: 'never' });
  // The budget is asked before each: it is shared with other tenants and processes.
  if (signal.aborted || (await lookUps.spare()) === 0) return back({ tries, notBefore: clock.now() });
  const addresses = open.map(({ address }) => address);
  // As one of low severity, whatever it is: the day's last look-ups are for new alerts of high severity.
  const answers = await lookUps.lookUp(addresses, 'low');
  const checked = answers.filter((finding) => finding.checked).length;
  const still = answers.filter(waitsForLookUp).length;
  const tried = tries + 1;
  if (checked === 0 && still === 0) return back({ tries: tried, notBefore: 'never' });
  if (still > 0 && (checked === 0 || tried < MOST_TRIES))
    return back({ tries: tried, notBefore: clock.now() + RETRY_MS });
  const byAddress = new Map(answers.map((finding) => [finding.address, settled(finding)]));
  const findings = told.line.findings.map((finding) => byAddress.get(finding.address) ?? finding);
  const words = `${checked} ${checked === 1 ? 'address' : 'addresses'} looked up`;
  await ledger.news.found([{ key, tenant, kind: 'looked-up', words, findings }], clock.now());
}

/** The issue hears of an alert's late look-ups once: what has no answer by now is asked after no more. */
function settled(finding: IpFinding): IpFinding {
  if (finding.checked) return finding;
  const { later: _later, ...rest } = finding;
  return rest;
}
