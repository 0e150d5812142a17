import { expect, it } from 'vitest';
import type { ReportsConfig } from '../../config/reports-config.ts';
import { checkReports } from './check-reports.ts';

const reports: ReportsConfig = { timezone: 'UTC', sla: { high: { resolveMs: 1 } } };

it('says that targets are not measured where nobody looks at the issues', () => {
  expect(checkReports({ reports })).toMatchObject([{ level: 'warning', says: expect.stringContaining('reports.sla') }]);
  expect(checkReports({ reports, sync: { everyMs: 1 } })).toEqual([]);
  expect(checkReports({ reports: { ...reports, sla: {} } })).toEqual([]);
});
