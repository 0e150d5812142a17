import type { Alert, AlertState } from '../domain/alert.ts';
import type { Decision } from '../domain/decision.ts';
import type { TicketPolicy } from './policy.ts';

const VERDICT_WORDS: Record<Extract<AlertState, { open: false }>['verdict'], string> = {
  true_positive: 'as a true positive',
  false_positive: 'as a false positive',
  benign: 'as benign',
  unspecified: 'without a verdict',
};

/** Decides what becomes of an alert that nothing was decided on yet. */
export function decide(alert: Alert, policy: TicketPolicy): Decision {
  if (!alert.state.open) {
    const by = alert.state.closedBy ? ` by ${alert.state.closedBy}` : '';
    return {
      action: 'suppress',
      why: `already closed in Defender ${VERDICT_WORDS[alert.state.verdict]}${by} when it was first seen`,
    };
  }
  const priority = policy.priority[alert.severity];
  return {
    action: 'raise',
    why: priority
      ? `severity ${alert.severity} gives priority ${priority}`
      : `severity ${alert.severity}; the project's own priority applies`,
  };
}
