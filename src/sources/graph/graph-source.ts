import type { TenantId } from '../../domain/alert.ts';
import { parseRaw } from '../record/wire-values.ts';
import type { AlertSource } from '../source.ts';
import { checkReach } from '../window/check-reach.ts';
import { GraphClient, type GraphParts } from './graph-client.ts';
import { toAlert } from './to-alert.ts';
import { WindowRead } from './window-read.ts';

/** What lets an application list alerts ("List alerts_v2", permissions). */
export const GRAPH_NEEDS = {
  anyOf: ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'],
  of: 'Microsoft Graph',
  to: 'to read alerts',
} as const;

/** Whom a token of Entra for this Graph is for: each national cloud is a resource of its own. */
export function graphScope(url: string): string {
  return `${new URL(url).origin}/.default`;
}

/** One tenant's alerts of the wanted services, from Microsoft Graph v1.0. */
export function graphSource(parts: GraphParts & { tenant: TenantId }): AlertSource {
  const { tenant, services, clock, random, authoriser, book, keepsForWrites } = parts;
  const client = new GraphClient(parts);
  const small = () => {
    const now = clock.now();
    return client.list({ link: client.firstPage({ updatedFrom: now, createdFrom: now, top: 1 }) });
  };
  return {
    tenant,
    check: () => checkReach(tenant, { clock, authoriser, call: small }),
    read: (start) => new WindowRead({ client, tenant, services, clock, random, book, keepsForWrites }, start).pages(),
    reread: (raw, seenAt) => toAlert(parseRaw(raw), tenant, seenAt),
  };
}
