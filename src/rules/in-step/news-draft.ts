import type { TicketDraft } from '../../domain/ticket.ts';

/** What of an issue's fields news have to do with. */
export interface NewsDraft {
  /** Holds nothing of the mapped fields, labels and components that news leave as they were. */
  draft: TicketDraft;
  /** Whether a field, by its id, may differ because of the news. */
  touches(field: string): boolean;
  /** The priority that is asked for now; absent where it was asked for before. */
  priority?: string;
}

/**
 * The part of a draft that news changed. What they leave as it was is not written again: a configuration changed since
 * the birth of an issue is for later issues. Where a ticket goes and who works on it, news do not change.
 */
export function newsDraft(before: TicketDraft | undefined, now: TicketDraft): NewsDraft {
  const { priority, assignee: _assignee, components = [], ...rest } = now;
  const fields = Object.fromEntries(Object.entries(now.fields).filter(([name, text]) => before?.fields[name] !== text));
  const labels = now.labels.filter((label) => !before?.labels.includes(label));
  const newComponents = same(before?.components ?? [], components) ? [] : components;
  const named = new Set(Object.keys(fields).map((name) => name.toLowerCase()));
  const changed: Readonly<Record<string, boolean>> = {
    summary: before?.summary !== now.summary,
    description: !same(before?.description, now.description),
    labels: labels.length > 0 || named.has('labels'),
    components: newComponents.length > 0 || named.has('components'),
    priority: false,
    assignee: named.has('assignee'),
  };
  return {
    draft: { ...rest, labels, fields, ...(newComponents.length > 0 ? { components: newComponents } : {}) },
    touches: (field) => changed[field] ?? true,
    ...(priority === undefined || priority === before?.priority ? {} : { priority }),
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
