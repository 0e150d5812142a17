import type { SimAlert } from '../cloud-apps-sim.ts';
import { isObject } from '../wire.ts';
import { graphState } from './graph-state.ts';
import { listedAt, touched } from './listed-at.ts';

const SEVERITIES = ['low', 'medium', 'high', 'informational'];

/** Resolution statuses of the REST API from 1, as Graph classifies. */
const CLASSIFICATIONS = ['unknown', 'unknown', 'falsePositive', 'informationalExpectedActivity', 'truePositive'];

/** What stands before the ids of services whose alerts are listed beside those of Defender for Cloud Apps. */
const PREFIXES: Readonly<Record<string, string>> = {
  microsoftAppGovernance: 'ma',
  azureAdIdentityProtection: 'ad',
  microsoft365Defender: 'ra',
};

type Entity = Record<string, unknown>;

/** Made once for each state of a record: a list of thousands is asked for page by page. */
const MADE = new WeakMap<object, { state: string; made: Record<string, unknown> }>();

/**
 * The same alert as Graph lists it, made of the REST API's record (Microsoft Learn, "Migrate from SIEM agents to
 * supported APIs", and the schemas of both). Absent values are null. What is no record of the REST API is served as it is.
 */
export function toGraphRecord(record: unknown): unknown {
  if (!isObject(record) || typeof record._id !== 'string') return record;
  const state = [
    record.resolutionStatusValue,
    record.resolveTime,
    record.handledByUser,
    listedAt(record),
    touched(record)?.times,
  ].join();
  const known = MADE.get(record);
  if (known?.state === state) return known.made;
  const made = make(record);
  MADE.set(record, { state, made });
  return made;
}

function make(record: Record<string, unknown>): Record<string, unknown> {
  const { _id, timestamp, title, description, severityValue, contextId, handledByUser } = record as SimAlert;
  const entities = Array.isArray(record.entities) ? record.entities.filter(isObject) : [];
  const created = dateOf(timestamp);
  const tenantId = textOf(contextId);
  const serviceSource = textOf(record.serviceSource) ?? 'microsoftDefenderForCloudApps';
  const id = `${PREFIXES[serviceSource] ?? 'ca'}${_id}`;
  return {
    '@odata.type': '#microsoft.graph.security.alert',
    id,
    providerAlertId: _id,
    incidentId: null,
    ...stateOf(record as SimAlert),
    severity: SEVERITIES[severityValue as number] ?? 'unknown',
    serviceSource,
    detectionSource: 'cloudAppSecurity',
    productName: 'Microsoft Defender for Cloud Apps',
    detectorId: null,
    alertPolicyId: entities.find(({ type }) => type === 'policyRule')?.id ?? null,
    tenantId,
    title: title ?? null,
    description: description ?? null,
    recommendedActions: '',
    category: 'SuspiciousActivity',
    assignedTo: textOf(handledByUser),
    alertWebUrl: `https://security.microsoft.com/alerts/${id}${tenantId ? `?tid=${tenantId}` : ''}`,
    incidentWebUrl: null,
    mitreTechniques: [],
    createdDateTime: created,
    lastUpdateDateTime: updatedOf(record as SimAlert),
    firstActivityDateTime: created,
    lastActivityDateTime: created,
    comments: graphState(record).comments.map((comment) => ({ ...comment })),
    systemTags: [],
    evidence: evidenceOf(entities, created),
  };
}

function stateOf(record: SimAlert): Record<string, unknown> {
  const { resolutionStatusValue: status, resolveTime } = record;
  const closed = typeof status === 'number' ? status > 0 : typeof resolveTime === 'string';
  return {
    status: closed ? 'resolved' : graphState(record).status,
    classification: closed ? (CLASSIFICATIONS[(status as number) - 1] ?? 'unknown') : 'unknown',
    determination: graphState(record).determination,
    resolvedDateTime: closed ? textOf(resolveTime) : null,
  };
}

/** When the alert was last touched: changed, closed, listed, or raised. Seven digits after the second, as Graph writes some. */
function updatedOf(record: SimAlert): string | null {
  const closed = typeof record.resolveTime === 'string' ? Date.parse(record.resolveTime) : 0;
  const at = dateOf(Math.max(record.timestamp, listedAt(record) ?? 0, touched(record)?.at ?? 0, closed));
  return at?.replace('Z', '6667Z') ?? null;
}

function evidenceOf(entities: readonly Entity[], created: string | null): Record<string, unknown>[] {
  const countries = entities.filter(({ type }) => type === 'country');
  let ips = 0;
  return entities.flatMap((entity) => {
    const evidence = (kind: string, fields: Record<string, unknown>) => ({
      '@odata.type': `#microsoft.graph.security.${kind}Evidence`,
      createdDateTime: created,
      verdict: 'suspicious',
      remediationStatus: 'none',
      remediationStatusDetails: null,
      roles: [],
      detailedRoles: [],
      tags: [],
      ...fields,
    });
    const { type, id, label } = entity;
    if (type === 'account') return [evidence('user', { stream: null, userAccount: accountOf(entity) })];
    if (type === 'ip') {
      const country = countries[ips++]?.id ?? null;
      return [evidence('ip', { ipAddress: id, countryLetterCode: country, location: null, stream: null })];
    }
    if (type === 'service')
      return [evidence('cloudApplication', { appId: id, saasAppId: id, displayName: label, instanceId: 0 })];
    if (type === 'file') return [evidence('file', { mdeDeviceId: null, fileDetails: { fileName: label } })];
    if (type === 'device') return [evidence('device', { azureAdDeviceId: id, hostName: label, loggedOnUsers: [] })];
    return [];
  });
}

function accountOf({ id, label, pa, em }: Entity): Record<string, unknown> {
  const upn = textOf(pa) ?? textOf(em);
  const [accountName, domainName = null] = (upn ?? String(label)).split('@');
  return {
    accountName,
    activeDirectoryObjectGuid: null,
    azureAdUserId: id,
    displayName: label,
    domainName,
    resourceAccessEvents: [],
    userPrincipalName: upn,
    userSid: null,
  };
}

function dateOf(at: unknown): string | null {
  return typeof at === 'number' && Number.isFinite(at) ? new Date(at).toISOString() : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : null;
}
