import type { Page } from '../page.ts';
import { overviewPage } from './overview-page.ts';
import { settingsPage } from './settings-page.ts';

/** Every page of the console. */
export const PAGES: readonly Page[] = [overviewPage, settingsPage];
