import { isObject, json, type SimAnswer } from '../wire.ts';
import { type Call, need, type Route, readBody } from './call.ts';
import { Refusal } from './refusal.ts';
import type { SimIssue } from './site.ts';

/** Links between issues ("Issue links" and "Issue link types", Jira Cloud REST v3 and Data Center REST v2). */
export const LINK_ROUTES: readonly Route[] = [
  { method: 'GET', path: 'issueLinkType', do: listTypes },
  { method: 'POST', path: 'issueLink', do: link },
];

function listTypes(call: Call): SimAnswer {
  needLinking(call);
  const { api } = call.spelling;
  const types = call.site.linkTypes.map((type) => ({ ...type, self: `${api}/issueLinkType/${type.id}` }));
  return json(200, { issueLinkTypes: types });
}

function needLinking({ site }: Call): void {
  if (site.linkTypes.length === 0) throw new Refusal(404, 'Issue linking is currently disabled.');
}

/** A link that is there already is answered like a new one and kept once, as Jira does. */
function link(call: Call): SimAnswer {
  needLinking(call);
  need(call, 'LINK_ISSUES');
  const body = readBody(call, ['type', 'inwardIssue', 'outwardIssue', 'comment']);
  const { name, id } = isObject(body.type) ? body.type : {};
  const type = call.site.linkTypes.find((one) => (id === undefined ? one.name === name : one.id === id));
  if (!type) throw new Refusal(404, `No issue link type with name '${String(name ?? id)}' found.`);
  const inward = issueOf(call, body.inwardIssue);
  const outward = issueOf(call, body.outwardIssue);
  if (inward === outward) throw new Refusal(400, 'You cannot link an issue to itself.');
  const isThere = outward.links.some((one) => one.type === type.name && one.other === inward.id);
  if (Math.max(inward.links.length, outward.links.length) >= call.site.mostLinks)
    throw new Refusal(413, `The issue has reached its limit of ${call.site.mostLinks} links.`);
  if (!isThere) {
    const linkId = String(10_000 + call.site.nextChildId());
    const add = (to: SimIssue, other: SimIssue, end: 'inward' | 'outward') =>
      call.site.change(to, call.user, () => {
        to.links = [...to.links, { id: linkId, type: type.name, other: other.id, end }];
      });
    add(inward, outward, 'outward');
    add(outward, inward, 'inward');
  }
  return json(201, {});
}

function issueOf({ site }: Call, value: unknown): SimIssue {
  const { id, key } = isObject(value) ? value : {};
  const issue = site.find(String(id ?? key ?? ''));
  if (issue && !issue.hidden && site.permissions.has('BROWSE_PROJECTS')) return issue;
  throw new Refusal(404, 'Issue does not exist or you do not have permission to see it.');
}
