import type { Transaction } from 'kysely';
import type { DedupKey } from '../../../domain/alert.ts';
import type { Fact } from '../../../domain/facts.ts';
import type { Agreement } from '../../../domain/link.ts';
import type { LedgerTables } from '../../store/schema.ts';
import { toFacts } from '../fact-rows.ts';
import type { ChangeTimes } from '../facts-port.ts';
import { type CountedFact, readRows, storeCounted } from './store-facts.ts';

/** Stores what an agreement tells of alert and issue that is not known already, such as from the issue's history. */
export async function storeAgreed(
  tx: Transaction<LedgerTables>,
  key: DedupKey,
  agreed: Agreement,
  times: ChangeTimes = {},
): Promise<void> {
  const facts = toFacts(await readRows(tx, [key]));
  await storeCounted(
    tx,
    [...factsOfAlert(facts, agreed, times), ...ofIssue(facts, agreed, times)].map((entry) => ({ key, ...entry })),
  );
}

/** What is new where an alert is open or closed now, beside these facts of it; `at`: when that was learnt. */
export function factsOfAlert(
  facts: readonly Fact[],
  { alert, verdict, at }: Pick<Agreement, 'alert' | 'verdict' | 'at'>,
  { closedAt }: ChangeTimes,
): Omit<CountedFact, 'key'>[] {
  const closings = facts.filter(({ fact }) => fact === 'closed');
  const last = facts.findLast(({ fact }) => fact === 'closed' || fact === 'alert-reopened');
  const found: Omit<CountedFact, 'key'>[] = [];
  if (alert === 'closed') {
    const closed = { fact: 'closed', verdict: verdict ?? 'unspecified', at: closedAt ?? at, recordedAt: at } as const;
    const turn = closings.length + 1;
    if (last?.fact !== 'closed') found.push({ fact: closed, turn });
    // Closed all the while: another verdict is given when it is given, and a source may tell the first closing's time.
    else if (last.verdict !== closed.verdict)
      found.push({ fact: { ...closed, at: closed.at > last.at ? closed.at : at }, turn });
  }
  if (alert === 'open' && last?.fact === 'closed') found.push({ fact: { fact: 'alert-reopened', at, recordedAt: at } });
  return found;
}

function ofIssue(facts: readonly Fact[], { issue, at }: Agreement, { doneAt, reopenedAt, resolution }: ChangeTimes) {
  const last = facts.findLast(({ fact }) => fact === 'resolved' || fact === 'reopened' || fact === 'issue-gone')?.fact;
  const found: Omit<CountedFact, 'key'>[] = [];
  if (issue === 'done' && last !== 'resolved')
    found.push({
      fact: { fact: 'resolved', at: doneAt ?? at, recordedAt: at, ...(resolution === undefined ? {} : { resolution }) },
    });
  if (issue === 'open' && (last === 'resolved' || last === 'issue-gone'))
    found.push({ fact: { fact: 'reopened', at: reopenedAt ?? at, recordedAt: at } });
  if (issue === 'gone' && last !== 'issue-gone') found.push({ fact: { fact: 'issue-gone', at, recordedAt: at } });
  return found;
}
