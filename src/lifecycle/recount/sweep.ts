import type { DedupKey } from '../../domain/alert.ts';
import type { SweepSummary, Twin } from '../../domain/audit.ts';
import { type Document, link, paragraph, text } from '../../domain/document.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import type { Link } from '../../domain/link.ts';
import { IDENTITY_LABEL, type SiteId, type TicketRef } from '../../domain/ticket.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../domain/time.ts';
import type { TwinEvidence } from '../../ledger/recounts/audits-port.ts';
import type { PassParts, SiteParts } from '../../pipeline/pass-parts.ts';
import type { WriteOutcome } from '../../tracker/issue-keeper.ts';
import type { MarkedIssue } from '../../tracker/issue-watch.ts';

/**
 * Jira can hide an issue that it made for longer than the reconcile window, and a ledger can lose what it did; then an
 * alert may have two issues. The sweep finds them by their identity among the issues that our own account created, keeps
 * the one with the lowest id, makes the ledger name that one, and closes the others as its duplicates. It closes nothing
 * unless the ledger shows how a second one can have come about: more than one create that may have made an issue, or
 * creates that the ledger does not know of. Each step may be done twice, and the label that the twin is found by is
 * changed last.
 */

/** Issues created longer ago have been looked through by many sweeps. */
const SPAN_MS = 7 * DAY_MS;

/** How long a twin in hand stays ours. */
const LEASE_MS = 10 * MINUTE_MS;

interface SweptSite {
  parts: PassParts;
  site: SiteId;
  own: SiteParts;
}

/** What of an issue is kept while a site is looked through. */
type Found = Pick<MarkedIssue, 'ticket' | 'createdAt'>;

/** Looks through all sites; a site that cannot be asked is in the summary, and the next sweep asks it again. */
export async function sweep(parts: PassParts, { signal }: { signal: AbortSignal }): Promise<SweepSummary> {
  parts.progress({ event: 'sweep-started' });
  const sites = await Promise.all([...parts.sites].map(([site, own]) => sweepSite({ parts, site, own }, signal)));
  const summary: SweepSummary = {
    issues: sites.reduce((sum, { issues }) => sum + issues, 0),
    closed: sites.flatMap(({ closed }) => closed),
    left: sites.flatMap(({ left }) => left),
    failures: sites.flatMap(({ failures }) => failures),
  };
  parts.progress({ event: 'swept', summary });
  return summary;
}

async function sweepSite(swept: SweptSite, signal: AbortSignal): Promise<SweepSummary> {
  const { parts, site, own } = swept;
  const closed: Twin[] = [];
  const left: Twin[] = [];
  const failed = (why: string, issues: number) => {
    parts.progress({ event: 'warning', says: `the site ${site} could not be looked through for twins: ${why}` });
    return { issues, closed, left, failures: [{ site, why }] };
  };
  const pause = own.health.pausedAt(parts.clock.now());
  if (pause) return failed(pause.why, 0);
  let issues = 0;
  try {
    const byLabel = new Map<string, Found[]>();
    for await (const page of own.watch.marked(parts.clock.now() - SPAN_MS)) {
      if (signal.aborted) break;
      issues += page.length;
      for (const { ticket, labels, createdAt } of page)
        for (const label of labels.filter((one) => IDENTITY_LABEL.test(one)))
          byLabel.set(label, [...(byLabel.get(label) ?? []), { ticket, createdAt }]);
    }
    for (const [label, found] of byLabel) {
      if (signal.aborted) break;
      if (found.length < 2) continue;
      for (const twin of await sweepTwins(swept, label, found))
        (twin.closedAt === undefined ? left : closed).push(twin);
    }
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    return failed(error.message, issues);
  }
  if (!signal.aborted) await parts.ledger.twins.endSweep(site, parts.clock.now());
  return { issues, closed, left, failures: [] };
}

