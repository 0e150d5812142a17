import type { Document } from '../../domain/document.ts';
import type { SyncNews } from '../../domain/sync-action.ts';
import { issueNote, type NamedAlert, sayClosed, sayVerdict } from './sync-comment.ts';

const HEADS: Record<SyncNews['kind'], string> = {
  'alert-closed': 'Closed in Defender',
  'alert-reopened': 'Reopened in Defender',
  'verdict-changed': 'Verdict changed in Defender',
  'alert-gone': 'No longer in Defender',
  'alert-stays-closed': 'Stays closed in Defender',
  disputed: 'Alert and issue disagree',
  refused: 'Not done',
};

const WRITES: Record<Extract<SyncNews, { kind: 'refused' }>['what'], string> = {
  'close-alert': 'The alert could not be closed in Defender',
  'reopen-alert': 'The alert could not be opened again in Defender',
  'move-issue': 'This issue could not be moved to done',
  'reopen-issue': 'This issue could not be opened again',
};

/** What an issue is told of its alert. */
export function noteOn(alert: NamedAlert, news: SyncNews): Document {
  return issueNote(alert, { head: HEADS[news.kind], says: sayNews(news) });
}

/** The news in a sentence, for the issue's comment and for the lines of a plan. */
export function sayNews(news: SyncNews): string {
  switch (news.kind) {
    case 'alert-closed':
      return `It was ${sayClosed(news)}.`;
    case 'alert-reopened':
      return 'It is open again in Defender.';
    case 'verdict-changed': {
      const from = news.from === undefined ? '' : ` instead of ${sayVerdict(news.from)}`;
      return `It is now ${sayClosed(news)}${from}.`;
    }
    case 'alert-gone':
      return 'Defender no longer knows it: it was deleted there, or is older than what Defender keeps. This issue stays as it is.';
    case 'alert-stays-closed':
      return 'This issue was reopened. The alert stays closed in Defender: its API has no way to open it again; open it there by hand if it is to be.';
    case 'disputed': {
      const closed = news.verdict === undefined ? 'open' : sayClosed({ ...news, verdict: news.verdict });
      return `It is ${closed} in Defender, and this issue says otherwise. The ${news.winner} counts: ${news.why}.`;
    }
    case 'refused':
      return `${WRITES[news.what]}: ${news.why}${news.mend === undefined ? '' : ` (${news.mend})`}. It is tried again each hour.`;
  }
}
