import { readFileSync } from 'node:fs';
import type { GenericSchema } from 'valibot';
import { describe, expect, it } from 'vitest';
import { RULE_TYPES, RULE_VARIABLES } from '../rules/expressions/rule-scope.ts';
import { GROUP_BY } from '../rules/rule.ts';
import { checkTemplate } from '../rules/templates/template.ts';
import { FILTERS, SCOPE, type Shape, TAGS } from '../rules/templates/template-shape.ts';
import { parseConfig } from './parse-config.ts';
import { formatProblem } from './problems.ts';
import { configSchema } from './shape/schema.ts';

const DOC = readFileSync(new URL('../../docs/configure.md', import.meta.url), 'utf8');

/** Words of the guide that are set as code, whole and in parts: `alert.title` counts for `title`. */
const WORDS = new Set([...DOC.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => [code, ...code.split(/[.: ]/)]));

function blocks(language: string): string[] {
  return [...DOC.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code = '']) => code);
}

function keysOf(schema: unknown): string[] {
  const { entries, wrapped, value, options } = schema as Record<string, unknown>;
  const inner = [wrapped, value, ...((options as GenericSchema[] | undefined) ?? [])].filter(
    (part) => typeof part === 'object',
  );
  const own = Object.entries((entries as Record<string, unknown>) ?? {});
  return [...own.flatMap(([key, entry]) => [key, ...keysOf(entry)]), ...inner.flatMap(keysOf)];
}

function namesOf(shape: Shape): string[] {
  if (shape.is === 'list') return namesOf(shape.of);
  return shape.is === 'object'
    ? Object.entries(shape.members).flatMap(([name, member]) => [name, ...namesOf(member)])
    : [];
}

describe('the guide to the configuration', () => {
  it('names every key', () => {
    const keys = new Set(keysOf(configSchema));
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !WORDS.has(key))).toEqual([]);
  });

  it('names everything that a template may use', () => {
    const names = [
      ...FILTERS.keys(),
      ...TAGS,
      ...Object.entries(SCOPE).flatMap(([name, shape]) => [name, ...namesOf(shape)]),
    ];
    expect(names.filter((name) => !WORDS.has(name))).toEqual([]);
  });

  it('names everything that a rule may see', () => {
    const names = [
      ...Object.entries(RULE_TYPES).flatMap(([, members]) => Object.keys(members)),
      ...Object.keys(RULE_VARIABLES),
      ...GROUP_BY,
    ];
    expect(names.filter((name) => !WORDS.has(name))).toEqual([]);
  });

  it('shows files and parts of files that load as they stand', () => {
    const [smallest = '', ...parts] = blocks('yaml');
    expect(parts.length).toBeGreaterThan(3);
    const env = new Proxy(
      {},
      { get: (_, name) => (name === 'SMTP_URL' ? 'smtps://mail.example' : 'a-value'), ownKeys: () => [] },
    );
    const problems = [smallest, ...parts.map((part) => withPart(smallest, part))].flatMap((source) => {
      const result = parseConfig({ source, path: '/etc/casewire.yaml', file: 'casewire.yaml', env });
      return result.ok ? [] : result.problems.map(formatProblem);
    });
    expect(problems).toEqual([
      expect.stringContaining('/run/secrets/jira cannot be read'),
      expect.stringContaining('tenants.contoso.jira: is missing where there are several Jira sites'),
    ]);
    for (const template of blocks('liquid')) expect(checkTemplate(template)).toEqual([]);
  });
});

/** The smallest file with the part that is shown in the place of its own, or added. */
function withPart(smallest: string, part: string): string {
  const key = part.slice(0, part.indexOf(':'));
  const place = new RegExp(`^${key}:.*\n([ ].*\n)*`, 'm');
  return place.test(smallest) ? smallest.replace(place, () => part) : `${smallest}${part}`;
}
