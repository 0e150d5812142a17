import type { Alert, AlertState, IpAddress, Severity, TenantId, Verdict } from '../../domain/alert.ts';
import { toAlertId } from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { ownUrl, portalUrl } from '../record/alert-url.ts';
import { addressesIn, toIps } from '../record/ip-list.ts';
import { toRaw } from '../record/raw-record.ts';
import { readText } from '../record/record-text.ts';
import { toUnreadable } from '../record/unreadable.ts';
import { isPerson, toUsers } from './to-users.ts';
import { type AlertWire, type EntityWire, parseAlert } from './wire.ts';

/** Severity values of the REST API; the numbers are not in order (Defender for Cloud Apps, "Alerts API"). */
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'informational'];

/** Resolution statuses of the same table: 0 is open, 1 and 2 come from legacy calls that kept no verdict. */
const STATES: readonly ('open' | Verdict)[] = [
  'open',
  'unspecified',
  'unspecified',
  'false_positive',
  'benign',
  'true_positive',
];

const ADDRESSES = new Set(['ip', 'discovery_ip']);

/**
 * Converts a record as the API lists it; pure. Whatever a record lacks or has in an odd shape gets a default and is
 * named in `incomplete`; only a record without an id, or no object at all, cannot be read and keeps its raw text.
 */
export function toAlert(record: unknown, tenant: TenantId, seenAt: EpochMs): Alert | UnreadableRecord {
  const raw = toRaw(record);
  const wire = parseAlert(record);
  if ('unreadable' in wire) {
    const { _id: id, timestamp } = (record ?? {}) as { _id?: unknown; timestamp?: unknown };
    const createdAt = typeof timestamp === 'number' && Number.isSafeInteger(timestamp) ? timestamp : seenAt;
    return toUnreadable(raw, { id, createdAt, why: wire.unreadable });
  }
  const incomplete = wire.odd;
  const { title, description, mailAddresses, ipAddresses, networks } = readText(wire, incomplete);
  return {
    id: toAlertId(wire._id),
    tenant,
    title,
    description,
    severity: toSeverity(wire, incomplete),
    // Graph names no policy: the title is what both services call the detection.
    type:
      title || toOneLine(wire.entities.find(({ type }) => type === 'policyRule')?.label ?? wire.policy?.label ?? ''),
    createdAt: wire.timestamp ?? seenAt,
    state: toState(wire, incomplete),
    url: toUrl(wire, incomplete),
    users: toUsers(wire.entities, mailAddresses),
    ips: toAddresses(wire.entities, { mentioned: ipAddresses, incomplete }),
    networks,
    entities: wire.entities
      .filter((entity) => !isPerson(entity) && !ADDRESSES.has(entity.type))
      .map(({ type, id, label }) => ({ type, id, label: toOneLine(label) })),
    incomplete,
    raw,
  };
}

function name(incomplete: string[], field: string): void {
  if (!incomplete.includes(field)) incomplete.push(field);
}

function toSeverity({ severityValue }: AlertWire, incomplete: string[]): Severity {
  const severity = SEVERITIES[severityValue ?? -1];
  if (severity === undefined) name(incomplete, 'severityValue');
  return severity ?? 'medium';
}

/** The resolution status speaks first; a resolve time only where there is none, since reopened alerts keep theirs. */
function toState(wire: AlertWire, incomplete: string[]): AlertState {
  const { resolutionStatusValue, resolveTime, handledByUser } = wire;
  const implied = resolveTime === undefined ? 'open' : 'unspecified';
  const stated = resolutionStatusValue === undefined ? implied : STATES[resolutionStatusValue];
  if (stated === undefined) name(incomplete, 'resolutionStatusValue');
  if (stated === undefined || stated === 'open') return { open: true };
  const closedAt = Date.parse(resolveTime ?? '');
  return {
    open: false,
    verdict: stated,
    ...(Number.isNaN(closedAt) ? {} : { closedAt }),
    ...(handledByUser ? { closedBy: toOneLine(handledByUser) } : {}),
  };
}

/** The record's own link, else one into the portal of today, which files these alerts under `ca<id>`. */
function toUrl({ URL: given, _id, contextId }: AlertWire, incomplete: string[]): string {
  const own = ownUrl(given);
  if (own === undefined) name(incomplete, 'URL');
  return own ?? portalUrl(`ca${_id}`, contextId);
}

function toAddresses(
  entities: readonly EntityWire[],
  { mentioned, incomplete }: { mentioned: readonly string[]; incomplete: string[] },
): IpAddress[] {
  const named: string[] = [];
  for (const { type, id, label } of entities) {
    if (!ADDRESSES.has(type)) continue;
    const addresses = addressesIn(id, label);
    if (addresses.length === 0) name(incomplete, 'entities');
    named.push(...addresses);
  }
  return toIps(named, mentioned);
}
