import type { TenantId } from '../../domain/alert.ts';
import { parseRaw } from '../record/wire-values.ts';
import type { AlertSource } from '../source.ts';
import { checkReach } from '../window/check-reach.ts';
import { CloudAppsClient, type CloudAppsParts } from './cloud-apps-client.ts';
import { toAlert } from './to-alert.ts';
import { WindowRead } from './window-read.ts';

/** One tenant of Defender for Cloud Apps, REST API v1. */
export function cloudAppsSource(parts: CloudAppsParts & { tenant: TenantId }): AlertSource {
  const { tenant, clock, random } = parts;
  const client = new CloudAppsClient(parts);
  return {
    tenant,
    check: () => checkReach(tenant, { clock, call: () => client.list({ from: clock.now(), skip: 0, limit: 1 }) }),
    read: (start) => new WindowRead({ client, tenant, clock, random }, start).pages(),
    reread: (raw, seenAt) => toAlert(parseRaw(raw), tenant, seenAt),
  };
}
