import type { SimChange } from './changelog.ts';
import {
  type JiraSite,
  readFields,
  type SimComment,
  type SimField,
  type SimIssue,
  type SimOption,
  type SimProject,
  type SimUser,
  STATUSES,
} from './site.ts';

/** How an edition spells what it answers. */
export interface Spelling {
  /** Base of `self` links, up to and including the version. */
  api: string;
  edition: 'cloud' | 'datacenter';
}

const CUSTOM = 'com.atlassian.jira.plugin.system.customfieldtypes:';
const SCHEMA_TYPES: Record<SimField['type'], { type: string; items?: string }> = {
  summary: { type: 'string' },
  textfield: { type: 'string' },
  textarea: { type: 'string' },
  url: { type: 'string' },
  select: { type: 'option' },
  radiobuttons: { type: 'option' },
  multiselect: { type: 'array', items: 'option' },
  multicheckboxes: { type: 'array', items: 'option' },
  labels: { type: 'array', items: 'string' },
  float: { type: 'number' },
  datepicker: { type: 'date' },
  datetime: { type: 'datetime' },
  userpicker: { type: 'user' },
  multiuserpicker: { type: 'array', items: 'user' },
  cascadingselect: { type: 'option-with-child' },
  priority: { type: 'priority' },
  components: { type: 'array', items: 'component' },
};

export function isCustom(field: SimField): boolean {
  return field.id.startsWith('customfield_');
}

/** A field's schema as createmeta and the field list give it. */
export function toSchema(field: SimField) {
  const type = SCHEMA_TYPES[field.type];
  if (!isCustom(field)) return { ...type, system: field.id };
  return { ...type, custom: CUSTOM + field.type, customId: Number(field.id.slice('customfield_'.length)) };
}

/** Jira's own way to write an instant: an offset without a colon. */
export function toStamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

export function toUser(user: SimUser, { api, edition }: Spelling) {
  const shared = { emailAddress: user.email, displayName: user.displayName, active: true, timeZone: 'Etc/UTC' };
  return edition === 'cloud'
    ? {
        self: `${api}/user?accountId=${encodeURIComponent(user.accountId)}`,
        accountId: user.accountId,
        accountType: 'atlassian',
        ...shared,
      }
    : { self: `${api}/user?username=${user.name}`, name: user.name, key: `JIRAUSER_${user.name}`, ...shared };
}

export function toOption(option: SimOption, api: string): Record<string, unknown> {
  const own = { self: `${api}/customFieldOption/${option.id}`, value: option.value, id: option.id };
  return option.children.length === 0
    ? own
    : { ...own, children: option.children.map((child) => toOption(child, api)) };
}

export function toStatus(issue: Pick<SimIssue, 'status'>, { api }: Spelling) {
  const { id, name, category } = issue.status;
  const index = STATUSES.findIndex((status) => status.category === category);
  const statusCategory = {
    self: `${api}/statuscategory/${[2, 4, 3][index]}`,
    id: [2, 4, 3][index],
    key: category,
    colorName: ['blue-gray', 'yellow', 'green'][index],
    name: ['To Do', 'In Progress', 'Done'][index],
  };
  return { self: `${api}/status/${id}`, id, name, statusCategory };
}

export function toComment(comment: SimComment, issue: SimIssue, spelling: Spelling) {
  const author = toUser(comment.author, spelling);
  return {
    self: `${spelling.api}/issue/${issue.id}/comment/${comment.id}`,
    id: comment.id,
    author,
    updateAuthor: author,
    body: comment.body,
    created: toStamp(comment.at),
    updated: toStamp(comment.at),
  };
}

/** The links of an issue as a read gives them: each with its other end alone. */
export function toIssueLinks(issue: SimIssue, site: JiraSite, spelling: Spelling) {
  const { api } = spelling;
  return issue.links.flatMap(({ id, type, other, end }) => {
    const named = site.linkTypes.find(({ name }) => name === type);
    const there = site.find(other);
    if (!there || !named) return [];
    const shown = {
      id: there.id,
      key: there.key,
      self: `${api}/issue/${there.id}`,
      fields: { status: toStatus(there, spelling) },
    };
    const linkType = { self: `${api}/issueLinkType/${named.id}`, ...named };
    return [{ id, self: `${api}/issueLink/${id}`, type: linkType, [`${end}Issue`]: shown }];
  });
}

/** An issue's fields as a read gives them: named things whole, whatever the create called them by. */
export function toFields(issue: SimIssue, site: JiraSite, spelling: Spelling): Record<string, unknown> {
  const written = readFields(issue);
  const { project } = issue;
  const type = typeOf(issue);
  const priority = byIdOrName(written.priority, site.priorities) ?? site.priorities[2];
  const shown = Object.entries(written).map(([id, value]) => [
    id,
    toShown(site.field(id), value, { site, spelling, project }),
  ]);
  return {
    ...Object.fromEntries(shown),
    project: { self: `${spelling.api}/project/${project.id}`, id: project.id, key: project.key, name: project.name },
    issuetype: { self: `${spelling.api}/issuetype/${type?.id}`, id: type?.id, name: type?.name, subtask: false },
    ...(priority ? { priority: { self: `${spelling.api}/priority/${priority.id}`, ...priority } } : {}),
    labels: issue.labels,
    status: toStatus(issue, spelling),
    resolution: resolutionOf(issue, site, spelling),
    resolutiondate: issue.resolvedAt === undefined ? null : toStamp(issue.resolvedAt),
    ...(spelling.edition === 'cloud' ? { statuscategorychangedate: toStamp(issue.categoryChangedAt) } : {}),
    issuelinks: toIssueLinks(issue, site, spelling),
    creator: toUser(issue.creator, spelling),
    reporter: toUser(issue.reporter, spelling),
    created: toStamp(issue.createdAt),
    updated: toStamp(issue.updatedAt),
  };
}

