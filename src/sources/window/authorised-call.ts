import type { HttpAnswer } from '../../http/http-client.ts';
import type { Authoriser } from '../authoriser.ts';

export interface AuthorisedCall {
  authoriser: Authoriser;
  send(authorization: string): Promise<HttpAnswer>;
  /** Takes the turn of a second call, which is sent when the first was refused for its token. */
  again?: (() => Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
}

/** Sends a call with its sign-in; a token that ended meanwhile is replaced, once: what is refused for it was not carried out. */
export async function sendAuthorised({ authoriser, send, again, signal }: AuthorisedCall): Promise<HttpAnswer> {
  const authorization = await authoriser.authorise(signal);
  const answer = await send(authorization);
  if (answer.status !== 401 || !(await authoriser.refused(authorization))) return answer;
  await again?.();
  return send(await authoriser.authorise(signal));
}
