import { json, type SimAnswer } from '../wire.ts';
import { type Call, type Route, readPage, words } from './call.ts';
import { Refusal } from './refusal.ts';
import { isCustom, toOption, toSchema, toStatus, toUser, typeOf } from './shapes.ts';
import { type SimField, type SimIssue, type SimIssueType, type SimProject, STATUSES } from './site.ts';

const none = () => json(200, []);

/** What both editions tell of themselves, their projects and their fields. */
export const METADATA_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'myself', do: (call) => json(200, toUser(call.user, call.spelling)) },
  { method: 'GET', path: 'field', do: listFields, anonymous: none },
  { method: 'GET', path: 'priority', do: listPriorities, anonymous: none },
  { method: 'GET', path: 'project', do: listProjects, anonymous: none },
  { method: 'GET', path: 'project/search', do: searchProjects },
  { method: 'GET', path: 'status', do: listStatuses, anonymous: none },
  { method: 'GET', path: 'project/*/statuses', do: listProjectStatuses },
  { method: 'GET', path: 'project/*', do: readProject, anonymous: () => noProject('').toAnswer() },
  { method: 'GET', path: 'issue/createmeta/*/issuetypes', do: listIssueTypes },
  { method: 'GET', path: 'issue/createmeta/*/issuetypes/*', do: listCreateFields },
  { method: 'GET', path: 'user/search', do: findUsers, anonymous: none },
  { method: 'GET', path: 'mypermissions', do: listPermissions },
];

function listFields({ site }: Call): SimAnswer {
  const fields = site.fields.map((field) => {
    const number = field.id.slice('customfield_'.length);
    const clauseNames = isCustom(field) ? [`cf[${number}]`, field.name] : [field.id];
    const flags = { custom: isCustom(field), orderable: true, navigable: true, searchable: true };
    return { id: field.id, key: field.id, name: field.name, ...flags, clauseNames, schema: toSchema(field) };
  });
  return json(200, fields);
}

function listPriorities({ site, spelling: { api } }: Call): SimAnswer {
  const shown = site.priorities.map(({ id, name }) => ({
    self: `${api}/priority/${id}`,
    statusColor: '#f15C75',
    description: name,
    iconUrl: `${api}/priority/${id}/icon`,
    name,
    id,
  }));
  return json(200, shown);
}

function noProject(key: string): Refusal {
  return new Refusal(404, `No project could be found with key '${key}'.`);
}

function projectOf(call: Call): SimProject {
  const key = call.params[0] ?? '';
  const project = call.site.project(key);
  if (project && call.site.permissions.has('BROWSE_PROJECTS')) return project;
  throw noProject(key);
}

