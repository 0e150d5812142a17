/** An entity of an alert record (Defender for Cloud Apps, "Alerts API", property table; members as they occur). */
export interface EntityWire {
  /** `unknown` where the record names none. */
  type: string;
  id: string;
  label: string;
  /** Primary address of an account: UPN or mail address. */
  pa?: string | undefined;
  em?: string | undefined;
}

/** The fields of an alert record that we use; whatever else it holds stays in the raw text. */
export interface AlertWire {
  _id: string;
  timestamp?: number | undefined;
  title?: string | undefined;
  description?: string | undefined;
  severityValue?: number | undefined;
  resolutionStatusValue?: number | undefined;
  resolveTime?: string | undefined;
  handledByUser?: string | undefined;
  contextId?: string | undefined;
  URL?: string | undefined;
  policy?: EntityWire | undefined;
  entities: readonly EntityWire[];
  /** Fields that are missing though a whole record has them, or that are not as documented; by the record's own names. */
  odd: string[];
}

/** Deeper nesting than this is no alert but an attack on whoever walks it. */
const DEEPEST = 64;

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

/**
 * Reads a record, lenient about all but its id. Hand-written instead of a schema: it runs once per record and has to
 * be quick. @returns why the record cannot be read, as a sentence's end, when it cannot.
 */
export function parseAlert(record: unknown): AlertWire | { unreadable: string } {
  if (!isObject(record) || Array.isArray(record)) return { unreadable: 'the record is not an object' };
  if (isDeeper(record, DEEPEST)) return { unreadable: `the record is nested deeper than ${DEEPEST} levels` };
  const id = textOf(record._id);
  if (id === undefined) return { unreadable: 'the record has no _id' };
  const odd: string[] = [];
  const needed = <T>(name: string, read: (value: unknown) => T | undefined): T | undefined => {
    const value = read(record[name]);
    if (value === undefined) odd.push(name);
    return value;
  };
  const optional = <T>(name: string, read: (value: unknown) => T | undefined): T | undefined =>
    isAbsent(record[name]) ? undefined : needed(name, read);
  return {
    _id: id,
    timestamp: needed('timestamp', timeOf),
    title: needed('title', textOf),
    description: record.description === '' ? '' : needed('description', textOf),
    severityValue: needed('severityValue', numberOf),
    entities: needed('entities', listOf)?.flatMap((entity) => toEntity(entity, odd)) ?? [],
    URL: needed('URL', textOf),
    resolutionStatusValue: optional('resolutionStatusValue', numberOf),
    resolveTime: optional('resolveTime', textOf),
    handledByUser: record.handledByUser === '' ? undefined : optional('handledByUser', textOf),
    contextId: optional('contextId', textOf),
    policy: optional('policy', (value) => toEntity(value, [])[0]),
    odd,
  };
}

/** Whether a field has nothing to say; older records hold the word "null". */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === 'null';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === 'null' || value.trim() === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function timeOf(value: unknown): number | undefined {
  const number = numberOf(value) ?? (typeof value === 'string' ? Date.parse(value) : Number.NaN);
  return number >= EARLIEST && number < LATEST ? Math.trunc(number) : undefined;
}

function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function toEntity(value: unknown, odd: string[]): EntityWire[] {
  const id = isObject(value) ? textOf(value.id) : undefined;
  const label = isObject(value) ? textOf(value.label) : undefined;
  const whole = isObject(value) && typeof value.type === 'string' && (id ?? label) !== undefined;
  if (!whole && !odd.includes('entities')) odd.push('entities');
  if (!isObject(value) || (id === undefined && label === undefined)) return [];
  return [
    {
      type: textOf(value.type) ?? 'unknown',
      id: id ?? label ?? '',
      label: label ?? id ?? '',
      pa: textOf(value.pa),
      em: textOf(value.em),
    },
  ];
}

/** Goes no deeper than asked, so that depth itself cannot harm. */
function isDeeper(value: object, levels: number): boolean {
  for (const member of Array.isArray(value) ? value : Object.values(value))
    if (typeof member === 'object' && member !== null && (levels === 0 || isDeeper(member, levels - 1))) return true;
  return false;
}
