import { EdgeFailure } from '../../domain/failure.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { loginTrouble, vendorWords, waitOf } from './jira-answer.ts';

/** What sorting a failed read needs besides the answer. */
export interface ReadContext {
  /** The site and what was asked of it, for people. */
  what: string;
  now: number;
  random: () => number;
}

/** Sorts an answer to a read that is neither 200 nor 404. A 403 that refuses the log-in itself carries no status. */
export function toFailure(answer: HttpAnswer, { what, now, random }: ReadContext): EdgeFailure {
  const { status, headers } = answer;
  const words = vendorWords(answer);
  const said = words ? `${what}: ${words}` : what;
  const trouble = loginTrouble(headers);
  if (trouble) return new EdgeFailure('unauthorised', `${what}: ${trouble.why}`, { mend: trouble.mend });
  if (status === 429)
    return new EdgeFailure('rate-limited', said, { status, retryAfterMs: waitOf(headers, now, random) });
  if (status === 401 || status === 403)
    return new EdgeFailure('unauthorised', said, {
      status,
      vendorSays: words,
      mend:
        status === 401
          ? 'check the credentials of this Jira site: e-mail and API token, or the personal access token; tokens expire'
          : 'the account lacks a permission: it needs Browse Projects and Create Issues in the project',
    });
  if (status >= 500) return new EdgeFailure('unavailable', said, { status });
  if (status >= 300 && status < 400)
    return new EdgeFailure('refused', said, {
      status,
      mend: 'check the url of this Jira site: it answers with a redirect',
    });
  return new EdgeFailure('refused', said, { status, vendorSays: words });
}

/** Reads an answer's JSON. @throws EdgeFailure `malformed` when it is something else, such as a sign-in page. */
export function parseJson<T>(answer: HttpAnswer, what: string): T {
  try {
    return JSON.parse(answer.text) as T;
  } catch {
    const type = answer.headers['content-type'] ?? 'no content type';
    throw new EdgeFailure('malformed', `${what}, but not with JSON (${type}, ${answer.text.length} characters)`, {
      mend: 'check the url of this Jira site, and whether a proxy or a sign-in page stands before it',
    });
  }
}
