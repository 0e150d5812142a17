import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { formatProblem } from './problems.ts';

const env = { TOKEN: 'token-value' };

function problemsOf(source: string): string[] {
  const result = parseConfig({ source, path: '/etc/casewire/casewire.yaml', file: 'casewire.yaml', env });
  return result.ok ? [] : result.problems.map(formatProblem);
}

const HEAD = `jira: { edition: cloud, url: https://acme.atlassian.net, auth: { email: soc@acme.example, token: "\${env:TOKEN}" } }
ticket: { project: SOC, issueType: Task }
`;
const TENANT = `source: defender-cloud-apps, url: https://contoso.example, auth: { token: "\${env:TOKEN}" }`;

describe('the problems of a file', () => {
  it('are told all at once, each at its place, in the order of the file', () => {
    const source = `store: mysql://host/casewire
jira:
  editon: cloud
  edition: onprem
  url: http://jira.acme.example/jira
  reconcileWindow: 5 minutes
  reconcileWindow: 10m
abuseipdb:
  maxAgeInDays: 400
  dailyBudget: -1
  neverSend: [198.51.100.0/33, 2001:db8::/32, 300.1.1.1, 127.1]
ticket:
  project: [SOC]
  issueTyp: Task
  priority: { high: High, critical: Highest, lo: Low }
  labels: [defender, two words]
  fields: none
tenants:
  contoso:
    source: defnder-cloud-apps
    url: ftp://contoso.example
    auth: {}
    evry: 5m
    every: 5
    lookback: 9999d
    jira: mian
  Contoso: { source: defender-cloud-apps, auth: }
  con toso: 7
  ..: { ${TENANT} }
limits: { newTicketsPerTenantPerHour: 1.5 }
rulez: []
`;
    expect(problemsOf(source)).toEqual([
      'casewire.yaml:1:8 store: is not the path of a file; name a SQLite file, or write postgres://USER@HOST/DATABASE',
      'casewire.yaml:2:1 jira.auth: is missing (Cloud: email and token. Data Center: token alone (a personal access token), or username and password)',
      'casewire.yaml:3:3 jira.editon: unknown key; did you mean "edition"?',
      'casewire.yaml:4:12 jira.edition: "onprem" is unknown; allowed: cloud, datacenter',
      'casewire.yaml:5:8 jira.url: "http://jira.acme.example/jira" is not encrypted; use https (http is for loopback addresses only)',
      'casewire.yaml:6:20 jira.reconcileWindow: "5 minutes" is not a duration; write a number and its unit (s, m, h, d), such as 5m',
      'casewire.yaml:7:3 jira.reconcileWindow: given twice, first in line 6; leave one out',
      `casewire.yaml:8:1 abuseipdb.key: is missing (API key. A reference: \${env:NAME} or \${file:PATH})`,
      'casewire.yaml:9:17 abuseipdb.maxAgeInDays: 400 is not a whole number from 1 to 365',
      'casewire.yaml:10:16 abuseipdb.dailyBudget: -1 is not a whole number from 0 to 100000000',
      'casewire.yaml:11:15 abuseipdb.neverSend[0]: "198.51.100.0/33" is not an address or a range; write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32',
      'casewire.yaml:11:47 abuseipdb.neverSend[2]: "300.1.1.1" is not an address or a range; write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32',
      'casewire.yaml:11:58 abuseipdb.neverSend[3]: 127.1 is not an address or a range; write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32',
      "casewire.yaml:12:1 ticket.issueType: is missing, here and for tenant contoso and 2 more; give it here, or in the tenant's ticket",
      'casewire.yaml:13:12 ticket.project: a list stands where a single value belongs',
      'casewire.yaml:14:3 ticket.issueTyp: unknown key; did you mean "issueType"?',
      'casewire.yaml:15:27 ticket.priority.critical: unknown key; allowed: high, medium, low, informational',
      'casewire.yaml:15:46 ticket.priority.lo: unknown key; did you mean "low"?',
      'casewire.yaml:16:22 ticket.labels[1]: "two words" is not a label; it has 1 to 255 characters and no space',
      'casewire.yaml:17:11 ticket.fields: a single value stands where keys and values belong',
      'casewire.yaml:20:13 tenants.contoso.source: "defnder-cloud-apps" is unknown; allowed: defender-cloud-apps, graph',
      'casewire.yaml:21:10 tenants.contoso.url: "ftp://contoso.example" is not a web address; use https',
      `casewire.yaml:22:5 tenants.contoso.auth.token: is missing; give a legacy API token (\${env:NAME} or \${file:PATH}), or tenantId, clientId and clientSecret`,
      'casewire.yaml:23:5 tenants.contoso.evry: unknown key; did you mean "every"?',
      'casewire.yaml:24:12 tenants.contoso.every: 5 is not a duration; write a number and its unit (s, m, h, d), such as 5m',
      'casewire.yaml:25:15 tenants.contoso.lookback: "9999d" is out of range; allowed: 1s to 3650d',
      'casewire.yaml:26:11 tenants.contoso.jira: names no site of jira; known: default',
      'casewire.yaml:27:3 tenants.Contoso: differs from contoso only in case; choose another name',
      "casewire.yaml:27:3 tenants.Contoso.url: is missing; give the tenant's API URL",
      `casewire.yaml:27:43 tenants.Contoso.auth.token: is missing; give a legacy API token (\${env:NAME} or \${file:PATH}), or tenantId, clientId and clientSecret`,
      'casewire.yaml:28:3 tenants."con toso": "con toso" is not a tenant\'s name; use letters of any script, digits, dot, dash and underscore, at most 100',
      'casewire.yaml:28:13 tenants."con toso": a single value stands where keys and values belong',
      'casewire.yaml:29:3 tenants."..": ".." is not a tenant\'s name; use letters of any script, digits, dot, dash and underscore, at most 100',
      'casewire.yaml:30:39 limits.newTicketsPerTenantPerHour: 1.5 is not a whole number from 0 to 1000000',
      'casewire.yaml:31:1 rulez: unknown key; did you mean "rules"?',
    ]);
  });

  it.each([
    ['all', '"all" cannot be a tenant\'s name; reports use it for the overview of all tenants'],
    ['Zu\u0308rich', 'has its accents apart (Unicode NFD); write it composed (NFC), as keyboards do'],
    ['東'.repeat(70), "is too long for a tenant's name; it has at most 200 bytes in UTF-8"],
    ['\u0301a', "is not a tenant's name; use letters of any script"],
  ])('refuse the tenant %s', (name, says) => {
    expect(problemsOf(`${HEAD}tenants: { "${name}": { ${TENANT} } }`).join('\n')).toContain(says);
  });

  it('name what is not there at all', () => {
    expect(problemsOf('')).toEqual([
      'casewire.yaml:1:1 jira: is missing (One Jira site, or a map of names to sites; then each tenant says `jira: NAME`)',
      'casewire.yaml:1:1 tenants: is missing (The tenants by name; the name is part of the identity of each alert)',
    ]);
    expect(problemsOf(`${HEAD}tenants:\n`)).toEqual([
      'casewire.yaml:3:1 tenants: there is no tenant; give at least one',
    ]);
    expect(problemsOf(`jira:\nticket: {}\ntenants: { contoso: { ${TENANT} } }`)).toEqual([
      expect.stringContaining('casewire.yaml:1:1 jira.edition: is missing (Which Jira it is: cloud or datacenter)'),
      expect.stringContaining('casewire.yaml:1:1 jira.url: is missing'),
      expect.stringContaining('casewire.yaml:1:1 jira.auth: is missing'),
      "casewire.yaml:2:1 ticket.project: is missing, here and for tenant contoso; give it here, or in the tenant's ticket",
      "casewire.yaml:2:1 ticket.issueType: is missing, here and for tenant contoso; give it here, or in the tenant's ticket",
    ]);
    expect(problemsOf('casewire')).toEqual(['casewire.yaml:1:1: a single value stands where keys and values belong']);
  });

  it.each([
    ['http://localhost:8080/jira/', undefined],
    ['http://127.0.0.1:8080', undefined],
    ['http://[::1]:8080', undefined],
    ['https://jira.acme.example:8443/jira', undefined],
    ['http://127.acme.example', 'is not encrypted'],
    ['https://soc@acme.example', 'must not carry credentials'],
    ['https://acme.example/?a=1', 'must not carry a query or a fragment'],
    ['https://acme.example/#', 'must not carry a query or a fragment'],
    ['acme.example', 'is not a URL'],
    ['file:///etc/passwd', 'is not a URL'],
    ['""', 'must not be empty'],
    ['', 'has no value'],
  ])('judge the base URL %j', (url, says) => {
    const source = `${HEAD}tenants:\n  contoso:\n    url: ${url}\n    source: defender-cloud-apps\n    auth: { token: "\${env:TOKEN}" }\n`;
    const problems = problemsOf(source);
    if (says === undefined) expect(problems).toEqual([]);
    else expect(problems).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    ['a: 1\na: 2\n  b: 3', 'is not valid YAML: '],
    ['jira:\n\tx: 1', 'casewire.yaml:2:1: is not valid YAML: Tabs are not allowed as indentation'],
    [`${HEAD}tenants: { contoso: { ${TENANT} } }\n---\nx: 1`, 'casewire.yaml:4:1: a second document begins here'],
    ['store: !path x', 'casewire.yaml:1:8: a value that starts with ! is a tag; put it in quotes'],
    ['store: |x\n y', 'text stands behind | or >'],
    ['store: *store', 'casewire.yaml:1:8 store: refers to an anchor that is not set before it'],
    ['? [a]\n: 1', 'casewire.yaml:1:3: a key must be a single word or text'],
  ])('say what is wrong with the YAML %j', (source, says) => {
    expect(problemsOf(source).join('\n')).toContain(says);
  });

  it('do not call a part missing that is there and wrong', () => {
    const ticket = 'ticket: { project: [], issueType: {} }\n';
    expect(problemsOf(`${HEAD.replace(/ticket.*\n/, ticket)}tenants: { contoso: { ${TENANT} } }`)).toHaveLength(2);
  });
});

