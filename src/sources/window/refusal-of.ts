import { EdgeFailure } from '../../domain/failure.ts';
import type { HttpAnswer } from '../../http/http-client.ts';
import { sayWhatCame } from './answer-words.ts';

export interface RefusalParts {
  /** What answered, for people. */
  name: string;
  /** The service's own words, or empty. */
  words: string;
  /** What to do about a sign-in that is refused, and about a URL that leads elsewhere. */
  mends: { signIn: string; url: string };
  /** Present when the answer asks to wait. */
  wait?: { retryAfterMs?: number };
}

/** The failure that an answer means which is no page of alerts. */
export function refusalOf(answer: HttpAnswer, { name, words, mends, wait }: RefusalParts): EdgeFailure {
  const { status } = answer;
  const what = `${name} answered ${status}${words ? `: ${words}` : ''}`;
  const details = { status, ...(words ? { vendorSays: words } : {}) };
  if (wait) return new EdgeFailure('rate-limited', what, { ...details, ...wait });
  if (status === 401 || status === 403)
    return new EdgeFailure('unauthorised', what, { ...details, mend: mends.signIn });
  if (status >= 500) return new EdgeFailure('unavailable', what, details);
  if (status >= 300 && status < 400)
    return new EdgeFailure('refused', `${name} answered ${status}, a redirect, which is never followed`, {
      ...details,
      mend: mends.url,
    });
  if (status === 404) return new EdgeFailure('refused', what, { ...details, mend: mends.url });
  if (status >= 400) return new EdgeFailure('refused', what, details);
  return new EdgeFailure('malformed', `${name} answered ${status} with ${sayWhatCame(answer)}`, {
    ...details,
    mend: 'check the tenant url; a sign-in page or a proxy may stand before it',
  });
}
