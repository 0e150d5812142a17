import { SEVERITIES, type Severity } from '../domain/alert.ts';
import type { TicketPolicy } from './policy.ts';

/** The priorities that Jira gives a new site, most urgent first. */
const JIRA_LADDER: readonly string[] = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];

/**
 * The steps that `raisePriorityBy` goes, most urgent first: Jira's own five priorities where the mapping of severities
 * uses no others, else those of the mapping itself.
 */
export function priorityLadder(mapping: TicketPolicy['priority']): readonly string[] {
  const own = [...new Set(SEVERITIES.flatMap((severity) => mapping[severity] ?? []))];
  const usual = (priority: string) => JIRA_LADDER.some((one) => same(one, priority));
  return own.every(usual) ? JIRA_LADDER : own;
}

export interface PriorityAsk {
  mapping: TicketPolicy['priority'];
  severity: Severity;
  /** What a rule gave instead of the severity's own. */
  given: string | undefined;
  /** Steps up; down when negative. */
  by: number;
}

/**
 * The priority so many steps up the ladder, at most its first. One that is not on the ladder stays as it is; where the
 * severity has none, that of the severity so many steps up is taken.
 */
export function raisedPriority({ mapping, severity, given, by }: PriorityAsk): string | undefined {
  const own = given ?? mapping[severity];
  if (by === 0) return own;
  if (own === undefined) return mapping[stepped(SEVERITIES, SEVERITIES.indexOf(severity), by) ?? severity];
  const ladder = priorityLadder(mapping);
  const at = ladder.findIndex((priority) => same(priority, own));
  return at < 0 ? own : (stepped(ladder, at, by) ?? own);
}

function stepped<T>(ladder: readonly T[], at: number, by: number): T | undefined {
  return ladder[Math.min(Math.max(at - by, 0), ladder.length - 1)];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
