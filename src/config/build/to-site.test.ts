import { describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const env = { TOKEN: 'token-value', PASSWORD: 'password-value' };

function parse(jira: string, tenant = '') {
  const source = `${jira}
ticket: { project: SOC, issueType: Task }
tenants:
  contoso: { source: defender-cloud-apps, url: https://contoso.example, auth: { token: "\${env:TOKEN}" }${tenant} }
`;
  return parseConfig({ source, path: '/etc/casewire.yaml', file: 'casewire.yaml', env });
}

function sitesOf(jira: string, tenant?: string) {
  const result = parse(jira, tenant);
  return result.ok ? result.config.sites : result.problems.map(formatProblem);
}

function site(edition: string, url: string, auth: string): string {
  return `jira:\n  edition: ${edition}\n  url: ${url}\n  auth: { ${auth} }`;
}

const EMAIL = 'email: soc@acme.example';
const TOKEN = `token: "\${env:TOKEN}"`;
const USER = 'username: soc';
const PASSWORD = `password: "\${env:PASSWORD}"`;

describe('a site of Jira Cloud', () => {
  it('signs in with email and token, and is waited for ten minutes', () => {
    expect(sitesOf(site('cloud', 'https://acme.atlassian.net/', `${EMAIL}, ${TOKEN}`))).toEqual([
      {
        site: 'default',
        edition: 'cloud',
        url: 'https://acme.atlassian.net',
        auth: { kind: 'email-token', email: 'soc@acme.example', token: 'token-value' },
        reconcileWindowMs: 600_000,
      },
    ]);
  });

  it('is reached through the gateway, with links that go to the site', () => {
    const gateway = 'https://api.atlassian.com/ex/jira/11111111-2222-4333-8444-555555555555';
    const jira = `${site('cloud', gateway, `${EMAIL}, ${TOKEN}`)}\n  siteUrl: https://acme.atlassian.net/`;
    expect(sitesOf(jira)).toMatchObject([{ url: gateway, siteUrl: 'https://acme.atlassian.net' }]);
  });

  it.each([
    [
      'https://api.atlassian.com/ex/jira/',
      'the gateway needs the cloud id; write https://api.atlassian.com/ex/jira/CLOUD_ID',
    ],
    ['https://acme.atlassian.net/rest/api/3', 'carries the path of the API; leave out /rest and what follows'],
  ])('is not reached at %s', (url, says) => {
    expect(sitesOf(site('cloud', url, `${EMAIL}, ${TOKEN}`))).toEqual([`casewire.yaml:3:8 jira.url: ${says}`]);
  });

  it.each([
    [TOKEN, ['4:3 jira.auth.email: is missing']],
    [EMAIL, ['4:3 jira.auth.token: is missing']],
    [`${EMAIL}, ${TOKEN}, ${USER}`, ['4:69 jira.auth.username: is for Data Center']],
    [
      `${USER}, ${PASSWORD}`,
      [
        '4:3 jira.auth.email: is missing',
        '4:3 jira.auth.token: is missing',
        '4:21 jira.auth.username: is for Data Center',
        '4:36 jira.auth.password: is for Data Center',
      ],
    ],
  ])('does not sign in with %s', (auth, says) => {
    const mend = 'Jira Cloud takes email and token (an API token)';
    const expected = says.map((line) => `casewire.yaml:${line}; ${mend}`);
    expect(sitesOf(site('cloud', 'https://acme.atlassian.net', auth))).toEqual(expected);
  });
});

describe('a site of Jira Data Center', () => {
  const url = 'https://jira.acme.example/jira';

  it('signs in with a personal access token alone, and is waited for two minutes', () => {
    expect(sitesOf(site('datacenter', `${url}/`, TOKEN))).toEqual([
      {
        site: 'default',
        edition: 'datacenter',
        url,
        auth: { kind: 'personal-access-token', token: 'token-value' },
        reconcileWindowMs: 120_000,
      },
    ]);
  });

  it('signs in with username and password, whose pair is a secret too', () => {
    const result = parse(site('datacenter', url, `${USER}, ${PASSWORD}`));
    expect(result).toMatchObject({
      config: { sites: [{ auth: { kind: 'password', username: 'soc', password: 'password-value' } }] },
    });
    expect(result.ok && result.config.secrets).toContain('soc:password-value');
  });

  it.each([
    ['', ['4:3 jira.auth: holds no way to sign in']],
    [USER, ['4:3 jira.auth.password: is missing']],
    [PASSWORD, ['4:3 jira.auth.username: is missing']],
    [`${EMAIL}, ${TOKEN}`, ['4:18 jira.auth.email: is for Jira Cloud']],
    [`${TOKEN}, ${USER}`, ['4:44 jira.auth.username: stands beside token']],
  ])('does not sign in with %j', (auth, says) => {
    const mend = 'Data Center takes token alone (a personal access token), or username and password';
    expect(sitesOf(site('datacenter', url, auth))).toEqual(says.map((line) => `casewire.yaml:${line}; ${mend}`));
  });

  it('takes no user name that Basic sign-in cannot carry', () => {
    expect(sitesOf(site('datacenter', url, `username: "so:c", ${PASSWORD}`))).toEqual([
      'casewire.yaml:4:21 jira.auth.username: holds a colon; Basic sign-in cannot carry it; use a token',
    ]);
  });

  it.each(['https://acme.atlassian.net', 'https://api.atlassian.com/ex/jira/1'])('is not %s', (cloud) => {
    expect(sitesOf(site('datacenter', cloud, TOKEN))).toEqual([
      'casewire.yaml:3:8 jira.url: is a site of Jira Cloud; write edition: cloud',
    ]);
  });
});

describe('several sites', () => {
  const cloud = `{ edition: cloud, url: https://acme.atlassian.net, auth: { ${EMAIL}, ${TOKEN} } }`;
  const center = `{ edition: datacenter, url: https://jira.acme.example, auth: { ${TOKEN} }, reconcileWindow: 30s }`;
  const both = `jira:\n  acme: ${cloud}\n  own: ${center}`;

  it('are told apart by name, and a tenant names one', () => {
    expect(sitesOf(both, ', jira: own')).toMatchObject([
      { site: 'acme', reconcileWindowMs: 600_000 },
      { site: 'own', reconcileWindowMs: 30_000 },
    ]);
    const result = parse(both, ', jira: own');
    expect(result.ok && result.config.tenants[0]?.policy.ticket.site).toBe('own');
  });

  it('must be chosen from', () => {
    expect(sitesOf(both)).toEqual([
      'casewire.yaml:6:3 tenants.contoso.jira: is missing where there are several Jira sites; name one: acme, own',
    ]);
    expect(sitesOf(both, ', jira: acmee')).toEqual([
      expect.stringContaining('tenants.contoso.jira: names no site of jira; did you mean "acme"?'),
    ]);
  });

  it('may be a map of one, which no tenant needs to name', () => {
    const result = parse(`jira:\n  acme: ${cloud}`);
    expect(result.ok && result.config.tenants[0]?.policy.ticket.site).toBe('acme');
  });

  it('are checked each, and a wrong one is still known by its name', () => {
    expect(sitesOf(`jira:\n  acme: ${cloud}\n  own: { edition: datacentre }`, ', jira: own')).toEqual([
      expect.stringContaining('casewire.yaml:3:3 jira.own.url: is missing'),
      expect.stringContaining('casewire.yaml:3:3 jira.own.auth: is missing'),
      'casewire.yaml:3:19 jira.own.edition: "datacentre" is unknown; allowed: cloud, datacenter',
    ]);
  });

  it('have names that fit into identities', () => {
    expect(sitesOf(`jira:\n  a/b: ${cloud}`)).toEqual([
      expect.stringContaining(`jira."a/b": "a/b" is not a site's name`),
    ]);
  });
});
