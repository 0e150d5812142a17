import { empty, isObject, json, readObject, type SimAnswer } from '../wire.ts';
import { type Call, need, needOpen, type Route, readBody, readIssue, selectionOf, words } from './call.ts';
import { wholeChangelog } from './changelog-routes.ts';
import { checkCreate, checkProperty } from './check-create.ts';
import { checkLabels, checkValue } from './check-value.ts';
import { COMMENT_ROUTES } from './comment-routes.ts';
import { LINK_ROUTES } from './link-routes.ts';
import { editMeta } from './metadata-routes.ts';
import { Refusal } from './refusal.ts';
import { toIssue, typeOf } from './shapes.ts';
import { readFields, type SimIssue } from './site.ts';
import { TRANSITION_ROUTES } from './transition-routes.ts';

/** Everything about single issues that both editions have. */
export const ISSUE_ROUTES: readonly Route[] = [
  { method: 'POST', path: 'issue', do: create },
  {
    method: 'GET',
    path: 'issue/*',
    do: read,
    anonymous: () => new Refusal(404, 'Issue does not exist or you do not have permission to see it.').toAnswer(),
  },
  { method: 'PUT', path: 'issue/*', do: edit },
  { method: 'GET', path: 'issue/*/properties', do: listProperties },
  { method: 'GET', path: 'issue/*/properties/*', do: readProperty },
  { method: 'PUT', path: 'issue/*/properties/*', do: writeProperty },
  ...COMMENT_ROUTES,
  ...TRANSITION_ROUTES,
  ...LINK_ROUTES,
  { method: 'GET', path: 'issue/*/remotelink', do: listRemoteLinks },
  { method: 'POST', path: 'issue/*/remotelink', do: writeRemoteLink },
];

function create(call: Call): SimAnswer {
  const body = readObject(call.request.body);
  if (!body) throw new Refusal(400, 'There was an error parsing JSON. Check that your request body is valid.');
  const { project, labels, properties } = checkCreate(body, { ...call, textLength: call.request.body.length });
  const { id, key } = call.site.add({ project, text: call.request.body, labels, properties, reporter: call.user });
  return json(201, { id, key, self: `${call.spelling.api}/issue/${id}` });
}

function read(call: Call): SimAnswer {
  const issue = readIssue(call);
  const expand = words(call.request.query.getAll('expand'));
  return json(200, {
    ...toIssue(issue, selectionOf(call.request.query), call.site, call.spelling),
    ...(expand.includes('editmeta') ? { editmeta: editMeta(call, issue) } : {}),
    ...(expand.includes('changelog') ? { changelog: wholeChangelog(issue, call.spelling) } : {}),
  });
}

function edit(call: Call): SimAnswer {
  const issue = readIssue(call);
  need(call, 'EDIT_ISSUES');
  needOpen(call, issue);
  const body = readBody(call, ['fields', 'update', 'properties', 'historyMetadata', 'transition']);
  const fields = isObject(body.fields) ? body.fields : {};
  const update = isObject(body.update) ? body.update : {};
  const both = Object.keys(fields).find((id) => id in update);
  if (both) throw new Refusal(400, '', { [both]: `Field '${both}' cannot appear in both 'fields' and 'update'` });
  const written = readFields(issue);
  const textLength = call.request.body.length;
  const errors: Record<string, string> = {};
  for (const [id, value] of Object.entries(fields)) {
    const field = onScreen(issue, id) ? call.site.field(id) : undefined;
    const wrong = field
      ? value !== null && checkValue(field, value, { ...call, textLength, project: issue.project })
      : 'unknown';
    if (wrong)
      errors[id] =
        wrong === 'unknown' ? `Field '${id}' cannot be set. It is not on the appropriate screen, or unknown.` : wrong;
    else written[id] = value;
  }
  for (const [id, operations] of Object.entries(update))
    if (id === 'labels') written.labels = changeLabels(issue.labels, operations);
    else errors[id] = `The simulator changes no ${id} by operations`;
  if (Object.keys(errors).length > 0) throw new Refusal(400, '', errors);
  for (const property of Array.isArray(body.properties) ? body.properties : [])
    issue.properties.set(property.key, property.value);
  call.site.change(issue, call.user, () => {
    issue.text = JSON.stringify({ fields: written });
    issue.labels = (written.labels as string[] | undefined) ?? [];
  });
  return empty(204);
}

