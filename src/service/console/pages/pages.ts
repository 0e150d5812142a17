import type { Page } from '../page.ts';
import { alertPage, recordPage } from './alerts/alert-page.ts';
import { alertsPage } from './alerts/alerts-page.ts';
import { heldCausePage, heldPage } from './held/held-page.ts';
import { livePage } from './live-page.ts';
import { overviewPage } from './overview/overview-page.ts';
import { reportFilePage } from './reports/report-file-page.ts';
import { reportsPage } from './reports/reports-page.ts';
import { replayPage } from './rules/replay-page.ts';
import { rulesPage } from './rules/rules-page.ts';
import { actsPage } from './settings/acts-page.ts';
import { checkPage } from './settings/check-page.ts';
import { settingsPage } from './settings/settings-page.ts';
import { tenantPage } from './tenants/tenant-page.ts';
import { tenantsPage } from './tenants/tenants-page.ts';

/** Every page of the console. */
export const PAGES: readonly Page[] = [
  overviewPage,
  alertsPage,
  alertPage,
  recordPage,
  heldPage,
  heldCausePage,
  tenantsPage,
  tenantPage,
  rulesPage,
  replayPage,
  reportsPage,
  reportFilePage,
  settingsPage,
  checkPage,
  actsPage,
  livePage,
];