/** The type of an issue, whatever its create called it by. */
export function typeOf(issue: Pick<SimIssue, 'project' | 'text'>) {
  return byIdOrName(readFields(issue).issuetype, issue.project.issueTypes);
}

function resolutionOf({ resolution }: SimIssue, site: JiraSite, { api }: Spelling) {
  if (resolution === undefined) return null;
  const { id = '0', name = resolution } = site.resolutions.find((one) => one.name === resolution) ?? {};
  return { self: `${api}/resolution/${id}`, id, name, description: '' };
}

/** A value as a read gives it: what it names whole, a document as Jira's editor leaves it. */
function toShown(
  field: SimField | undefined,
  value: unknown,
  place: { site: JiraSite; spelling: Spelling; project: SimProject },
): unknown {
  const { site, spelling, project } = place;
  const written = value as { id?: string; value?: string; accountId?: string; name?: string; child?: unknown };
  if (!field || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => toShown(field, one, place));
  if (field.type === 'userpicker' || field.type === 'multiuserpicker') {
    const user = site.users.find(
      ({ accountId, name }) => accountId === (written.accountId ?? written.id) || name === written.name,
    );
    return user ? toUser(user, spelling) : value;
  }
  if (field.type === 'components') return byIdOrName(value, project.components) ?? value;
  if (field.type === 'textarea') return tidied(value);
  const option = optionIn(field.choices, written);
  if (!option) return value;
  const { children, ...own } = toOption(option, spelling.api);
  const child = written.child === undefined ? undefined : optionIn(option.children, written.child as { id?: string });
  return child ? { ...own, child: toOption(child, spelling.api) } : own;
}

function optionIn(choices: readonly SimOption[], { id, value }: { id?: string; value?: string }) {
  return choices.find((one) => (id === undefined ? one.value === value : one.id === id));
}

/** Jira joins neighbouring texts that look the same, and gives blocks ids of their own. */
function tidied(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const { content, ...own } = node as { type?: string; attrs?: object; content?: readonly Record<string, unknown>[] };
  if (!Array.isArray(content)) return node;
  const joined: Record<string, unknown>[] = [];
  for (const child of content) {
    const last = joined.at(-1);
    const isAlike = last?.type === 'text' && child.type === 'text' && isSameMarks(last, child);
    if (last && isAlike) joined[joined.length - 1] = { ...last, text: `${last.text}${child.text}` };
    else joined.push(child);
  }
  const attrs = own.type === 'table' || own.type === 'panel' ? { attrs: { ...own.attrs, localId: 'c0ffee' } } : {};
  return { ...own, ...attrs, content: joined.map(tidied) };
}

function isSameMarks(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return JSON.stringify(a.marks ?? []) === JSON.stringify(b.marks ?? []);
}

export function toChange({ id, at, author, items }: SimChange, spelling: Spelling) {
  const shown = items.map(({ fieldId, ...item }) => ({
    ...item,
    ...(spelling.edition === 'cloud' ? { fieldId } : {}),
  }));
  return { id, author: toUser(author, spelling), created: toStamp(at), items: shown.map(withoutNulls) };
}

function withoutNulls<T extends object>(item: T): Partial<T> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as Partial<T>;
}

function byIdOrName<T extends { id: string; name: string }>(value: unknown, known: readonly T[]): T | undefined {
  const wanted = (value ?? {}) as { id?: string; name?: string };
  return known.find(({ id, name }) => (wanted.id === undefined ? name === wanted.name : id === wanted.id));
}

/** What a read asks for. */
export interface Selection {
  /** Field ids; `*all` and `*navigable` mean all, `-x` leaves one out. */
  fields: readonly string[];
  properties: readonly string[];
}

export function toIssue(issue: SimIssue, selection: Selection, site: JiraSite, spelling: Spelling) {
  const all = toFields(issue, site, spelling);
  const wantsAll = selection.fields.length === 0 || selection.fields.some((id) => id.startsWith('*'));
  const wanted = (id: string) => (wantsAll ? !selection.fields.includes(`-${id}`) : selection.fields.includes(id));
  const fields = Object.fromEntries(Object.entries(all).filter(([id]) => wanted(id)));
  const properties = selectProperties(issue, selection.properties);
  return {
    expand: 'renderedFields,names,schema,transitions,operations,editmeta,changelog',
    id: issue.id,
    self: `${spelling.api}/issue/${issue.id}`,
    key: issue.key,
    fields,
    ...(properties ? { properties } : {}),
  };
}

export function selectProperties(issue: SimIssue, keys: readonly string[]): Record<string, unknown> | undefined {
  if (keys.length === 0) return undefined;
  const all = keys.includes('*all');
  return Object.fromEntries([...issue.properties].filter(([key]) => all || keys.includes(key)));
}
