import { nameSome } from '../../../domain/name-some.ts';
import { cleanText, cut, MOST_LINE, oneLine, toLabel, toSummary, toWebUrl } from './issue-text.ts';

export interface FieldOption {
  id?: string;
  value?: string;
  name?: string;
  key?: string;
  disabled?: boolean;
  children?: readonly FieldOption[];
}

/** A field as Jira's create metadata describes it. */
export interface FieldMeta {
  id: string;
  name: string;
  required: boolean;
  hasDefaultValue: boolean;
  schema: { type: string; items?: string; system?: string; custom?: string };
  allowedValues?: readonly FieldOption[];
}

export type FieldKind =
  | 'text'
  | 'textarea'
  | 'url'
  | 'select'
  | 'multi-select'
  | 'labels'
  | 'number'
  | 'date'
  | 'datetime'
  | 'user'
  | 'users'
  | 'cascading-select'
  | 'unsupported';

/** Which kind of value a field takes, from the types that Jira names (REST API, "Field input formats"). */
export function kindOf({ schema }: FieldMeta): FieldKind {
  const { type, items, system, custom } = schema;
  const kind = custom?.split(':').pop();
  if (system === 'description' || system === 'environment' || kind === 'textarea') return 'textarea';
  switch (type) {
    case 'string':
      return kind === 'url' ? 'url' : 'text';
    case 'option':
    case 'priority':
    case 'resolution':
    case 'securitylevel':
    case 'version':
      return 'select';
    case 'option-with-child':
      return 'cascading-select';
    case 'number':
      return 'number';
    case 'date':
      return 'date';
    case 'datetime':
      return 'datetime';
    case 'user':
      return 'user';
    case 'array':
      // Sprints and add-ons' fields are lists of strings too, but take no labels.
      if (system === 'labels' || kind === 'labels') return 'labels';
      if (items === 'user') return 'users';
      return items === 'option' || items === 'component' || items === 'version' ? 'multi-select' : 'unsupported';
    default:
      return 'unsupported';
  }
}

/** How an edition writes what the two write differently. */
export interface FieldDialect {
  richText(text: string): unknown;
  /** What a user field takes for this text; `undefined` when nobody or nobody unique is meant. */
  user(text: string): unknown;
}

export type TypedValue = { value: unknown } | { problem: string };

/**
 * Types a rendered text for a field. Empty text gives `{ value: undefined }`: leave the field out. A text that the
 * field cannot take gives a problem in words, with what is allowed.
 */
export function toFieldValue(meta: FieldMeta, text: string, dialect: FieldDialect): TypedValue {
  const kind = kindOf(meta);
  const clean = cleanText(text);
  const line = oneLine(text, Number.MAX_SAFE_INTEGER);
  if (line === '') return { value: undefined };
  switch (kind) {
    case 'text':
      return { value: meta.schema.system === 'summary' ? toSummary(text) : cut(line, MOST_LINE) };
    case 'textarea':
      return { value: dialect.richText(clean) };
    case 'url':
      return url(line);
    case 'select':
      return optionOf(meta.allowedValues ?? [], line, `field "${meta.name}"`);
    case 'cascading-select':
      return cascade(meta, line);
    case 'multi-select':
      return every(optionTexts(meta, clean), (part) =>
        optionOf(meta.allowedValues ?? [], part, `field "${meta.name}"`),
      );
    case 'labels':
      return every(parts(clean), (part) => ({ value: toLabel(part) }));
    case 'number':
      return NUMBER.test(line)
        ? { value: Number(line) }
        : problem(`"${short(line)}" is not a number such as 12 or 0.5`);
    case 'date':
    case 'datetime':
      return dated(kind, line);
    case 'user':
      return person(line, dialect);
    case 'users':
      return every(parts(clean), (part) => person(part, dialect));
    case 'unsupported':
      return problem(`a field of type ${meta.schema.items ?? meta.schema.type} cannot be filled`);
  }
}

/** Without thousands and with a point: a comma means one thing here and another there. At most what a double keeps. */
const NUMBER = /^[-+]?\d{1,15}(\.\d{1,15})?$/;

function problem(says: string): TypedValue {
  return { problem: says };
}

function short(text: string): string {
  return cut(text, 60);
}

/** Sent as written where that is a URL already, else as a browser would write it. */
function url(text: string): TypedValue {
  const parsed = toWebUrl(text);
  if (parsed === undefined) return problem(`"${short(text)}" is not an http(s) URL`);
  const value = /^https?:\/\/[!-~]+$/.test(text) ? text : parsed;
  return value.length <= MOST_LINE
    ? { value }
    : problem(`the URL has ${value.length} characters, and Jira takes ${MOST_LINE}: ${short(value)}`);
}

/** Splits at commas and line ends; distinct, in order. */
function parts(text: string): string[] {
  const tidy = text.split(/[,\n]/).map((part) => part.trim().replace(/\s+/g, ' '));
  return [...new Set(tidy.filter((part) => part !== ''))];
}

