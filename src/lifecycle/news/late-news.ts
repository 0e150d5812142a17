import { type Alert, dedupKeyOf, type TenantId } from '../../domain/alert.ts';
import type { Link } from '../../domain/link.ts';
import type { NewsOutcome } from '../../domain/news-outcome.ts';
import { placeOf } from '../../domain/ticket.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { FoundNews, OpenNews } from '../../ledger/in-step/news-port.ts';
import { inParallel } from '../../pipeline/in-parallel.ts';
import type { TenantParts } from '../../pipeline/pass-parts.ts';
import { sayOwnFault } from '../../pipeline/tenant-failure.ts';
import { newsOf, sayNews } from '../../rules/in-step/news.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import { tellNews } from './tell-news.ts';

/** How long news in hand stay ours. */
const LEASE_MS = 10 * MINUTE_MS;

const MOST_NEWS = 500;

/** Issues that are written to at once; the news of one issue follow each other. */
const ISSUES_AT_ONCE = 8;

export interface NewsAsk {
  tenant: TenantId;
  signal: AbortSignal;
}

/**
 * Brings what changed on raised alerts since their issues were told of them to those issues, and goes on with what an
 * earlier pass had to leave. What is to be said in comments is noted; `tellNotes` writes it. Without
 * `sync.fromDefender` nothing is told.
 */
export async function lateNews(
  parts: SyncParts,
  { tenant, changed, signal }: NewsAsk & { changed: readonly { link: Link; now: Alert }[] },
): Promise<readonly NewsOutcome[]> {
  if (!parts.sync?.fromDefender) return [];
  const { ledger, clock, progress } = parts;
  const found = await findNews(parts, tenant, changed);
  if (found.length > 0) {
    await ledger.news.found(found, clock.now());
    progress({ event: 'news-found', tenant, alerts: found.length });
  }
  return tellOpenNews(parts, { tenant, signal });
}

async function findNews(
  { ledger }: SyncParts,
  tenant: TenantId,
  changed: readonly { link: Link; now: Alert }[],
): Promise<FoundNews[]> {
  if (changed.length === 0) return [];
  const told = await ledger.news.told(changed.map(({ link }) => link.key));
  return changed.flatMap(({ link: { key }, now }): FoundNews[] => {
    const before = told.get(key)?.alert;
    const news = before && dedupKeyOf(now.tenant, now.id) === key ? newsOf(before, now) : undefined;
    return news ? [{ key, tenant, kind: 'changed', words: sayNews(news), now }] : [];
  });
}

/** Tells a tenant's issues all news that are open and due, whatever found them. */
export async function tellOpenNews(parts: SyncParts, { tenant, signal }: NewsAsk): Promise<readonly NewsOutcome[]> {
  const { ledger, owner, clock } = parts;
  const own = parts.tenants.get(tenant);
  if (!own || signal.aborted) return [];
  const now = clock.now();
  const due = await ledger.news.due({ tenant, owner, now, until: now + LEASE_MS, most: MOST_NEWS });
  const outcomes: NewsOutcome[] = [];
  const issues = Map.groupBy(due, ({ told }) => placeOf(told.route.site, told.ticket.id));
  await inParallel([...issues.values()], ISSUES_AT_ONCE, async (ofIssue) => {
    for (const news of ofIssue) {
      const outcome = await tellSafely(parts, { own, news, signal });
      if (outcome) outcomes.push(outcome);
    }
  });
  return outcomes;
}

/** A fault of our own costs these news this pass, nothing else. */
async function tellSafely(
  parts: SyncParts,
  { own, news, signal }: { own: TenantParts; news: OpenNews; signal: AbortSignal },
): Promise<NewsOutcome | undefined> {
  try {
    return await tellNews({ parts, own, signal }, news);
  } catch (error) {
    const { id, key, tenant } = news;
    const why = sayOwnFault(error);
    parts.progress({ event: 'warning', tenant, says: `news of ${key}: ${why}` });
    const now = parts.clock.now();
    await parts.ledger.news.end({ id, owner: parts.owner, now, outcome: 'waits', why, notBefore: now + MINUTE_MS });
    return undefined;
  }
}
