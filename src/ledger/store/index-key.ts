import { createHash } from 'node:crypto';

/**
 * Characters of a text that stands in an index. An index entry of Postgres is at most a third of a page, 2,704 bytes
 * (PostgreSQL 18 §11.1.4), for all its columns together.
 */
const MOST_CHARACTERS = 300;

/** A text as it is indexed: as it is, or where it is too long its beginning and a hash of the whole. */
export function indexKey(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${text.slice(0, MOST_CHARACTERS - 65)}#${createHash('sha256').update(text).digest('hex')}`;
}
