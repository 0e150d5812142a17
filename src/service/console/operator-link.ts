import { randomBytes, timingSafeEqual } from 'node:crypto';

/** The path of the link that makes a browser an operator's. */
export const OPERATE = '/operate';

/** A token that nobody guesses: 128 bits, as text. */
export function newOperatorToken(): string {
  return randomBytes(16).toString('base64url');
}

/** The link that a person opens to act where nobody signs in; `origin` such as `http://127.0.0.1:8484`. */
export function operatorLink(origin: string, token: string): string {
  return `${origin}${OPERATE}?token=${token}`;
}

/** Whether a browser sent the token of this start of the program. */
export function isOperatorToken(sent: string | undefined, token: string): boolean {
  const [is, ought] = [Buffer.from(sent ?? ''), Buffer.from(token)];
  return is.length === ought.length && timingSafeEqual(is, ought);
}
