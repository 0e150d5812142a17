import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is on this machine; `CHROMIUM` names another place. */
export const browserPath: string | undefined = [
  process.env.CHROMIUM ?? '',
  ...(process.env.PATH ?? '').split(':').flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find((path) => path !== '' && existsSync(path));

/** Said in the name of tests that are skipped for want of a browser. */
export const withoutBrowser = browserPath ? '' : ' (skipped: no Chromium here; apt-get install chromium brings it)';

/** A real browser, without a screen. */
export function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error(`there is no Chromium${withoutBrowser}`);
  return chromium.launch({
    executablePath: browserPath,
    // In containers and for root Chromium's own sandbox does not start; the pages are ours.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
}
