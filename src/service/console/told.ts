import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Done } from './page.ts';

export type Told = Pick<Done, 'says' | 'mood'>;

/** A cookie holds at most about 4 kB (RFC 6265 §6.1). */
const MOST_SAYS = 1_000;

/** Puts what is to be told on the next page into a cookie's value that nobody else can make. */
export function writeTold({ says, mood = 'good' }: Told, key: Buffer): string {
  const text = Buffer.from(JSON.stringify({ says: says.slice(0, MOST_SAYS), mood })).toString('base64url');
  return `${text}.${signed(text, key)}`;
}

/** Reads such a value; `undefined` for one that this program did not write. */
export function readTold(value: string | undefined, key: Buffer): Told | undefined {
  const [text = '', signature = ''] = (value ?? '').split('.', 2);
  const [is, ought] = [Buffer.from(signature), Buffer.from(signed(text, key))];
  if (is.length !== ought.length || !timingSafeEqual(is, ought)) return undefined;
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}

function signed(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(`told:${text}`).digest('base64url');
}