function readProject(call: Call): SimAnswer {
  const project = projectOf(call);
  const { api } = call.spelling;
  return json(200, {
    expand: 'description,lead,url,projectKeys,permissions,insight',
    self: `${api}/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: 'service_desk',
    issueTypes: project.issueTypes.map((type) => toIssueType(type, api)),
    components: project.components.map(({ id, name }) => ({ self: `${api}/component/${id}`, id, name })),
  });
}

/** Data Center lists all projects at once; Cloud's own such list is deprecated, and asking for it is a mistake. */
function listProjects({ site, spelling }: Call): SimAnswer {
  if (spelling.edition === 'cloud') throw new Refusal(404, 'No operation GET /project is simulated.');
  const seen = site.permissions.has('BROWSE_PROJECTS') ? site.projects : [];
  return json(
    200,
    seen.map((project) => toProject(project, spelling.api)),
  );
}

function listStatuses({ spelling }: Call): SimAnswer {
  return json(
    200,
    STATUSES.map((status) => toStatus({ status }, spelling)),
  );
}

/** The statuses of each issue type's workflow ("Get all statuses for project", both editions). */
function listProjectStatuses(call: Call): SimAnswer {
  const statuses = call.site.statuses().map((status) => toStatus({ status }, call.spelling));
  const { api } = call.spelling;
  const types = projectOf(call).issueTypes.map(({ id, name }) => ({
    self: `${api}/issuetype/${id}`,
    id,
    name,
    subtask: false,
    statuses,
  }));
  return json(200, types);
}

const MOST_PROJECTS_A_PAGE = 100;

function searchProjects(call: Call): SimAnswer {
  const { site, spelling, request } = call;
  if (spelling.edition !== 'cloud') throw noProject('search');
  const { startAt, maxResults } = readPage(request.query, MOST_PROJECTS_A_PAGE);
  const part = (request.query.get('query') ?? '').toLowerCase();
  const may = site.permissions.has(request.query.get('action') === 'create' ? 'CREATE_ISSUES' : 'BROWSE_PROJECTS');
  const found = (may ? site.projects : [])
    .filter(({ key, name }) => key.toLowerCase().includes(part) || name.toLowerCase().includes(part))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const values = found.slice(startAt, startAt + maxResults).map((project) => toProject(project, spelling.api));
  const isLast = startAt + values.length >= found.length;
  return json(200, {
    self: `${spelling.api}/project/search`,
    maxResults,
    startAt,
    total: found.length,
    isLast,
    values,
  });
}

function toProject({ id, key, name }: SimProject, api: string) {
  return { self: `${api}/project/${id}`, id, key, name, projectTypeKey: 'service_desk', simplified: false };
}

function toIssueType({ id, name }: SimIssueType, api: string) {
  return {
    self: `${api}/issuetype/${id}`,
    id,
    description: name,
    iconUrl: `${api}/issuetype/${id}/icon`,
    name,
    subtask: false,
  };
}

const MOST_A_PAGE = 200;

/** A page of createmeta; the editions call its list differently. */
function metaPage(call: Call, all: readonly unknown[], cloudName: string): SimAnswer {
  const { startAt, maxResults } = readPage(call.request.query, MOST_A_PAGE);
  const items = all.slice(startAt, startAt + maxResults);
  const page = { startAt, maxResults, total: all.length };
  if (call.spelling.edition === 'cloud') return json(200, { ...page, [cloudName]: items });
  return json(200, { ...page, isLast: startAt + items.length >= all.length, values: items });
}

function listIssueTypes(call: Call): SimAnswer {
  const types = projectOf(call).issueTypes.map((type) => toIssueType(type, call.spelling.api));
  return metaPage(call, types, 'issueTypes');
}

function listCreateFields(call: Call): SimAnswer {
  const project = projectOf(call);
  const type = project.issueTypes.find(({ id }) => id === call.params[1]);
  if (!type) throw new Refusal(404, 'The issue type is not in this project.');
  const { api } = call.spelling;
  const place = [
    {
      ...createField('project', 'Project', { type: 'project', system: 'project' }),
      required: true,
      allowedValues: [{ self: `${api}/project/${project.id}`, id: project.id, key: project.key, name: project.name }],
    },
    {
      ...createField('issuetype', 'Issue Type', { type: 'issuetype', system: 'issuetype' }),
      required: true,
      allowedValues: [toIssueType(type, api)],
    },
  ];
  const fields = call.site.fields
    .filter(({ id }) => type.screen.has(id))
    .map((field) => ({
      ...createField(field.id, field.name, toSchema(field)),
      required: type.required.has(field.id),
      ...allowedValues(field, project, call),
      ...(field.id === 'priority'
        ? { hasDefaultValue: true, defaultValue: named(call.site.priorities[2], 'priority', api) }
        : {}),
    }));
  return metaPage(call, [...place, ...fields], 'fields');
}

/** What an edit may set, as `expand=editmeta` shows it: nothing for one who may not edit. */
export function editMeta(call: Call, issue: SimIssue) {
  const { site } = call;
  const isClosed = site.doneIsReadOnly && issue.status.category === 'done';
  const type = typeOf(issue);
  if (!type || isClosed || !site.permissions.has('EDIT_ISSUES')) return { fields: {} };
  const shown = site.fields
    .filter(({ id }) => type.screen.has(id))
    .map((field) => [field.id, screenField(call, field, issue.project)]);
  return { fields: Object.fromEntries(shown) };
}

/** A field on a screen, with what it allows; `required` is for the caller to set. */
export function screenField(call: Call, field: SimField, project: SimProject) {
  const { fieldId, ...meta } = createField(field.id, field.name, toSchema(field));
  const operations = field.type === 'labels' ? ['add', 'set', 'remove'] : ['set'];
  return { ...meta, operations, ...allowedValues(field, project, call) };
}

function createField(id: string, name: string, schema: Record<string, unknown>) {
  return { required: false, schema, name, key: id, hasDefaultValue: false, operations: ['set'], fieldId: id };
}

function allowedValues(field: SimField, project: SimProject, { site, spelling: { api } }: Call) {
  if (field.type === 'priority') return { allowedValues: site.priorities.map((one) => named(one, 'priority', api)) };
  if (field.type === 'components')
    return { allowedValues: project.components.map((one) => named(one, 'component', api)) };
  if (field.choices.length === 0) return {};
  return { allowedValues: field.choices.map((choice) => toOption(choice, api)) };
}

function named(one: { id: string; name: string } | undefined, kind: string, api: string) {
  return one && { self: `${api}/${kind}/${one.id}`, id: one.id, name: one.name };
}

function findUsers({ site, spelling, request: { query } }: Call): SimAnswer {
  const asked = spelling.edition === 'cloud' ? query.get('query') : query.get('username');
  if (asked === null) throw new Refusal(400, 'The username or the query is required.');
  const part = asked.toLowerCase();
  const found = site.users.filter(({ name, email, displayName, accountId }) =>
    [name, email, displayName, accountId].some((value) => value.toLowerCase().startsWith(part)),
  );
  return json(
    200,
    found.map((user) => toUser(user, spelling)),
  );
}

const PERMISSIONS = [
  'BROWSE_PROJECTS',
  'CREATE_ISSUES',
  'EDIT_ISSUES',
  'ADD_COMMENTS',
  'TRANSITION_ISSUES',
  'LINK_ISSUES',
  'CREATE_ATTACHMENTS',
  'ADMINISTER_PROJECTS',
];

function listPermissions({ site, spelling, request: { query } }: Call): SimAnswer {
  const asked = words(query.getAll('permissions'));
  if (spelling.edition === 'cloud' && asked.length === 0)
    throw new Refusal(400, "The 'permissions' query parameter is required.");
  const strange = asked.find((key) => !PERMISSIONS.includes(key));
  if (strange) throw new Refusal(400, `Unrecognized permission: ${strange}`);
  const key = query.get('projectKey') ?? query.get('projectId');
  if (key !== null && !site.project(key)) throw noProject(key);
  const shown = (asked.length === 0 ? PERMISSIONS : asked).map((name, index) => [
    name,
    {
      id: String(10 + index),
      key: name,
      name,
      type: 'PROJECT',
      description: name,
      havePermission: site.permissions.has(name),
    },
  ]);
  return json(200, { permissions: Object.fromEntries(shown) });
}
