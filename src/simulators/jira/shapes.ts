import {
  type JiraSite,
  readFields,
  type SimComment,
  type SimField,
  type SimIssue,
  type SimOption,
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
  const type = byIdOrName(written.issuetype, project.issueTypes);
  const priority = byIdOrName(written.priority, site.priorities) ?? site.priorities[2];
  return {
    ...written,
    project: { self: `${spelling.api}/project/${project.id}`, id: project.id, key: project.key, name: project.name },
    issuetype: { self: `${spelling.api}/issuetype/${type?.id}`, id: type?.id, name: type?.name, subtask: false },
    ...(priority ? { priority: { self: `${spelling.api}/priority/${priority.id}`, ...priority } } : {}),
    labels: issue.labels,
    status: toStatus(issue, spelling),
    resolution: issue.resolution === undefined ? null : { name: issue.resolution },
    issuelinks: toIssueLinks(issue, site, spelling),
    reporter: toUser(issue.reporter, spelling),
    created: toStamp(issue.createdAt),
    updated: toStamp(issue.updatedAt),
  };
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
