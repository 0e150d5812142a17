import { empty, isObject, json, type SimAnswer, unknownKeys } from '../wire.ts';
import { type Call, need, type Route, readBody, readIssue } from './call.ts';
import { keepComment } from './comment-routes.ts';
import { Refusal } from './refusal.ts';
import { toStatus } from './shapes.ts';
import { type SimIssue, type SimStatus, STATUSES } from './site.ts';

/** Moves of issues between statuses, as the site's workflow allows. */
export const TRANSITION_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'issue/*/transitions', do: listTransitions },
  { method: 'POST', path: 'issue/*/transitions', do: transition },
];

interface Way {
  id: string;
  to: SimStatus;
  requires: readonly string[];
}

function waysOutOf({ status }: SimIssue, { site }: Call): Way[] {
  const named = site.workflow.get(status.name);
  return STATUSES.flatMap((to, index) => {
    const way = named ? named.find((one) => one.to === to.name) : { to: to.name };
    return way ? [{ id: String(11 + 10 * index), to, requires: way.requires ?? [] }] : [];
  });
}

function listTransitions(call: Call): SimAnswer {
  const issue = readIssue(call);
  const may = call.site.permissions.has('TRANSITION_ISSUES');
  const withFields = (call.request.query.get('expand') ?? '').includes('transitions.fields');
  const transitions = waysOutOf(issue, call).map(({ id, to, requires }) => ({
    id,
    name: to.name,
    to: toStatus({ status: to }, call.spelling),
    hasScreen: requires.length > 0,
    isGlobal: true,
    isInitial: false,
    isAvailable: true,
    isConditional: false,
    isLooped: false,
    ...(withFields ? { fields: fieldsOf(requires, call) } : {}),
  }));
  return json(200, { expand: 'transitions', transitions: may ? transitions : [] });
}

function fieldsOf(ids: readonly string[], { site }: Call) {
  const shown = ids.map((id) => [
    id,
    {
      required: true,
      hasDefaultValue: false,
      key: id,
      name: site.field(id)?.name ?? id,
      operations: ['set'],
      schema: { type: 'string' },
    },
  ]);
  return Object.fromEntries(shown);
}

function transition(call: Call): SimAnswer {
  const issue = readIssue(call);
  need(call, 'TRANSITION_ISSUES');
  const body = readBody(call, ['transition', 'fields', 'update', 'historyMetadata', 'properties']);
  const id = isObject(body.transition) ? body.transition.id : undefined;
  const way = waysOutOf(issue, call).find((one) => one.id === id);
  if (!way) throw new Refusal(400, `It seems that you have tried to perform an illegal workflow operation (${id}).`);
  const fields = isObject(body.fields) ? body.fields : {};
  const strange = unknownKeys(fields, ['resolution', ...way.requires])[0];
  if (strange)
    throw new Refusal(400, '', {
      [strange]: `Field '${strange}' cannot be set. It is not on the appropriate screen, or unknown.`,
    });
  const missing = way.requires.filter((field) => fields[field] === undefined);
  if (missing.length > 0)
    throw new Refusal(
      400,
      '',
      Object.fromEntries(missing.map((field) => [field, `${call.site.field(field)?.name ?? field} is required.`])),
    );
  const comments = isObject(body.update) && Array.isArray(body.update.comment) ? body.update.comment : [];
  for (const { add } of comments) keepComment(call, issue, isObject(add) ? add : {});
  issue.status = way.to;
  if (isObject(fields.resolution)) issue.resolution = String(fields.resolution.name);
  else if (way.to.category !== 'done') delete issue.resolution;
  call.site.touch(issue);
  return empty(204);
}
