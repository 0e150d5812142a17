import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Alert, TenantId } from '../domain/alert.ts';
import type { UnreadableRecord } from '../domain/reading.ts';
import { toGraphRecord } from '../simulators/scene/graph-record.ts';
import { mondayAlerts } from '../simulators/scene/monday.ts';
import { toAlert as fromCloudApps } from './cloud-apps/to-alert.ts';
import { toAlert as fromGraph } from './graph/to-alert.ts';

const tenant = 'contoso' as TenantId;

function whole(read: Alert | UnreadableRecord): Alert {
  if (!('tenant' in read)) throw new Error(read.why);
  return read;
}

/** What must be the same of an alert from both services. */
function shared({ id, title, description, severity, createdAt, state, users, ips, networks, incomplete }: Alert) {
  // Published pairs differ in line breaks alone.
  const words = description.replace(/\s+/g, ' ');
  const { closedAt: _, closedBy: __, ...verdict } = { closedAt: 0, closedBy: '', ...state };
  return { id, title, words, severity, createdAt, verdict, users, ips, networks, incomplete };
}

function pair(rest: unknown, graph: unknown) {
  return { rest: whole(fromCloudApps(rest, tenant, 1)), graph: whole(fromGraph(graph, tenant, 2)) };
}

const ID = '64a1f00000000000000000b7';
const OBJECT_ID = '0a1b2c3d-1111-4222-8333-444455556666';
const ENTRA = '11111111-2222-4333-8444-555555555555';
const RAISED = '2026-11-21T03:04:05.678Z';

const REST = {
  _id: ID,
  timestamp: Date.parse(RAISED),
  title: 'Activity from a Tor IP address',
  description: '<p>Jane Doe (jane@contoso.com) signed in from 45.66.7.8 and 2A0B:1234::1,<br>then from 45.66.7.9.</p>',
  severityValue: 2,
  resolutionStatusValue: 0,
  contextId: ENTRA,
  entities: [
    { type: 'policyRule', id: '64a1f00000000000000000c1', label: 'Activity from a Tor IP address' },
    { type: 'account', id: OBJECT_ID, label: 'Jane Doe', pa: 'Jane@contoso.com', em: 'Jane@contoso.com' },
    { type: 'user', id: 'jane@contoso.com', label: 'jane@contoso.com' },
    { type: 'ip', id: '45.66.7.8', label: '45.66.7.8' },
    { type: 'service', id: 11161, label: 'Microsoft 365' },
  ],
};

const evidence = (kind: string, fields: object) => ({
  '@odata.type': `#microsoft.graph.security.${kind}Evidence`,
  createdDateTime: RAISED,
  verdict: 'suspicious',
  roles: [],
  ...fields,
});

const GRAPH = {
  id: `ca${ID}`,
  providerAlertId: ID,
  createdDateTime: '2026-11-21T03:04:05.6781234Z',
  lastUpdateDateTime: '2026-11-21T03:09:00Z',
  title: REST.title,
  description: 'Jane Doe (jane@contoso.com) signed in from 45.66.7.8 and 2A0B:1234::1,\nthen from 45.66.7.9.',
  severity: 'high',
  status: 'new',
  classification: null,
  determination: null,
  resolvedDateTime: null,
  assignedTo: null,
  tenantId: ENTRA,
  alertPolicyId: '64a1f00000000000000000c1',
  alertWebUrl: `https://security.microsoft.com/alerts/ca${ID}?tid=${ENTRA}`,
  serviceSource: 'microsoftDefenderForCloudApps',
  evidence: [
    evidence('user', {
      userAccount: {
        userPrincipalName: 'Jane@contoso.com',
        azureAdUserId: OBJECT_ID,
        displayName: 'Jane Doe',
        accountName: 'jane',
        domainName: 'contoso.com',
      },
    }),
    evidence('ip', { ipAddress: '45.66.7.8', countryLetterCode: null }),
    evidence('cloudApplication', { appId: 11161, displayName: 'Microsoft 365' }),
  ],
};

