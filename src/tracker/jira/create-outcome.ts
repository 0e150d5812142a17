import type { CreateOutcome } from '../../domain/ticket.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { errorBody, vendorWords, waitOf } from './jira-answer.ts';

export interface OutcomeContext {
  url: string;
  now: number;
  random: () => number;
  nameOfField(id: string): string;
}

/** Statuses by which Jira says that it created nothing, and would not the next time either. */
const REFUSALS = new Set([400, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422]);

/**
 * Sorts the answer to a create that is not 201. What is not certain is unknown: 5xx, 409, redirects, other 2xx. That a
 * refusal, also a page from a proxy before Jira, created nothing is inferred, not documented by Atlassian.
 */
export function outcomeOf(answer: HttpAnswer, context: OutcomeContext): CreateOutcome {
  const { status, headers } = answer;
  const words = vendorWords(answer, context.nameOfField);
  const why = `Jira answered ${status}${words ? `: ${words}` : ''}`;
  if (status === 429) return { outcome: 'not-sent', why, retryAfterMs: waitOf(headers, context.now, context.random) };
  if (status === 401 || /AUTHENTICATION_DENIED|AUTHENTICATED_FAILED/.test(headers['x-seraph-loginreason'] ?? ''))
    return {
      outcome: 'unauthorised',
      why: `Jira at ${context.url} refused the credentials (${status})`,
      mend: /AUTHENTICATION_DENIED/.test(headers['x-seraph-loginreason'] ?? '')
        ? 'log in once in a browser with this account: too many failed log-ins'
        : 'check e-mail and token of this Jira site; tokens expire',
    };
  if (!REFUSALS.has(status)) return { outcome: 'unknown', why };
  const fields = errorBody(answer)?.errors;
  return {
    outcome: 'refused',
    why,
    ...(fields && Object.keys(fields).length > 0
      ? { fields, mend: 'casewire check names the fields that do not fit the project' }
      : {}),
  };
}

/** Id and key of a created issue; `undefined` when the answer does not hold both as text. */
export function createdIssue(answer: HttpAnswer): { id: string; key: string } | undefined {
  try {
    const { id, key } = JSON.parse(answer.text) as { id?: unknown; key?: unknown };
    return typeof id === 'string' && typeof key === 'string' && id !== '' && key !== '' ? { id, key } : undefined;
  } catch {
    return undefined;
  }
}
