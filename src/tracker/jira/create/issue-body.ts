import type { Document } from '../../../domain/document.ts';
import type { TicketDraft } from '../../../domain/ticket.ts';
import { CONSTANT_LABEL, dedupLabel, IDENTITY_PROPERTY } from '../dedup-label.ts';
import { fieldsNamed } from '../examine.ts';
import { type FieldDialect, findOption, kindOf, toFieldValue } from './issue-fields.ts';
import { cleanText, oneLine, toLabel, toSummary } from './issue-text.ts';
import type { RouteMetadata } from './route-metadata.ts';

/** How an edition writes the rich text of an issue. */
export interface BodyDialect extends FieldDialect {
  description(document: Document): unknown;
}

export interface IssueBody {
  fields: Record<string, unknown>;
  properties: readonly { key: string; value: unknown }[];
}

export type BuiltBody =
  | { body: IssueBody; notes: readonly string[] }
  /** A required field has no value that it can take. */
  | { refused: string };

/** The request that creates a draft's issue: every field typed by the screen's metadata, the identity in the same call. */
export function buildIssue(draft: TicketDraft, route: RouteMetadata, dialect: BodyDialect): BuiltBody {
  const { project } = draft.route;
  const onScreen = (id: string) => route.fields.some((field) => field.id === id);
  const label = dedupLabel(draft.dedupKey);
  const notes: string[] = [];
  const fields: Record<string, unknown> = {
    project: /^\d+$/.test(project) ? { id: project } : { key: project },
    issuetype: { id: route.issueTypeId },
    summary: toSummary(draft.summary),
  };
  if (onScreen('description')) fields.description = dialect.description(draft.description);
  else notes.push('Description is not on the create screen, so the issue has none');
  // A mapping of Labels adds to these; it must not take the identity away.
  const labels = [...new Set([...draft.labels.flatMap((text) => toLabel(text) ?? []), CONSTANT_LABEL, label])];
  if (onScreen('labels')) fields.labels = labels;
  const priority = onScreen('priority') ? priorityOf(draft, route) : undefined;
  if (priority) fields.priority = priority;
  else if (draft.priority !== undefined)
    notes.push(`priority left to the project: it does not offer "${draft.priority}"`);
  for (const [name, text] of Object.entries(draft.fields)) {
    const [field] = fieldsNamed(route.fields, name);
    if (!field) return { refused: `field "${name}" is not on the create screen` };
    const typed = toFieldValue(field, text, dialect);
    if (!('problem' in typed)) {
      if (field.id === 'labels') fields.labels = [...new Set([...labels, ...((typed.value ?? []) as string[])])];
      else if (typed.value !== undefined) fields[field.id] = typed.value;
      else if (field.required && !field.hasDefaultValue) return { refused: `required field "${name}" came out empty` };
      continue;
    }
    if (field.required && !field.hasDefaultValue) return { refused: `required field "${name}": ${typed.problem}` };
    notes.push(`field "${name}" left out: ${typed.problem}`);
  }
  const wished = wishes(draft, route, dialect);
  if ('refused' in wished) return wished;
  Object.assign(fields, wished.fields);
  notes.push(...wished.notes);
  const value = { v: 1, key: label, tenant: draft.tenant, alert: draft.alertId };
  return { body: { fields, properties: [{ key: IDENTITY_PROPERTY, value }] }, notes };
}

type Wished = { fields: Record<string, unknown>; notes: string[] } | { refused: string };

/** Assignee and components, which a draft names by themselves; what cannot be set is left out, and noted. */
function wishes({ assignee, components = [] }: TicketDraft, route: RouteMetadata, dialect: BodyDialect): Wished {
  const fields: Record<string, unknown> = {};
  const notes: string[] = [];
  const wish = (id: string, text: string) => {
    const field = route.fields.find((one) => one.id === id);
    const typed = field ? toFieldValue(field, text, dialect) : { problem: 'it is not on the create screen' };
    if (!('problem' in typed)) fields[id] = typed.value;
    else if (field?.required && !field.hasDefaultValue)
      return { refused: `required field "${field.name}": ${typed.problem}` };
    else notes.push(`${id} left out: ${typed.problem}`);
    return undefined;
  };
  const refused =
    (assignee === undefined ? undefined : wish('assignee', assignee)) ??
    (components.length === 0 ? undefined : wish('components', components.join('\n')));
  return refused ?? { fields, notes };
}

function priorityOf({ priority }: TicketDraft, route: RouteMetadata): Record<string, string> | undefined {
  if (priority === undefined) return undefined;
  const options = route.fields.find(({ id }) => id === 'priority')?.allowedValues;
  if (!options) return { name: priority };
  const option = findOption(options, priority);
  return option?.id === undefined ? undefined : { id: option.id };
}

/** The texts of a draft's user fields, for which people must be looked up beforehand, as `toFieldValue` will ask. */
export function textsOfUserFields(draft: TicketDraft, route: RouteMetadata): string[] {
  const texts = Object.entries(draft.fields).flatMap(([name, text]) => {
    const [field] = fieldsNamed(route.fields, name);
    const kind = field && kindOf(field);
    if (kind === 'user') return [text];
    return kind === 'users' ? cleanText(text).split(/[,\n]/) : [];
  });
  const all = draft.assignee === undefined ? texts : [...texts, draft.assignee];
  return [...new Set(all.map((text) => oneLine(text, Number.MAX_SAFE_INTEGER)).filter(Boolean))];
}
