import { describe, expect, it } from 'vitest';
import { readEvidence } from './evidence.ts';
import { EVIDENCE_KINDS } from './evidence-kinds.ts';

const OBJECT_ID = '0a1b2c3d-1111-4222-8333-444455556666';

const of = (kind: string, fields: object) => ({
  '@odata.type': `#microsoft.graph.security.${kind}Evidence`,
  ...fields,
});
const read = (...evidence: unknown[]) => readEvidence(evidence);
const account = (more: object = {}) => ({ userPrincipalName: 'jane@contoso.com', azureAdUserId: OBJECT_ID, ...more });

/** What each kind must yield: addresses of people, IP addresses, and related entities as `type id label`. */
const CASES: [string, object, { people?: string[]; ips?: string[]; entities?: string[] }][] = [
  ['user', { userAccount: account() }, { people: ['jane@contoso.com'] }],
  [
    'user',
    { userAccount: account({ resourceAccessEvents: [{ ipAddress: '45.66.7.8' }, { ipAddress: '2A0B::1' }] }) },
    { people: ['jane@contoso.com'], ips: ['45.66.7.8', '2a0b::1'] },
  ],
  ['mailbox', { primaryAddress: 'jane@contoso.com', upn: 'j@contoso.com' }, { people: ['jane@contoso.com'] }],
  [
    'mailboxConfiguration',
    { configurationId: 'c1', configurationType: 'userInboxRule', mailboxPrimaryAddress: 'jane@contoso.com' },
    { people: ['jane@contoso.com'], entities: ['mailboxConfiguration c1 userInboxRule'] },
  ],
  [
    'cloudLogonSession',
    { sessionId: 's1', userAgent: 'curl', account: { userAccount: account() } },
    { people: ['jane@contoso.com'], entities: ['cloudLogonSession s1 curl'] },
  ],
  ['cloudLogonRequest', { requestId: 'r1' }, { entities: ['cloudLogonRequest r1 '] }],
  [
    'hostLogonSession',
    { sessionId: '0x3e8', account: { userAccount: account() }, host: { lastIpAddress: '45.66.7.8' } },
    { people: ['jane@contoso.com'], ips: ['45.66.7.8'], entities: ['hostLogonSession 0x3e8 '] },
  ],
  [
    'process',
    { processCommandLine: 'a.exe -x', imageFile: { fileName: 'a.exe' }, userAccount: account() },
    { people: ['jane@contoso.com'], entities: ['process a.exe -x a.exe'] },
  ],
  ['ip', { ipAddress: '45.66.7.8', countryLetterCode: 'SE' }, { ips: ['45.66.7.8'], entities: ['country SE SE'] }],
  [
    'networkConnection',
    { sourceAddress: { ipAddress: '45.66.7.8' }, destinationAddress: { ipAddress: '45.66.7.9' } },
    { ips: ['45.66.7.8', '45.66.7.9'] },
  ],
  [
    'dns',
    { domainName: 'a.example', ipAddresses: [{ ipAddress: '45.66.7.8' }], dnsServerIp: { ipAddress: '45.66.7.9' } },
    { ips: ['45.66.7.8', '45.66.7.9'], entities: ['domainName a.example '] },
  ],
  [
    'nic',
    { macAddress: 'm', ipAddress: { ipAddress: '45.66.7.8' } },
    { ips: ['45.66.7.8'], entities: ['networkInterface m '] },
  ],
  [
    'device',
    {
      mdeDeviceId: 'd1',
      hostName: 'PC-1',
      lastIpAddress: '10.0.0.4',
      lastExternalIpAddress: '45.66.7.8',
      ipInterfaces: ['fe80::1'],
      loggedOnUsers: [{ accountName: 'jane', domainName: 'CONTOSO' }],
    },
    { people: ['CONTOSO\\jane'], ips: ['45.66.7.8', '10.0.0.4'], entities: ['device d1 PC-1'] },
  ],
  [
    'iotDevice',
    { deviceId: 'i1', deviceName: 'Door', ipAddress: { ipAddress: '45.66.7.8' }, nics: [] },
    { ips: ['45.66.7.8'], entities: ['device i1 Door'] },
  ],
  ['cloudApplication', { appId: 11161, displayName: 'Office' }, { entities: ['service 11161 Office'] }],
  ['oauthApplication', { appId: 'a1', displayName: 'Mail Backup' }, { entities: ['oauthApplication a1 Mail Backup'] }],
  [
    'servicePrincipal',
    { servicePrincipalObjectId: 'p1', servicePrincipalName: 'X' },
    { entities: ['servicePrincipal p1 X'] },
  ],
  ['securityGroup', { securityGroupId: 'g1', displayName: 'Staff' }, { entities: ['groupTag g1 Staff'] }],
  ['aiAgent', { agentId: 'b1', agentName: 'Helper' }, { entities: ['aiAgent b1 Helper'] }],
  ['file', { fileDetails: { sha1: 'f1', fileName: 'a.png' } }, { entities: ['file f1 a.png'] }],
  ['url', { url: 'https://a.example/' }, { entities: ['url https://a.example/ '] }],
  [
    'analyzedMessage',
    { networkMessageId: 'n1', subject: 'Hi', recipientEmailAddress: 'jane@contoso.com', senderIp: '45.66.7.8' },
    { people: ['jane@contoso.com'], ips: ['45.66.7.8'], entities: ['message n1 Hi'] },
  ],
  [
    'submissionMail',
    { submissionId: 'n2', recipient: 'jane@contoso.com' },
    { people: ['jane@contoso.com'], entities: ['message n2 '] },
  ],
  [
    'teamsMessage',
    { threadId: 't1', recipients: ['jane@contoso.com', 'ann@contoso.com'], senderIP: '45.66.7.8' },
    { people: ['jane@contoso.com', 'ann@contoso.com'], ips: ['45.66.7.8'], entities: ['message t1 '] },
  ],
  ['azureResource', { resourceId: 'z1', resourceName: 'vm' }, { entities: ['cloudResource z1 vm'] }],
  [
    'kubernetesService',
    { name: 'web', clusterIP: { ipAddress: '45.66.7.8' } },
    { ips: ['45.66.7.8'], entities: ['kubernetesService web web'] },
  ],
  [
    'sasToken',
    { signatureHash: 'h', allowedIpAddresses: '45.66.7.8' },
    { ips: ['45.66.7.8'], entities: ['sasToken h '] },
  ],
  [
    'gitHubUser',
    { userId: '5', login: 'jd', email: 'jane@contoso.com' },
    { people: ['jane@contoso.com'], entities: ['gitHubUser 5 jd'] },
  ],
];