/** How each service says how an alert stands, and what both mean. */
const STATES: [string, object, object, Alert['state']][] = [
  ['open', {}, {}, { open: true }],
  ['in progress', {}, { status: 'inProgress' }, { open: true }],
  ...(
    [
      ['false_positive', 3, 'falsePositive'],
      ['benign', 4, 'informationalExpectedActivity'],
      ['true_positive', 5, 'truePositive'],
      ['unspecified', 1, 'unknown'],
      ['unspecified', 2, null],
    ] as const
  ).map(([verdict, resolutionStatusValue, classification]): (typeof STATES)[number] => [
    `closed as ${verdict} (${classification})`,
    { resolutionStatusValue, resolveTime: '2026-11-22T01:00:00Z', handledByUser: 'ann@contoso.com' },
    { status: 'resolved', classification, resolvedDateTime: '2026-11-22T01:00:00Z', assignedTo: 'ann@contoso.com' },
    { open: false, verdict, closedAt: Date.parse('2026-11-22T01:00:00Z'), closedBy: 'ann@contoso.com' },
  ]),
];

describe('one alert from both services', () => {
  it.each(STATES)('is the same when it is %s', (_, closedRest, closedGraph, state) => {
    const { rest, graph } = pair(
      { ...REST, URL: 'https://contoso.example/a', ...closedRest },
      { ...GRAPH, ...closedGraph },
    );
    expect(shared(graph)).toEqual(shared(rest));
    expect([rest.state, graph.state]).toEqual([state, state]);
  });

  it('has the link of its own service, and the one into the portal where the REST API gives none', () => {
    const { rest, graph } = pair(REST, GRAPH);
    expect(graph.url).toBe(GRAPH.alertWebUrl);
    expect(rest.url).toBe(graph.url);
    expect(pair({ ...REST, URL: 'https://contoso.example/a' }, GRAPH).rest.url).toBe('https://contoso.example/a');
  });

  it('names the same app, and the policy by its id', () => {
    const { rest, graph } = pair(REST, GRAPH);
    const named = ({ entities }: Alert) => entities.map(({ type, id }) => `${type} ${id}`);
    expect(named(graph)).toEqual(named(rest));
  });

  it.each([
    ['high', 2],
    ['medium', 1],
    ['low', 0],
    ['informational', 3],
  ])('is as severe: %s', (severity, severityValue) => {
    const { rest, graph } = pair({ ...REST, severityValue }, { ...GRAPH, severity });
    expect([rest.severity, graph.severity]).toEqual([severity, severity]);
  });

  it('is the same for the whole weekend of the simulators', () => {
    const alerts = Object.values(mondayAlerts(Date.parse('2026-11-23T07:00:00Z'))).flat();
    expect(alerts).toHaveLength(15);
    for (const record of alerts) {
      const { rest, graph } = pair(record, toGraphRecord(record));
      expect(shared(graph)).toEqual(shared(rest));
    }
  });
});

const folder = join(resolve(import.meta.dirname, '../..'), '../shared/samples/ms');
const absent = !existsSync(folder);

function published(file: string, key: string): Record<string, unknown>[] {
  return absent ? [] : JSON.parse(readFileSync(join(folder, file), 'utf8'))[key];
}

describe.skipIf(absent)(`published records${absent ? ` (skipped: ${folder} is not there)` : ''}`, () => {
  const graph = new Map(
    published('SYNTHETIC_graph-alerts_v2.same-5-alerts-mapped.json', 'value').map((one) => [one.providerAlertId, one]),
  );
  const records = published('COMPOSED_mcas-alerts-list.5-real-alerts.json', 'data');

  it.each(records)('are the same alert from both services: $_id $title', (record) => {
    const both = pair(record, graph.get(record._id));
    expect(shared(both.graph)).toEqual(shared(both.rest));
    const { closedAt, closedBy } = { closedAt: undefined, closedBy: undefined, ...both.rest.state };
    expect(both.graph.state).toMatchObject({ ...(closedAt ? { closedAt } : {}), ...(closedBy ? { closedBy } : {}) });
    expect(both.graph.url).toMatch(new RegExp(`^https://security\\.microsoft\\.com/alerts/ca${record._id}\\?tid=`));
    expect(both.rest.url).toBe(record.URL);
  });

  it('are all paired', () => {
    expect(records.map(({ _id }) => _id).toSorted()).toEqual([...graph.keys()].toSorted());
    expect(records).toHaveLength(5);
  });

  it('are read too when another product of Defender raised them', () => {
    const [record] = published('graphdocs_security-list-alerts_v2.response.json', 'value');
    expect(whole(fromGraph(record, tenant, 0))).toMatchObject({
      severity: 'low',
      state: { open: true },
      users: [],
      ips: [],
      entities: [{ type: 'device' }, { type: 'file' }, { type: 'process' }, { type: 'registryKey' }],
      incomplete: [],
    });
  });
});
