import type { TenantId } from '../../domain/alert.ts';
import type { AlertKeeper } from '../alert-keeper.ts';
import type { GraphParts } from './graph-client.ts';

/** One tenant's alerts in Microsoft Graph after their birth. */
export function graphKeeper({ tenant }: GraphParts & { tenant: TenantId }): AlertKeeper {
  return {
    tenant,
    reopens: true,
    alertsNow: async () => ({ alerts: [], gone: [] }),
    ensureClosed: async () => ({ outcome: 'refused', why: 'Graph is not asked yet' }),
    ensureReopened: async () => ({ outcome: 'refused', why: 'Graph is not asked yet' }),
  };
}