describe('evidence', () => {
  it.each(CASES)('of the kind %s is read: %j', (kind, fields, { people = [], ips = [], entities = [] }) => {
    const found = read(of(kind, fields));
    expect(found.people.map(({ addresses, id }) => addresses.find((address) => address?.includes('@')) ?? id)).toEqual(
      people,
    );
    expect(found.ips).toEqual(ips);
    expect(found.entities.map(({ type, id, label }) => `${type} ${id} ${label}`)).toEqual(entities);
    expect(found.unknownKinds).toEqual([]);
  });

  it.each(Object.keys(EVIDENCE_KINDS))('of the kind %s may be empty, or hold nothing but nulls', (kind) => {
    const names = ['userAccount', 'account', 'displayName', 'ipAddress', 'fileDetails', 'loggedOnUsers', 'host'];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    for (const fields of [{}, nulls, Object.fromEntries(names.map((name) => [name, 7]))])
      expect(read(of(kind, fields)).unknownKinds).toEqual([]);
  });

  it('of an unknown kind is named, and asked for what matters most', () => {
    const found = read(
      of('dream', { userAccount: account(), ipAddress: '45.66.7.8' }),
      of('dream', { upn: 'ann@contoso.com' }),
      { ipAddress: '45.66.7.9' },
    );
    expect(found.unknownKinds).toEqual(['dream', 'without a type']);
    expect(found.ips).toEqual(['45.66.7.8', '45.66.7.9']);
    expect(found.people.map(({ addresses }) => addresses[0])).toEqual(['jane@contoso.com', 'ann@contoso.com']);
  });

  it('names no system account, and nobody without any name', () => {
    const system = { accountName: 'SYSTEM', domainName: 'NT AUTHORITY', userSid: 'S-1-5-18' };
    expect(
      read(of('process', { userAccount: system }), of('user', { userAccount: {} }), of('user', {})).people,
    ).toEqual([]);
  });

  it('calls a person without a principal name by the Windows name', () => {
    const [person] = read(
      of('user', { userAccount: { accountName: 'jane', domainName: 'CONTOSO', userSid: 'S-1-5-21-7' } }),
    ).people;
    expect(person).toMatchObject({ id: 'CONTOSO\\jane', key: 'account S-1-5-21-7' });
  });

  it('names one thing once', () => {
    const app = of('cloudApplication', { appId: 11161, displayName: 'Office' });
    const ip = of('ip', { ipAddress: '45.66.7.8', countryLetterCode: 'SE' });
    const found = read(app, app, ip, ip, of('ip', { ipAddress: '::ffff:45.66.7.8' }));
    expect([found.entities.length, found.ips]).toEqual([2, ['45.66.7.8']]);
  });

  it('that is none is passed over', () => {
    expect(read(null, 7, 'x', [], undefined)).toMatchObject({ people: [], ips: [], entities: [] });
  });
});
