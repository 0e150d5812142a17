import { createHash } from 'node:crypto';
import {
  type AffectedUser,
  type Alert,
  type AlertState,
  type IpAddress,
  type RelatedEntity,
  type Severity,
  type TenantId,
  toAlertId,
  type Verdict,
} from '../../domain/alert.ts';
import type { UnreadableRecord } from '../../domain/reading.ts';
import type { EpochMs } from '../../domain/time.ts';
import { findIpAddresses } from '../extract/ip-addresses.ts';
import { findMailAddresses } from '../extract/mail-addresses.ts';
import { toPlainText } from '../extract/plain-text.ts';
import { type AlertWire, type EntityWire, parseAlert } from './wire.ts';

/** Severity values of the REST API; the numbers are not in order (Defender for Cloud Apps, "Alerts API"). */
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'informational'];

/** Resolution statuses 1–5 of the same table; 1 and 2 are legacy and keep no verdict. 0 is open. */
const VERDICTS: readonly (Verdict | undefined)[] = [
  undefined,
  'unspecified',
  'unspecified',
  'false_positive',
  'benign',
  'true_positive',
];

/** Text beyond this is not searched for addresses; the description itself is kept whole. */
const MOST_SEARCHED = 256 * 1024;

/** Entity types that become users and addresses; all others are listed as they are. */
const PEOPLE = new Set(['account', 'user']);

/** Converts a record as the API lists it; pure. What cannot be read keeps its raw text. */
export function toAlert(record: unknown, tenant: TenantId, seenAt: EpochMs): Alert | UnreadableRecord {
  const raw = rawOf(record);
  const wire = parseAlert(record);
  if ('unreadable' in wire) return toUnreadable(record, { raw, why: wire.unreadable, seenAt });
  const incomplete = [...wire.odd];
  const missing = (name: string) => {
    if (!incomplete.includes(name)) incomplete.push(name);
  };
  for (const name of ['timestamp', 'title', 'description'] as const) if (wire[name] === undefined) missing(name);
  if (!SEVERITIES[wire.severityValue ?? -1]) missing('severityValue');
  const title = toPlainText(wire.title ?? '').replace(/\s+/g, ' ');
  const description = toPlainText(wire.description ?? '');
  const text = `${wire.description ?? ''}\n${wire.title ?? ''}`;
  if (text.length > MOST_SEARCHED) missing('description (too long to be searched for addresses whole)');
  const searched = toPlainText(text.slice(0, MOST_SEARCHED));
  const found = findIpAddresses(searched);
  return {
    id: toAlertId(wire._id),
    tenant,
    title,
    description,
    severity: SEVERITIES[wire.severityValue ?? 1] ?? 'medium',
    type: toPlainText((wire.entities.find(({ type }) => type === 'policyRule') ?? wire.policy)?.label ?? '') || title,
    createdAt: wire.timestamp ?? seenAt,
    state: toState(wire),
    url: toUrl(wire),
    users: toUsers(wire.entities, findMailAddresses(searched)),
    ips: toIps(wire.entities, found.addresses),
    networks: found.networks,
    entities: toRelated(wire.entities),
    incomplete,
    raw,
  };
}

function rawOf(record: unknown): string {
  try {
    return JSON.stringify(record) ?? String(record);
  } catch {
    // Only nesting beyond the engine's stack cannot be written again.
    return '(nested too deeply to be written as JSON)';
  }
}

function toUnreadable(
  record: unknown,
  { raw, why, seenAt }: { raw: string; why: string; seenAt: EpochMs },
): UnreadableRecord {
  const { _id, timestamp } = (record ?? {}) as { _id?: unknown; timestamp?: unknown };
  return {
    id:
      typeof _id === 'string' && _id !== ''
        ? _id
        : `unreadable-${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`,
    createdAt: typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : seenAt,
    why,
    raw,
  };
}

/** The resolution status speaks first; a resolve time only where there is none, since reopened alerts keep theirs. */
function toState({ resolutionStatusValue, resolveTime, handledByUser }: AlertWire): AlertState {
  const verdict = VERDICTS[resolutionStatusValue ?? -1];
  const open = resolutionStatusValue === undefined ? resolveTime === undefined : verdict === undefined;
  if (open) return { open: true };
  const closedAt = Date.parse(resolveTime ?? '');
  return {
    open: false,
    verdict: verdict ?? 'unspecified',
    ...(Number.isNaN(closedAt) ? {} : { closedAt }),
    ...(handledByUser ? { closedBy: handledByUser } : {}),
  };
}

function toUrl({ URL: given, _id, contextId }: AlertWire): string {
  if (given && URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  const id = encodeURIComponent(`ca${_id}`);
  return `https://security.microsoft.com/alerts/${id}${contextId ? `?tid=${encodeURIComponent(contextId)}` : ''}`;
}

/** One user per person: an account and a user entity with the same address or object id are the same. */
function toUsers(entities: readonly EntityWire[], mentioned: readonly string[]): AffectedUser[] {
  const users: AffectedUser[] = [];
  for (const entity of entities) {
    if (!PEOPLE.has(entity.type)) continue;
    const user = toUser(entity);
    const same = users.findIndex(
      (other) =>
        (user.address !== undefined && other.address === user.address) ||
        (user.objectId !== undefined && other.objectId === user.objectId),
    );
    if (same < 0) users.push(user);
    else users[same] = { ...user, ...users[same] } as AffectedUser;
  }
  for (const address of mentioned)
    if (!users.some((user) => user.address === address)) users.push({ name: address, address, origin: 'text' });
  return users;
}

function toUser({ type, id, label, pa, em }: EntityWire): AffectedUser {
  const address = [pa, em, type === 'user' ? id : undefined, label].find((text) => text?.includes('@'))?.toLowerCase();
  const objectId = type === 'account' && id !== '' ? id : undefined;
  const displayName = label && label.toLowerCase() !== address ? label : undefined;
  return {
    name: address ?? (label || id),
    origin: 'entity',
    ...(address ? { address } : {}),
    ...(displayName ? { displayName } : {}),
    ...(objectId ? { objectId } : {}),
  };
}

function toIps(entities: readonly EntityWire[], mentioned: readonly string[]): IpAddress[] {
  const ips = new Map<string, IpAddress>();
  for (const { type, id, label } of entities) {
    if (type !== 'ip' && type !== 'discovery_ip') continue;
    for (const address of findIpAddresses(id || label).addresses) ips.set(address, { address, origin: 'entity' });
  }
  for (const address of mentioned) if (!ips.has(address)) ips.set(address, { address, origin: 'text' });
  return [...ips.values()];
}

function toRelated(entities: readonly EntityWire[]): RelatedEntity[] {
  return entities
    .filter(({ type }) => !PEOPLE.has(type) && type !== 'ip')
    .map(({ type, id, label }) => ({ type, id, label: toPlainText(label) }));
}
