import type { IssueSide } from '../../../domain/link.ts';
import type { TicketPlace } from '../../issue-keeper.ts';
import type { JiraClient } from '../jira-client.ts';
import { permissionsIn } from '../permissions.ts';

type Unseen = Extract<IssueSide, { seen: 'gone' | 'hidden' }>;

/** That we may not look at an issue, and what a person can do about it. */
export function hidden(project: string, why: string): Extract<Unseen, { seen: 'hidden' }> {
  const mend = `give the account Browse Projects in ${project}, and a place in its security scheme`;
  return { seen: 'hidden', why, mend };
}

/**
 * What a 404 for an issue means. It is the same for an issue that was deleted and one that is hidden (Jira Cloud REST
 * v3, "Get issue"); only an account that is still ours and sees the project may take it for gone. One instance serves
 * one reading of many issues and asks once a project.
 */
export class UnseenIssues {
  readonly #client: JiraClient;
  readonly #seesProject = new Map<string, Promise<boolean>>();

  constructor(client: JiraClient) {
    this.#client = client;
  }

  /** @throws EdgeFailure when the site cannot be asked, or no longer knows us. */
  async judge({ project }: TicketPlace): Promise<Unseen> {
    if (!(await this.sees(project))) return hidden(project, `this account cannot see project ${project} at present`);
    return { seen: 'gone', why: 'it was deleted, or is hidden from this account' };
  }

  /** Whether our account sees a project. @throws EdgeFailure as `judge`. */
  sees(project: string): Promise<boolean> {
    let asked = this.#seesProject.get(project);
    if (!asked) {
      asked = this.#ask(project);
      this.#seesProject.set(project, asked);
    }
    return asked;
  }

  async #ask(project: string): Promise<boolean> {
    await this.#client.account.confirm();
    const held = await permissionsIn(this.#client, project, ['BROWSE_PROJECTS']);
    return held?.has('BROWSE_PROJECTS') ?? false;
  }
}
