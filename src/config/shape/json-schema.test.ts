import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from './json-schema.ts';

const EXAMPLE = new URL('../../../../shared/design/casewire.example.yaml', import.meta.url);

const ajv = new Ajv({ strict: false, allErrors: true });
const validate = ajv.compile(jsonSchema());

/** Places and kinds of what the schema refuses. */
function refusalsOf(source: string): string[] {
  validate(parse(source));
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

const HEAD = `jira: { edition: cloud, url: https://acme.atlassian.net, auth: { email: soc@acme.example, token: "\${env:T}" } }
`;

describe('the JSON Schema of the configuration', () => {
  it('is a valid draft-07 schema with a description for every key', () => {
    expect(jsonSchema()).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
    const undescribed: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [name, member] of Object.entries(schema)) {
        if (name === 'properties')
          for (const [key, value] of Object.entries(member as Record<string, { description?: string }>))
            if (!value.description) undescribed.push(`${path}.${key}`);
        walk(member, `${path}.${name}`);
      }
    };
    walk(jsonSchema(), '');
    expect(undescribed).toEqual([]);
  });

  it('accepts references where text may stand, bare ids, and keys that are not built yet', () => {
    const source = `${HEAD}ticket: { project: 10000, issueType: Task, fields: { A: "{{ alert.url }}" } }
abuseipdb: { key: "\${file:key}", neverSend: [198.51.100.0/24] }
tenants:
  contoso: { source: graph, auth: { tenantId: fabrikam.example }, every: "\${env:EVERY}", lookback: 7d }
sync: { every: 5m }
`;
    expect(refusalsOf(source)).toEqual([]);
    const several = HEAD.replace('jira: {', 'jira: { acme: {').replace('\n', ' }\ntenants: {}\n');
    expect(refusalsOf(several)).toEqual([]);
  });

  it.each([
    [
      'tenants: { contoso: { source: defender-cloud-apps, auth: { token: literal } } }',
      '/tenants/contoso/auth/token pattern',
    ],
    [
      'tenants: { contoso: { source: defender-cloud-apps, auth: {}, every: 5 minutes } }',
      '/tenants/contoso/every pattern',
    ],
    ['tenants: { contoso: { source: sentinel, auth: {} } }', '/tenants/contoso/source enum'],
    ['tenants: { a b: { source: graph, auth: {} } }', '/tenants pattern'],
    ['tenants: {}\nlimts: {}', ' additionalProperties'],
    [`tenants: {}\nabuseipdb: { key: "\${env:K}", maxAgeInDays: 366 }`, '/abuseipdb/maxAgeInDays maximum'],
    ['store: x', ' required'],
  ])('refuses %j', (source, refusal) => {
    expect(refusalsOf(HEAD + source)).toContain(refusal);
  });

  it.skipIf(!existsSync(EXAMPLE))('accepts the whole example (skipped where ../shared is absent)', () => {
    expect(refusalsOf(readFileSync(EXAMPLE, 'utf8'))).toEqual([]);
  });
});
