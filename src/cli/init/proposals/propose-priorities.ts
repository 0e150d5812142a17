import { SEVERITIES, type Severity } from '../../../domain/alert.ts';
import type { SurveyedOption } from '../../../tracker/site-survey.ts';

export type PriorityBySeverity = Readonly<Partial<Record<Severity, SurveyedOption>>>;

/** Names that sites give their priorities, the likeliest first. */
const NAMES: Record<Severity, readonly string[]> = {
  high: ['high', 'major'],
  medium: ['medium', 'normal', 'moderate'],
  low: ['low', 'minor'],
  informational: ['lowest', 'trivial', 'informational', 'info'],
};

/**
 * A priority for each severity: by name where all four are found so, else by rank. Of five or more the highest is left
 * to rules. Empty where the site has fewer than two.
 */
export function proposePriorities(priorities: readonly SurveyedOption[]): PriorityBySeverity {
  const named = SEVERITIES.map((severity) => {
    const names = NAMES[severity];
    return names
      .map((name) => priorities.find((priority) => priority.name.toLowerCase() === name))
      .find((found) => found !== undefined);
  });
  const ranked = priorities.slice(priorities.length > SEVERITIES.length ? 1 : 0);
  if (ranked.length < 2) return {};
  const byName = named.every((priority) => priority !== undefined);
  const last = SEVERITIES.length - 1;
  return Object.fromEntries(
    SEVERITIES.map((severity, rank) => [
      severity,
      byName ? named[rank] : ranked[Math.round((rank * (ranked.length - 1)) / last)],
    ]),
  );
}
