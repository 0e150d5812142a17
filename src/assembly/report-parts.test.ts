import { expect, it } from 'vitest';
import type { TenantConfig } from '../config/config.ts';
import type { ReportsConfig } from '../config/reports-config.ts';
import { reportParts } from './report-parts.ts';

it('what is kept with each report says nothing of where reports are sent', () => {
  const reports: ReportsConfig = {
    timezone: 'Europe/Berlin',
    sla: { high: { resolveMs: 1 } },
    deliver: {
      when: ['daily'],
      formats: ['text'],
      folder: '/reports',
      pseudonymise: false,
      mail: { server: 'smtps://soc:the-password@mail.example', from: 'soc@example.com', to: ['lead@example.com'] },
    },
  };
  const tenants = [{ tenant: 'contoso' }] as unknown as readonly TenantConfig[];
  const outer = { ledger: {} as never, clock: {} as never, version: '1' };
  const { counting } = reportParts({ config: { reports, tenants }, ...outer });
  expect(counting).toEqual({ timezone: 'Europe/Berlin', sla: { high: { resolveMs: 1 } }, inStep: false });
});
