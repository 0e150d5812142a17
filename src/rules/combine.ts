import type { Category } from '../domain/category.ts';
import { categoryNamed } from './categories/classify.ts';
import type { TicketPolicy } from './policy.ts';
import type { Rule, RuleThen } from './rule.ts';

/** What a ticket is to be by its policy and the rules that matched. */
export interface Combined {
  labels: readonly string[];
  category: Category;
  project: string;
  issueType: string;
  assignee?: string;
  components: readonly string[];
  fields: Readonly<Record<string, string>>;
}

/** Lays what rules say over a ticket's policy, in order: a later one wins key by key, labels and components add up. */
export function combine(ticket: TicketPolicy, category: Category, matched: readonly Rule[]): Combined {
  const assignee = lastWord(matched, 'assignee')?.word;
  const named = categoryNamed(lastWord(matched, 'category')?.word ?? '');
  return {
    labels: distinct([...ticket.labels, ...matched.flatMap(({ then }) => then.labels ?? [])]),
    category: named ? { ...category, rsitClass: named.rsitClass, rsitType: named.rsitType } : category,
    project: lastWord(matched, 'project')?.word ?? ticket.project,
    issueType: lastWord(matched, 'issueType')?.word ?? ticket.issueType,
    ...(assignee === undefined ? {} : { assignee }),
    components: distinct(matched.flatMap(({ then }) => then.components ?? [])),
    fields: matched.some(({ then }) => then.fields)
      ? Object.assign({}, ticket.fields, ...matched.map(({ then }) => then.fields))
      : ticket.fields,
  };
}

/** The last word on a key, and whose it is. */
export function lastWord<K extends keyof RuleThen>(
  matched: readonly Rule[],
  key: K,
): { rule: Rule; word: NonNullable<RuleThen[K]> } | undefined {
  const rule = matched.findLast(({ then }) => then[key] !== undefined);
  return rule && { rule, word: rule.then[key] as NonNullable<RuleThen[K]> };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
