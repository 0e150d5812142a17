import type { IssueMover } from '../../issue-mover.ts';
import { type EditParts, ensureFields } from './edit-fields.ts';
import { known } from './keep-issues.ts';
import { markDuplicate } from './mark-duplicate.ts';
import { walkToDone } from './walk-to-done.ts';

/** The mover port on a Jira site of either edition. */
export function jiraMover(parts: EditParts): IssueMover {
  const { client } = parts;
  return {
    ensureDone: (ticketId, wish) => known(client, ticketId, () => walkToDone(client, ticketId, wish)),
    ensureFields: (ticketId, draft, mayWrite) =>
      known(client, ticketId, () => ensureFields(parts, ticketId, { draft, mayWrite })),
    ensureDuplicate: (twin, original, label) =>
      known(client, twin.id, () => markDuplicate(client, { twin, original, label })),
  };
}