/** The options that a text means: as `parts`, but a line that is an option's whole name is not split at its commas. */
export function optionTexts({ allowedValues = [] }: FieldMeta, text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  return lines.flatMap((line) => (findOption(allowedValues, line) ? [line] : parts(line)));
}

/** Types each text; distinct values, in order. The first problem is the problem of all, and no value is no list. */
function every(texts: readonly string[], type: (text: string) => TypedValue): TypedValue {
  const values = new Map<string, unknown>();
  for (const text of texts) {
    const typed = type(text);
    if ('problem' in typed) return typed;
    if (typed.value !== undefined) values.set(JSON.stringify(typed.value), typed.value);
  }
  return { value: values.size > 0 ? [...values.values()] : undefined };
}

export function nameOf(option: FieldOption): string {
  return option.value ?? option.name ?? option.key ?? option.id ?? '';
}

/** Finds an option by id, or by name without regard to case where only one is so named. */
export function findOption(options: readonly FieldOption[], text: string): FieldOption | undefined {
  const exact = options.find((option) => nameOf(option) === text) ?? options.find(({ id }) => id === text);
  if (exact) return exact;
  const alike = options.filter((option) => nameOf(option).toLowerCase() === text.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

function optionOf(options: readonly FieldOption[], text: string, where: string): TypedValue {
  const open = options.filter(({ disabled }) => !disabled);
  const option = findOption(open, text);
  if (option) return { value: referTo(option) };
  if (findOption(options, text)) return problem(`"${short(text)}" is a disabled option of ${where}`);
  const alike = open.filter((one) => nameOf(one).toLowerCase() === text.toLowerCase()).map(nameOf);
  if (alike.length > 1) return problem(`"${short(text)}" may mean ${alike.join(' or ')} of ${where}`);
  const offered = nameSome(open.map(nameOf), 12) || 'none';
  return problem(`"${short(text)}" is not an option of ${where}; there are ${offered}`);
}

function referTo(option: FieldOption): Record<string, string> {
  if (option.id !== undefined) return { id: option.id };
  return option.value !== undefined ? { value: option.value } : { name: nameOf(option) };
}

/** `parent > child` or `parent/child`, or the parent alone; either name may hold such a sign itself. */
function cascade(meta: FieldMeta, text: string): TypedValue {
  const { name, allowedValues = [] } = meta;
  const where = `field "${name}"`;
  // No two options are that long; a text of thousands of `>` is not tried at each of them.
  if (text.length > 3 * MOST_LINE) return optionOf(allowedValues, text, where);
  return (
    stepDown(meta, text, ' > ') ??
    stepDown(meta, text, '/') ??
    optionOf(allowedValues, text.split('>')[0]?.trim() ?? text, where)
  );
}

/** The child of the longest parent that the text begins with; `undefined` when it begins with none. */
function stepDown({ name, allowedValues = [] }: FieldMeta, text: string, sign: ' > ' | '/'): TypedValue | undefined {
  const where = `field "${name}"`;
  const steps = text.split(sign.trim()).map((step) => step.trim());
  for (let taken = steps.length; taken > 0; taken--) {
    const parentText = steps.slice(0, taken).join(sign);
    const parent = findOption(allowedValues, parentText);
    if (!parent) continue;
    const own = optionOf(allowedValues, parentText, where);
    if ('problem' in own || taken === steps.length) return own;
    const child = optionOf(parent.children ?? [], steps.slice(taken).join(sign), `"${nameOf(parent)}" in ${where}`);
    return 'problem' in child ? child : { value: { ...referTo(parent), child: child.value } };
  }
  return undefined;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?([.]\d+)? ?(Z|UTC|[-+]\d{2}:?\d{2})?)?$/i;

/**
 * A date as `2026-11-24`, the day as written; an instant as `2026-11-24T14:39:00.000+0000`, whose offset without a
 * colon is the form of Jira's own answers. A time without a zone is UTC.
 */
function dated(kind: 'date' | 'datetime', text: string): TypedValue {
  const [, day = '', time = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = DATE.exec(text) ?? [];
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/(\d{2}):?(\d{2})$/, '$1:$2');
  const at = Date.parse(`${day}T${time}${seconds}${fraction}${offset}`);
  // A day that the month does not have would be taken for one of the next month.
  const real = !Number.isNaN(at) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!real) return problem(`"${short(text)}" is not a date such as 2026-11-24 or 2026-11-24T14:39:00Z`);
  return { value: kind === 'date' ? day : new Date(at).toISOString().replace('Z', '+0000') };
}

function person(text: string, dialect: FieldDialect): TypedValue {
  const user = dialect.user(text);
  return user === undefined ? problem(`no Jira user is found by "${short(text)}"`) : { value: user };
}
