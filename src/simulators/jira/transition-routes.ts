import { empty, isObject, json, type SimAnswer, unknownKeys } from '../wire.ts';
import { type Call, need, type Route, readBody, readIssue } from './call.ts';
import { checkValue } from './check-value.ts';
import { keepComment } from './comment-routes.ts';
import { screenField } from './metadata-routes.ts';
import { Refusal } from './refusal.ts';
import { toStatus } from './shapes.ts';
import { readFields, type SimIssue, type SimStatus, type SimTransition, STATUSES } from './site.ts';

/** Moves of issues between statuses, as the site's workflow allows. */
export const TRANSITION_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'issue/*/transitions', do: listTransitions },
  { method: 'POST', path: 'issue/*/transitions', do: transition },
];

interface Way {
  id: string;
  name: string;
  to: SimStatus;
  requires: readonly string[];
  screen: readonly string[];
}

/** Where no workflow is set, any status can be reached from any other, and on the way to done a resolution be chosen. */
function waysOutOf({ status }: SimIssue, { site }: Call): Way[] {
  const named = site.workflow.get(status.name);
  return STATUSES.flatMap((to, index) => {
    const usual: SimTransition = { to: to.name, ...(to.category === 'done' ? { offers: ['resolution'] } : {}) };
    const ways = named ? named.filter((one) => one.to === to.name) : [usual];
    return ways.map(({ name = to.name, requires = [], offers = [] }, nth) => ({
      id: String(11 + 10 * index + nth),
      name,
      to,
      requires,
      screen: [...requires, ...offers],
    }));
  });
}

function listTransitions(call: Call): SimAnswer {
  const issue = readIssue(call);
  const may = call.site.permissions.has('TRANSITION_ISSUES');
  const withFields = (call.request.query.get('expand') ?? '').includes('transitions.fields');
  const transitions = waysOutOf(issue, call).map((way) => ({
    id: way.id,
    name: way.name,
    to: toStatus({ status: way.to }, call.spelling),
    hasScreen: way.screen.length > 0,
    isGlobal: true,
    isInitial: false,
    isAvailable: true,
    isConditional: false,
    isLooped: false,
    ...(withFields ? { fields: fieldsOf(way, issue, call) } : {}),
  }));
  return json(200, { expand: 'transitions', transitions: may ? transitions : [] });
}

function fieldsOf({ screen, requires }: Way, issue: SimIssue, call: Call) {
  const shown = screen.map((id) => {
    const field = call.site.field(id);
    const meta = field ? screenField(call, field, issue.project) : resolutionField(call);
    return [id, { ...meta, required: requires.includes(id) }];
  });
  return Object.fromEntries(shown);
}

function resolutionField({ site, spelling: { api } }: Call) {
  return {
    required: false,
    hasDefaultValue: false,
    key: 'resolution',
    name: 'Resolution',
    operations: ['set'],
    schema: { type: 'resolution', system: 'resolution' },
    allowedValues: site.resolutions.map((one) => ({ self: `${api}/resolution/${one.id}`, ...one })),
  };
}

function transition(call: Call): SimAnswer {
  const issue = readIssue(call);
  need(call, 'TRANSITION_ISSUES');
  const body = readBody(call, ['transition', 'fields', 'update', 'historyMetadata', 'properties']);
  const id = isObject(body.transition) ? body.transition.id : undefined;
  const way = waysOutOf(issue, call).find((one) => one.id === id);
  if (!way) throw new Refusal(400, `It seems that you have tried to perform an illegal workflow operation (${id}).`);
  const fields = isObject(body.fields) ? body.fields : {};
  checkScreen(call, { issue, way, fields });
  const resolution = resolutionIn(call, fields.resolution);
  const comments = isObject(body.update) && Array.isArray(body.update.comment) ? body.update.comment : [];
  for (const { add } of comments) keepComment(call, issue, isObject(add) ? add : {});
  call.site.change(issue, call.user, () => {
    const { resolution: _, ...others } = fields;
    issue.text = JSON.stringify({ fields: { ...readFields(issue), ...others } });
    call.site.enter(issue, way.to, resolution);
  });
  return empty(204);
}

/** @throws Refusal for a field that is not on the transition's screen, has no value that fits, or is missing. */
function checkScreen(
  call: Call,
  { issue, way, fields }: { issue: SimIssue; way: Way; fields: Record<string, unknown> },
): void {
  const errors: Record<string, string> = {};
  for (const strange of unknownKeys(fields, way.screen))
    errors[strange] = `Field '${strange}' cannot be set. It is not on the appropriate screen, or unknown.`;
  for (const id of way.screen) {
    const field = call.site.field(id);
    const context = { ...call, project: issue.project, textLength: call.request.body.length };
    const wrong = field && fields[id] !== undefined ? checkValue(field, fields[id], context) : undefined;
    if (wrong) errors[id] = wrong;
    if (way.requires.includes(id) && fields[id] === undefined) errors[id] = `${field?.name ?? id} is required.`;
  }
  if (Object.keys(errors).length > 0) throw new Refusal(400, '', errors);
}

function resolutionIn({ site }: Call, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { id, name } = isObject(value) ? value : {};
  const found = site.resolutions.find((one) => (id === undefined ? one.name === name : one.id === id));
  if (found) return found.name;
  throw new Refusal(400, '', { resolution: `Resolution name '${String(name ?? id)}' is not valid` });
}
