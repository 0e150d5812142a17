import type { Config } from '../config/config.ts';
import type { RulesReport, RuleUse } from '../domain/replay.ts';
import { DAY_MS, type EpochMs } from '../domain/time.ts';
import type { Rulings } from '../ledger/ledger.ts';
import type { Rule } from '../rules/rule.ts';
import { sayThen } from '../rules/say-rule.ts';

/** How far back it counts. */
const RECENT_DAYS = 30;

/** How much each rule was heard lately. */
export async function rulesReport(config: Config, rulings: Rulings, at: EpochMs): Promise<RulesReport> {
  const from = at - RECENT_DAYS * DAY_MS;
  // Every tenant has the same.
  const configured = config.tenants[0]?.policy.rules ?? [];
  return { from, at, rules: rulesHeard(configured, await rulings.rulesHeard(from)) };
}

/** The rules of the configuration, heard or not, then those that only the ledger knows. */
function rulesHeard(configured: readonly Rule[], uses: readonly RuleUse[]): RulesReport['rules'] {
  const silent = { spoke: 0, suppressed: 0, undecided: 0 };
  const names = new Set(configured.map(({ name }) => name));
  return [
    ...configured.map(({ name, when, then }) => ({
      ...(uses.find(({ rule }) => rule === name) ?? { rule: name, ...silent }),
      configured: true,
      when,
      says: sayThen(then),
    })),
    ...uses.filter(({ rule }) => !names.has(rule)).map((use) => ({ ...use, configured: false })),
  ];
}
