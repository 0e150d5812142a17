/** Deeper nesting than this is no alert but an attack on whoever walks it. */
export const DEEPEST = 64;

/** Creation times outside of these years are seconds, ticks or nonsense. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

const BIG_INTEGER = /[:[,\s]-?\d{16}/;

/**
 * Parses JSON text; integers too large for a number become their digits as text, so that no id is rounded.
 * @throws SyntaxError when the text is no JSON.
 */
export function parseJson(text: string): unknown {
  if (!BIG_INTEGER.test(text)) return JSON.parse(text);
  try {
    return (JSON.parse as ParseWithSource)(text, keepDigits);
  } catch (error) {
    // Only the walk that looks at each number has a depth limit.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

type ParseWithSource = (text: string, reviver: typeof keepDigits) => unknown;

/** The third argument is of ECMAScript 2026 (JSON.parse source text access), which the type library does not know yet. */
function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  const { source } = context;
  const rounded = typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined;
  return rounded && /^-?\d+$/.test(source) ? source : value;
}

/** Parses stored raw text; what is no JSON was never a record and stays the text it is. */
export function parseRaw(raw: string): unknown {
  try {
    return parseJson(raw);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return raw;
  }
}

/** Whether a field has nothing to say; older records hold the word "null". */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === 'null';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === 'null' || value.trim() === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** An instant given in milliseconds or as a date in text. */
export function timeOf(value: unknown): number | undefined {
  const number = numberOf(value) ?? (typeof value === 'string' ? Date.parse(value) : Number.NaN);
  return number >= EARLIEST && number < LATEST ? Math.trunc(number) : undefined;
}

export function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Goes no deeper than asked, so that depth itself cannot harm. */
export function isDeeper(value: object, levels: number): boolean {
  for (const member of Array.isArray(value) ? value : Object.values(value))
    if (typeof member === 'object' && member !== null && (levels === 0 || isDeeper(member, levels - 1))) return true;
  return false;
}

/** Reads a record's fields one by one, lenient about each, and keeps count of those that are not as documented. */
export class FieldReader {
  /** Fields that are missing though a whole record has them, or that cannot be read; by the record's own names. */
  readonly odd: string[] = [];
  readonly #record: Record<string, unknown>;

  constructor(record: Record<string, unknown>) {
    this.#record = record;
  }

  needed<T>(name: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = read(this.#record[name]);
    if (value === undefined) this.odd.push(name);
    return value;
  }

  optional<T>(name: string, read: (value: unknown) => T | undefined): T | undefined {
    return isAbsent(this.#record[name]) ? undefined : this.needed(name, read);
  }
}

/** Why a value can be no record at all, as a sentence's end. */
export function whyNoRecord(record: unknown): string | undefined {
  if (!isObject(record) || Array.isArray(record)) return 'the record is not an object';
  return isDeeper(record, DEEPEST) ? `the record is nested deeper than ${DEEPEST} levels` : undefined;
}
