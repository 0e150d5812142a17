import type { EpochMs } from '../../domain/time.ts';
import { type JiraSite, readFields, type SimIssue, type SimUser } from './site.ts';

export interface SimChangeItem {
  field: string;
  fieldId: string;
  fieldtype: 'jira' | 'custom';
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
}

/** One entry of an issue's changelog. */
export interface SimChange {
  id: string;
  at: EpochMs;
  author: SimUser;
  items: readonly SimChangeItem[];
}

/** A field's value as a changelog shows it: an id where it has one, and the words. */
interface Shown {
  id: string | null;
  says: string | null;
}

type Snapshot = ReadonlyMap<string, Shown>;

/** What of an issue a changelog follows. */
export function snapshotOf(issue: SimIssue, site: JiraSite): Snapshot {
  const { project, issuetype, labels, ...fields } = readFields(issue);
  const resolution = site.resolutions.find(({ name }) => name === issue.resolution);
  return new Map<string, Shown>([
    ['status', { id: issue.status.id, says: issue.status.name }],
    ['resolution', { id: resolution?.id ?? null, says: issue.resolution ?? null }],
    ['project', { id: issue.project.id, says: issue.project.name }],
    ['Key', { id: null, says: issue.key }],
    ['labels', { id: null, says: issue.labels.join(' ') }],
    ...issue.links.map((link): [string, Shown] => {
      const other = site.find(link.other)?.key ?? link.other;
      return [`Link ${link.id}`, { id: other, says: `This issue is linked to ${other} (${link.type})` }];
    }),
    ...Object.entries(fields).map(([id, value]): [string, Shown] => [id, shownAs(id, value, site)]),
  ]);
}

/** What differs between two looks at an issue, as Jira's changelog names it. */
export function itemsBetween(before: Snapshot, after: Snapshot, site: JiraSite): SimChangeItem[] {
  const items: SimChangeItem[] = [];
  const nothing: Shown = { id: null, says: null };
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(id) ?? nothing;
    const to = after.get(id) ?? nothing;
    if (from.id === to.id && from.says === to.says) continue;
    const fieldId = id.replace(/ .*/, '');
    const custom = fieldId.startsWith('customfield_');
    const field = custom ? (site.field(fieldId)?.name ?? fieldId) : fieldId === 'components' ? 'Component' : fieldId;
    items.push({
      field,
      fieldId,
      fieldtype: custom ? 'custom' : 'jira',
      from: from.id,
      fromString: from.says,
      to: to.id,
      toString: to.says,
    });
  }
  return items;
}

function shownAs(id: string, value: unknown, site: JiraSite): Shown {
  if (value === null || value === undefined) return { id: null, says: null };
  if (typeof value !== 'object') return { id: null, says: String(value) };
  const written = value as { id?: string; name?: string; value?: string; accountId?: string };
  const user = site.users.find(
    (one) => one.accountId === (written.accountId ?? written.id) || one.name === (written.name ?? ''),
  );
  if (user) return { id: user.accountId, says: user.displayName };
  const known = id === 'priority' ? site.priorities : (site.field(id)?.choices ?? []);
  const choice = known.find((one) => one.id === written.id || ('name' in one && one.name === written.name));
  if (choice) return { id: choice.id, says: 'name' in choice ? choice.name : choice.value };
  return { id: null, says: written.name ?? written.value ?? JSON.stringify(value) };
}
