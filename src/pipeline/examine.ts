import { isEdgeFailure } from '../domain/failure.ts';
import type { RouteNeeds, RouteProblem } from '../tracker/tracker.ts';
import type { TenantPass } from './pass-parts.ts';

/** What is known of a route for the rest of the pass. */
export type RouteVerdict = { problems: readonly RouteProblem[] } | { unreachable: string };

/** Says what stands in the way of tickets with these needs. */
export type Examine = (needs: RouteNeeds) => Promise<RouteVerdict>;

/** Examines each route at most once, when the first ticket needs it. */
export function examineOnce(pass: TenantPass): Examine {
  const verdicts = new Map<string, Promise<RouteVerdict>>();
  return (needs) => {
    const key = JSON.stringify(needs);
    const verdict = verdicts.get(key) ?? examineRoute(pass, needs);
    verdicts.set(key, verdict);
    return verdict;
  };
}

async function examineRoute({ parts, site, tenant }: TenantPass, needs: RouteNeeds): Promise<RouteVerdict> {
  try {
    const problems = await site.tracker.examine(needs);
    for (const { says, mend, level } of problems)
      if (level === 'warning') parts.progress({ event: 'warning', tenant, says: `${says} (${mend})` });
    return { problems };
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    site.health.troubled(error, parts.clock.now());
    return { unreachable: error.message };
  }
}
