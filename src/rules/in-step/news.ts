import {
  type AffectedUser,
  type Alert,
  type DedupKey,
  dedupKeyOf,
  type IpAddress,
  type RelatedEntity,
  type Severity,
} from '../../domain/alert.ts';
import { type Block, code, type Document, type Inline, link, paragraph, strong, text } from '../../domain/document.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { addressTable } from '../address-table.ts';
import { sayEntity } from '../say-entity.ts';

/** What changed on an alert since its issue was told of it; at least one member besides `alert` says something. */
export interface AlertNews {
  alert: { key: DedupKey; title: string; url: string };
  severity?: { from: Severity; to: Severity };
  title?: { from: string; to: string };
  /** The text as it reads now; absent when it says the same as before. */
  description?: string;
  users: readonly AffectedUser[];
  ips: readonly IpAddress[];
  networks: readonly string[];
  entities: readonly RelatedEntity[];
}

/**
 * What of an alert's change matters to a person: severity, words, and whatever it names that it did not name before.
 * Another order or spacing, flags, a changed link and its being closed or opened are no news.
 */
export function newsOf(before: Alert, now: Alert): AlertNews | undefined {
  const users = added(before.users, now.users, userNames);
  const ips = added(before.ips, now.ips, ({ address }) => [address]);
  const networks = added(before.networks, now.networks, (network) => [network]);
  const entities = added(before.entities, now.entities, entityNames);
  const severity = before.severity === now.severity ? undefined : { from: before.severity, to: now.severity };
  const title = sameWords(before.title, now.title) ? undefined : { from: before.title, to: now.title };
  const description = sameWords(before.description, now.description) ? undefined : now.description;
  const isNews =
    severity || title || description !== undefined || [users, ips, networks, entities].some((list) => list.length > 0);
  if (!isNews) return undefined;
  return {
    alert: { key: dedupKeyOf(now.tenant, now.id), title: now.title || now.type, url: now.url },
    ...(severity ? { severity } : {}),
    ...(title ? { title } : {}),
    ...(description === undefined ? {} : { description }),
    users,
    ips,
    networks,
    entities,
  };
}

/** What is named now and by none of its names was before; each once. */
function added<T>(before: readonly T[], now: readonly T[], namesOf: (one: T) => readonly string[]): T[] {
  const known = new Set(before.flatMap(namesOf));
  return now.filter((one) => {
    const names = namesOf(one);
    const isNew = names.every((name) => !known.has(name));
    for (const name of names) known.add(name);
    return isNew;
  });
}

/** A user is known by any of these: a source may add the object id to one whom it named by address alone. */
function userNames({ name, address, objectId }: AffectedUser): string[] {
  return [name, address, objectId].flatMap((one) => (one ? [one.toLowerCase()] : []));
}

/** A label may be spelt anew; where there is an id, that alone tells one from another. */
function entityNames({ type, id, label }: RelatedEntity): string[] {
  return [`${type}\n${(id || label).toLowerCase()}`];
}

function sameWords(one: string, other: string): boolean {
  return one.trim().split(/\s+/).join(' ') === other.trim().split(/\s+/).join(' ');
}

/** The news in one line, as `explain` tells it. */
export function sayNews({ severity, title, description, users, ips, networks, entities }: AlertNews): string {
  const count = (list: readonly unknown[], one: string, many: string) =>
    list.length === 0 ? [] : [`${list.length} new ${list.length === 1 ? one : many}`];
  return [
    ...(severity ? [`severity ${severity.from} → ${severity.to}`] : []),
    ...(title ? ['another title'] : []),
    ...count(users, 'user', 'users'),
    ...count(ips, 'address', 'addresses'),
    ...count(networks, 'network', 'networks'),
    ...count(entities, 'entity', 'entities'),
    ...(description === undefined ? [] : ['another text']),
  ].join(', ');
}

export interface NewsTold {
  /** What is known of the new addresses. */
  findings?: readonly IpFinding[];
  /** What of the issue was left as it is because a person changed it, or its tracker did not take it, in words. */
  left?: readonly string[];
}

/** Longer lists and texts are cut: the issue's own link leads to the whole. */
const MOST_NAMED = 50;
const MOST_TEXT = 4_000;

/** The comment that tells an issue of news. */
export function newsDocument(news: AlertNews, { findings = [], left = [] }: NewsTold = {}): Document {
  const { alert, severity, title, description, users, ips, networks, entities } = news;
  const items: Inline[][] = [
    ...(severity ? [[text('Severity: '), text(`${severity.from} → `), strong(severity.to)]] : []),
    ...(title ? [[text('Title: '), strong(title.to)]] : []),
    ...named('New user: ', users, ({ name }) => [strong(name)]),
    ...named('New address: ', ips, ({ address }) => [code(address)]),
    ...named('New network: ', networks, (network) => [code(network)]),
    ...named('Also involved now: ', entities, sayEntity),
  ];
  const told = findings.filter(({ address }) => ips.some((ip) => ip.address === address));
  const blocks: Block[] = [
    paragraph(
      strong('This alert changed in Defender: '),
      alert.url === '' ? text(alert.title) : link(alert.title || alert.key, alert.url),
      text(` (${alert.key})`),
    ),
    ...(items.length > 0 ? [{ kind: 'list', items } as const] : []),
    ...(told.length > 0 ? [addressTable(told, ips)] : []),
    ...(description === undefined ? [] : textNow(description)),
    ...leftAsIs(left),
  ];
  return alert.url ? { blocks, fullTextAt: alert.url } : { blocks };
}

/** The comment that brings answers on addresses that could not be had when the issue was made. */
export function lookUpDocument(alert: Alert, { findings = [], left = [] }: NewsTold): Document {
  return {
    blocks: [
      paragraph(
        strong('Addresses looked up since: '),
        text(`${findings.length === 1 ? 'an address' : `${findings.length} addresses`} of alert `),
        code(dedupKeyOf(alert.tenant, alert.id)),
        text(' could not be looked up when this issue was made.'),
      ),
      addressTable(findings, alert.ips),
      ...leftAsIs(left),
    ],
  };
}

function named<T>(word: string, list: readonly T[], show: (one: T) => Inline[]): Inline[][] {
  const more = list.length - MOST_NAMED;
  return [
    ...list.slice(0, MOST_NAMED).map((one) => [text(word), ...show(one)]),
    ...(more > 0 ? [[text(`and ${more} more`)]] : []),
  ];
}

function textNow(description: string): Block[] {
  const points = [...description];
  const shown = points.length > MOST_TEXT ? `${points.slice(0, MOST_TEXT - 1).join('')}…` : description;
  const lines = shown
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return [paragraph(text('Its text is empty now.'))];
  return [paragraph(text('Its text now reads:')), ...lines.map((line) => paragraph(text(line)))];
}

function leftAsIs(left: readonly string[]): Block[] {
  return left.length === 0 ? [] : [paragraph(text(`Left as it is on this issue: ${left.join('; ')}.`))];
}
