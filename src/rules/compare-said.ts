import type { RuleDifference, Said } from '../domain/replay.ts';

/** Rules whose word on an alert is not the same in both; empty where nothing changes by a rule. */
export function rulesThatDiffer(before: Said, after: Said): readonly string[] {
  const wordOf = ({ spoke, undecided }: Said, rule: string) =>
    spoke.find((one) => one.rule === rule)?.said ??
    (undecided.some((one) => one.rule === rule) ? UNDECIDED : undefined);
  const names = [before, after].flatMap(({ spoke, undecided }) => [...spoke, ...undecided].map(({ rule }) => rule));
  return [...new Set(names)].filter((rule) => wordOf(before, rule) !== wordOf(after, rule));
}

/** Whether a person would see a difference, by a rule or by the rest of the configuration. */
export function differs(before: Said, after: Said): boolean {
  const visible = ({ outcome, priority, project, issueType, group }: Said) =>
    JSON.stringify([outcome, ...(outcome === 'ticket' ? [priority, project, issueType, group] : [])]);
  return rulesThatDiffer(before, after).length > 0 || visible(before) !== visible(after);
}

/** What the change of one alert adds to the count of each rule that is heard on it. */
export function addDifference(
  counts: Map<string, RuleDifference>,
  { before, after, ladder }: { before: Said; after: Said; ladder: readonly string[] },
): void {
  const count = (rule: string, more: Partial<RuleDifference>) => {
    const soFar = counts.get(rule) ?? { ...NONE, rule };
    const sum = Object.entries(more).map(([name, n]) => [name, (soFar[name as 'raised'] ?? 0) + Number(n)]);
    counts.set(rule, { ...soFar, ...Object.fromEntries(sum) });
  };
  for (const { rule } of before.spoke) count(rule, { spokeThen: 1 });
  for (const { rule } of after.spoke) count(rule, { speaksNow: 1 });
  for (const { rule } of after.undecided) count(rule, { undecidedNow: 1 });
  const step = stepOf(before, after, ladder);
  const effect = {
    suppressed: before.outcome === 'ticket' && after.outcome === 'suppressed' ? 1 : 0,
    raised: before.outcome === 'suppressed' && after.outcome === 'ticket' ? 1 : 0,
    priorityUp: step > 0 ? 1 : 0,
    priorityDown: step < 0 ? 1 : 0,
    grouped: before.outcome === 'ticket' && after.outcome === 'ticket' && before.group !== after.group ? 1 : 0,
  };
  for (const rule of rulesThatDiffer(before, after)) count(rule, effect);
}

const UNDECIDED = '\u0000undecided';

const NONE = {
  spokeThen: 0,
  speaksNow: 0,
  undecidedNow: 0,
  suppressed: 0,
  raised: 0,
  priorityUp: 0,
  priorityDown: 0,
  grouped: 0,
};

/** Steps up the ladder of priorities; 0 where one of the two is not on it. */
function stepOf(before: Said, after: Said, ladder: readonly string[]): number {
  if (before.outcome !== 'ticket' || after.outcome !== 'ticket') return 0;
  const at = ({ priority }: Said) => ladder.findIndex((one) => one.toLowerCase() === priority?.toLowerCase());
  const [from, to] = [at(before), at(after)];
  return from < 0 || to < 0 ? 0 : from - to;
}
