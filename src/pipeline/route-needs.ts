import { SEVERITIES } from '../domain/alert.ts';
import type { Category } from '../domain/category.ts';
import { categoryTexts } from '../rules/categories/category-texts.ts';
import { categoryNamed } from '../rules/categories/classify.ts';
import { combine } from '../rules/combine.ts';
import type { Judgement } from '../rules/decide.ts';
import type { TenantPolicy, TicketPolicy } from '../rules/policy.ts';
import { raisedPriority } from '../rules/priority.ts';
import type { Rule } from '../rules/rule.ts';
import type { RouteNeeds } from '../tracker/tracker.ts';

/** What a judged alert's ticket asks of its project, so that the project can be examined before the create. */
export function needsOf(judgement: Judgement, { ticket, rules }: TenantPolicy): RouteNeeds {
  const spoke = new Set(judgement.spoke.map(({ rule }) => rule));
  if (spoke.size === 0) return toNeeds(ticket, { ...ticket, components: [] }, prioritiesAsked(ticket).priorities);
  const given = rules.some(({ name, then }) => then.priority !== undefined && spoke.has(name));
  const isSure = given || ticket.priorityIs === 'configured';
  return toNeeds(ticket, judgement, isSure && judgement.priority !== undefined ? [judgement.priority] : []);
}

/**
 * What a tenant's tickets ask of their projects: without any rule, and by the word of each rule alone; with the
 * priorities that are merely wished for, and with the texts that fields get for the categories of the table and of the
 * rules.
 */
export function allNeeds({ ticket, rules }: TenantPolicy): readonly RouteNeeds[] {
  const named = rules.flatMap(({ then }) => (then.category === undefined ? [] : (categoryNamed(then.category) ?? [])));
  return [routeNeeds(ticket, named), ...rules.filter(changesTicket).map((rule) => needsOfRule(ticket, rule, named))];
}

function changesTicket({ then }: Rule): boolean {
  const { suppress, group, category, labels, ...rest } = then;
  return Object.keys(rest).length > 0;
}

function needsOfRule(ticket: TicketPolicy, rule: Rule, named: readonly Category[]): RouteNeeds {
  const { priority: given, raisePriorityBy: by = 0 } = rule.then;
  const reached = SEVERITIES.flatMap(
    (severity) => raisedPriority({ mapping: ticket.priority, severity, given, by }) ?? [],
  );
  const { priorities, ...wished } = prioritiesAsked(
    { ...ticket, ...(given === undefined ? {} : { priorityIs: 'configured' }) },
    reached,
  );
  return { ...toNeeds(ticket, combine(ticket, NO_CATEGORY, [rule]), priorities, named), ...wished };
}

/** No ticket's place depends on its category. */
const NO_CATEGORY: Category = {
  rsitClass: '',
  rsitType: '',
  tactics: [],
  techniques: [],
  phase: 'Detection and Analysis',
};

function routeNeeds(ticket: TicketPolicy, named: readonly Category[]): RouteNeeds {
  const { priorities, ...wished } = prioritiesAsked(ticket);
  return { ...toNeeds(ticket, { ...ticket, components: [] }, priorities, named), ...wished };
}

/** The priorities that the mapping gives, or a rule in its place, as needed or as wished for. */
function prioritiesAsked(
  { priority, priorityIs }: TicketPolicy,
  reached: readonly string[] = Object.values(priority),
): Pick<RouteNeeds, 'priorities' | 'wishedPriorities'> {
  const priorities = [...new Set(reached)];
  return priorityIs === 'configured' ? { priorities } : { priorities: [], wishedPriorities: priorities };
}

type Wishes = Pick<Judgement, 'project' | 'issueType' | 'fields' | 'labels' | 'components' | 'assignee'>;

/** `named`: categories besides the table's whose texts are listed too; absent: none is. */
function toNeeds(
  { site }: TicketPolicy,
  wishes: Wishes,
  priorities: readonly string[],
  named?: readonly Category[],
): RouteNeeds {
  const { project, issueType, fields, labels, components, assignee } = wishes;
  return {
    route: { site, project, issueType },
    fields: Object.entries(fields).map(([name, template]) => {
      if (!/\{\{|\{%/.test(template)) return { name, constant: template };
      const texts = named ? categoryTexts(template, named) : [];
      return texts.length > 0 ? { name, texts } : { name };
    }),
    priorities,
    labels,
    ...(components.length === 0 ? {} : { components }),
    ...(assignee === undefined ? {} : { assignee }),
  };
}
