import type { DedupKey } from '../../domain/alert.ts';
import type { Fact } from '../../domain/facts.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { type HistoryRead, issueOf, type Link } from '../../domain/link.ts';
import { nameSome } from '../../domain/name-some.ts';
import type { SiteId } from '../../domain/ticket.ts';
import { type EpochMs, SECOND_MS } from '../../domain/time.ts';
import { toMilestones } from '../../rules/in-step/milestones.ts';
import type { IssueHistories } from '../../tracker/issue-watch.ts';
import type { TenantSyncPass } from './sync-tenant-parts.ts';

/**
 * Takes from the histories of issues when people acknowledged, resolved and reopened them. A history is read again when
 * its issue has changed since, be it only in its assignee; what could not be read is remembered for the next pass, so
 * that nothing depends on the search listing it again.
 */

/** Issues whose histories are read and stored in one go; as many as Cloud reads in one call. */
const AT_ONCE = 1_000;

/** What changed so short ago may change again within the same instant of the tracker's clock. */
const SETTLED_MS = 10 * SECOND_MS;

/** A pair whose issue was seen, and when that had last changed. */
export interface SeenIssue {
  link: Link;
  updatedAt: EpochMs;
}

interface Due {
  link: Link;
  changedAt: EpochMs;
}

/** Reads the histories that are due; `links` are all that are looked at, `seen` those whose issue was read or found. */
export async function readMilestones(
  pass: TenantSyncPass,
  { links, seen }: { links: readonly Link[]; seen: readonly SeenIssue[] },
): Promise<void> {
  const due = dueOf(links, seen);
  for (const [site, ofSite] of Map.groupBy(due, ({ link }) => link.site)) {
    const issues = [...Map.groupBy(ofSite, ({ link }) => issueOf(link)).values()];
    for (let i = 0; i < issues.length; i += AT_ONCE) {
      if (pass.signal.aborted) return;
      await readSome(pass, site, issues.slice(i, i + AT_ONCE).flat());
    }
  }
}

function dueOf(links: readonly Link[], seen: readonly SeenIssue[]): readonly Due[] {
  const changes = new Map<DedupKey, EpochMs>();
  for (const { link, updatedAt } of seen) changes.set(link.key, Math.max(updatedAt, changes.get(link.key) ?? 0));
  return links.flatMap((link) => {
    const { changedAt: known = 0, readTo } = link.history ?? {};
    const changedAt = Math.max(known, changes.get(link.key) ?? 0);
    return changedAt > (readTo ?? 0) ? [{ link, changedAt }] : [];
  });
}

async function readSome(pass: TenantSyncPass, site: SiteId, due: readonly Due[]): Promise<void> {
  const { parts, tenant } = pass;
  const { ledger, clock, progress } = parts;
  const at = parts.sites.get(site);
  if (!at) return;
  const askedAt = clock.now();
  const ids = [...new Set(due.map(({ link }) => link.ticket.id))];
  const histories = await ask(() => at.watch.histories(ids));
  const known = await ledger.factLog.of(due.map(({ link }) => link.key));
  const facts: { key: DedupKey; fact: Fact; turn: number }[] = [];
  const reads: { key: DedupKey; read: HistoryRead }[] = [];
  const unread: string[] = [];
  for (const { link, changedAt } of due) {
    const { key, ticket, history: before } = link;
    const changes = histories.read.get(ticket.id);
    if (!changes) {
      unread.push(ticket.key);
      if (before?.changedAt !== changedAt) reads.push({ key, read: { ...before, changedAt } });
      continue;
    }
    const attached = known.get(key)?.find(({ fact }) => fact === 'attached');
    for (const { turn, ...milestone } of toMilestones(changes, attached?.at ?? 0))
      facts.push({ key, fact: { ...milestone, recordedAt: askedAt }, turn });
    reads.push({ key, read: { changedAt, readTo: Math.min(changedAt, askedAt - SETTLED_MS) } });
  }
  await ledger.factLog.record(facts, reads);
  if (unread.length === 0) return;
  const why = histories.why ?? 'it was not answered';
  const says = `when people took up or resolved ${nameSome([...new Set(unread)])} is not known: its history could not be read: ${why}; it is tried again`;
  progress({ event: 'warning', tenant, says });
}

/** A site that cannot be asked for its histories holds nothing else up. */
async function ask(read: () => Promise<IssueHistories>): Promise<IssueHistories> {
  try {
    return await read();
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    return { read: new Map(), why: error.message };
  }
}
