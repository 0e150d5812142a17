/** How many alerts and issues something is about. */
export interface SidesCount {
  alerts: number;
  issues: number;
}

/**
 * What is usual: a person who closes twenty issues in a row, or a third of the open ones, goes through. Both must be
 * exceeded: few changes are never unusual, and neither is a small share of many.
 */
export const USUAL = { share: 0.3, least: 20 };

export const NO_CHANGES: SidesCount = { alerts: 0, issues: 0 };

export interface GuardedPlan {
  /** What the plan changes. */
  changes: SidesCount;
  /** What is open before it is done, with what it changes besides; closed pairs grow in number and dilute nothing. */
  open: SidesCount;
  /** What webhooks had changed since all links were last judged: they are a part of the same edit. */
  onHints?: SidesCount;
}

/**
 * Stops a plan that would change an unusual part of a tenant's open alerts or issues: a bulk edit, an import or a
 * broken workflow is then looked at by a person first.
 */
export function guard({ changes, open, onHints = NO_CHANGES }: GuardedPlan): { go: true } | { go: false; why: string } {
  const { share: most, least } = USUAL;
  for (const side of ['alerts', 'issues'] as const) {
    if (changes[side] === 0) continue;
    const changed = changes[side] + onHints[side];
    const all = open[side] + onHints[side];
    const share = all === 0 ? 1 : changed / all;
    if (changed > least && share > most) {
      const before = onHints[side] === 0 ? '' : `, after ${onHints[side]} that webhooks changed`;
      const says = `it would change ${changes[side]} of ${open[side]} open ${side}${before}`;
      return { go: false, why: `${says}: more than ${least} and more than ${Math.round(most * 100)} %` };
    }
  }
  return { go: true };
}

/** How many more changes webhooks may make before all links are judged together. */
export function leftForHints({ alerts, issues }: SidesCount = NO_CHANGES): number {
  return Math.max(0, USUAL.least - alerts - issues);
}
