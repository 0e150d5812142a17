import type { Kysely } from 'kysely';
import type { AlertHistory } from '../../domain/outcome.ts';
import type { LedgerTables } from '../store/schema.ts';
import { toAgreement } from './links.ts';

/** What alert and issue last agreed on, and what the issue was told; absent where nothing came of keeping them in step yet. */
export async function pairHistory(db: Kysely<LedgerTables>, key: string): Promise<AlertHistory['inStep']> {
  const link = await db.selectFrom('links').selectAll().where('dedup_key', '=', key).executeTakeFirst();
  if (!link) return undefined;
  const notes = await db
    .selectFrom('notes')
    .leftJoin('note_comments', 'note_comments.id', 'notes.comment')
    .select(['noted_at', 'open', 'state', 'sent_at', 'why'])
    .where('dedup_key', '=', key)
    .orderBy('noted_at')
    .execute();
  if (link.agreed_at === null && notes.length === 0) return undefined;
  const told = notes.map((note) => ({
    notedAt: note.noted_at,
    ...(note.state === 'written' && note.sent_at !== null ? { writtenAt: note.sent_at } : {}),
    ...(note.state !== 'written' && note.why !== null ? { why: note.why } : {}),
  }));
  return { agreed: toAgreement(link), told };
}
