import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileText } from '../../../../test/hostile-documents.ts';
import {
  type FieldDialect,
  type FieldKind,
  type FieldMeta,
  kindOf,
  type TypedValue,
  toFieldValue,
} from './issue-fields.ts';

const CUSTOM = 'com.atlassian.jira.plugin.system.customfieldtypes:';

/** A field's schema by its kind, as Jira's create metadata writes it. */
const SCHEMAS = {
  text: { type: 'string', custom: `${CUSTOM}textfield` },
  textarea: { type: 'string', custom: `${CUSTOM}textarea` },
  url: { type: 'string', custom: `${CUSTOM}url` },
  select: { type: 'option', custom: `${CUSTOM}select` },
  'multi-select': { type: 'array', items: 'option', custom: `${CUSTOM}multicheckboxes` },
  labels: { type: 'array', items: 'string', custom: `${CUSTOM}labels` },
  number: { type: 'number', custom: `${CUSTOM}float` },
  date: { type: 'date', custom: `${CUSTOM}datepicker` },
  datetime: { type: 'datetime', custom: `${CUSTOM}datetime` },
  user: { type: 'user', custom: `${CUSTOM}userpicker` },
  users: { type: 'array', items: 'user', custom: `${CUSTOM}multiuserpicker` },
  'cascading-select': { type: 'option-with-child', custom: `${CUSTOM}cascadingselect` },
  unsupported: { type: 'any', custom: 'com.pyxis.greenhopper.jira:gh-epic-link' },
} satisfies Record<FieldKind, FieldMeta['schema']>;

const REGIONS = [
  {
    id: '1',
    value: 'Europe',
    children: [
      { id: '11', value: 'Spain' },
      { id: '12', value: 'Italy', disabled: true },
    ],
  },
  { id: '2', value: 'Asia > Pacific', children: [{ id: '21', value: 'Japan' }] },
  { id: '3', value: 'Moon', disabled: true },
  { id: '4', value: 'red' },
  { id: '5', value: 'RED' },
  { id: '6', value: 'Malta, Gozo' },
];

function aField(kind: FieldKind, more: Partial<FieldMeta> = {}): FieldMeta {
  const schema = SCHEMAS[kind];
  return {
    id: 'customfield_10001',
    name: 'Region',
    required: false,
    hasDefaultValue: false,
    schema,
    ...(/select/.test(kind) ? { allowedValues: REGIONS } : {}),
    ...more,
  };
}

const dialect: FieldDialect = {
  richText: (text) => ({ rich: text }),
  user: (text) => (text.endsWith('@contoso.com') ? { accountId: `id of ${text}` } : undefined),
};

const typed = (kind: FieldKind, text: string, more?: Partial<FieldMeta>) =>
  toFieldValue(aField(kind, more), text, dialect);
const answerOf = (answer: TypedValue) => ('value' in answer ? answer.value : `PROBLEM ${answer.problem}`);

describe('the kind of a field', () => {
  it.each(Object.entries(SCHEMAS))('is %s by the schema that Jira gives', (kind, schema) => {
    expect(kindOf(aField('text', { schema }))).toBe(kind);
  });

  it.each([
    ['textarea', { type: 'string', system: 'environment' }],
    ['text', { type: 'string', system: 'summary' }],
    ['select', { type: 'priority', system: 'priority' }],
    ['select', { type: 'option', custom: `${CUSTOM}radiobuttons` }],
    ['select', { type: 'version', custom: `${CUSTOM}version` }],
    ['multi-select', { type: 'array', items: 'component', system: 'components' }],
    ['multi-select', { type: 'array', items: 'version', system: 'fixVersions' }],
    ['labels', { type: 'array', items: 'string', system: 'labels' }],
    ['unsupported', { type: 'array', items: 'string', custom: 'com.pyxis.greenhopper.jira:gh-sprint' }],
    ['unsupported', { type: 'array', items: 'attachment', system: 'attachment' }],
    ['unsupported', { type: 'issuelink', system: 'parent' }],
  ])('is %s for %o', (kind, schema) => {
    expect(kindOf(aField('text', { schema }))).toBe(kind);
  });
});

