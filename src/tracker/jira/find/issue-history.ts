import type { IssueChange } from '../../../domain/issue-change.ts';
import { DAY_MS } from '../../../domain/time.ts';
import type { JiraClient } from '../jira-client.ts';

/** One entry of a changelog, the same in both editions but for `fieldId`, which Data Center does not give. */
export interface WireChange {
  author?: Record<string, unknown>;
  /** A text; the bulk read of Cloud was seen to give milliseconds. */
  created?: string | number;
  items?: readonly WireChangeItem[];
}

interface WireChangeItem {
  field?: string;
  fieldId?: string;
  /** Of a change of status: the id of the status that it went to. */
  to?: string | null;
  /** The name of the new value. Every object has a function of that name, so it is looked at before it is used. */
  toString?: unknown;
}

interface WireStatus {
  id?: string;
  statusCategory?: { key?: string };
}

interface FieldName {
  id: string;
  name: string;
}

/** Names that a changelog gives system fields, where they are neither the field's id nor its name. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  Component: 'components',
  'Fix Version': 'fixVersions',
  Version: 'versions',
};

/** Fields of whose changes the new value's name is told. */
const NAMED: ReadonlySet<string> = new Set(['assignee', 'resolution']);

const FRESH_MS = DAY_MS;

/** Reads changelogs: whose change it was, of which field, and whether a status counts as done. */
export class IssueHistory {
  readonly #client: JiraClient;
  #kept: { at: number; doneById: ReadonlyMap<string, boolean>; fields: readonly FieldName[] } | undefined;

  constructor(client: JiraClient) {
    this.#client = client;
  }

  /** The changes oldest first. @throws EdgeFailure when the site cannot be asked for its statuses and fields. */
  async of(changelog: readonly WireChange[] = []): Promise<readonly IssueChange[]> {
    if (changelog.length === 0) return [];
    const isOwn = await this.#client.ownership();
    const { doneById, fields } = await this.#names();
    const changes = changelog.flatMap(({ author, created, items }) => {
      const at = typeof created === 'number' ? created : Date.parse(created ?? '');
      if (Number.isNaN(at)) return [];
      const own = isOwn(author);
      return (items ?? []).flatMap((item) => toChanges(item, { at, own, doneById, fields }));
    });
    return changes.toSorted((a, b) => a.at - b.at);
  }

  async #names() {
    const now = this.#client.parts.clock.now();
    if (this.#kept && now - this.#kept.at < FRESH_MS) return this.#kept;
    const statuses = await this.#client.read<readonly WireStatus[]>('/status');
    const fields = await this.#client.read<readonly FieldName[]>('/field');
    const doneById = new Map(
      (Array.isArray(statuses) ? statuses : []).map(({ id, statusCategory }: WireStatus) => [
        String(id),
        statusCategory?.key === 'done',
      ]),
    );
    this.#kept = { at: now, doneById, fields: Array.isArray(fields) ? fields : [] };
    return this.#kept;
  }
}

function toChanges(
  item: WireChangeItem,
  {
    at,
    own,
    doneById,
    fields,
  }: { at: number; own: boolean; doneById: ReadonlyMap<string, boolean>; fields: readonly FieldName[] },
): IssueChange[] {
  const done = item.field === 'status' ? doneById.get(String(item.to)) : undefined;
  return idsOf(item, fields).map((field) => ({
    at,
    own,
    field,
    ...(done === undefined ? {} : { done }),
    ...(NAMED.has(field) && typeof item.toString === 'string' && item.toString !== '' ? { to: item.toString } : {}),
  }));
}

/** Field ids that an entry may mean: where only a name is given that several fields share, it counts for each of them. */
function idsOf({ field = '', fieldId }: WireChangeItem, fields: readonly FieldName[]): readonly string[] {
  if (fieldId) return [fieldId];
  const system = SYSTEM_NAMES[field];
  if (system) return [system];
  if (fields.some(({ id }) => id === field)) return [field];
  const named = fields.filter(({ name }) => name === field).map(({ id }) => id);
  return named.length > 0 ? named : [field.toLowerCase()];
}
