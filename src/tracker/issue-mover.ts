import type { TicketDraft, TicketRef } from '../domain/ticket.ts';
import type { WriteOutcome } from './issue-keeper.ts';

/** Changes a site's issues after their birth, always so that a second call with the same arguments changes nothing. */
export interface IssueMover {
  /**
   * Moves an issue to a status that counts as done, by the road that its own workflow offers: `to` names the status or
   * the transition. Fields that the transition's screen requires are filled where one value is the obvious one
   * (`resolution`: the first that `resolutions` names and the screen offers, else the screen's default, else its first).
   * `refused`, with the roads that there are, where none leads there. An issue already done is left as it is.
   */
  ensureDone(ticketId: string, wish: { to: string; resolutions: readonly string[] }): Promise<WriteOutcome>;
  /**
   * Writes those fields of the draft that differ from what the issue shows and that `mayWrite` allows, by field id;
   * `left` names the others that differ.
   */
  ensureFields(
    ticketId: string,
    draft: TicketDraft,
    mayWrite: (field: string) => boolean,
  ): Promise<WriteOutcome & { written?: readonly string[]; left?: readonly string[] }>;
  /**
   * Makes a twin of an alert's issue its duplicate: links it to the original, moves it to done with a duplicate's
   * resolution where its workflow has one, and turns its identity label into `LABEL-dup`. Takes up where it was left.
   */
  ensureDuplicate(twin: TicketRef, original: TicketRef, label: string): Promise<WriteOutcome>;
}
