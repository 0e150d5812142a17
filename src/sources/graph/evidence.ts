import type { RelatedEntity } from '../../domain/alert.ts';
import { toOneLine } from '../extract/plain-text.ts';
import { addressesIn } from '../record/ip-list.ts';
import type { Mention } from '../record/people.ts';
import { isObject, textOf } from '../record/wire-values.ts';
import { EVIDENCE_KINDS, type EvidenceKind, UNKNOWN_KIND } from './evidence-kinds.ts';

/** What the evidence of one alert names. */
export interface Evidence {
  people: readonly Mention[];
  /** Canonical addresses. */
  ips: readonly string[];
  entities: readonly RelatedEntity[];
  /** Kinds that nobody has documented, by Graph's own names; they stay in the raw record. */
  unknownKinds: readonly string[];
}

const KINDS = new Map(Object.entries(EVIDENCE_KINDS).map(([name, kind]) => [name.toLowerCase(), kind]));

/** SYSTEM, LOCAL SERVICE and NETWORK SERVICE are nobody (Windows, "Well-known SIDs"). */
const NOBODY = /^S-1-5-(18|19|20)$/;

/** Reads evidence of every kind, in order; pure. What is no evidence at all is passed over and named by the caller. */
export function readEvidence(evidence: readonly unknown[]): Evidence {
  const people: Mention[] = [];
  const ips = new Set<string>();
  const entities = new Map<string, RelatedEntity>();
  const unknownKinds = new Set<string>();
  const keep = (entity: RelatedEntity) => {
    const key = `${entity.type}\n${entity.id}`;
    if (!entities.has(key)) entities.set(key, entity);
  };
  for (const item of evidence) {
    if (!isObject(item)) continue;
    const name = kindOf(item);
    const known = KINDS.get(name.toLowerCase());
    const kind: EvidenceKind = known ?? UNKNOWN_KIND;
    if (!known) unknownKinds.add(name);
    people.push(...peopleOf(item, kind));
    for (const field of valuesAt(item, kind.ips)) for (const ip of addressesIn(textOf(field) ?? '')) ips.add(ip);
    for (const country of textsAt(item, kind.countries)) keep({ type: 'country', id: country, label: country });
    for (const entity of entityOf(item, kind)) keep(entity);
  }
  return { people, ips: [...ips], entities: [...entities.values()], unknownKinds: [...unknownKinds] };
}

/** `#microsoft.graph.security.ipEvidence` is `ip`. */
function kindOf(item: Record<string, unknown>): string {
  const type = textOf(item['@odata.type']) ?? 'without a type';
  return toOneLine(type.slice(type.lastIndexOf('.') + 1).replace(/Evidence$/, '')).slice(0, 80);
}

function peopleOf(item: Record<string, unknown>, { accounts = [], mailboxes }: EvidenceKind): Mention[] {
  const addresses = textsAt(item, mailboxes);
  const displayName = textOf(item.displayName);
  // Two fields of one mailbox are one person; the members of a list are not.
  const apart = mailboxes?.length === 1;
  const boxes = (apart ? addresses.map((address) => [address]) : addresses.length > 0 ? [addresses] : []).map(
    (those): Mention => ({ addresses: those, displayName, id: those[0] ?? '', key: `mailbox ${those[0]}` }),
  );
  return [...boxes, ...valuesAt(item, accounts).flatMap(toMention)];
}

function toMention(account: unknown): Mention[] {
  if (!isObject(account)) return [];
  const [upn, objectId, displayName, name, domain, sid] = [
    account.userPrincipalName,
    account.azureAdUserId,
    account.displayName,
    account.accountName,
    account.domainName,
    account.userSid,
  ].map(textOf);
  if (sid !== undefined && NOBODY.test(sid)) return [];
  const windowsName = name && domain ? `${domain}\\${name}` : name;
  const id = windowsName ?? upn ?? displayName ?? objectId ?? sid;
  if (id === undefined) return [];
  return [{ addresses: [upn, name], objectId, displayName, id, key: `account ${sid ?? id}` }];
}

function entityOf(item: Record<string, unknown>, { entity }: EvidenceKind): RelatedEntity[] {
  if (!entity) return [];
  const [label = ''] = textsAt(item, entity.label);
  const [id = label] = textsAt(item, entity.id);
  return id === '' ? [] : [{ type: entity.type, id: toOneLine(id), label: toOneLine(label) }];
}

function textsAt(item: Record<string, unknown>, paths: readonly string[] = []): string[] {
  return valuesAt(item, paths).flatMap((value) => textOf(value)?.trim() ?? []);
}

/** All values at the paths, in their order, through every member of each list on the way. */
function valuesAt(item: Record<string, unknown>, paths: readonly string[] = []): unknown[] {
  return paths.flatMap((path) => {
    let values: unknown[] = [item];
    for (const step of path.split('.')) values = values.flatMap((value) => (isObject(value) ? value[step] : undefined));
    return values.filter((value) => value !== undefined && value !== null);
  });
}
