import type { Alert } from '../../domain/alert.ts';
import type { IpFinding } from '../../domain/finding.ts';
import type { TicketDraft } from '../../domain/ticket.ts';
import type { OpenNews } from '../../ledger/in-step/news-port.ts';
import type { PassParts, TenantParts } from '../../pipeline/pass-parts.ts';
import { type Proposal, type ProposedLine, propose } from '../../pipeline/propose.ts';

export interface JudgedNews {
  /** The alert as it is told from now on; its state stays that of its birth, for that was decided on. */
  alert: Alert;
  findings: readonly IpFinding[];
  /** What the present rules make of it, and of the alert as it was told. */
  now: Proposal;
  before?: TicketDraft;
  line: ProposedLine;
}

/**
 * Judges an alert anew by the present rules, at the time at which it was first seen. Addresses count as they were found
 * then; only those that are new are asked after.
 */
export async function judgeNews(news: OpenNews, own: TenantParts, parts: PassParts): Promise<JudgedNews> {
  const { told } = news;
  const { state, createdAt } = told.alert;
  const alert = news.now ? { ...news.now, state, createdAt } : told.alert;
  const known = news.findings ?? told.line.findings;
  const severity = alert.severity;
  const open = alert.ips
    .map(({ address }) => address)
    .filter((address) => !known.some((one) => one.address === address));
  const answers = open.length === 0 ? [] : await parts.lookUps.lookUp(open, severity);
  const findings = [...known, ...answers];
  const then = (answered: readonly IpFinding[]): PassParts => ({
    ...parts,
    lookUps: remembered(answered),
    clock: { now: () => told.seenAt, sleep: (ms, signal) => parts.clock.sleep(ms, signal) },
  });
  const now = await propose(alert, own, then(findings));
  const before = await propose(told.alert, own, then(told.line.findings));
  return {
    alert,
    findings,
    now,
    line: now.line,
    ...('draft' in before ? { before: before.draft } : {}),
  };
}

function remembered(findings: readonly IpFinding[]): PassParts['lookUps'] {
  return {
    lookUp: async (addresses) =>
      addresses.map(
        (address) =>
          findings.find((finding) => finding.address === address) ?? {
            checked: false,
            address,
            why: 'it was not asked after',
          },
      ),
    spare: async () => 0,
  };
}
