import { type Alert, type DedupKey, dedupKeyOf, type TenantId } from '../domain/alert.ts';
import { isEdgeFailure } from '../domain/failure.ts';
import type { AlertLine, PassSummary, TenantSummary } from '../domain/outcome.ts';
import type { EpochMs } from '../domain/time.ts';
import { type Examine, examineOnce } from './examine.ts';
import { Hands } from './hands.ts';
import type { PassParts, SiteParts, TenantParts, TenantPass } from './pass-parts.ts';
import { type Proposal, propose, unreadableLine } from './propose.ts';
import { RuleTally } from './tally.ts';

/**
 * Walks the road of a pass up to its last step and tells each proposal: what is new at the source, and what the ledger
 * still has to raise. Writes nothing anywhere: no row, no position, no look-up, no issue.
 */
export async function planPass(
  parts: PassParts,
  { tenants, signal }: { tenants: readonly TenantId[]; signal: AbortSignal },
): Promise<PassSummary> {
  const startedAt = parts.clock.now();
  const rules = new RuleTally();
  const telling: PassParts = {
    ...parts,
    progress: (event) => {
      if (event.event === 'settled') rules.note(event.line);
      parts.progress(event);
    },
  };
  const planned: PlannedGroups = new Map();
  const summaries = await Promise.all(tenants.map((tenant) => planTenant(telling, { tenant, signal, planned })));
  return {
    tenants: summaries,
    siteFailures: [],
    warnings: [],
    ...rules.counts(),
    calls: {},
    startedAt,
    durationMs: parts.clock.now() - startedAt,
    stopped: signal.aborted,
  };
}

/** Groups that alerts of this plan would open, by where they are and what they have in common. */
type PlannedGroups = Map<string, { key: DedupKey; openedAt: EpochMs }[]>;

interface TenantPlan {
  tenant: TenantId;
  signal: AbortSignal;
  planned: PlannedGroups;
}

async function planTenant(parts: PassParts, { tenant, signal, planned }: TenantPlan): Promise<TenantSummary> {
  const { ledger, clock, progress } = parts;
  const own = parts.tenants.get(tenant) as TenantParts;
  const site = parts.sites.get(own.policy.ticket.site) as SiteParts;
  const hands = new Hands({ most: 1, few: 1 });
  const pass: TenantPass = { parts, tenant, own, site, hands, signal, waitUntil: clock.now() };
  const examine = examineOnce(pass);
  const summary: TenantSummary = {
    tenant,
    read: 0,
    fresh: 0,
    raised: 0,
    attached: 0,
    suppressed: 0,
    held: 0,
    waiting: 0,
  };
  const tell = (line: AlertLine) => {
    if (line.outcome === 'would-raise') summary.raised += 1;
    if (line.outcome === 'would-attach') summary.attached += 1;
    if (line.outcome === 'would-suppress') summary.suppressed += 1;
    if (line.outcome === 'would-hold') summary.held += 1;
    if (line.outcome === 'waiting') summary.waiting += 1;
    progress({ event: 'settled', line });
  };
  for (const { alert } of (await ledger.overview.waiting(tenant, Number.MAX_SAFE_INTEGER)).first)
    tell(await proposed(pass, alert, { examine, planned }));
  progress({ event: 'poll-started', tenant });
  try {
    const { position } = await ledger.reading.peek(tenant, []);
    const pages = own.source.read({
      position,
      now: clock.now(),
      lookbackMs: own.lookbackMs,
      patienceMs: 0,
      knownSince: (from) => ledger.reading.knownSince(tenant, from),
      signal,
    });
    let step = await pages.next({ fresh: 0 });
    while (!step.done && !signal.aborted) {
      const { alerts, unreadable } = step.value;
      const { known } = await ledger.reading.peek(
        tenant,
        [...alerts, ...unreadable].map(({ id }) => dedupKeyOf(tenant, id as AlertLine['alertId'])),
      );
      const fresh = alerts.filter(({ id }) => !known.has(dedupKeyOf(tenant, id)));
      const odd = unreadable.filter(({ id }) => !known.has(dedupKeyOf(tenant, id as AlertLine['alertId'])));
      for (const alert of fresh) tell(await proposed(pass, alert, { examine, planned }));
      for (const record of odd) tell(unreadableLine(tenant, record, 'would-hold'));
      summary.read += alerts.length + unreadable.length;
      summary.fresh += fresh.length + odd.length;
      progress({
        event: 'page-admitted',
        tenant,
        read: alerts.length + unreadable.length,
        fresh: fresh.length + odd.length,
      });
      step = await pages.next({ fresh: fresh.length + odd.length });
    }
    progress({ event: 'poll-ended', tenant });
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    const failure = { why: error.message, waiting: error.kind === 'rate-limited', ...(mend ? { mend } : {}) };
    progress({ event: 'poll-failed', tenant, ...failure });
    return { ...summary, failure };
  }
  return summary;
}

async function proposed(
  pass: TenantPass,
  alert: Alert,
  { examine, planned }: { examine: Examine; planned: PlannedGroups },
): Promise<AlertLine> {
  const proposal = await propose(alert, pass.own, pass.parts);
  if (!('draft' in proposal)) {
    const outcome = proposal.decision.action === 'suppress' ? 'would-suppress' : 'would-hold';
    return { ...proposal.line, outcome };
  }
  const { draft } = proposal;
  // A run tells what it did: the fields stand in the issue.
  const line = Object.keys(draft.fields).length > 0 ? { ...proposal.line, fields: draft.fields } : proposal.line;
  const verdict = await examine(proposal.needs);
  if ('unreachable' in verdict) return { ...line, outcome: 'waiting', why: verdict.unreachable };
  const [problem] = verdict.problems.filter(({ level }) => level === 'error');
  if (problem) return { ...line, outcome: 'would-hold', why: `${problem.says} (${problem.mend})` };
  const first = 'draft' in proposal ? await firstOf(pass, proposal, planned) : undefined;
  return first
    ? {
        ...line,
        outcome: 'would-attach',
        why: `to the issue of ${first.key}, by rule "${first.rule}" (${first.words})`,
      }
    : { ...line, outcome: 'would-raise' };
}

/** The alert whose issue this one would be added to: one in the ledger, or an earlier one of this plan. */
async function firstOf(
  { parts }: TenantPass,
  { decision, draft, line }: Extract<Proposal, { draft: unknown }>,
  planned: PlannedGroups,
): Promise<{ key: DedupKey; rule: string; words: string } | undefined> {
  const { group: wish } = decision;
  if (!wish) return undefined;
  const { route } = draft;
  const { createdAt, key } = line;
  const { rule, words, withinMs } = wish;
  const known = await parts.ledger.groups.peek({ wish, route, createdAt });
  if (known !== undefined) return known === key ? undefined : { key: known, rule, words };
  const scope = JSON.stringify([route.site, route.project, wish.key]);
  const groups = planned.get(scope) ?? [];
  const near = groups.find(({ openedAt }) => Math.abs(createdAt - openedAt) < withinMs);
  if (near) return { key: near.key, rule, words };
  planned.set(scope, [...groups, { key, openedAt: createdAt }]);
  return undefined;
}