function onScreen({ project, text }: SimIssue, id: string): boolean {
  return typeOf({ project, text })?.screen.has(id) ?? true;
}

function changeLabels(before: readonly string[], operations: unknown): string[] {
  const labels = new Set(before);
  for (const operation of Array.isArray(operations) ? operations : []) {
    const [verb, value] = Object.entries(isObject(operation) ? operation : {})[0] ?? [];
    const wrong = checkLabels(verb === 'set' ? value : [value]);
    if (wrong) throw new Refusal(400, '', { labels: wrong });
    if (verb === 'set') labels.clear();
    if (verb === 'set') for (const label of value as string[]) labels.add(label);
    else if (verb === 'add') labels.add(value as string);
    else if (verb === 'remove') labels.delete(value as string);
    else throw new Refusal(400, '', { labels: `Unknown operation ${verb}` });
  }
  return [...labels];
}

function listProperties(call: Call): SimAnswer {
  const issue = readIssue(call);
  const self = (key: string) => `${call.spelling.api}/issue/${issue.id}/properties/${encodeURIComponent(key)}`;
  return json(200, { keys: [...issue.properties.keys()].map((key) => ({ self: self(key), key })) });
}

function readProperty(call: Call): SimAnswer {
  const key = call.params[1] ?? '';
  const { properties } = readIssue(call);
  if (!properties.has(key)) throw new Refusal(404, `The property with key '${key}' does not exist.`);
  return json(200, { key, value: properties.get(key) });
}

function writeProperty(call: Call): SimAnswer {
  const key = call.params[1] ?? '';
  const issue = readIssue(call);
  need(call, 'EDIT_ISSUES');
  let value: unknown;
  try {
    value = JSON.parse(call.request.body);
  } catch {
    throw new Refusal(400, 'The property value is not valid JSON.');
  }
  checkProperty(key, value);
  const isNew = !issue.properties.has(key);
  issue.properties.set(key, value);
  return json(isNew ? 201 : 200, {});
}

function listRemoteLinks(call: Call): SimAnswer {
  const issue = readIssue(call);
  const links = [...issue.remoteLinks.values()].map(({ id, link }) => ({
    id,
    self: remoteSelf(call, issue, id),
    ...link,
  }));
  return json(200, links);
}

function writeRemoteLink(call: Call): SimAnswer {
  const issue = readIssue(call);
  need(call, 'LINK_ISSUES');
  const body = readBody(call, ['globalId', 'application', 'relationship', 'object']);
  const { object, globalId } = body;
  if (!isObject(object) || typeof object.url !== 'string' || typeof object.title !== 'string')
    throw new Refusal(400, '', { object: "'title' and 'url' are required." });
  if (globalId !== undefined && (typeof globalId !== 'string' || globalId.length > 255))
    throw new Refusal(400, '', { globalId: 'globalId is a text of at most 255 characters.' });
  const name = globalId ?? `#${call.site.nextChildId()}`;
  const before = issue.remoteLinks.get(name);
  const id = before?.id ?? 10_000 + call.site.nextChildId();
  issue.remoteLinks.set(name, { id, link: body });
  return json(before ? 200 : 201, { id, self: remoteSelf(call, issue, id) });
}

function remoteSelf(call: Call, issue: SimIssue, id: number): string {
  return `${call.spelling.api}/issue/${issue.id}/remotelink/${id}`;
}
