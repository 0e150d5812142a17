import type { DedupKey } from '../../../domain/alert.ts';
import { EdgeFailure } from '../../../domain/failure.ts';
import { GROUPED_LABEL } from '../../../domain/ticket.ts';
import type { EpochMs } from '../../../domain/time.ts';
import type { JiraClient, JiraUser } from '../jira-client.ts';
import type { IssueReads, SeenIssue } from './find-issues.ts';

const MOST_ISSUES = 1_000;
const PAGE = 100;

/** Alerts that comments of ours on grouped issues of ours list. They are read once a doubt, for a ledger that does not know them. */
export class ListedAlerts {
  readonly #client: JiraClient;
  readonly #reads: IssueReads;
  #kept: { since: EpochMs; texts: Promise<readonly { issue: SeenIssue; text: string }[]> } | undefined;

  constructor(client: JiraClient, reads: IssueReads) {
    this.#client = client;
    this.#reads = reads;
  }

  /**
   * The issues whose comments name these alerts; what was read before `since` is read again.
   * @throws EdgeFailure when they cannot all be read.
   */
  async find(keys: readonly DedupKey[], since: EpochMs): Promise<Map<DedupKey, SeenIssue[]>> {
    if (keys.length === 0) return new Map();
    if (!this.#kept || this.#kept.since < since) {
      const texts = this.#read().catch((error: unknown) => {
        this.#kept = undefined;
        throw error;
      });
      this.#kept = { since, texts };
    }
    const texts = await this.#kept.texts;
    const found = new Map<DedupKey, SeenIssue[]>();
    for (const key of keys) {
      const issues = texts.flatMap(({ issue, text }) => (names(text, key) ? [issue] : []));
      if (issues.length > 0) found.set(key, issues);
    }
    return found;
  }

  async #read(): Promise<readonly { issue: SeenIssue; text: string }[]> {
    const jql = `labels = "${GROUPED_LABEL}" ORDER BY key DESC`;
    const issues = await this.#reads.search(this.#client, { jql, most: MOST_ISSUES });
    const isOwn = await this.#client.ownership();
    const texts: { issue: SeenIssue; text: string }[] = [];
    for (const issue of issues)
      if (isOwn(issue.creator)) texts.push({ issue, text: await this.#commentsOf(issue, isOwn) });
    return texts;
  }

  async #commentsOf({ id, key }: SeenIssue, isOwn: (user: JiraUser | undefined) => boolean): Promise<string> {
    const texts: string[] = [];
    for (let startAt = 0; ; ) {
      const page = await this.#client.read<{ comments?: { body?: unknown; author?: JiraUser }[]; total?: number }>(
        `/issue/${id}/comment?startAt=${startAt}&maxResults=${PAGE}`,
        { proof: 'own account' },
      );
      if (!Array.isArray(page?.comments))
        throw new EdgeFailure('malformed', `Jira answered the comments of ${key} without a list`);
      texts.push(...page.comments.filter(({ author }) => isOwn(author)).map(({ body }) => plain(body)));
      startAt += page.comments.length;
      if (page.comments.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY)) return texts.join('\n');
    }
  }
}

/** Whether a text names an alert, and not one whose name is longer. */
function names(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1))
    if (!/[\w-]/.test(text[at - 1] ?? '') && !/[\w-]/.test(text[at + key.length] ?? '')) return true;
  return false;
}

/** Wiki markup with what keeps it from being read as markup taken out; of a document its JSON. */
function plain(body: unknown): string {
  return typeof body === 'string' ? body.replace(/[\\\u200b]/g, '') : JSON.stringify(body ?? '');
}
