import { describe, expect, it } from 'vitest';
import type { SurveyedField } from '../../../tracker/site-survey.ts';
import { proposeMapping } from './propose-mapping.ts';
import { USUAL_FIELDS } from './usual-fields.ts';

function field(name: string, kind = 'text', id = `customfield_${name}`): SurveyedField {
  return { id, name, key: name, kind, required: false };
}

/** The proposal as pairs of the usual field's name and the Jira field's id. */
function proposed(...fields: SurveyedField[]): Record<string, string> {
  return Object.fromEntries(
    proposeMapping(fields).flatMap(({ usual, field }) => (field ? [[usual.name, field.name]] : [])),
  );
}

describe('the proposed mapping', () => {
  it.each<[string, string]>([
    ['Alert URL', 'Alert URL'],
    ['Alert URI', 'Alert URL'],
    ['alert-link', 'Alert URL'],
    ['AlertUrl', 'Alert URL'],
    ['Link', 'Alert URL'],
    ['URL of the incident', 'Alert URL'],
    ['Alert title', 'Alert summary'],
    ['Detection name', 'Alert summary'],
    ['Alert sumary', 'Alert summary'],
    ['Alert Description', 'Alert description'],
    ['Alert details', 'Alert description'],
    ['Alert desciption', 'Alert description'],
    ['AFFECTED USER', 'Affected user'],
    ['Affected users', 'Affected user'],
    ['Afected user', 'Affected user'],
    ['User (affected)', 'Affected user'],
    ['Compromised account', 'Affected user'],
    ['Usér', 'Affected user'],
    ['IP', 'IP'],
    ['IPs', 'IP'],
    ['IP addresses', 'IP'],
    ['Source IP address', 'IP'],
    ['Reported IPs', 'Reported IPs'],
    ['IP Report', 'Reported IPs'],
    ['IP reputation', 'Reported IPs'],
    ['AbuseIPDB report of IPs', 'Reported IPs'],
  ])('takes "%s" for %s', (name, usual) => {
    expect(proposed(field(name))).toEqual({ [usual]: name });
  });

  it.each(['User story', 'Summary', 'Description', 'Name', 'Report', 'Zip', 'Epic Link', 'Sprint', 'Story points', ''])(
    'does not take "%s" for any',
    (name) => {
      expect(proposed(field(name))).toEqual({});
    },
  );

  it('takes the very name before another word for it, whatever the order', () => {
    const fields = [field('Link'), field('Alert URL'), field('Alert link')];
    expect(proposed(...fields)['Alert URL']).toBe('Alert URL');
    expect(proposed(...fields.toReversed())['Alert URL']).toBe('Alert URL');
  });

  it('takes the kind that holds the text best, where names are alike', () => {
    expect(
      proposeMapping([field('Alert URL', 'text', 'a'), field('Alert URL', 'url', 'b')]).find(({ field }) => field)
        ?.field?.id,
    ).toBe('b');
  });

  it.each(['select', 'number', 'user', 'unsupported'])('does not take a field of kind %s', (kind) => {
    expect(proposed(field('Alert URL', kind), field('Affected user', kind))).toEqual({});
  });

  it('takes each field once, and finds all six', () => {
    const fields = USUAL_FIELDS.map(({ name, kinds }) => field(name, kinds[0]));
    expect(proposed(...fields)).toEqual(Object.fromEntries(USUAL_FIELDS.map(({ name }) => [name, name])));
  });
});
