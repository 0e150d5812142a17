import { EdgeFailure } from '../../../domain/failure.ts';
import type { JiraClient } from '../jira-client.ts';
import type { FieldMeta, FieldOption } from './issue-fields.ts';

const PAGE = 200;

export interface IssueTypeMeta extends FieldOption {
  untranslatedName?: string;
  subtask?: boolean;
}

/** A field as the metadata of a create or an edit describes it. */
export interface WireField {
  fieldId?: string;
  key?: string;
  id?: string;
  name?: string;
  required?: boolean;
  hasDefaultValue?: boolean;
  schema?: FieldMeta['schema'];
  allowedValues?: FieldOption[];
  operations?: readonly string[];
}

/**
 * Issue types that can be created in a project; `undefined` or empty when it is absent or hidden.
 * @throws EdgeFailure when the site cannot be asked.
 */
export function readIssueTypes(client: JiraClient, project: string): Promise<IssueTypeMeta[] | undefined> {
  return readPages<IssueTypeMeta>(client, pathOf(project));
}

/** The fields of a create screen. @throws EdgeFailure when the site cannot be asked. */
export async function readCreateFields(client: JiraClient, project: string, typeId: string): Promise<FieldMeta[]> {
  const fields = await readPages<WireField>(client, `${pathOf(project)}/${encodeURIComponent(typeId)}`);
  return (fields ?? []).flatMap(toMeta);
}

function pathOf(project: string): string {
  return `/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
}

/** All pages of a list; the member that holds a page differs between editions and versions. */
async function readPages<T>(client: JiraClient, path: string): Promise<T[] | undefined> {
  const all: T[] = [];
  for (let startAt = 0; ; ) {
    const page = await readPage(client, `${path}?startAt=${startAt}&maxResults=${PAGE}`);
    if (!page) return startAt === 0 ? undefined : all;
    const items = [page.issueTypes, page.fields, page.values, page.results].find(Array.isArray) as T[] | undefined;
    all.push(...(items ?? []));
    startAt += items?.length ?? 0;
    const total = typeof page.total === 'number' ? page.total : startAt;
    if (!items || items.length === 0 || page.isLast === true || startAt >= total) return all;
  }
}

async function readPage(client: JiraClient, path: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await client.read<Record<string, unknown>>(path);
  } catch (error) {
    // A project that is absent or hidden is answered 400, 403 or 404, depending on edition and version.
    if (error instanceof EdgeFailure && [400, 403].includes(error.details.status ?? 0)) return undefined;
    throw error;
  }
}

/** The field in our own shape; none when it has no id. */
export function toMeta(field: WireField): FieldMeta[] {
  const id = field.fieldId ?? field.key ?? field.id;
  if (id === undefined) return [];
  return [
    {
      id,
      name: field.name ?? id,
      required: field.required === true,
      hasDefaultValue: field.hasDefaultValue === true,
      schema: field.schema ?? { type: 'string' },
      ...(field.allowedValues ? { allowedValues: field.allowedValues.map(slim) } : {}),
    },
  ];
}

/** Options as they are needed; Jira's carry icons and addresses that would fill the ledger. */
function slim({ id, value, name, key, disabled, children }: FieldOption): FieldOption {
  return {
    ...(id === undefined ? {} : { id: String(id) }),
    ...(value === undefined ? {} : { value }),
    ...(name === undefined ? {} : { name }),
    ...(key === undefined ? {} : { key }),
    ...(disabled ? { disabled } : {}),
    ...(children ? { children: children.map(slim) } : {}),
  };
}
