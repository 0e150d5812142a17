import type { AffectedUser } from '../../domain/alert.ts';
import { toOneLine } from '../extract/plain-text.ts';
import type { EntityWire } from './wire.ts';

const PEOPLE = new Set(['account', 'user', 'discovery_user']);
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether an entity is a person that the alert is about. */
export function isPerson({ type }: EntityWire): boolean {
  return PEOPLE.has(type);
}

/** What is known of one person while the entities are read. */
interface Person {
  address?: string;
  displayName?: string;
  objectId?: string;
  /** What it is called by when all else is absent. */
  id: string;
}

/**
 * One user per person, in order: those of the entities, where an account and a user with the same address or object id
 * are one, then those whom only the text names.
 */
export function toUsers(entities: readonly EntityWire[], mentioned: readonly string[]): AffectedUser[] {
  const known = new Map<string, Person>();
  const people = new Set<Person>();
  for (const entity of entities) {
    if (!isPerson(entity)) continue;
    const { keys, ...found } = toPerson(entity);
    const same = keys.map((key) => known.get(key)).find((person) => person !== undefined);
    const person = same ? Object.assign(same, { ...found, ...same }) : found;
    people.add(person);
    for (const key of keys) known.set(key, person);
  }
  const texts = mentioned.filter((address) => !known.has(address));
  return [
    ...[...people].map(({ id, ...person }): AffectedUser => {
      return { name: person.address ?? person.displayName ?? id, ...person, origin: 'entity' };
    }),
    ...texts.map((address): AffectedUser => ({ name: address, address, origin: 'text' })),
  ];
}

/** `keys` are all the names by which the same person may turn up again. */
function toPerson({ type, id, label, pa, em }: EntityWire): Person & { keys: string[] } {
  const addresses = [pa, em, id, label].flatMap((text) => {
    const address = text?.trim().toLowerCase() ?? '';
    return ADDRESS.test(address) ? [address] : [];
  });
  const [address] = addresses;
  const objectId = OBJECT_ID.test(id) ? id.toLowerCase() : undefined;
  const name = toOneLine(label);
  return {
    id: toOneLine(id),
    keys: [...addresses, ...(objectId ? [objectId] : []), ...(address || objectId ? [] : [`${type} ${id}`])],
    ...(address ? { address } : {}),
    ...(name !== '' && name !== id && !ADDRESS.test(name) ? { displayName: name } : {}),
    ...(objectId ? { objectId } : {}),
  };
}
