import type { WriteOutcome } from '../../issue-keeper.ts';
import { unsent } from '../create/create.ts';
import { outcomeOf } from '../create/create-outcome.ts';
import type { JiraClient } from '../jira-client.ts';

export interface IssueWrite {
  method: 'POST' | 'PUT';
  path: string;
  body: unknown;
  /** The answer must name what it made; else an answer without a body will do. */
  makes?: 'something';
  /** Is given what a write that was done was answered. */
  onAnswer?: (body: unknown) => void;
}

/** Sends one write to an existing issue, once. What its answer leaves in doubt is unknown, as for a create. */
export async function write(client: JiraClient, { makes, onAnswer, ...request }: IssueWrite): Promise<WriteOutcome> {
  const { clock, random, site } = client.parts;
  try {
    await client.account.known();
    const answer = await client.exchange({ ...request, effect: 'write' });
    const stranger = await client.account.strangerIn(answer, 'no stranger');
    const { status } = answer;
    if (status === 200 || status === 201 || status === 204) {
      if (stranger) return { outcome: 'unknown', why: stranger.why };
      const readable = isJson(answer.text) && (makes === undefined || answer.text.trim() !== '');
      if (!readable) return unreadable(status);
      if (answer.text.trim() !== '') onAnswer?.(JSON.parse(answer.text));
      return { outcome: 'done', changed: true };
    }
    const context = { url: site.url, now: clock.now(), random, nameOfField: (id: string) => id, stranger };
    const ending = outcomeOf(answer, context);
    if (ending.outcome === 'created') throw new Error(`a write that was answered ${status} cannot have created`);
    if (ending.outcome !== 'refused') return ending;
    const { why, mend } = ending;
    return { outcome: 'refused', why, ...(mend ? { mend } : {}), ...(status === 413 ? { full: true } : {}) };
  } catch (error) {
    return unsent(error);
  }
}

/** A page of a proxy or a sign-in is not Jira's word that something was written. */
function isJson(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unreadable(status: number): WriteOutcome {
  return { outcome: 'unknown', why: `Jira answered ${status} with a body that cannot be read` };
}
