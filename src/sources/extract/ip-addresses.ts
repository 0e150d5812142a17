import ipaddr from 'ipaddr.js';

export interface FoundAddresses {
  /** Canonical (dotted quad, or RFC 5952), distinct, in the order of their first appearance. */
  addresses: string[];
  /** Networks in CIDR form with a prefix below full length, as they stand in the text but canonical. */
  networks: string[];
}

/** Whatever an address of either kind is made of. Maximal, so that its neighbours tell how it is bounded. */
const CANDIDATE = /[0-9a-f:.]{2,}/gi;
const LONGEST_IPV6 = 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255'.length;
const LONGEST_IPV4 = '255.255.255.255'.length;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-f]{1,4}$/i;

const LETTER_OR_DIGIT = /[0-9a-z]/i;
const VERSION_MARK = /(?:^|[^a-z])(?:v|ver|versions?|build|rev|release|oid)[ \t]{0,3}[:=.#-]?[ \t]{0,3}["'(]?$/i;
const LONGEST_MARK = 24;
const PRODUCT_MARK = /[a-z][\w.-]*\/$/i;
const LONGEST_PRODUCT = 64;
const PREFIX_LENGTH = /\/(0|[1-9]\d{0,2})(?![\w/]|\.\w)/y;

/**
 * Finds the IP addresses and networks in a text that `toScanText` has prepared; linear in its length.
 * Times, versions, object identifiers, reverse DNS names, MAC and WWN numbers are not taken for addresses; a bare
 * four-part number such as `Outlook 16.0.17.99` cannot be told from one.
 */
export function findIpAddresses(text: string): FoundAddresses {
  const addresses = new Set<string>();
  const networks = new Set<string>();
  const keep = (address: string, end: number) => {
    const prefix = prefixAt(text, end, address);
    if (prefix === undefined) addresses.add(canonicalIp(address) ?? address);
    else networks.add(canonicalNetwork(address, prefix));
  };
  for (const match of text.matchAll(CANDIDATE)) {
    const [token] = match;
    const start = match.index;
    const v6 = findIpv6(token, {
      before: text.slice(Math.max(0, start - 8), start),
      after: text[start + token.length],
    });
    if (v6) keep(v6.address, start + v6.end);
    else for (const [from, to] of findIpv4(text, start, start + token.length)) keep(text.slice(from, to), to);
  }
  return { addresses: [...addresses], networks: [...networks] };
}

/**
 * The one way an address is written: dotted quad, or RFC 5952 without a zone; IPv4-mapped IPv6 becomes IPv4.
 * `undefined` when the text is not exactly one address.
 */
export function canonicalIp(text: string): string | undefined {
  if (isDottedQuad(text)) return text;
  const [unzoned = ''] = text.split('%', 1);
  if (!isIpv6(unzoned)) return undefined;
  const address = ipaddr.IPv6.parse(unzoned);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

/** Four numbers up to 255 without leading zeros, which some readers take for octal. */
function isDottedQuad(text: string): boolean {
  return IPV4.test(text);
}

/** The forms of RFC 4291 §2.2, strictly; the parsers at hand take longer groups than there are. */
function isIpv6(text: string): boolean {
  if (text.length > LONGEST_IPV6) return false;
  const halves = text.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const quad = isDottedQuad(groups.at(-1) ?? '') && !text.endsWith('::');
  if (quad) groups.pop();
  const count = groups.length + (quad ? 2 : 0);
  return (halves.length === 1 ? count === 8 : halves.length === 2 && count < 8) && groups.every((g) => GROUP.test(g));
}

interface Neighbours {
  /** The last characters before the token. */
  before: string;
  after: string | undefined;
}

function findIpv6(token: string, { before, after }: Neighbours): { address: string; end: number } | undefined {
  if (!/:.*:/.test(token)) return undefined;
  const from = ipv6Start(token, before);
  let end = token.length;
  while (end > from && token[end - 1] === '.') end -= 1;
  if (end === token.length && after !== undefined && LETTER_OR_DIGIT.test(after)) return undefined;
  if (token[end - 1] === ':' && token[end - 2] !== ':') end -= 1;
  if (end - from > LONGEST_IPV6) return undefined;
  const address = token.slice(from, end);
  if (!isIpv6(address) || !/[0-9]/.test(address)) return undefined;
  if (/^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/i.test(address)) return undefined;
  return { address, end };
}

/** Where the address begins in its token: after dots, and after a label such as `src:` or `IPv6:` glued to its front. */
function ipv6Start(token: string, before: string): number {
  const dots = /^\.*/.exec(token)?.[0].length ?? 0;
  const glued = dots === 0 && /[a-z]$/i.test(before);
  const colon = token.indexOf(':', dots);
  const group = token.slice(dots, colon);
  // `c` of `src:`, `6` of `IPv6:`, nothing of `IP:`. A longer group with digits is an address run into a word.
  if (glued && (group.length <= 2 || !/[0-9]/.test(group))) return colon + 1;
  return group === '' && token[dots + 1] !== ':' ? dots + 1 : dots;
}

/** The ranges of all IPv4 addresses between two places of the text; both are bounds of a candidate. */
function findIpv4(text: string, start: number, end: number): [number, number][] {
  const found: [number, number][] = [];
  let at = start;
  while (at < end) {
    const from = skip(text, at, end, isNoDigit);
    const to = skip(text, from, end, isDotOrDigit);
    const last = text[to - 1] === '.' ? to - 1 : to;
    if (isIpv4(text, from, last)) found.push([from, last]);
    at = Math.max(to, at + 1);
  }
  return found;
}

function isIpv4(text: string, from: number, to: number): boolean {
  if (to - from > LONGEST_IPV4 || !isDottedQuad(text.slice(from, to))) return false;
  if (text[from - 1] === '.' && text[from - 2] !== '.') return false;
  if (text[to] === '.' && LETTER_OR_DIGIT.test(text[to + 1] ?? '')) return false;
  if (VERSION_MARK.test(text.slice(Math.max(0, from - LONGEST_MARK), from))) return false;
  return text[from - 1] !== '/' || !PRODUCT_MARK.test(text.slice(Math.max(0, from - LONGEST_PRODUCT), from));
}

function skip(text: string, from: number, end: number, over: (text: string, at: number) => boolean): number {
  let at = from;
  while (at < end && over(text, at)) at += 1;
  return at;
}

function isNoDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 48 || code > 57;
}

/** A digit, or a single dot: two dots in a row are an ellipsis and end a number. */
function isDotOrDigit(text: string, at: number): boolean {
  return text[at] === '.' ? text[at - 1] !== '.' && text[at + 1] !== '.' : !isNoDigit(text, at);
}

/** The prefix length right after an address, where it is shorter than the address and no path of a URL. */
function prefixAt(text: string, end: number, address: string): number | undefined {
  if (text[end] !== '/') return undefined;
  PREFIX_LENGTH.lastIndex = end;
  const prefix = Number(PREFIX_LENGTH.exec(text)?.[1] ?? Number.NaN);
  const begin = end - address.length;
  if (text.slice(begin - 3, begin) === '://') return undefined;
  return prefix < (address.includes(':') ? 128 : 32) ? prefix : undefined;
}

function canonicalNetwork(address: string, prefix: number): string {
  const canonical = canonicalIp(address) ?? address;
  const mapped = address.includes(':') && !canonical.includes(':');
  return `${canonical}/${mapped ? Math.max(0, prefix - 96) : prefix}`;
}
