const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 254;

const LOCAL_CHARACTER = /[\p{L}\p{M}\p{Nd}._%+'#^~!&*$-]/u;
const DOMAIN = /^[\p{L}\p{M}\p{Nd}-]+(?:\.[\p{L}\p{M}\p{Nd}-]+)+/u;
const LABEL = /^(?!-).{1,63}(?<!-)$/u;
const LAST_LABEL = /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z0-9-]{1,59})$/iu;

/**
 * Finds mail addresses and user principal names (guests with `#EXT#` included) in a text that `toScanText` has
 * prepared: lower-case, distinct, in order. The user part of a URL is not one. Linear in the length of the text, for
 * what is looked at around each `@` is bounded.
 */
export function findMailAddresses(text: string): string[] {
  const found = new Set<string>();
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = localBefore(text, at);
    const domain = local === '' ? '' : domainAfter(text, at);
    if (domain !== '' && !isUserInfo(text, at - local.length)) found.add(`${local}@${domain}`.toLowerCase());
  }
  return [...found];
}

/** The local part that ends at `at`; empty when there is none or when it is longer than a local part can be. */
function localBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start <= LONGEST_LOCAL) {
    const width = isLowSurrogate(text, start - 1) ? 2 : 1;
    if (!LOCAL_CHARACTER.test(text.slice(start - width, start))) break;
    start -= width;
  }
  const run = text.slice(start, at);
  const local = run.slice(run.lastIndexOf('..') + 1).replace(/^[-'.*]+/, '');
  return local.length > LONGEST_LOCAL || local.endsWith('.') ? '' : local;
}

/** The longest run of labels after `at` that can be a domain: two at least, the last one of letters. */
function domainAfter(text: string, at: number): string {
  const labels = DOMAIN.exec(text.slice(at + 1, at + 1 + LONGEST_DOMAIN))?.[0].split('.') ?? [];
  const odd = labels.findIndex((label) => !LABEL.test(label));
  const good = odd === -1 ? labels : labels.slice(0, odd);
  while (good.length > 1 && !LAST_LABEL.test(good.at(-1) ?? '')) good.pop();
  return good.length > 1 ? good.join('.') : '';
}

/** Whether what begins at `start` stands between `://` and the host of a URL. */
function isUserInfo(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - LONGEST_DOMAIN), start);
  return /:\/\/[^\s/?#<>"]*$/.test(before.slice(Math.max(0, before.lastIndexOf('://'))));
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}
