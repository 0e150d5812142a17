import type { TenantId } from '../../domain/alert.ts';
import { parseRaw } from '../record/wire-values.ts';
import type { AlertSource } from '../source.ts';
import { checkReach } from '../window/check-reach.ts';
import { CloudAppsClient, type CloudAppsParts } from './cloud-apps-client.ts';
import { toAlert } from './to-alert.ts';
import { WindowRead } from './window-read.ts';

/** Whom a token of Entra is for, and what lets an application list alerts ("Access with application context"). */
export const CLOUD_APPS_SCOPE = '05a65629-4c1b-48c1-a78b-804c4abdd4af/.default';
export const CLOUD_APPS_NEEDS = {
  anyOf: ['Investigation.read', 'Investigation.manage', 'Discovery.read', 'Discovery.manage'],
  of: 'Microsoft Cloud App Security',
  to: 'to read alerts',
} as const;

/** One tenant of Defender for Cloud Apps, REST API v1. */
export function cloudAppsSource(parts: CloudAppsParts & { tenant: TenantId }): AlertSource {
  const { tenant, clock, random, authoriser, book, keepsForWrites } = parts;
  const client = new CloudAppsClient(parts);
  return {
    tenant,
    check: () =>
      checkReach(tenant, { clock, authoriser, call: () => client.list({ from: clock.now(), skip: 0, limit: 1 }) }),
    read: (start) => new WindowRead({ client, tenant, clock, random, book, keepsForWrites }, start).pages(),
    reread: (raw, seenAt) => toAlert(parseRaw(raw), tenant, seenAt),
  };
}
