import { cleanText, cut, MOST_LINE, oneLine, toLabel } from './issue-text.ts';

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
      if (items === 'string') return 'labels';
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
      return { value: cut(line, MOST_LINE) };
    case 'textarea':
      return { value: dialect.richText(clean) };
    case 'url':
      return isWebUrl(line) ? { value: line } : problem(`"${short(line)}" is not an http(s) URL`);
    case 'select':
      return optionOf(meta.allowedValues ?? [], line, `field "${meta.name}"`);
    case 'cascading-select':
      return cascade(meta, line);
    case 'multi-select':
      return every(parts(clean), (part) => optionOf(meta.allowedValues ?? [], part, `field "${meta.name}"`));
    case 'labels':
      return { value: [...new Set(parts(clean).flatMap((part) => toLabel(part) ?? []))] };
    case 'number': {
      const number = Number(line.replace(',', '.'));
      return Number.isFinite(number) ? { value: number } : problem(`"${short(line)}" is not a number`);
    }
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

function problem(says: string): TypedValue {
  return { problem: says };
}

function short(text: string): string {
  return cut(text, 60);
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Splits at commas and line ends; distinct, in order. */
function parts(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[,\n]/)
        .map((part) => part.trim().replace(/\s+/g, ' '))
        .filter(Boolean),
    ),
  ];
}

function every(texts: readonly string[], type: (text: string) => TypedValue): TypedValue {
  const values: unknown[] = [];
  for (const text of texts) {
    const typed = type(text);
    if ('problem' in typed) return typed;
    values.push(typed.value);
  }
  return { value: values };
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
  const option = findOption(options, text);
  if (!option || option.disabled) {
    const names = options.filter(({ disabled }) => !disabled).map(nameOf);
    const more = names.length > 12 ? ` and ${names.length - 12} more` : '';
    return problem(
      `"${short(text)}" is not an option of ${where}; there are ${names.slice(0, 12).join(', ') || 'none'}${more}`,
    );
  }
  return { value: referTo(option) };
}

function referTo(option: FieldOption): Record<string, string> {
  if (option.id !== undefined) return { id: option.id };
  return option.value !== undefined ? { value: option.value } : { name: nameOf(option) };
}

/** `parent > child`, or the parent alone. */
function cascade(meta: FieldMeta, text: string): TypedValue {
  const options = meta.allowedValues ?? [];
  const whole = findOption(options, text);
  const [parentText = '', ...rest] = whole ? [text] : text.split('>').map((part) => part.trim());
  const parent = whole ?? findOption(options, parentText);
  if (!parent || parent.disabled) return optionOf(options, parentText, `field "${meta.name}"`);
  if (rest.length === 0) return { value: referTo(parent) };
  const child = optionOf(parent.children ?? [], rest.join(' > '), `"${nameOf(parent)}" in field "${meta.name}"`);
  return 'problem' in child ? child : { value: { ...referTo(parent), child: child.value } };
}

function dated(kind: 'date' | 'datetime', text: string): TypedValue {
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return problem(`"${short(text)}" is not a date such as 2026-11-24 or 2026-11-24T14:39:00Z`);
  const iso = new Date(at).toISOString();
  // Jira's own output has the offset without a colon; that form is taken by both editions.
  return { value: kind === 'date' ? text.slice(0, 10) : iso.replace('Z', '+0000') };
}

function person(text: string, dialect: FieldDialect): TypedValue {
  const user = dialect.user(text);
  return user === undefined ? problem(`no Jira user is found by "${short(text)}"`) : { value: user };
}
