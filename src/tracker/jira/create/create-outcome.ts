import type { CreateOutcome } from '../../../domain/ticket.ts';
import type { HttpAnswer } from '../../../http/http-client.ts';
import { errorBody, loginTrouble, type Trouble, vendorWords, waitOf } from '../jira-answer.ts';

export interface OutcomeContext {
  url: string;
  now: number;
  random: () => number;
  nameOfField(id: string): string;
  /** What is wrong with the account the answer was made for, where it names another than ours. */
  stranger: Trouble | undefined;
}

/** Statuses by which Jira says that it created nothing, and would not the next time either. */
const REFUSALS = new Set([400, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422]);

/**
 * Whether an answer to a create is certain to mean that nothing was created. That a refusal, also a page from a proxy
 * before Jira, created nothing is inferred, not documented by Atlassian.
 */
export function isRefusal({ status }: HttpAnswer): boolean {
  return REFUSALS.has(status);
}

/** Whether a refusal may be about the size or the words of what was sent: a page from a filter before Jira, or 413. */
export function isAboutContent(answer: HttpAnswer): boolean {
  return answer.status === 413 || (isRefusal(answer) && errorBody(answer) === undefined);
}

/**
 * Sorts the answer to a create that is not 201. What is not certain is unknown: 5xx, 408, 409, redirects, other 2xx,
 * whomever they were made for.
 */
export function outcomeOf(answer: HttpAnswer, context: OutcomeContext): CreateOutcome {
  const { status, headers } = answer;
  const words = vendorWords(answer, context.nameOfField);
  const why = `Jira answered ${status}${words ? `: ${words}` : ''}`;
  if (status === 429) return { outcome: 'not-sent', why, retryAfterMs: waitOf(headers, context.now, context.random) };
  if (status === 401)
    return {
      outcome: 'unauthorised',
      why: `Jira at ${context.url} refused the credentials (401)`,
      mend: loginTrouble(headers)?.mend ?? 'check e-mail and token of this Jira site; tokens expire',
    };
  if (!isRefusal(answer)) return { outcome: 'unknown', why };
  if (context.stranger) return { outcome: 'unauthorised', ...context.stranger };
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
