import ipaddr from 'ipaddr.js';
import * as v from 'valibot';
import { parseDuration, SECOND_MS } from '../../domain/time.ts';
import { isLoopback } from '../loopback.ts';
import { NOT_READ_YET, REFERENCES_ALLOWED } from '../secrets/secret.ts';

/**
 * The values that keys of the file take, each with its own words for what is wrong. `%s` in a message stands for the
 * value as it is written in the file; a message without it never shows the value. Patterns let references pass, so that
 * the JSON Schema made of them accepts `${env:…}` wherever text may stand.
 */
const REFERENCE_OR = '\\$\\{|';

export interface Marks {
  /** Must come from a reference, and is never shown. */
  secret?: boolean;
  /** The ledger's place: a path, or a URL whose password is a secret. */
  store?: boolean;
  /** A Liquid template. */
  template?: boolean;
  /** A CEL expression. */
  expression?: boolean;
  /** The path of a PEM file; a vault may give its content instead. */
  pem?: boolean;
}

/** What a leaf of the schema is besides its type. */
export function marksOf(schema: v.GenericSchema): Marks {
  return v.getMetadata(schema as Parameters<typeof v.getMetadata>[0]) as Marks;
}

const NOT_TEXT = '%s is not text; put it in quotes';

const GUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';

/** An application's id. */
export function guid(about: string) {
  const says = '%s is not a GUID such as 66666666-7777-4888-8999-000000000000';
  return v.pipe(v.string(says), v.regex(new RegExp(`${REFERENCE_OR}^${GUID}$`), says), v.description(about));
}

/** An Entra tenant: its id, or one of its domains. `common` and the like name none, and give no application a token. */
export function entraTenant(about: string) {
  const says = '%s is not a tenant id (a GUID) or a domain of the tenant';
  const domain = '(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}';
  const pattern = new RegExp(`${REFERENCE_OR}^(?:${GUID}|${domain})$`);
  return v.pipe(v.string(says), v.regex(pattern, says), v.description(about));
}

/** Text that is not empty. */
export function text(about: string) {
  return v.pipe(v.string(NOT_TEXT), v.nonEmpty('must not be empty'), v.description(about));
}