describe('a text typed for a field', () => {
  it.each<[FieldKind, string, unknown]>([
    ['text', ' two\n lines ', 'two lines'],
    ['text', `${'a'.repeat(254)}bc`, `${'a'.repeat(254)}…`],
    ['textarea', 'two\r\nlines', { rich: 'two\nlines' }],
    ['url', 'https://x.example/#/alerts/1', 'https://x.example/#/alerts/1'],
    ['url', 'https://x.example/a b\u00e9', 'https://x.example/a%20b%C3%A9'],
    ['select', 'Europe', { id: '1' }],
    ['select', 'eUROPE', { id: '1' }],
    ['select', '1', { id: '1' }],
    ['select', 'RED', { id: '5' }],
    ['multi-select', 'europe, red\nEurope', [{ id: '1' }, { id: '4' }]],
    ['multi-select', 'Malta, Gozo\nEurope', [{ id: '6' }, { id: '1' }]],
    ['labels', 'a b, c\nc,,', ['a_b', 'c']],
    ['number', '-12.5', -12.5],
    ['date', '2026-11-24', '2026-11-24'],
    ['date', '2026-11-24T23:30:00-05:00', '2026-11-24'],
    ['datetime', '2026-11-24', '2026-11-24T00:00:00.000+0000'],
    ['datetime', '2026-11-24 14:39', '2026-11-24T14:39:00.000+0000'],
    ['datetime', '2026-11-24T14:39:00.123Z', '2026-11-24T14:39:00.123+0000'],
    ['datetime', '2026-11-24T14:39:00.000+0130', '2026-11-24T13:09:00.000+0000'],
    ['datetime', '2026-11-24 14:39:00 UTC', '2026-11-24T14:39:00.000+0000'],
    ['user', 'jane@contoso.com', { accountId: 'id of jane@contoso.com' }],
    [
      'users',
      'a@contoso.com, b@contoso.com,a@contoso.com',
      [{ accountId: 'id of a@contoso.com' }, { accountId: 'id of b@contoso.com' }],
    ],
    ['cascading-select', 'Europe > Spain', { id: '1', child: { id: '11' } }],
    ['cascading-select', 'europe>11', { id: '1', child: { id: '11' } }],
    ['cascading-select', 'Europe/Spain', { id: '1', child: { id: '11' } }],
    ['cascading-select', 'Europe', { id: '1' }],
    ['cascading-select', 'Asia > Pacific', { id: '2' }],
    ['cascading-select', 'Asia > Pacific > Japan', { id: '2', child: { id: '21' } }],
  ])('of kind %s is, of %j, %j', (kind, text, value) => {
    expect(answerOf(typed(kind, text))).toEqual(value);
  });

  it.each<[FieldKind, string, string]>([
    ['url', 'javascript:alert(1)', '"javascript:alert(1)" is not an http(s) URL'],
    [
      'url',
      `https://x.example/${'a'.repeat(240)}`,
      'the URL has 258 characters, and Jira takes 255: https://x.example/',
    ],
    [
      'select',
      'Mars',
      '"Mars" is not an option of field "Region"; there are Europe, Asia > Pacific, red, RED, Malta, Gozo',
    ],
    ['select', 'Moon', '"Moon" is a disabled option of field "Region"'],
    ['select', 'Red', '"Red" may mean red or RED of field "Region"'],
    ['multi-select', 'Europe, Moon', '"Moon" is a disabled option of field "Region"'],
    ['number', '1,234', '"1,234" is not a number such as 12 or 0.5'],
    ['number', 'Infinity', '"Infinity" is not a number'],
    ['number', '0x10', '"0x10" is not a number'],
    ['date', '24.11.2026', '"24.11.2026" is not a date such as 2026-11-24'],
    ['date', '2026-02-30', '"2026-02-30" is not a date'],
    ['datetime', '2026-11-24T25:00', '"2026-11-24T25:00" is not a date'],
    ['user', 'nobody', 'no Jira user is found by "nobody"'],
    ['users', 'jane@contoso.com, nobody', 'no Jira user is found by "nobody"'],
    ['cascading-select', 'Europe > Italy', '"Italy" is a disabled option of "Europe" in field "Region"'],
    ['cascading-select', 'Europe > Peru', '"Peru" is not an option of "Europe" in field "Region"; there are Spain'],
    ['cascading-select', 'Europe/Peru', '"Peru" is not an option of "Europe" in field "Region"; there are Spain'],
    ['cascading-select', 'Mars/Sea', '"Mars/Sea" is not an option of field "Region"; there are Europe, Asia > Pacific'],
    ['cascading-select', 'Moon > Sea', '"Moon" is a disabled option of field "Region"'],
    ['cascading-select', 'Mars', '"Mars" is not an option of field "Region"; there are Europe, Asia > Pacific'],
    ['unsupported', 'x', 'a field of type any cannot be filled'],
  ])('of kind %s is refused for %j in words', (kind, text, problem) => {
    expect(answerOf(typed(kind, text))).toContain(`PROBLEM ${problem}`);
  });

  it.each(Object.keys(SCHEMAS) as FieldKind[])(
    'leaves a field of kind %s out when nothing is to be seen of it',
    (kind) => {
      expect(typed(kind, ' \n\u200b\u00a0')).toEqual({ value: undefined });
    },
  );

  it.each<FieldKind>(['multi-select', 'labels', 'users'])('leaves a field of kind %s out for commas alone', (kind) => {
    expect(typed(kind, ' , ,\n,')).toEqual({ value: undefined });
  });

  it('keeps a mapped summary within the limit of summaries', () => {
    const schema = { type: 'string', system: 'summary' };
    expect(answerOf(typed('text', 'a'.repeat(300), { schema }))).toHaveLength(254);
  });

  it('refers to options without an id by their name', () => {
    expect(typed('select', 'High', { allowedValues: [{ name: 'High' }] })).toEqual({ value: { name: 'High' } });
  });

  it('is a value or a problem whatever the text, and never more than a line holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(SCHEMAS) as FieldKind[])), hostileText, (kind, text) => {
        const answer = typed(kind, text);
        if ('problem' in answer) expect(answer.problem).not.toBe('');
        else if (typeof answer.value === 'string') {
          expect(answer.value.length).toBeLessThanOrEqual(255);
          expect(answer.value).toMatch(/^\S(.*\S)?$/);
          expect(answer.value.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
