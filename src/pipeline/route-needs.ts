import { SEVERITIES } from '../domain/alert.ts';
import type { Category } from '../domain/category.ts';
import { combine } from '../rules/combine.ts';
import type { Judgement } from '../rules/decide.ts';
import type { TenantPolicy, TicketPolicy } from '../rules/policy.ts';
import { raisedPriority } from '../rules/priority.ts';
import type { Rule } from '../rules/rule.ts';
import type { RouteNeeds } from '../tracker/tracker.ts';

/** What a judged alert's ticket asks of its project, so that the project can be examined before the create. */
export function needsOf(judgement: Judgement, { ticket, rules }: TenantPolicy): RouteNeeds {
  const spoke = new Set(judgement.spoke.map(({ rule }) => rule));
  if (spoke.size === 0) return routeNeeds(ticket);
  const given = rules.some(({ name, then }) => then.priority !== undefined && spoke.has(name));
  const isSure = given || ticket.priorityIs === 'configured';
  return toNeeds(ticket, judgement, isSure && judgement.priority !== undefined ? [judgement.priority] : []);
}

/** What a tenant's tickets ask of their projects: without any rule, and by the word of each rule alone. */
export function allNeeds({ ticket, rules }: TenantPolicy): readonly RouteNeeds[] {
  return [routeNeeds(ticket), ...rules.filter(changesTicket).map((rule) => needsOfRule(ticket, rule))];
}

function changesTicket({ then }: Rule): boolean {
  const { suppress, group, category, labels, ...rest } = then;
  return Object.keys(rest).length > 0;
}

function needsOfRule(ticket: TicketPolicy, rule: Rule): RouteNeeds {
  const { priority: given, raisePriorityBy: by = 0 } = rule.then;
  const reached = SEVERITIES.flatMap(
    (severity) => raisedPriority({ mapping: ticket.priority, severity, given, by }) ?? [],
  );
  const isSure = given !== undefined || ticket.priorityIs === 'configured';
  return toNeeds(ticket, combine(ticket, NO_CATEGORY, [rule]), isSure ? [...new Set(reached)] : []);
}

/** No ticket's place depends on its category. */
const NO_CATEGORY: Category = {
  rsitClass: '',
  rsitType: '',
  tactics: [],
  techniques: [],
  phase: 'Detection and Analysis',
};

function routeNeeds(ticket: TicketPolicy): RouteNeeds {
  const priorities = ticket.priorityIs === 'configured' ? [...new Set(Object.values(ticket.priority))] : [];
  return toNeeds(ticket, { ...ticket, components: [] }, priorities);
}

type Wishes = Pick<Judgement, 'project' | 'issueType' | 'fields' | 'labels' | 'components' | 'assignee'>;

function toNeeds({ site }: TicketPolicy, wishes: Wishes, priorities: readonly string[]): RouteNeeds {
  const { project, issueType, fields, labels, components, assignee } = wishes;
  return {
    route: { site, project, issueType },
    fields: Object.entries(fields).map(([name, template]) =>
      /\{\{|\{%/.test(template) ? { name } : { name, constant: template },
    ),
    priorities,
    labels,
    ...(components.length === 0 ? {} : { components }),
    ...(assignee === undefined ? {} : { assignee }),
  };
}
