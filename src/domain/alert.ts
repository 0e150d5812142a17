import type { EpochMs } from './time.ts';

/** A tenant's name in the configuration; it is part of every alert's identity. */
export type TenantId = string & { readonly __brand: 'TenantId' };

/** An alert's id at its source, without Graph's two-letter provider prefix. */
export type AlertId = string & { readonly __brand: 'AlertId' };

/** Identity of one alert over all tenants, sources and runs: `TENANT/ALERT`. */
export type DedupKey = string & { readonly __brand: 'DedupKey' };

export type Severity = 'high' | 'medium' | 'low' | 'informational';

/** Most urgent first. */
export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'informational'];

/** The verdict with which a person closed an alert. `unspecified`: closed by a legacy call that kept no verdict. */
export type Verdict = 'true_positive' | 'false_positive' | 'benign' | 'unspecified';

export type AlertState = { open: true } | { open: false; verdict: Verdict; closedAt?: EpochMs; closedBy?: string };

/** Where a value was found: in the alert's structured entities, or in its text. Entities are trusted first. */
export type Origin = 'entity' | 'text';

export interface AffectedUser {
  /** What a person calls the user: UPN or mail address where known, else the display name. */
  name: string;
  /** Lower-case user principal name or mail address. */
  address?: string;
  displayName?: string;
  /** Entra object id. */
  objectId?: string;
  origin: Origin;
}

export interface IpAddress {
  /** Canonical form: dotted quad, or RFC 5952. */
  address: string;
  origin: Origin;
}

/** Something else the alert names: an app, a policy, a file, a device, a country, a user group … */
export interface RelatedEntity {
  type: string;
  id: string;
  label: string;
}

/** One alert as its source showed it, in the product's own words. Never mutated. */
export interface Alert {
  id: AlertId;
  tenant: TenantId;
  /** One line; may be empty when the source gave none. */
  title: string;
  /** Plain text, tags and entities resolved; may be empty. */
  description: string;
  severity: Severity;
  /** Name of the detection, the same from both services: the title, or the policy's name where there is none. */
  type: string;
  /** When the activity that it tells of began; absent where the source does not say. */
  activityAt?: EpochMs;
  /** When the source raised it. When it gave no time: when we first saw it, and `incomplete` says so. */
  createdAt: EpochMs;
  state: AlertState;
  /** Deep link into the portal; empty when unknown. */
  url: string;
  users: readonly AffectedUser[];
  ips: readonly IpAddress[];
  /** Networks (CIDR) named in the text; never looked up. */
  networks: readonly string[];
  entities: readonly RelatedEntity[];
  /** Fields that were missing or unreadable, by the source's own names; empty for a whole record. */
  incomplete: readonly string[];
  /** The source's record as JSON text. */
  raw: string;
}

export function dedupKeyOf(tenant: TenantId, alert: AlertId): DedupKey {
  return `${tenant}/${alert}` as DedupKey;
}

/** The tenant whose alert a key names: a tenant's name has no slash. */
export function tenantOfKey(key: DedupKey): TenantId {
  return key.slice(0, key.indexOf('/')) as TenantId;
}

/**
 * The id that both APIs agree on: Graph's `ca<id>` and, of app governance, `ma<id>` (Microsoft Learn, Defender XDR,
 * "Investigate alerts", sources of alerts: two letters and the provider's id) and the REST API's `<id>` are one alert.
 * Case is kept; ids of other services stay whole.
 */
export function toAlertId(sourceId: string): AlertId {
  const graph = /^[cm]a([0-9a-f]{24})$/i.exec(sourceId);
  return (graph?.[1] ?? sourceId) as AlertId;
}