async function sweepTwins(swept: SweptSite, label: string, found: readonly Found[]): Promise<readonly Twin[]> {
  const { parts, site } = swept;
  const { ledger, owner, clock } = parts;
  const { key, issues, links } = await issuesOfAlert(swept, label, found);
  const [original, ...others] = issues;
  if (key === undefined || !original || others.length === 0) return [];
  const ids = issues.map(({ ticket }) => ticket.id);
  const evidence = await ledger.twins.evidence(site, key, ids);
  const ended: Twin[] = [];
  for (const twin of others) {
    if (!isExplained(evidence, { original, twin })) continue;
    const now = clock.now();
    const entry = { site, twin: twin.ticket, original: original.ticket, owner, now };
    if (!(await ledger.twins.claim({ ...entry, until: now + LEASE_MS }))) continue;
    const named = links.filter(({ ticket }) => ticket.id === twin.ticket.id);
    // What was agreed on was the state of the twin: with the other issue the pair is compared as at its birth.
    const agreed = { alert: 'open', issue: 'open', at: now } as const;
    for (const link of named) await ledger.links.agree({ key: link.key, agreed, ticket: entry.original, notes: [] });
    const outcome = await close(swept, { label, twin, original: entry.original });
    ended.push(await end(swept, { ...entry, foundAt: now, outcome }));
  }
  return ended;
}

/**
 * The issues that were made for the alert which the label identifies, lowest id first. A label or a property that
 * somebody copied onto the issue of another alert does not count: the ledger knows whose that issue is.
 */
async function issuesOfAlert(
  { parts, site, own }: SweptSite,
  label: string,
  found: readonly Found[],
): Promise<{ key?: DedupKey; issues: readonly Found[]; links: readonly Link[] }> {
  const keys = await Promise.all(found.map(({ ticket }) => own.watch.createdFor(ticket.id, label)));
  const key = keys.find((one) => one !== undefined);
  if (key === undefined) return { issues: [], links: [] };
  const named = found.filter((_, index) => keys[index] === key);
  const ids = named.map(({ ticket }) => ticket.id);
  const links = await parts.ledger.links.ofTickets(site, ids);
  const issues = named.filter(({ ticket }) => {
    const linked = links.filter((link) => link.ticket.id === ticket.id);
    return linked.length === 0 || linked.some((link) => link.key === key);
  });
  return { key, issues: issues.toSorted((a, b) => (BigInt(a.ticket.id) < BigInt(b.ticket.id) ? -1 : 1)), links };
}

/**
 * Whether the ledger shows how the alert can have got a second issue. Where one create was sent and its issue is the
 * first, the other is a copy that somebody made with our credentials: it stays.
 */
function isExplained(
  { known, sent, ticketId, begun }: TwinEvidence,
  { original, twin }: { original: Found; twin: Found },
): boolean {
  // A lost ledger, or one that was lost and found the issue again.
  if (!known) return true;
  if (begun.has(twin.ticket.id)) return true;
  if (ticketId === undefined) return false;
  if (sent !== 1) return true;
  // An issue older than the one that this ledger made: from commits that an older back-up or a fail-over lost.
  return ticketId !== original.ticket.id;
}

async function close(
  { own }: SweptSite,
  { label, twin, original }: { label: string; twin: Found; original: TicketRef },
): Promise<WriteOutcome> {
  const told = await own.keeper.ensureComment(twin.ticket.id, {
    marker: `twin${twin.ticket.id}of${original.id}`,
    document: saying(original),
    alerts: [],
    sent: { since: twin.createdAt, windowOver: true },
  });
  // An issue that takes no comment can still be linked and closed.
  if (told.outcome !== 'done' && told.outcome !== 'refused') return told;
  return own.mover.ensureDuplicate(twin.ticket, original, label);
}

function saying(original: TicketRef): Document {
  return {
    blocks: [
      paragraph(
        text('Casewire closes this issue as a duplicate of '),
        link(original.key, original.url),
        text(
          ': both were made for the same alert, because Jira did not show the first one in time. Please go on there; what was written here stays.',
        ),
      ),
    ],
  };
}

async function end(
  { parts, site }: SweptSite,
  {
    twin,
    original,
    foundAt,
    outcome,
  }: { twin: TicketRef; original: TicketRef; foundAt: EpochMs; outcome: WriteOutcome },
): Promise<Twin> {
  const now = parts.clock.now();
  const closed = outcome.outcome === 'done';
  const note = outcome.outcome === 'done' ? outcome.note : outcome.why;
  const more = note === undefined ? {} : { note };
  await parts.ledger.twins.ended({ site, ticketId: twin.id, now, closed, ...more });
  const found: Twin = { site, twin, original, foundAt, ...(closed ? { closedAt: now } : {}), ...more };
  if (closed) parts.progress({ event: 'twin-closed', twin: found });
  const did = closed ? 'was closed as its duplicate' : 'could not be closed as its duplicate, and is tried again';
  const says = `${original.key} had a second issue for its alert; ${twin.key} ${did}${note === undefined ? '' : `: ${note}`}`;
  parts.progress({ event: 'warning', says });
  return found;
}
