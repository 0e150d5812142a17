import type { EpochMs } from './time.ts';

/** One entry of an issue's own history. */
export interface IssueChange {
  at: EpochMs;
  /** Whether our own account made it. A person may share that account. */
  own: boolean;
  /** Field id, such as `status`, `assignee`, `resolution`, `priority`, `customfield_10010`. */
  field: string;
  /** Of a change of status: whether the status that it went to counts as done; absent where that status is no more. */
  done?: boolean;
  /** Of a change of assignee or resolution: the name it was set to; absent where it was cleared. */
  to?: string;
}
