import type { Page } from '../page.ts';
import { alertPage, recordPage } from './alerts/alert-page.ts';
import { alertsPage } from './alerts/alerts-page.ts';
import { heldCausePage, heldPage } from './held/held-page.ts';
import { overviewPage } from './overview/overview-page.ts';
import { settingsPage } from './settings-page.ts';

/** Every page of the console. */
export const PAGES: readonly Page[] = [
  overviewPage,
  alertsPage,
  alertPage,
  recordPage,
  heldPage,
  heldCausePage,
  settingsPage,
];
