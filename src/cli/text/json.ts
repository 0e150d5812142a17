/** Fields that are instants although their name does not end in `At`. */
const INSTANTS = new Set(['at', 'watermark', 'oldestOpen', 'blockedUntil', 'from']);

/** Controls beyond ASCII's and bidirectional characters: escaped, so that JSON is harmless on a terminal too. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Writes a value as JSON on one line, instants as ISO 8601 in UTC. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === 'number' && (key.endsWith('At') || INSTANTS.has(key)) ? toIso(inner) : inner,
  );
  return text.replace(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toIso(at: number): string | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
