import { type Alert, dedupKeyOf } from '../../domain/alert.ts';
import { type Block, type Document, type Inline, link, paragraph, strong, text } from '../../domain/document.ts';
import { sayInstant } from '../../domain/time.ts';

export interface GroupComment {
  rule: string;
  /** What the alerts have in common. */
  words: string;
  /** Alerts of the group with these. */
  total: number;
  alerts: readonly Alert[];
}

/** So many alerts, the oldest, are told in a line each; the others by their ids alone. */
const MOST_LINES = 30;
const MOST_TITLE = 120;
const MOST_USERS = 80;

/** Beyond this an address takes the room of what can be read. */
const MOST_URL = 300;

/** The comment that lists later alerts of a group on its issue. */
export function groupComment({ rule, words, total, alerts }: GroupComment): Document {
  const told = alerts.slice(0, MOST_LINES);
  const others = alerts.slice(MOST_LINES);
  const count = alerts.length === 1 ? 'One more alert' : `${alerts.length} more alerts`;
  const blocks: Block[] = [
    paragraph(strong(count), text(` of this group (${words}), by rule "${rule}". It now has ${total} alerts.`)),
    { kind: 'list', items: told.map(lineOf) },
  ];
  if (others.length > 0) blocks.push(paragraph(text(`and ${others.length} more: ${others.map(nameOf).join(', ')}`)));
  return { blocks };
}

/** By this a comment is searched for an alert, so it is never cut. */
function nameOf({ tenant, id }: Alert): string {
  return dedupKeyOf(tenant, id);
}

function lineOf(alert: Alert): Inline[] {
  const { id, title, severity, createdAt, url, users } = alert;
  const name = short(title || id, MOST_TITLE);
  const who = users.map((user) => user.name).join(', ');
  return [
    text(`${sayInstant(createdAt)} · ${severity} · `),
    url !== '' && url.length <= MOST_URL ? link(name, url) : text(name),
    text(`${who === '' ? '' : ` · ${short(who, MOST_USERS)}`} · ${nameOf(alert)}`),
  ];
}

function short(value: string, most: number): string {
  const points = [...value];
  return points.length <= most ? value : `${points.slice(0, most - 1).join('')}…`;
}
