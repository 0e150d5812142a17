import type { PassSummary } from '../domain/outcome.ts';
import { needsAttention } from './render/upkeep-lines.ts';

/** What the process ends with; product contract, "Exit codes". */
export const EXIT = {
  well: 0,
  /** The pass finished, but something is held or waiting, needs attention, or a tenant failed. */
  unfinished: 1,
  /** Configuration or usage error: nothing was tried. */
  usage: 2,
  /** Nothing could be done, or Casewire itself is at fault. */
  nothing: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code of a pass. `sites`: the Jira sites that its tenants use. */
export function exitCodeOf(summary: PassSummary, sites: Iterable<string>): number {
  const { tenants, siteFailures } = summary;
  const total = (count: 'raised' | 'attached' | 'suppressed' | 'held' | 'waiting') =>
    tenants.reduce((sum, tenant) => sum + tenant[count], 0);
  const done = total('raised') + total('attached') + total('suppressed');
  const failed = tenants.filter(({ failure }) => failure && !failure.waiting);
  if (tenants.length > 0 && failed.length === tenants.length && done === 0) return EXIT.nothing;
  const down = new Set(siteFailures.flatMap(({ site, waiting }) => (waiting ? [] : [site])));
  const used = [...sites];
  const left = total('held') + total('waiting');
  if (used.length > 0 && used.every((site) => down.has(site)) && total('raised') === 0 && left > 0) return EXIT.nothing;
  const heldBefore = tenants.some(({ heldInAll = 0 }) => heldInAll > 0);
  const isUnwell = (summary.attention ?? []).length > 0 || needsAttention(summary.upkeep ?? {});
  const troubled = heldBefore || isUnwell || tenants.some(({ failure }) => failure) || siteFailures.length > 0;
  return left > 0 || troubled || summary.stopped ? EXIT.unfinished : EXIT.well;
}
