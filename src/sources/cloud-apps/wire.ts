import { whyNoId } from '../record/unreadable.ts';
import { FieldReader, isObject, listOf, numberOf, textOf, timeOf, whyNoRecord } from '../record/wire-values.ts';

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

/**
 * Reads a record, lenient about all but its id. Hand-written instead of a schema: it runs once per record and has to
 * be quick. @returns why the record cannot be read, as a sentence's end, when it cannot.
 */
export function parseAlert(record: unknown): AlertWire | { unreadable: string } {
  const unreadable = whyNoRecord(record);
  if (unreadable !== undefined || !isObject(record)) return { unreadable: unreadable ?? '' };
  const id = textOf(record._id);
  const whyNot = whyNoId(id, '_id');
  if (id === undefined || whyNot !== undefined) return { unreadable: whyNot ?? '' };
  const fields = new FieldReader(record);
  const { odd } = fields;
  return {
    _id: id,
    timestamp: fields.needed('timestamp', timeOf),
    title: fields.needed('title', textOf),
    description: record.description === '' ? '' : fields.needed('description', textOf),
    severityValue: fields.needed('severityValue', numberOf),
    entities: fields.needed('entities', listOf)?.flatMap((entity) => toEntity(entity, odd)) ?? [],
    URL: fields.needed('URL', textOf),
    resolutionStatusValue: fields.optional('resolutionStatusValue', numberOf),
    resolveTime: fields.optional('resolveTime', textOf),
    handledByUser: record.handledByUser === '' ? undefined : fields.optional('handledByUser', textOf),
    contextId: fields.optional('contextId', textOf),
    policy: fields.optional('policy', (value) => toEntity(value, [])[0]),
    odd,
  };
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
