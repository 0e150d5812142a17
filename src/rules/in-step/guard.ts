/** How many alerts and issues something is about. */
interface SidesCount {
  alerts: number;
  issues: number;
}

/**
 * What is usual: a person who closes twenty issues in a row, or a third of the open ones, goes through. Both must be
 * exceeded: few changes are never unusual, and neither is a small share of many.
 */
export const USUAL = { share: 0.3, least: 20 };

/**
 * Stops a plan that would change an unusual part of a tenant's watched alerts or issues: a bulk edit, an import or a
 * broken workflow is then looked at by a person first.
 */
export function guard(plan: { changes: SidesCount; watched: SidesCount }): { go: true } | { go: false; why: string } {
  const { changes, watched } = plan;
  const { share: most, least } = USUAL;
  for (const side of ['alerts', 'issues'] as const) {
    const share = watched[side] === 0 ? 1 : changes[side] / watched[side];
    if (changes[side] > least && share > most)
      return {
        go: false,
        why: `it would change ${changes[side]} of ${watched[side]} watched ${side}, more than ${least} and more than ${Math.round(most * 100)} %`,
      };
  }
  return { go: true };
}
