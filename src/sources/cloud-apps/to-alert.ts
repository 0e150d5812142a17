import { createHash } from 'node:crypto';
import {
  type Alert,
  type AlertState,
  type IpAddress,
  type Severity,
  type TenantId,
  toAlertId,
  type Verdict,
} from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';
import { canonicalIp, findIpAddresses } from '../extract/ip-addresses.ts';
import { findMailAddresses } from '../extract/mail-addresses.ts';
import { toOneLine, toPlainText } from '../extract/plain-text.ts';
import { toScanText } from '../extract/scan-text.ts';
import { toRaw } from './raw-record.ts';
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

/** Text beyond this is neither shown nor searched; the raw record keeps it. */
const LONGEST_TEXT = 256 * 1024;

const ADDRESSES = new Set(['ip', 'discovery_ip']);

/**
 * Converts a record as the API lists it; pure. Whatever a record lacks or has in an odd shape gets a default and is
 * named in `incomplete`; only a record without an id, or no object at all, cannot be read and keeps its raw text.
 */
export function toAlert(record: unknown, tenant: TenantId, seenAt: EpochMs): Alert | UnreadableRecord {
  const raw = toRaw(record);
  const wire = parseAlert(record);
  if ('unreadable' in wire) return toUnreadable(record, { raw, why: wire.unreadable, seenAt });
  const incomplete = wire.odd;
  const title = toOneLine(wire.title ?? '');
  const description = toDescription(wire, incomplete);
  const text = toScanText(`${description}\n${title}`).slice(0, LONGEST_TEXT);
  const { addresses, networks } = findIpAddresses(text);
  return {
    id: toAlertId(wire._id),
    tenant,
    title,
    description,
    severity: toSeverity(wire, incomplete),
    type: toOneLine(wire.entities.find(({ type }) => type === 'policyRule')?.label ?? wire.policy?.label ?? title),
    createdAt: wire.timestamp ?? seenAt,
    state: toState(wire, incomplete),
    url: toUrl(wire, incomplete),
    users: toUsers(wire.entities, findMailAddresses(text)),
    ips: toIps(wire.entities, { mentioned: addresses, incomplete }),
    networks,
    entities: wire.entities
      .filter((entity) => !isPerson(entity) && !ADDRESSES.has(entity.type))
      .map(({ type, id, label }) => ({ type, id, label: toOneLine(label) })),
    incomplete,
    raw,
  };
}

function toUnreadable(
  record: unknown,
  { raw, why, seenAt }: { raw: string; why: string; seenAt: EpochMs },
): UnreadableRecord {
  const { _id, timestamp } = (record ?? {}) as { _id?: unknown; timestamp?: unknown };
  const own = typeof _id === 'string' && _id.trim() !== '';
  return {
    id: own ? toAlertId(_id) : `unreadable-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`,
    createdAt: typeof timestamp === 'number' && Number.isSafeInteger(timestamp) ? timestamp : seenAt,
    why,
    raw,
  };
}

function name(incomplete: string[], field: string): void {
  if (!incomplete.includes(field)) incomplete.push(field);
}

function toDescription({ description = '' }: AlertWire, incomplete: string[]): string {
  if (description.length <= LONGEST_TEXT) return toPlainText(description);
  name(incomplete, 'description after its first 256 KiB');
  return toPlainText(description.slice(0, LONGEST_TEXT));
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

/** The record's own link, else one into the portal of today, which files these alerts under `ca<id>` (Graph, alertWebUrl). */
function toUrl({ URL: given, _id, contextId }: AlertWire, incomplete: string[]): string {
  if (given !== undefined && /^https?:\/\//i.test(given)) {
    const url = URL.parse(given);
    if (url) return /^[!-~]+$/.test(given) ? given : url.href;
  }
  name(incomplete, 'URL');
  const id = encodeURIComponent(`ca${_id}`.toWellFormed());
  const tenant = contextId ? `?tid=${encodeURIComponent(contextId.toWellFormed())}` : '';
  return `https://security.microsoft.com/alerts/${id}${tenant}`;
}

function toIps(
  entities: readonly EntityWire[],
  { mentioned, incomplete }: { mentioned: readonly string[]; incomplete: string[] },
): IpAddress[] {
  const ips = new Map<string, IpAddress>();
  for (const { type, id, label } of entities) {
    if (!ADDRESSES.has(type)) continue;
    const whole = canonicalIp(id);
    const addresses = whole ? [whole] : findIpAddresses(toScanText(toOneLine(`${id} ${label}`))).addresses;
    if (addresses.length === 0) name(incomplete, 'entities');
    for (const address of addresses) ips.set(address, { address, origin: 'entity' });
  }
  for (const address of mentioned) if (!ips.has(address)) ips.set(address, { address, origin: 'text' });
  return [...ips.values()];
}
