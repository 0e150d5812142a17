import type { TenantId } from '../../domain/alert.ts';
import type { AlertKeeper } from '../alert-keeper.ts';
import type { CloudAppsParts } from './cloud-apps-client.ts';

/** One tenant's alerts in Defender for Cloud Apps after their birth, REST API v1. */
export function cloudAppsKeeper({ tenant }: CloudAppsParts & { tenant: TenantId }): AlertKeeper {
  return {
    tenant,
    reopens: false,
    alertsNow: async () => ({ alerts: [], gone: [] }),
    ensureClosed: async () => ({ outcome: 'refused', why: 'the REST API is not asked yet' }),
    ensureReopened: async () => ({ outcome: 'refused', why: 'the REST API knows no way to open an alert again' }),
  };
}
