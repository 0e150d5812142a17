import {
  type Alert,
  type AlertState,
  type Severity,
  type TenantId,
  toAlertId,
  type Verdict,
} from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { ownUrl, portalUrl } from '../record/alert-url.ts';
import { toIps } from '../record/ip-list.ts';
import { toPeople } from '../record/people.ts';
import { toRaw } from '../record/raw-record.ts';
import { readText } from '../record/record-text.ts';
import { toUnreadable } from '../record/unreadable.ts';
import { timeOf } from '../record/wire-values.ts';
import { readEvidence } from './evidence.ts';
import { type AlertWire, parseAlert } from './wire.ts';

const SEVERITIES: Readonly<Record<string, Severity>> = {
  high: 'high',
  medium: 'medium',
  low: 'low',
  informational: 'informational',
};

/** Graph v1.0, "alert resource type": alertStatus values. */
const STATUSES = new Set(['new', 'inProgress', 'resolved']);

/** The same, alertClassification values. */
const CLASSIFICATIONS: Readonly<Record<string, Verdict>> = {
  truePositive: 'true_positive',
  falsePositive: 'false_positive',
  informationalExpectedActivity: 'benign',
};

/** What a determination means where the classification is left open (Defender XDR, "Investigate alerts", classification). */
const DETERMINATIONS: Readonly<Record<string, Verdict>> = {
  apt: 'true_positive',
  malware: 'true_positive',
  unwantedSoftware: 'true_positive',
  multiStagedAttack: 'true_positive',
  compromisedAccount: 'true_positive',
  phishing: 'true_positive',
  maliciousUserActivity: 'true_positive',
  notMalicious: 'false_positive',
  notEnoughDataToValidate: 'false_positive',
  securityPersonnel: 'benign',
  securityTesting: 'benign',
  confirmedActivity: 'benign',
  lineOfBusinessApplication: 'benign',
};

/**
 * Converts a record as Graph lists it; pure. Whatever a record lacks or has in an odd shape gets a default and is named
 * in `incomplete`, evidence of an unknown kind too; only a record without an id, or no object at all, cannot be read and
 * keeps its raw text.
 */
export function toAlert(record: unknown, tenant: TenantId, seenAt: EpochMs): Alert | UnreadableRecord {
  const raw = toRaw(record);
  const wire = parseAlert(record);
  if ('unreadable' in wire) {
    const { id, createdDateTime } = (record ?? {}) as { id?: unknown; createdDateTime?: unknown };
    const createdAt = (typeof createdDateTime === 'string' ? timeOf(createdDateTime) : undefined) ?? seenAt;
    return toUnreadable(raw, { id, createdAt, why: wire.unreadable });
  }
  const incomplete = wire.odd;
  const { title, description, mailAddresses, ipAddresses, networks } = readText(wire, incomplete);
  const { people, ips, entities, unknownKinds } = readEvidence(wire.evidence);
  for (const kind of unknownKinds) incomplete.push(`evidence of the unknown kind ${kind}`);
  return {
    id: toAlertId(wire.id),
    tenant,
    title,
    description,
    severity: toSeverity(wire, incomplete),
    // Graph names the policy by its id alone.
    type: title,
    ...(wire.firstActivityDateTime === undefined ? {} : { activityAt: wire.firstActivityDateTime }),
    createdAt: wire.createdDateTime ?? seenAt,
    state: toState(wire, incomplete),
    url: toUrl(wire, incomplete),
    users: toPeople(people, mailAddresses),
    ips: toIps(ips, ipAddresses),
    networks,
    entities: [...policyOf(wire), ...entities],
    incomplete,
    raw,
  };
}

function name(incomplete: string[], field: string): void {
  if (!incomplete.includes(field)) incomplete.push(field);
}

function toSeverity({ severity: given = '' }: AlertWire, incomplete: string[]): Severity {
  const severity = SEVERITIES[given];
  if (severity === undefined) name(incomplete, 'severity');
  return severity ?? 'medium';
}

/** The status alone says whether an alert is open; with an unknown one it counts as open, so that nothing is passed over. */
function toState(wire: AlertWire, incomplete: string[]): AlertState {
  const { status = '', classification = '', determination = '', resolvedDateTime, assignedTo } = wire;
  if (!STATUSES.has(status)) name(incomplete, 'status');
  if (status !== 'resolved') return { open: true };
  return {
    open: false,
    verdict: CLASSIFICATIONS[classification] ?? DETERMINATIONS[determination] ?? 'unspecified',
    ...(resolvedDateTime === undefined ? {} : { closedAt: resolvedDateTime }),
    ...(assignedTo ? { closedBy: toOneLine(assignedTo) } : {}),
  };
}

function toUrl({ alertWebUrl, id, tenantId }: AlertWire, incomplete: string[]): string {
  const own = ownUrl(alertWebUrl);
  if (own === undefined) name(incomplete, 'alertWebUrl');
  return own ?? portalUrl(id, tenantId);
}

function policyOf({ alertPolicyId }: AlertWire): Alert['entities'] {
  return alertPolicyId === undefined ? [] : [{ type: 'policyRule', id: toOneLine(alertPolicyId), label: '' }];
}