/** A name or an id, which may be written as a bare number. */
export function nameOrId(about: string) {
  return v.pipe(
    v.union([v.pipe(v.string(), v.nonEmpty()), v.pipe(v.number(), v.integer())], '%s is not a name or an id'),
    v.description(about),
    v.transform(String),
  );
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(words: T, about: string) {
  return v.pipe(v.picklist(words, `%s is unknown; allowed: ${words.join(', ')}`), v.description(about));
}

export function wholeNumber(about: string, min: number, max: number) {
  const says = `%s is not a whole number from ${min} to ${max}`;
  return v.pipe(v.number(says), v.integer(says), v.minValue(min, says), v.maxValue(max, says), v.description(about));
}

/** A span of time such as `5m`, read as milliseconds. */
export function duration(about: string, longest: string) {
  const says = '%s is not a duration; write a number and its unit (s, m, h, d), such as 5m';
  const longestMs = parseDuration(longest) ?? Number.POSITIVE_INFINITY;
  const range = `%s is out of range; allowed: 1s to ${longest}`;
  return v.pipe(
    v.string(says),
    v.regex(new RegExp(`${REFERENCE_OR}^\\s*\\d{1,9}(ms|s|m|h|d)\\s*$`), says),
    v.description(about),
    v.transform((written) => parseDuration(written) ?? Number.NaN),
    v.minValue(SECOND_MS, range),
    v.maxValue(longestMs, range),
  );
}

/** A span of time as `duration`, or `0` for never. */
export function durationOrNever(about: string, longest: string) {
  const says = '%s is not a duration; write a number and its unit (s, m, h, d), such as 48h, or 0 for never';
  const longestMs = parseDuration(longest) ?? Number.POSITIVE_INFINITY;
  const isInRange = (ms: number) => ms === 0 || (ms >= SECOND_MS && ms <= longestMs);
  const written = v.pipe(
    v.string(says),
    v.regex(new RegExp(`${REFERENCE_OR}^\\s*(0|\\d{1,9}(ms|s|m|h|d))\\s*$`), says),
    v.transform((text) => (text.trim() === '0' ? 0 : (parseDuration(text) ?? Number.NaN))),
    v.check(isInRange, `%s is out of range; allowed: 1s to ${longest}, or 0 for never`),
  );
  return v.pipe(v.union([v.literal(0), written], says), v.description(about));
}

/** `true` or `false`. */
export function yesOrNo(about: string) {
  return v.pipe(v.boolean('%s is neither true nor false'), v.description(about));
}

/** An address or name with a port; an IPv6 address in brackets, read without them. */
export function hostAndPort(about: string) {
  const says = '%s is not an address with a port; write 127.0.0.1:8484 or "[::1]:8484"';
  return v.pipe(
    v.string(says),
    v.regex(new RegExp(`${REFERENCE_OR}^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):\\d{1,5}$`), says),
    v.description(about),
    v.check((written) => {
      const { host, port } = parted(written);
      return port <= 65_535 && (!written.startsWith('[') || ipaddr.IPv6.isValid(host));
    }, says),
    v.transform(parted),
  );
}

function parted(written: string): { host: string; port: number } {
  const colon = written.lastIndexOf(':');
  return { host: written.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(written.slice(colon + 1)) };
}

/** A base URL, read without its trailing slash. */
export function baseUrl(about: string) {
  return urlAs(about, (written) => written.trim().replace(/\/+$/, ''));
}

/** A web address that is compared letter by letter, as it is written. */
export function webAddress(about: string) {
  return urlAs(about, (written) => written.trim());
}

function urlAs(about: string, read: (written: string) => string) {
  return v.pipe(
    v.string(NOT_TEXT),
    v.nonEmpty('must not be empty'),
    v.description(about),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? refusalOfUrl(dataset.value) : undefined;
      if (message) addIssue({ message });
    }),
    v.transform(read),
  );
}

function refusalOfUrl(written: string): string | undefined {
  const url = URL.parse(written.trim());
  const shown = written.includes('@') ? 'this' : '%s';
  if (!url?.host) return `${shown} is not a URL; write it whole, such as https://acme.example/path`;
  if (url.username || url.password) return 'a URL must not carry credentials; give them under auth';
  if (written.includes('?') || written.includes('#')) return 'a base URL must not carry a query or a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined;
  if (url.protocol === 'http:') return `%s is not encrypted; use https (http is for loopback addresses only)`;
  return `%s is not a web address; use https`;
}

/** A single address, or a range in CIDR form. */
export function range(about: string) {
  const says = '%s is not an address or a range; write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32';
  return v.pipe(v.string(says), v.check(isRange, says), v.description(about));
}

function isRange(written: string): boolean {
  const [address = '', bits] = written.split('/', 2);
  const known = ipaddr.IPv4.isValidFourPartDecimal(address) || (ipaddr.IPv6.isValid(address) && !address.includes('%'));
  return known && (bits === undefined || ipaddr.isValidCIDR(written));
}

/** A Jira label: no white space, at most 255 characters (Jira refuses others, "The label can't contain spaces"). */
export function label(about: string) {
  const says = '%s is not a label; it has 1 to 255 characters and no space';
  return v.pipe(v.string(says), v.regex(/^\S{1,255}$/u, says), v.description(about));
}

/** A name that becomes part of identities and file names. */
export function identifier(what: string) {
  const says = `%s is not a ${what}'s name; use letters, digits, dot, dash and underscore, at most 100`;
  return v.pipe(v.string(), v.regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, says));
}

/** A file's name has at most 255 bytes on common file systems; a tenant's is a folder's, and part of a mail's attachments. */
const NAME_BYTES = 200;