describe('the problems of a template', () => {
  it('stand where they are in the file, in every style of YAML', () => {
    const source = `${HEAD.replace(/ticket.*\n/, '')}ticket:
  project: SOC
  issueType: Task
  fields:
    Plain: at {{ alert.ulr }}
    Double: "say \\"{{ alert.users | map: 'nmae' }}\\" \\u00e9 {{ alert.titel }}"
    'It''s': 'it''s {{ alert.titel }}'
    Literal: |
      one
        {{ alert.ulr }}
    Folded: >-
      a b
      c {{ alert.ulr }}
    Lines: one

      two {{ tenat }}
    Syntax: "{{ alert.url "
    Number: 5
tenants: { contoso: { ${TENANT}, ticket: { fields: { Own: '{{ alert.ulr }}' } } } }
`;
    expect(problemsOf(source)).toEqual([
      'casewire.yaml:6:18 ticket.fields.Plain: alert.ulr is unknown; did you mean alert.url?',
      'casewire.yaml:7:42 ticket.fields.Double: nmae is unknown; did you mean name?',
      'casewire.yaml:7:64 ticket.fields.Double: alert.titel is unknown; did you mean alert.title?',
      'casewire.yaml:8:24 ticket.fields."It\'s": alert.titel is unknown; did you mean alert.title?',
      'casewire.yaml:11:12 ticket.fields.Literal: alert.ulr is unknown; did you mean alert.url?',
      'casewire.yaml:14:12 ticket.fields.Folded: alert.ulr is unknown; did you mean alert.url?',
      'casewire.yaml:17:14 ticket.fields.Lines: tenat is unknown; did you mean tenant?',
      'casewire.yaml:18:14 ticket.fields.Syntax: output "{{ alert.url " not closed',
      'casewire.yaml:19:13 ticket.fields.Number: 5 is not text; put it in quotes',
      expect.stringMatching(/^casewire\.yaml:20:\d+ tenants\.contoso\.ticket\.fields\.Own: alert\.ulr is unknown/),
    ]);
  });
});

