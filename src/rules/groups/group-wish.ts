import type { Alert } from '../../domain/alert.ts';
import { type Category, categoryPath } from '../../domain/category.ts';
import type { GroupWish } from '../../domain/decision.ts';
import type { Route } from '../../domain/ticket.ts';
import { hashText } from '../hash-text.ts';
import type { GroupBy, Rule } from '../rule.ts';

export interface GroupParts {
  alert: Alert;
  category: Category;
  /** Alerts that go to different projects share no issue. */
  route: Route;
}

/** The wish of a rule that groups; or what the alert lacks for it: alerts of which nothing is known are not alike. */
export function groupWish(
  rule: Rule,
  group: NonNullable<Rule['then']['group']>,
  parts: GroupParts,
): GroupWish | { lacks: string } {
  const values: [GroupBy, readonly string[]][] = group.by.map((by) => [by, valuesOf(by, parts)]);
  const lacking = values.find(([, texts]) => texts.every((text) => text === ''));
  if (lacking) return { lacks: lacking[0] };
  const { site, project } = parts.route;
  return {
    key: hashText(JSON.stringify([rule.name, site, project, ...values])),
    words: values.map(([by, texts]) => `${by} ${texts.join(' and ')}`).join(', '),
    rule: rule.name,
    withinMs: group.withinMs,
    whenDone: group.whenDone,
  };
}

function valuesOf(by: GroupBy, { alert, category }: GroupParts): readonly string[] {
  switch (by) {
    case 'user':
      return distinct(alert.users.map(({ address, name }) => (address ?? name).toLowerCase()));
    case 'ip':
      return distinct(alert.ips.map(({ address }) => address));
    case 'category':
      return [categoryPath(category)];
    case 'title':
      return [alert.title.replace(/\s+/g, ' ').trim()];
    default:
      return [alert[by]];
  }
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
