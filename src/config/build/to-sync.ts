import type { ClosingVerdict } from '../../domain/link.ts';
import type { SyncConfig } from '../config.ts';
import { keyPath, type Problems } from '../problems.ts';
import type { Loose } from '../shape/schema.ts';
import type { SyncSettings } from '../shape/sync-schema.ts';

/** Makes what `sync:` says, and checks that it says something. */
export function toSync({ fromJira, fromDefender, every }: Loose<SyncSettings>, problems: Problems): SyncConfig {
  if (fromJira === undefined && fromDefender === undefined && !problems.has('sync') && !problems.hasBelow('sync'))
    problems.add({ key: 'sync', says: 'says nothing', mend: 'give fromJira, fromDefender or both' });
  const { transitionTo } = fromDefender ?? {};
  return {
    ...(fromJira && { fromJira: { closeAlert: fromJira.closeAlert ?? true, ...toVerdicts(fromJira, problems) } }),
    ...(fromDefender && { fromDefender: transitionTo === undefined ? {} : { transitionTo } }),
    everyMs: every ?? 0,
  };
}

function toVerdicts({ verdict = {} }: NonNullable<Loose<SyncSettings>['fromJira']>, problems: Problems) {
  const names = new Map<string, string>();
  const verdicts = new Map<string, ClosingVerdict>();
  let otherwise: ClosingVerdict = 'true_positive';
  for (const [name, word] of Object.entries(verdict)) {
    const folded = name.trim().toLowerCase();
    const before = names.get(folded);
    if (before !== undefined)
      problems.add({
        key: keyPath('sync.fromJira.verdict', name),
        says: `is the same resolution as ${JSON.stringify(before)}; case does not count`,
        mend: 'leave one out',
      });
    names.set(folded, name);
    if (word === undefined) continue;
    if (folded === 'default') otherwise = word;
    else verdicts.set(folded, word);
  }
  return { verdicts, otherwise };
}
