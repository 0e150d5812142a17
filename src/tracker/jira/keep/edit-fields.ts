import type { TicketDraft } from '../../../domain/ticket.ts';
import type { WriteOutcome } from '../../issue-keeper.ts';
import { toMeta, type WireField } from '../create/create-meta.ts';
import { type BodyDialect, buildIssue, textsOfUserFields } from '../create/issue-body.ts';
import type { FieldMeta } from '../create/issue-fields.ts';
import { CONSTANT_LABEL, dedupLabel } from '../dedup-label.ts';
import { fieldsNamed } from '../examine.ts';
import type { JiraClient } from '../jira-client.ts';
import type { People } from '../people.ts';
import { write } from './issue-write.ts';
import { isSameValue } from './same-value.ts';

export interface EditParts {
  client: JiraClient;
  people: People;
  dialect: { body: Omit<BodyDialect, 'user'> };
}

export interface FieldsWish {
  draft: TicketDraft;
  mayWrite: (field: string) => boolean;
}

interface Editable {
  fields?: Record<string, unknown>;
  editmeta?: { fields?: Readonly<Record<string, WireField>> };
}

type Edited = WriteOutcome & { written?: readonly string[]; left?: readonly string[] };

/**
 * Brings an issue's fields up to a draft, in one request. Only fields on its edit screen count; what the draft leaves
 * empty is not emptied, and labels are added, never taken away. Watchers are told as of any edit: to keep it from them
 * takes an administrator (REST API, "Edit issue", `notifyUsers`). `undefined` when the issue cannot be seen.
 */
export async function ensureFields(
  { client, people, dialect }: EditParts,
  ticketId: string,
  { draft, mayWrite }: FieldsWish,
): Promise<Edited | undefined> {
  const issue = await client.read<Editable>(`/issue/${ticketId}?expand=editmeta`, { proof: 'own account' });
  if (!issue) return undefined;
  const screen = screenOf(issue);
  if (screen.length === 0) return cannotEdit();
  const wish = fitting(draft, screen);
  const route = { issueTypeId: '', fields: screen };
  const found = await people.find(textsOfUserFields(wish, route));
  const built = buildIssue(wish, route, { ...dialect.body, user: (text) => found.get(text) });
  if ('refused' in built) return { outcome: 'refused', why: built.refused };
  const wanted = wantedOf(built.body.fields, { draft, issue, screen });
  const differing = Object.keys(wanted).filter((id) => !isSameValue(wanted[id], issue.fields?.[id]));
  const written = differing.filter(mayWrite);
  const left = differing.filter((id) => !written.includes(id));
  if (written.length === 0) return { outcome: 'done', changed: false, written, left };
  const outcome = await write(client, {
    method: 'PUT',
    path: `/issue/${ticketId}`,
    body: bodyOf(wanted, written, issue),
  });
  return outcome.outcome === 'done' ? { ...outcome, written, left } : outcome;
}

function screenOf({ editmeta }: Editable): FieldMeta[] {
  return Object.entries(editmeta?.fields ?? {}).flatMap(([id, field]) => {
    const settable = field.operations?.some((verb) => verb === 'set' || verb === 'add') ?? true;
    // A field that the draft does not fill is left as it is, so that none has to be filled.
    return settable ? toMeta({ ...field, fieldId: id, required: false }) : [];
  });
}

function cannotEdit(): Edited {
  return {
    outcome: 'refused',
    why: 'Jira shows no field of it that this account may edit',
    mend: 'give the account Edit Issues in this project; a status may also forbid edits (workflow property jira.issue.editable)',
  };
}

/** The draft without the fields that the screen does not have: the create may have had another screen. */
function fitting(draft: TicketDraft, screen: readonly FieldMeta[]): TicketDraft {
  const fields = Object.entries(draft.fields).filter(([name]) => fieldsNamed(screen, name).length === 1);
  return { ...draft, fields: Object.fromEntries(fields) };
}

/** What the issue is to show; identity is given at birth and is not late news. */
function wantedOf(
  built: Record<string, unknown>,
  { draft, issue, screen }: { draft: TicketDraft; issue: Editable; screen: readonly FieldMeta[] },
): Record<string, unknown> {
  const { project, issuetype, ...wanted } = built;
  if (!screen.some(({ id }) => id === 'summary')) delete wanted.summary;
  if (Array.isArray(wanted.labels)) {
    const identity = [CONSTANT_LABEL, dedupLabel(draft.dedupKey)];
    const ours = wanted.labels.filter((label) => !identity.includes(label));
    wanted.labels = [...new Set([...labelsOf(issue), ...ours])];
  }
  return wanted;
}

function labelsOf({ fields }: Editable): readonly string[] {
  return Array.isArray(fields?.labels) ? fields.labels.map(String) : [];
}

/** Labels by addition, so that one that a person adds meanwhile stays. */
function bodyOf(wanted: Record<string, unknown>, written: readonly string[], issue: Editable): Record<string, unknown> {
  const fields = Object.fromEntries(written.filter((id) => id !== 'labels').map((id) => [id, wanted[id]]));
  const there = labelsOf(issue);
  const labels = written.includes('labels')
    ? (wanted.labels as string[]).filter((label) => !there.includes(label))
    : [];
  return {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(labels.length > 0 ? { update: { labels: labels.map((label) => ({ add: label })) } } : {}),
  };
}
