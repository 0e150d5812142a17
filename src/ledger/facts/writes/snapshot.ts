import type { AlertFacts } from '../../../domain/facts.ts';
import type { AlertLine } from '../../../domain/outcome.ts';

/** What reports tell of an alert as it was decided, whatever became of it later. */
export type Snapshot = Partial<
  Pick<AlertFacts, 'title' | 'severity' | 'type' | 'url' | 'category' | 'users' | 'findings' | 'rules'> & {
    /** Of a record that was replaced before anything was decided. */
    addresses: readonly string[];
  }
>;

/** The part of a decision's line that reports need, as JSON; `null` where it says nothing of it. */
export function snapshotOf(line: Partial<AlertLine>): string | null {
  const { title, severity, category, users = [], findings = [], rules } = line;
  if (title === undefined && category === undefined) return null;
  const spoke = rules?.spoke.map(({ rule }) => rule) ?? [];
  const snapshot: Snapshot = {
    ...(title === undefined ? {} : { title }),
    ...(severity === undefined ? {} : { severity }),
    ...(category === undefined ? {} : { category }),
    ...(users.length === 0 ? {} : { users }),
    ...(findings.length === 0 ? {} : { findings }),
    ...(spoke.length === 0 ? {} : { rules: spoke }),
  };
  return JSON.stringify(snapshot);
}
