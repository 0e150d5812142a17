import type { Config } from '../../config/config.ts';
import type { CheckLine } from '../../domain/check.ts';

/** Whether what reports are to measure is looked at: the histories of issues are read by what keeps them in step. */
export function checkReports({ reports, sync }: Pick<Config, 'reports' | 'sync'>): CheckLine[] {
  if (sync !== undefined || Object.keys(reports.sla).length === 0) return [];
  return [
    {
      subject: 'reports',
      level: 'warning',
      says: 'reports.sla sets targets, but without a sync section nobody looks when issues are acknowledged and resolved, so that all of them count as open',
      mend: 'add sync with fromJira or fromDefender, such as `sync: { fromDefender: {} }`, or leave out reports.sla',
    },
  ];
}