describe('any text at all', () => {
  const whole = `${HEAD}abuseipdb: { key: "\${env:TOKEN}", neverSend: [198.51.100.0/24] }
tenants:
  contoso: &contoso
    source: defender-cloud-apps
    url: https://contoso.example
    auth: { token: "\${env:TOKEN}" }
    ticket:
      fields: { Who: "{{ alert.users | map: 'name' | join }}" }
  fabrikam: *contoso
rules: []
`;

  it('is answered with a configuration or with problems that have a place, and never shows a secret', () => {
    const cut = fc.record({
      at: fc.nat(whole.length),
      length: fc.nat(12),
      put: fc.constantFrom(
        '',
        ' ',
        '\n',
        ':',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '&a ',
        '*a',
        '|',
        '!x',
        '#',
        '- ',
        '~',
        '{{',
        '%}',
      ),
    });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 4 }), (cuts) => {
        let source = whole;
        for (const { at, length, put } of cuts) source = source.slice(0, at) + put + source.slice(at + length);
        const result = parseConfig({ source, path: '/etc/casewire.yaml', file: 'casewire.yaml', env });
        if (result.ok) return;
        expect(result.problems.length).toBeGreaterThan(0);
        const lines = source.split('\n');
        for (const { line, column } of result.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
        }
        expect(JSON.stringify(result.problems)).not.toContain('token-value');
      }),
      { numRuns: 500 },
    );
  });
});
