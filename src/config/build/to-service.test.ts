import { describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const BEFORE = `jira: { edition: cloud, url: https://acme.atlassian.net, auth: { email: soc@acme.example, token: "\${env:TOKEN}" } }
ticket: { project: SOC, issueType: Task }
tenants: { contoso: { source: defender-cloud-apps, url: https://contoso.example, auth: { token: "\${env:TOKEN}" } } }
`;

const ENV = { TOKEN: 'a-token', LISTEN: '127.0.0.1:9191', CLOSE: 'false', NEVER: '0' };

function parse(part: string) {
  return parseConfig({ source: BEFORE + part, path: '/etc/casewire.yaml', file: 'casewire.yaml', env: ENV });
}

function said(part: string): string[] {
  const result = parse(part);
  return result.ok ? [] : result.problems.map(formatProblem);
}

function configOf(part: string) {
  const result = parse(part);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  if (!result.ok) throw new Error('not reached');
  return result.config;
}

describe('what serve offers', () => {
  it.each([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['"[::1]:65535"', { host: '::1', port: 65_535 }],
    [`"\${env:LISTEN}"`, { host: '127.0.0.1', port: 9191 }],
  ])('listens at %s', (listen, expected) => {
    expect(configOf(`service: { listen: ${listen} }`).service.listen).toEqual(expected);
  });

  it.each(['0', '"0"', `"\${env:NEVER}"`])('never takes a tenant for silent with silenceAfter %s', (written) => {
    expect(configOf(`service: { silenceAfter: ${written} }`).service.silenceAfterMs).toBe(0);
  });

  it('is for this machine alone as long as nobody signs in', () => {
    const says = (host: string) =>
      `casewire.yaml:4:20 service.listen: ${host} is reached from other machines, for which people have to sign in; auth is missing; give service.auth, or write 127.0.0.1, and put your TLS proxy on this machine in front of it`;
    for (const [written, host] of [
      ['0.0.0.0:8484', '0.0.0.0'],
      ['"[::]:8484"', '::'],
      ['casewire.acme.example:443', 'casewire.acme.example'],
      ['127.0.0.1.acme.example:443', '127.0.0.1.acme.example'],
    ])
      expect(said(`service: { listen: ${written} }`)).toEqual([says(host ?? '')]);
  });

  it('is told all that is wrong with it, each at its place', () => {
    expect(
      said(`service:
  listen: 8484
  publicUrl: http://casewire.acme.example
  auth: { issuer: https://login.microsoftonline.com/common/v2.0, clientSecret: hunter2 }
  webhookSecret: hunter2
  silenceafter: 48h
`),
    ).toEqual([
      'casewire.yaml:5:11 service.listen: 8484 is not an address with a port; write 127.0.0.1:8484 or "[::1]:8484"',
      'casewire.yaml:6:14 service.publicUrl: "http://casewire.acme.example" is not encrypted; use https (http is for loopback addresses only)',
      'casewire.yaml:7:3 service.auth.clientId: is missing (Client id: of Entra the Application (client) ID of the app registration)',
      'casewire.yaml:7:3 service.auth: lets nobody in; name groups or roles under viewers, operators or both',
      'casewire.yaml:7:19 service.auth.issuer: lets accounts of every organisation sign in; write your tenant id in its place',
      `casewire.yaml:7:80 service.auth.clientSecret: a secret must not stand in this file; write \${env:SERVICE_AUTH_CLIENTSECRET} or \${file:PATH}`,
      `casewire.yaml:8:18 service.webhookSecret: a secret must not stand in this file; write \${env:SERVICE_WEBHOOKSECRET} or \${file:PATH}`,
      'casewire.yaml:9:3 service.silenceafter: unknown key; did you mean "silenceAfter"?',
    ]);
  });

  it.each([
    ['listen: 127.0.0.1:65536', /127.0.0.1:65536" is not an address with a port/],
    ['listen: "[::zz]:1"', /is not an address with a port/],
    ['listen: 127.0.0.1', /is not an address with a port/],
    ['silenceAfter: 2 days', /"2 days" is not a duration; .* or 0 for never/],
    ['silenceAfter: 7', /7 is not a duration/],
    ['silenceAfter: 366d', /"366d" is out of range; allowed: 1s to 365d, or 0 for never/],
    ['silenceAfter: 1ms', /"1ms" is out of range/],
  ])('is refused with %s', (part, says) => {
    expect(said(`service: { ${part} }`)).toEqual([expect.stringMatching(says)]);
  });
});

describe('the sign-in', () => {
  const AUTH = `auth: { issuer: http://127.0.0.1:9/, clientId: casewire, clientSecret: "\${env:TOKEN}", operators: [leads] }`;

  it('opens the console to other machines', () => {
    expect(
      configOf(`service: { listen: 0.0.0.0:8484, publicUrl: https://casewire.acme.example, ${AUTH} }`).service,
    ).toMatchObject({
      listen: { host: '0.0.0.0', port: 8484 },
      auth: { issuer: 'http://127.0.0.1:9/', clientId: 'casewire', viewers: [], operators: ['leads'] },
    });
  });

  it('needs no public address on this machine alone', () => {
    expect(configOf(`service: { ${AUTH} }`).service.auth?.clientSecret).toBe('a-token');
  });

  it('needs to know where people come back to', () => {
    expect(said(`service: { listen: 0.0.0.0:8484, ${AUTH} }`)).toEqual([
      expect.stringMatching(/service.publicUrl: is missing: where people come back to .* cannot be told from 0.0.0.0/),
    ]);
    expect(said(`service: { publicUrl: https://acme.example/casewire, ${AUTH} }`)).toEqual([
      expect.stringMatching(/service.publicUrl: has a path, and the console needs a host name of its own/),
    ]);
  });
});

describe('keeping alert and issue in step', () => {
  it('closes with true_positive unless the file says otherwise', () => {
    const { sync } = configOf('sync: { fromJira: }');
    expect(sync).toEqual({
      fromJira: { closeAlert: true, verdicts: new Map(), otherwise: 'true_positive' },
      everyMs: 300_000,
    });
  });

  it('only comments the issue where no transition is named', () => {
    expect(configOf('sync: { fromDefender: {} }').sync).toEqual({ fromDefender: {}, everyMs: 300_000 });
  });

  it('takes a transition by its id, and true or false by reference', () => {
    const { sync } = configOf(
      `sync: { fromDefender: { transitionTo: 31 }, fromJira: { closeAlert: "\${env:CLOSE}" } }`,
    );
    expect(sync).toMatchObject({ fromDefender: { transitionTo: '31' }, fromJira: { closeAlert: false } });
  });

  it.each(['sync:', 'sync: { every: 5m }'])('must say which way: %j', (part) => {
    expect(said(part)).toEqual(['casewire.yaml:4:1 sync: says nothing; give fromJira, fromDefender or both']);
  });

  it('is told all that is wrong with it, each at its place', () => {
    expect(
      said(`sync:
  fromjira: {}
  fromJira:
    closeAlert: yes please
    verdict: { False Positive: falsepositive, "Won't Do": benign, won't do: benign, Default: benign, default: benign }
  fromDefender: { transitionTO: Done }
  every: 0s
`),
    ).toEqual([
      'casewire.yaml:5:3 sync.fromjira: unknown key; did you mean "fromJira"?',
      'casewire.yaml:7:17 sync.fromJira.closeAlert: "yes please" is neither true nor false',
      'casewire.yaml:8:32 sync.fromJira.verdict."False Positive": "falsepositive" is unknown; allowed: false_positive, benign, true_positive',
      'casewire.yaml:8:77 sync.fromJira.verdict."won\'t do": is the same resolution as "Won\'t Do"; case does not count; leave one out',
      'casewire.yaml:8:111 sync.fromJira.verdict.default: is the same resolution as "Default"; case does not count; leave one out',
      'casewire.yaml:9:19 sync.fromDefender.transitionTO: unknown key; did you mean "transitionTo"?',
      'casewire.yaml:10:10 sync.every: "0s" is out of range; allowed: 1s to 7d',
    ]);
  });
});
