import type { TenantId } from '../domain/alert.ts';
import type { ReplayChange, ReplayReport, RuleDifference, Said } from '../domain/replay.ts';
import type { EpochMs } from '../domain/time.ts';
import type { DecidedAlert } from '../ledger/ledger.ts';
import { addDifference, differs, rulesThatDiffer } from '../rules/compare-said.ts';
import { priorityLadder } from '../rules/priority.ts';
import type { PassParts, TenantParts } from './pass-parts.ts';
import { type ProposedLine, propose } from './propose.ts';

/** Alerts taken from the ledger in one go. */
const PAGE = 200;

/** Most changed alerts that a report names; all are counted. */
const MOST_NAMED = 1_000;

/**
 * Says what the present rules say of the alerts first seen since `from`, next to what was said then. Addresses count as
 * they were found then, and time stands where it stood; groups are asked for as they are now. Writes nothing.
 */
export async function replay(
  parts: PassParts,
  { tenants, from, signal }: { tenants: readonly TenantId[]; from: EpochMs; signal: AbortSignal },
): Promise<ReplayReport> {
  const rules = new Map<string, RuleDifference>();
  const changes: ReplayChange[] = [];
  const tickets = { before: 0, after: 0 };
  let [alerts, changed] = [0, 0];
  for (const tenant of tenants) {
    const own = parts.tenants.get(tenant) as TenantParts;
    const ladder = priorityLadder(own.policy.ticket.priority);
    for await (const past of decidedSince(parts, { tenant, from, signal })) {
      const before = saidThen(past);
      const after = await saidNow(past, own, parts);
      alerts += 1;
      tickets.before += before.outcome === 'ticket' ? 1 : 0;
      tickets.after += after.outcome === 'ticket' ? 1 : 0;
      addDifference(rules, { before, after, ladder });
      if (!differs(before, after)) continue;
      changed += 1;
      const { key, alert } = past;
      const { id: alertId, title, severity, createdAt } = alert;
      if (changes.length < MOST_NAMED)
        changes.push({
          key,
          tenant,
          alertId,
          title,
          severity,
          createdAt,
          before,
          after,
          rules: rulesThatDiffer(before, after),
        });
    }
  }
  return { from, at: parts.clock.now(), alerts, changed, changes, rules: [...rules.values()], tickets };
}

async function* decidedSince(
  { ledger }: PassParts,
  { tenant, from, signal }: { tenant: TenantId; from: EpochMs; signal: AbortSignal },
): AsyncGenerator<DecidedAlert> {
  let after: DecidedAlert['key'] | undefined;
  while (!signal.aborted) {
    const page = await ledger.rulings.decided({ tenant, from, most: PAGE, ...(after ? { after } : {}) });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.key;
  }
}

function saidThen({ line, suppressed }: DecidedAlert): Said {
  return toSaid(line, suppressed ? 'suppressed' : 'ticket');
}

async function saidNow(past: DecidedAlert, own: TenantParts, parts: PassParts): Promise<Said> {
  const { alert, line, seenAt } = past;
  const lookUps: PassParts['lookUps'] = {
    async lookUp(addresses, severity) {
      const found = addresses.map((address) => line.findings.find((finding) => finding.address === address));
      // One who had no ticket was not looked up; what the ledger remembers of the address stands in.
      return found.every((finding) => finding !== undefined) ? found : parts.lookUps.lookUp(addresses, severity);
    },
    spare: async () => 0,
  };
  const clock = { ...parts.clock, now: () => seenAt };
  const proposal = await propose(alert, own, { ...parts, lookUps, clock });
  return toSaid(proposal.line, proposal.decision.action === 'suppress' ? 'suppressed' : 'ticket');
}

function toSaid({ why, priority, project, issueType, rules }: ProposedLine, outcome: Said['outcome']): Said {
  return {
    outcome,
    why,
    ...(priority === undefined ? {} : { priority }),
    ...(project === undefined ? {} : { project }),
    ...(issueType === undefined ? {} : { issueType }),
    ...(rules?.group ? { group: rules.group.words } : {}),
    spoke: rules?.spoke ?? [],
    undecided: rules?.undecided ?? [],
  };
}
