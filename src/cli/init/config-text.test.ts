import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../config/parse-config.ts';
import { compileTemplate, type TemplateScope } from '../../rules/templates/template.ts';
import type { Answers, FieldAnswer } from './answers.ts';
import { configText } from './config-text.ts';
import { nameFor } from './proposals/name-for.ts';
import { constantTemplate } from './yaml-text.ts';

const ANSWERS: Answers = {
  jira: {
    edition: 'cloud',
    url: 'https://acme.atlassian.net',
    auth: { kind: 'email-token', email: 'soc@example.com', token: 'env:JIRA_TOKEN' },
  },
  ticket: {
    project: 'SOC',
    projectName: 'Security Operations',
    issueType: 'IT Help',
    issueTypeName: 'IT Help',
    priority: { high: 'High' },
    fields: [{ key: 'Alert URI', template: '{{ alert.url }}', about: 'customfield_10107, url' }],
    unmapped: ['IP'],
  },
  tenants: [
    {
      name: 'contoso',
      source: 'defender-cloud-apps',
      url: 'https://contoso.us2.portal.cloudappsecurity.com',
      auth: { kind: 'token', token: 'env:CONTOSO_TOKEN' },
    },
  ],
};

const env = {
  JIRA_TOKEN: 'jira-value',
  CONTOSO_TOKEN: 'contoso-value',
  ABUSEIPDB_KEY: 'abuse-value',
  SECRET: 'app-value',
};

function load(answers: Answers) {
  const source = configText(answers);
  const result = parseConfig({ source, path: '/etc/casewire/casewire.yaml', file: 'casewire.yaml', env });
  if (!result.ok) throw new Error(`${JSON.stringify(result.problems, null, 1)}\n${source}`);
  return result.config;
}

function withTicket(ticket: Partial<Answers['ticket']>): Answers {
  return { ...ANSWERS, ticket: { ...ANSWERS.ticket, ...ticket } };
}

/** Names as a hostile or careless administrator may give them. */
const NAMES = [
  'quote " and \' apostrophe',
  'colon: and # hash',
  '- dash',
  '{ brace }',
  '[list]',
  '{{ alert.title }}',
  '{% raw %}',
  'back\\slash',
  'line\nbreak',
  'carriage\rreturn',
  'tab\tand\u0000nul',
  'separator\u2028here\u0085',
  '\u202egnp.exe',
  '\ufeffbom',
  'true',
  'null',
  'no',
  '007',
  '1e3',
  '<<',
  '&anchor',
  '*alias',
  '!tag',
  '%directive',
  '@at',
  '`tick',
  '? key',
  '…',
  'Ünïcode 安全 🔒',
  'ends with colon:',
  ' leading and trailing ',
  '---',
];

describe('the text of a configuration', () => {
  it('loads, and says what was answered', () => {
    const config = load(ANSWERS);
    expect(config.sites).toEqual([
      expect.objectContaining({
        edition: 'cloud',
        url: 'https://acme.atlassian.net',
        auth: { kind: 'email-token', email: 'soc@example.com', token: 'jira-value' },
      }),
    ]);
    expect(config.tenants).toEqual([
      expect.objectContaining({
        tenant: 'contoso',
        url: 'https://contoso.us2.portal.cloudappsecurity.com',
        auth: { kind: 'token', token: 'contoso-value' },
      }),
    ]);
    expect(config.tenants[0]?.policy.ticket).toMatchObject({
      project: 'SOC',
      issueType: 'IT Help',
      priority: { high: 'High' },
      fields: { 'Alert URI': '{{ alert.url }}' },
    });
    expect(config.abuseipdb).toBeUndefined();
  });

  it('holds no secret, and comments on each part', () => {
    const text = configText(ANSWERS);
    for (const value of Object.values(env)) expect(text).not.toContain(value);
    expect(text).toContain('project: SOC   # Security Operations');
    expect(text).toContain('# IP: no field takes it');
    expect(text).toContain('# customfield_10107, url');
  });

  it.each<[string, Answers['jira']['auth']]>([
    ['a personal access token', { kind: 'personal-access-token', token: 'env:JIRA_TOKEN' }],
    ['a password', { kind: 'password', username: 'svc casewire', password: 'env:JIRA_TOKEN' }],
  ])('signs in to Data Center by %s', (_, auth) => {
    const jira = { edition: 'datacenter' as const, url: 'https://jira.acme.example/jira', auth };
    expect(load({ ...ANSWERS, jira }).sites[0]?.auth.kind).toBe(auth.kind);
  });

  it('signs in to a tenant by an app, in a national cloud too', () => {
    const [tenant] = load({
      ...ANSWERS,
      tenants: [
        {
          name: '365-lab',
          source: 'defender-cloud-apps',
          url: 'https://lab.us2.portal.cloudappsecurity.com',
          auth: {
            kind: 'entra',
            authority: 'https://login.microsoftonline.us',
            graph: 'https://graph.microsoft.us',
            tenantId: 'lab.example',
            clientId: '66666666-7777-4888-8999-000000000000',
            credential: { kind: 'secret', secret: 'env:SECRET' },
          },
        },
      ],
    }).tenants;
    expect(tenant).toMatchObject({
      tenant: '365-lab',
      auth: { kind: 'entra', tenantId: 'lab.example', authority: 'https://login.microsoftonline.us' },
    });
  });

  it('looks addresses up with the key where one is given', () => {
    expect(load({ ...ANSWERS, abuseipdb: { key: 'env:ABUSEIPDB_KEY' } }).abuseipdb).toMatchObject({
      key: 'abuse-value',
      url: 'https://api.abuseipdb.com',
      dailyBudget: 1000,
    });
  });

  it('loads without priorities and fields', () => {
    expect(load(withTicket({ priority: {}, fields: [], unmapped: [] })).tenants[0]?.policy.ticket.fields).toEqual({});
  });

  describe.each(NAMES)('with the name %j', (name) => {
    it('keeps it as a field, an issue type, a priority and in comments', () => {
      const fields: FieldAnswer[] = [{ key: name, template: constantTemplate(name), about: `the field ${name}` }];
      const ticket = withTicket({
        fields,
        issueType: name,
        issueTypeName: name,
        projectName: name,
        priority: { low: name },
      });
      expect(load(ticket).tenants[0]?.policy.ticket).toMatchObject({
        issueType: name,
        priority: { low: name },
        fields: { [name]: constantTemplate(name) },
      });
    });

    it('renders it as the constant text of a field', () => {
      expect(compileTemplate(constantTemplate(name)).render({} as TemplateScope)).toBe(name);
    });
  });

  it('lets no constant text become a reference', () => {
    const template = constantTemplate(`pay \${env:JIRA_TOKEN} now`);
    const config = load(withTicket({ fields: [{ key: 'Note', template, about: '' }] }));
    expect(config.tenants[0]?.policy.ticket.fields.Note).toBe(template);
    expect(compileTemplate(template).render({} as TemplateScope)).toBe(`pay \${env:JIRA_TOKEN} now`);
  });
});

describe('the name of one of several', () => {
  const options = [
    { id: '1', name: 'Plain' },
    { id: '2', name: `\${env:JIRA_TOKEN}` },
    { id: '3', name: 'Twin' },
    { id: '4', name: 'twin' },
    { id: '5', name: '1' },
    { id: '6', name: 'invisible\u200b' },
  ];

  it('is its name where that alone finds it, else its id', () => {
    expect(options.map((option) => nameFor(option, options))).toEqual(['Plain', '2', '3', '4', '5', '6']);
  });
});
