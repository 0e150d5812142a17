import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, as axe names its rules. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Narrowest window (WCAG 2.2 §1.4.10), and 1280 pixels at a zoom of 200 % (§1.4.4). */
const WIDTHS = [320, 640];

/** What is wrong with the page that is open, in light and dark, and in narrow windows; a sentence for each thing. */
export async function faultsOf(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // A page differs in the dark by its colours alone.
    const runOnly: Parameters<AxeBuilder['options']>[0]['runOnly'] =
      colorScheme === 'light' ? { type: 'tag', values: TAGS } : { type: 'rule', values: RULES_OF_COLOUR };
    const axe = new AxeBuilder({ page }).options({ runOnly, resultTypes: ['violations'] }).setLegacyMode();
    for (const { id, nodes } of (await axe.analyze()).violations)
      faults.push(...nodes.slice(0, 3).map((node) => `${colorScheme}: ${id} ${node.html.slice(0, 160)}`));
  }
  const { width = 1280, height = 800 } = page.viewportSize() ?? {};
  for (const narrow of WIDTHS) {
    await page.setViewportSize({ width: narrow, height });
    const needs = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (needs > narrow) faults.push(`${narrow} px: the page is ${needs} px wide`);
  }
  await page.setViewportSize({ width, height });
  return faults;
}

/** Levels of headings that are skipped, such as `h1 h3`. */
export async function skippedHeadings(page: Page): Promise<string[]> {
  const levels = await page.evaluate<number[]>(
    `[...document.querySelectorAll('h1,h2,h3,h4')].map((heading) => Number(heading.tagName[1]))`,
  );
  return levels.flatMap((level, i) => (level > (levels[i - 1] ?? 0) + 1 ? [`h${levels[i - 1] ?? 0} h${level}`] : []));
}

/** What has the focus, and whether it can be seen; runs in the page. */
const AT_FOCUS = `(() => {
  const here = document.activeElement;
  if (!here || here === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(here);
  const says = here.getAttribute('aria-label') ?? here.labels?.[0]?.textContent ?? here.textContent;
  return { says: says.trim(), shown: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 };
})()`;

/** Goes on with Tab until what has the focus has this name or text; every stop on the way has to show that it has it. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate<{ says: string; shown: boolean } | undefined>(AT_FOCUS);
    if (at === undefined) continue;
    if (!at.shown) throw new Error(`nothing shows that the focus is on "${at.says}"`);
    if (typeof name === 'string' ? at.says === name : name.test(at.says)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}
