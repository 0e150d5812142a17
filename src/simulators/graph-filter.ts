import { isObject } from './wire.ts';

type Test = (record: unknown) => boolean;

const WORDS = new Set(['assignedTo', 'classification', 'determination', 'severity', 'serviceSource', 'status']);
const DATES = new Set(['createdDateTime', 'lastUpdateDateTime']);
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A `$filter` as a test, or a sentence when the service would refuse it. Known are the properties that "List alerts_v2"
 * names as filterable, compared with a text or a date, and joined by `and`; whether `or` between them works, here in
 * brackets, is not documented.
 */
export function toFilter(filter: string): Test | string {
  const tests: Test[] = [];
  for (const clause of filter.split(/ and /)) {
    const [, choice] = /^\((.*)\)$/.exec(clause.trim()) ?? [];
    if (choice !== undefined) {
      const choices = choice.split(/ or /).map(toFilter);
      const wrong = choices.find((one) => typeof one === 'string');
      if (wrong !== undefined) return wrong;
      tests.push((record) => (choices as Test[]).some((one) => one(record)));
      continue;
    }
    const [, property = '', operator = '', operand = ''] = /^(\w+) (\w+) (\S.*)$/.exec(clause.trim()) ?? [];
    const test = WORDS.has(property)
      ? ofText(property, operator, operand)
      : DATES.has(property)
        ? ofDate(property, operator, operand)
        : `Could not find a property named '${property}' that can be filtered`;
    if (typeof test === 'string') return test;
    tests.push(test);
  }
  return (record) => tests.every((test) => test(record));
}

function ofText(property: string, operator: string, operand: string): Test | string {
  const [, text] = /^'((?:[^']|'')*)'$/.exec(operand) ?? [];
  if (text === undefined) return `Syntax error: ${operand} is not a text`;
  const wanted = text.replaceAll("''", "'");
  if (operator === 'eq') return (record) => fieldOf(record, property) === wanted;
  if (operator === 'ne') return (record) => fieldOf(record, property) !== wanted;
  return `The operator ${operator} is not supported for ${property}`;
}

function ofDate(property: string, operator: string, operand: string): Test | string {
  const bound = Date.parse(operand);
  if (!DATE.test(operand) || Number.isNaN(bound)) return `Syntax error: ${operand} is not a date`;
  const holds = { eq: 0, ge: 1, gt: 1, le: -1, lt: -1 }[operator];
  if (holds === undefined) return `The operator ${operator} is not supported for ${property}`;
  return (record) => {
    const value = fieldOf(record, property);
    // A record without a date passes: a reader must cope with such records.
    if (typeof value !== 'string') return true;
    const sign = Math.sign(Date.parse(value) - bound);
    return sign === holds || (sign === 0 && operator !== 'gt' && operator !== 'lt');
  };
}

function fieldOf(record: unknown, property: string): unknown {
  return isObject(record) ? record[property] : undefined;
}
