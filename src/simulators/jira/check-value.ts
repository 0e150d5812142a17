import { isObject, unknownKeys } from '../wire.ts';
import { checkAdf } from './check-adf.ts';
import type { JiraSite, Named, SimField, SimOption, SimProject } from './site.ts';

/** How an edition writes what differs between the two. */
export interface Dialect {
  richText: 'adf' | 'wiki';
  /** The keys by which a user may be named. */
  userKeys: readonly ('accountId' | 'id' | 'name')[];
}

export const MAX_TEXT = 32_767;
const MAX_LINE = 255;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Where a value stands: what its meaning depends on. */
export interface ValueContext {
  site: JiraSite;
  project: SimProject;
  dialect: Dialect;
  /** How long the whole request is; what fits into it need not be measured again. */
  textLength: number;
}

/** Jira's words against a value for a field; `undefined` when it takes it. `null` empties a field and always fits. */
export function checkValue(field: SimField, value: unknown, context: ValueContext): string | undefined {
  switch (field.type) {
    case 'summary':
      return checkSummary(value);
    case 'textfield':
      return checkText(value, MAX_LINE) ?? (/[\r\n]/.test(String(value)) ? 'Line breaks are not allowed.' : undefined);
    case 'textarea':
      return context.dialect.richText === 'adf' ? checkDocument(value, context.textLength) : checkText(value, MAX_TEXT);
    case 'url':
      return checkText(value, MAX_LINE) ?? checkUrl(String(value));
    case 'labels':
      return checkLabels(value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'Operation value must be a number';
    case 'datepicker':
      return isRealDate(value) ? undefined : `Error parsing date string: ${String(value)}`;
    case 'datetime':
      return typeof value === 'string' && DATE_TIME.test(value) ? undefined : `Error parsing time: ${String(value)}`;
    case 'select':
    case 'radiobuttons':
      return checkOption(value, field.choices);
    case 'multiselect':
    case 'multicheckboxes':
      return checkEach(value, (item) => checkOption(item, field.choices));
    case 'cascadingselect':
      return checkCascade(value, field.choices);
    case 'userpicker':
      return checkUser(value, context);
    case 'multiuserpicker':
      return checkEach(value, (item) => checkUser(item, context));
    case 'priority':
      return checkNamed(value, context.site.priorities, 'The priority selected is invalid.');
    case 'components':
      return checkEach(value, (item) => checkNamed(item, context.project.components, 'Component name is not valid'));
  }
}

function checkSummary(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'Operation value must be a string';
  if (value.trim() === '') return 'You must specify a summary of the issue.';
  if (/[\r\n]/.test(value)) return 'The summary is invalid because it contains newline characters.';
  return value.length > MAX_LINE ? 'Summary must be less than 255 characters.' : undefined;
}

function checkText(value: unknown, limit: number): string | undefined {
  if (typeof value !== 'string') return 'Operation value must be a string';
  return value.length > limit ? tooLong(limit) : undefined;
}

function tooLong(limit: number): string {
  return `The entered text is too long. It exceeds the allowed limit of ${limit.toLocaleString('en-US')} characters.`;
}

/** Checks rich text of v3; its length is counted as JSON, the stricter of the two ways that are reported. */
export function checkDocument(value: unknown, textLength: number): string | undefined {
  const wrong = checkAdf(value);
  if (wrong) return `Operation value must be an Atlassian Document (see the Atlassian Document Format): ${wrong}`;
  return textLength > MAX_TEXT && JSON.stringify(value).length > MAX_TEXT ? tooLong(MAX_TEXT) : undefined;
}

function checkUrl(value: string): string | undefined {
  return URL.canParse(value) && /^(https?|ftp):\/\/[^\s]+$/.test(value) ? undefined : 'The URL is not valid.';
}

export function checkLabels(value: unknown): string | undefined {
  return checkEach(value, (label) => {
    if (typeof label !== 'string' || label === '') return 'string expected at index 0';
    if (/\s/.test(label)) return `The label '${label}' contains spaces which is invalid.`;
    return label.length > MAX_LINE ? `The label '${label}' exceeds the maximum length of 255 characters.` : undefined;
  });
}

function checkEach(value: unknown, check: (item: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(value)) return 'data was not an array';
  for (const item of value) {
    const wrong = check(item);
    if (wrong) return wrong;
  }
  return undefined;
}

function isRealDate(value: unknown): boolean {
  return (
    typeof value === 'string' && DATE.test(value) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value)
  );
}

function findOption(value: Record<string, unknown>, options: readonly SimOption[]): SimOption | undefined {
  return options.find((option) => ('id' in value ? option.id === value.id : option.value === value.value));
}

function checkOption(value: unknown, options: readonly SimOption[]): string | undefined {
  if (!isObject(value) || unknownKeys(value, ['id', 'value']).length > 0) return "Specify a valid 'id' or 'value'";
  return findOption(value, options) ? undefined : `Option '${String(value.value ?? value.id)}' is not valid`;
}

function checkCascade(value: unknown, options: readonly SimOption[]): string | undefined {
  if (!isObject(value)) return "Specify a valid 'id' or 'value'";
  const { child, ...own } = value;
  const wrong = checkOption(own, options);
  if (wrong || child === undefined) return wrong;
  return checkOption(child, findOption(own, options)?.children ?? []);
}

function checkUser(value: unknown, { site, dialect }: ValueContext): string | undefined {
  if (!isObject(value)) return 'data was not an object';
  const key = dialect.userKeys.find((name) => name in value);
  if (!key || Object.keys(value).length !== 1) return `Specify a user by ${dialect.userKeys.join(' or ')}`;
  const known = site.users.some((user) => (key === 'name' ? user.name : user.accountId) === value[key]);
  return known ? undefined : `User '${String(value[key])}' does not exist.`;
}

function checkNamed(value: unknown, known: readonly Named[], words: string): string | undefined {
  if (!isObject(value) || unknownKeys(value, ['id', 'name']).length > 0) return "Specify a valid 'id' or 'name'";
  return known.some(({ id, name }) => ('id' in value ? id === value.id : name === value.name)) ? undefined : words;
}
