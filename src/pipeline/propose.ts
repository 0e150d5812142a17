import { type Alert, type AlertId, dedupKeyOf, type TenantId } from '../domain/alert.ts';
import type { Category } from '../domain/category.ts';
import type { Decision } from '../domain/decision.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { AlertLine, AlertOutcome, RuleWords } from '../domain/outcome.ts';
import type { UnreadableRecord } from '../domain/reading.ts';
import type { TicketDraft } from '../domain/ticket.ts';
import { classify } from '../rules/categories/classify.ts';
import type { Judgement } from '../rules/decide.ts';
import { draftTicket } from '../rules/draft.ts';
import type { RouteNeeds } from '../tracker/tracker.ts';
import { judge } from './judge.ts';
import type { PassParts, TenantParts } from './pass-parts.ts';
import { needsOf } from './route-needs.ts';

/** What is to become of one alert: the same for `plan`, which prints it, and `run`, which does it. */
export type Proposal =
  | { decision: Extract<Decision, { action: 'raise' }>; needs: RouteNeeds; draft: TicketDraft; line: ProposedLine }
  | { decision: Exclude<Decision, { action: 'raise' }>; line: ProposedLine };

/** All of a summary's line but the outcome. */
export type ProposedLine = Omit<AlertLine, 'outcome'>;

/** Decides on an alert and, where it gets a ticket, drafts it with what is known of its addresses. */
export async function propose(alert: Alert, own: TenantParts, parts: PassParts): Promise<Proposal> {
  const { judgement, findings } = await judge(alert, own, parts);
  const { decision, category } = judgement;
  const rules = ruleWords(judgement);
  const about = rules ? { rules } : {};
  if (decision.action !== 'raise')
    return { decision, line: { ...lineOf(alert, [], decision.why, category), ...about } };
  const { ticket } = own.policy;
  const draft = draftTicket({ alert, findings, site: ticket.site, judgement, why: decision.why });
  const line: ProposedLine = {
    ...lineOf(alert, findings, decision.why, category),
    title: draft.summary,
    project: draft.route.project,
    issueType: draft.route.issueType,
    ...(draft.priority === undefined ? {} : { priority: draft.priority }),
    ...about,
  };
  return { decision, needs: needsOf(judgement, own.policy), draft, line };
}

function ruleWords({ decision, spoke, undecided }: Judgement): RuleWords | undefined {
  if (spoke.length === 0 && undecided.length === 0) return undefined;
  return {
    spoke,
    undecided,
    ...(decision.action === 'suppress' && decision.rule !== undefined ? { suppressedBy: decision.rule } : {}),
    ...(decision.action === 'raise' && decision.group
      ? { group: { rule: decision.group.rule, words: decision.group.words } }
      : {}),
  };
}

/** An alert's line before anything was found out about it. */
export function lineOf(
  alert: Alert,
  findings: readonly IpFinding[],
  why: string,
  category: Category = classify(alert),
): ProposedLine {
  return {
    tenant: alert.tenant,
    alertId: alert.id,
    key: dedupKeyOf(alert.tenant, alert.id),
    title: alert.title,
    severity: alert.severity,
    type: alert.type,
    category,
    createdAt: alert.createdAt,
    why,
    users: alert.users.map(({ name }) => name),
    findings,
    notes: alert.incomplete.length === 0 ? [] : [`incomplete alert: ${alert.incomplete.join(', ')}`],
  };
}

export function withOutcome(line: ProposedLine, outcome: AlertOutcome, more: Partial<AlertLine> = {}): AlertLine {
  return { ...line, outcome, ...more };
}

/** The line of a record that could not be read as an alert. */
export function unreadableLine(
  tenant: TenantId,
  { id, createdAt, why }: UnreadableRecord,
  outcome: 'held' | 'would-hold',
): AlertLine {
  const alertId = id as AlertId;
  return {
    tenant,
    alertId,
    key: dedupKeyOf(tenant, alertId),
    title: '(unreadable record)',
    severity: 'medium',
    createdAt,
    outcome,
    why,
    users: [],
    findings: [],
    notes: [],
  };
}
