/** An entity of an alert record (Defender for Cloud Apps, "Alerts API", property table; members as they occur). */
export interface EntityWire {
  type: string;
  id: string;
  label: string;
  /** Primary address of an account: UPN or mail address. */
  pa?: string;
  em?: string;
  policyType?: string;
}

/** The fields of an alert record that we use; whatever else it holds stays in the raw text. */
export interface AlertWire {
  _id: string;
  timestamp?: number;
  title?: string;
  description?: string;
  severityValue?: number;
  resolutionStatusValue?: number;
  resolveTime?: string;
  handledByUser?: string;
  contextId?: string;
  URL?: string;
  policy?: EntityWire;
  entities: readonly EntityWire[];
  /** Fields that are there but not as documented, by name. */
  odd: readonly string[];
}

/** Deeper nesting than this is no alert but an attack on whoever walks it. */
const DEEPEST = 100;

/**
 * Reads a record, lenient about all but its id. Hand-written instead of a schema: it runs once per record and has to
 * be quick. @returns why the record cannot be read, as a sentence's end, when it cannot.
 */
export function parseAlert(record: unknown): AlertWire | { unreadable: string } {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return { unreadable: 'the record is not an object' };
  if (tooDeep(record, DEEPEST)) return { unreadable: `the record is nested deeper than ${DEEPEST} levels` };
  const fields = record as Record<string, unknown>;
  const id = textOf(fields._id);
  if (id === undefined) return { unreadable: 'the record has no _id' };
  const odd: string[] = [];
  const take = <T>(name: string, read: (value: unknown) => T | undefined): T | undefined => {
    const value = fields[name];
    if (value === undefined || value === null || value === 'null') return undefined;
    const taken = read(value);
    if (taken === undefined) odd.push(name);
    return taken;
  };
  const optional = {
    timestamp: take('timestamp', numberOf),
    title: take('title', textOf),
    description: take('description', textOf),
    severityValue: take('severityValue', numberOf),
    resolutionStatusValue: take('resolutionStatusValue', numberOf),
    resolveTime: take('resolveTime', textOf),
    handledByUser: take('handledByUser', textOf),
    contextId: take('contextId', textOf),
    URL: take('URL', textOf),
    policy: take('policy', entityOf),
  };
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  const entities = take('entities', (value) => (Array.isArray(value) ? value : undefined)) ?? [];
  return { _id: id, ...present, entities: entities.flatMap((entity) => entityOf(entity) ?? []), odd };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function entityOf(value: unknown): EntityWire | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, label, pa, em, policyType } = value as Record<string, unknown>;
  const kind = textOf(type);
  if (kind === undefined) return undefined;
  const given = { pa: textOf(pa), em: textOf(em), policyType: textOf(policyType) };
  return {
    type: kind,
    id: textOf(id) ?? '',
    label: textOf(label) ?? '',
    ...(given.pa ? { pa: given.pa } : {}),
    ...(given.em ? { em: given.em } : {}),
    ...(given.policyType ? { policyType: given.policyType } : {}),
  };
}

/** Without recursion, so that depth itself cannot harm. */
function tooDeep(value: object, deepest: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    const next: object[] = [];
    for (const node of level)
      for (const member of Object.values(node)) if (typeof member === 'object' && member !== null) next.push(member);
    level = next;
  }
  return false;
}
