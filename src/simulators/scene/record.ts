import type { EpochMs } from '../../domain/time.ts';
import type { SimAlert } from '../cloud-apps-sim.ts';

/** A person in an alert. */
export interface RecordUser {
  /** User principal name or mail address. */
  address: string;
  displayName: string;
}

export interface RecordParts {
  tenant: string;
  /** Makes the id; unique within a tenant. */
  number: number;
  at: EpochMs;
  title: string;
  description: string;
  /** 0 low, 1 medium, 2 high, 3 informational. */
  severity: 0 | 1 | 2 | 3;
  user?: RecordUser;
  ips?: readonly string[];
  countries?: readonly string[];
  service?: readonly [id: number, label: string];
  policyType?: 'ANOMALY_DETECTION' | 'AUDIT' | 'FILE' | 'OAUTH';
  file?: string;
  device?: string;
  system?: boolean;
}

/** An alert's record as the service's REST API would list it, with the entities that its parts call for. */
export function toRecord(parts: RecordParts): SimAlert {
  const { tenant, number, at, title, description, severity, policyType = 'ANOMALY_DETECTION' } = parts;
  const _id = hexId(tenant, number);
  return {
    _id,
    timestamp: at,
    title,
    description,
    entities: toEntities(parts, policyType),
    severityValue: severity,
    statusValue: 0,
    resolutionStatusValue: 0,
    stories: [0],
    idValue: typeOf(title, policyType),
    isSystemAlert: parts.system ?? false,
    contextId: guid(tenant, 0),
    comment: null,
    URL: `https://${tenant}.us2.portal.cloudappsecurity.com/#/alerts/${_id}`,
  };
}

/** Alert types whose numbers are known from published records; policies of one kind share one. */
const TYPES: Readonly<Record<string, number>> = {
  'Impossible travel activity': 15_859_716,
  'Suspicious administrative activity': 15_859_721,
};

/** The number of the alert's type; one that is not known is invented, below all that are. */
function typeOf(title: string, policyType: string): number {
  return TYPES[title] ?? (policyType === 'FILE' ? 15_728_642 : 15_000_000 + (hash(title) % 700_000));
}

function toEntities(parts: RecordParts, policyType: string): Record<string, unknown>[] {
  const { tenant, user, ips = [], countries = [], service, file, device, title } = parts;
  const entities: Record<string, unknown>[] = [
    { id: hexId(`policy of ${tenant}`, hash(title) % 4096), label: title, policyType, type: 'policyRule' },
  ];
  for (const ip of ips) entities.push({ id: ip, label: ip, type: 'ip' });
  for (const country of countries) entities.push({ id: country, label: country, type: 'country' });
  if (service) entities.push({ id: service[0], label: service[1], type: 'service' });
  if (file !== undefined) entities.push({ id: `${guid(file, 1)}|${guid(file, 2)}`, label: file, type: 'file' });
  if (device !== undefined) entities.push({ id: guid(device, 3), label: device, type: 'device' });
  if (!user) return entities;
  const { address, displayName } = user;
  const account = { id: guid(address, 4), inst: 0, saas: 11_161, label: displayName, pa: address, em: address };
  entities.push({ ...account, entityType: 2, type: 'account' });
  entities.push({ id: address, label: address, type: 'user' });
  return entities;
}

/** Twenty-four hexadecimal digits, as the service numbers its records. */
function hexId(name: string, number: number): string {
  return `6921${hash(name).toString(16).padStart(8, '0')}${number.toString(16).padStart(12, '0')}`;
}

function guid(name: string, salt: number): string {
  const digits = [0, 1, 2, 3].map((part) => hash(`${name}/${salt}/${part}`).toString(16).padStart(8, '0')).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** FNV-1a over UTF-16 units: the same number for the same text, on every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
