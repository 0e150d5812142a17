import { DAY_MS } from '../domain/time.ts';
import { isObject } from './wire.ts';

type Test = (value: unknown) => boolean;

/** The filters that we may use, each with the value of a record that it looks at (api-alerts, "Filters"). */
const FILTERS: Record<string, (record: Record<string, unknown>) => unknown> = {
  date: (record) => record.timestamp,
  id: (record) => record._id,
  alertOpen: isOpen,
  resolutionStatus: (record) => record.resolutionStatusValue ?? 0,
  severity: (record) => record.severityValue,
  resolutionDate: (record) => (typeof record.resolveTime === 'string' ? Date.parse(record.resolveTime) : undefined),
};

/**
 * Whether a record passes all filters; a sentence when the filters themselves are wrong. What is no record, or has no
 * time, passes a filter on the date: the service hands such records out, and a reader must cope.
 */
export function matchesFilters(record: unknown, filters: Record<string, unknown>, now: number): boolean | string {
  const fields = isObject(record) ? record : {};
  let all = true;
  for (const [name, operators] of Object.entries(filters)) {
    const read = FILTERS[name];
    if (!read) return `unknown filter ${name}`;
    if (!isObject(operators)) return `filter ${name} is not an object of operators`;
    for (const [operator, operand] of Object.entries(operators)) {
      const test = toTest(operator, operand, now);
      if (typeof test === 'string') return test;
      const value = read(fields);
      const undated = name === 'date' && typeof value !== 'number';
      if (!undated && !test(value)) all = false;
    }
  }
  return all;
}

function toTest(operator: string, operand: unknown, now: number): Test | string {
  const list = Array.isArray(operand) ? operand : [operand];
  switch (operator) {
    case 'eq':
      return (value) => list.includes(value);
    case 'neq':
      return (value) => !list.includes(value);
    case 'gte':
    case 'gt':
    case 'lte':
      return typeof operand === 'number' ? compare(operator, operand) : `${operator} takes one number`;
    case 'gte_ndays':
      return typeof operand === 'number' ? compare('gte', now - operand * DAY_MS) : 'gte_ndays takes one number';
    case 'lte_ndays':
      return typeof operand === 'number' ? compare('lte', now - operand * DAY_MS) : 'lte_ndays takes one number';
    case 'range':
      return toRange(list);
    default:
      return `unknown operator ${operator}`;
  }
}

function compare(operator: 'gte' | 'gt' | 'lte', bound: number): Test {
  return (value) =>
    typeof value === 'number' &&
    (operator === 'gte' ? value >= bound : operator === 'gt' ? value > bound : value <= bound);
}

function toRange(ranges: readonly unknown[]): Test | string {
  const bounds = ranges.filter(isObject).map(({ start, end }) => ({ start, end }));
  const whole = bounds.filter(
    (range): range is { start: number; end: number } =>
      typeof range.start === 'number' && typeof range.end === 'number',
  );
  if (whole.length !== ranges.length) return 'range takes a list of {start, end} in milliseconds';
  return (value) => typeof value === 'number' && whole.some(({ start, end }) => value >= start && value <= end);
}

function isOpen(record: Record<string, unknown>): boolean {
  const { resolutionStatusValue: status, resolveTime } = record;
  return typeof status === 'number' ? status === 0 : resolveTime === undefined || resolveTime === null;
}
