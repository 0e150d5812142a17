import type { Category } from '../domain/category.ts';
import { isEdgeFailure } from '../domain/failure.ts';
import { categoryTexts } from '../rules/category-texts.ts';
import type { TicketPolicy } from '../rules/policy.ts';
import type { RouteNeeds, RouteProblem } from '../tracker/tracker.ts';
import type { TenantPass } from './pass-parts.ts';

/** What is known of a route for the rest of the pass. */
export type RouteVerdict = { problems: readonly RouteProblem[] } | { unreachable: string };

/** Examines the tenant's route at most once, when the first ticket needs it. */
export function examineOnce(pass: TenantPass): () => Promise<RouteVerdict> {
  let verdict: Promise<RouteVerdict> | undefined;
  return () => {
    verdict ??= examineRoute(pass);
    return verdict;
  };
}

async function examineRoute({ parts, own, site, tenant }: TenantPass): Promise<RouteVerdict> {
  try {
    const problems = await site.tracker.examine(routeNeeds(own.policy.ticket));
    for (const { says, mend, level } of problems)
      if (level === 'warning') parts.progress({ event: 'warning', tenant, says: `${says} (${mend})` });
    return { problems };
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    const { mend } = error.details;
    if (error.kind === 'unauthorised') site.health.refusedUs(error.message, mend);
    else site.health.unreachable(error.message, mend, parts.clock.now());
    return { unreachable: error.message };
  }
}

/** What a tenant's tickets ask of their project, so that it can be examined before the first of them. */
export function routeNeeds({
  site,
  project,
  issueType,
  fields,
  priority,
  priorityIs,
  labels,
}: TicketPolicy): RouteNeeds {
  return {
    route: { site, project, issueType },
    fields: Object.entries(fields).map(([name, template]) =>
      /\{\{|\{%/.test(template) ? { name } : { name, constant: template },
    ),
    priorities: priorityIs === 'configured' ? [...new Set(Object.values(priority))] : [],
    labels,
  };
}

/**
 * The same for `check`, which also looks whether select fields have an option for each category that is in use: those
 * of the table, and `named` by rules.
 */
export function checkNeeds(policy: TicketPolicy, named: readonly Category[] = []): RouteNeeds {
  const needs = routeNeeds(policy);
  return {
    ...needs,
    fields: needs.fields.map((field) => {
      const texts = categoryTexts(policy.fields[field.name] ?? '', named);
      return texts.length > 0 ? { ...field, texts } : field;
    }),
  };
}