/** A tenant's name, in letters of any script: part of identities, folders, addresses and metrics. */
export function tenantName() {
  const says = "%s is not a tenant's name; use letters of any script, digits, dot, dash and underscore, at most 100";
  return v.pipe(
    v.string(),
    v.regex(/^(?!\.{1,2}$)(?!\p{M})[\p{L}\p{M}\p{Nd}._-]{1,100}$/u, says),
    v.check(
      (name) => Buffer.byteLength(name) <= NAME_BYTES,
      `%s is too long for a tenant's name; it has at most ${NAME_BYTES} bytes in UTF-8`,
    ),
    // Two names that look the same would be two tenants.
    v.check(
      (name) => name === name.normalize('NFC'),
      '%s has its accents apart (Unicode NFD); write it composed (NFC), as keyboards do',
    ),
    v.check((name) => name !== 'all', "%s cannot be a tenant's name; reports use it for the overview of all tenants"),
  );
}

/** A secret: a reference, resolved before it gets here. */
export function secret(about: string) {
  return v.pipe(
    v.string(),
    v.nonEmpty('must not be empty'),
    v.check(
      (value) => !/[\p{Cc}\u2028\u2029]/u.test(value),
      'holds a line break or a control character; a secret is one line',
    ),
    v.description(`${about} A reference: ${REFERENCES_ALLOWED}.`),
    v.metadata({ secret: true } satisfies Marks),
  );
}

/** A list with at least one entry. */
export function listOf<T extends v.GenericSchema>(item: T, about: string) {
  return v.pipe(v.array(item), v.description(about));
}

/** A time of day such as `08:00`, read as minutes from midnight; `24:00` is the end of the day. */
export function timeOfDay(about: string) {
  const says = '%s is not a time of day; write "08:00"';
  return v.pipe(
    v.string(says),
    v.regex(new RegExp(`${REFERENCE_OR}^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$`), says),
    v.description(about),
    v.transform((written) => Number(written.slice(0, 2)) * 60 + Number(written.slice(3, 5))),
  );
}

/** A mail address, alone or as `Name <address>`. */
export function mailAddress(about: string) {
  const says = '%s is not a mail address; write soc@example.com';
  return v.pipe(
    v.string(says),
    v.regex(
      new RegExp(
        `${REFERENCE_OR}^([^\\p{Cc}<>@]*<[^\\p{Cc}\\s<>@]+@[^\\p{Cc}\\s<>@]+>|[^\\p{Cc}\\s<>@]+@[^\\p{Cc}\\s<>@]+)$`,
        'u',
      ),
      says,
    ),
    v.description(about),
  );
}

/** What a mail server's address must be; the value holds a password and is never shown. */
export const smtpUrl = v.rawCheck<string>(({ dataset, addIssue }) => {
  const message = dataset.typed ? refusalOfSmtp(dataset.value) : undefined;
  if (message) addIssue({ message });
});

function refusalOfSmtp(written: string): string | undefined {
  if (written === NOT_READ_YET) return undefined;
  const url = URL.parse(written);
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol))
    return 'is not the address of a mail server; it must be smtps://USER:PASSWORD@HOST:PORT or smtp://…';
  if (url.search || url.hash || !/^\/?$/.test(url.pathname) || !isDecodable(url.password))
    return "a mail server's address ends with its port; a % or / or ? or # in the password is written %25, %2F, %3F, %23";
  return undefined;
}

function isDecodable(written: string): boolean {
  try {
    return decodeURIComponent(written) !== undefined;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** The path of a PEM file, or the secret of a vault that holds its content. */
export function pemFile(about: string) {
  return v.pipe(
    v.string(NOT_TEXT),
    v.nonEmpty('must not be empty'),
    v.description(about),
    v.metadata({ pem: true } satisfies Marks),
  );
}

/** A SQLite file's path, or the URL of a Postgres database. */
export function storePlace(about: string) {
  return v.pipe(text(about), v.metadata({ store: true } satisfies Marks));
}

/** A Liquid template over one alert. */
export function template(about: string) {
  return v.pipe(v.string(NOT_TEXT), v.description(about), v.metadata({ template: true } satisfies Marks));
}

/** A CEL expression over one alert. */
export function expression(about: string) {
  return v.pipe(text(about), v.metadata({ expression: true } satisfies Marks));
}
