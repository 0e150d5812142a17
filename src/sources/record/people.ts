import type { AffectedUser } from '../../domain/alert.ts';
import { toOneLine } from '../extract/plain-text.ts';

const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One mention of a person in a record. */
export interface Mention {
  /** What may be user principal names or mail addresses, the best first; anything else among them is passed over. */
  addresses: readonly (string | undefined)[];
  objectId?: string | undefined;
  displayName?: string | undefined;
  /** What the person is called by when all else is absent. */
  id: string;
  /** By what the same person is known again when there is neither address nor object id. */
  key: string;
}

/** What is known of one person while the mentions are read. */
interface Person {
  address?: string;
  displayName?: string;
  objectId?: string;
  id: string;
}

/**
 * One user per person, in order: those of the entities, where mentions with the same address or object id are one, then
 * those whom only the text names.
 */
export function toPeople(mentions: readonly Mention[], inText: readonly string[]): AffectedUser[] {
  const known = new Map<string, Person>();
  const people = new Set<Person>();
  for (const mention of mentions) {
    const { keys, ...found } = toPerson(mention);
    const same = keys.map((key) => known.get(key)).find((person) => person !== undefined);
    const person = same ? Object.assign(same, { ...found, ...same }) : found;
    people.add(person);
    for (const key of keys) known.set(key, person);
  }
  const texts = inText.filter((address) => !known.has(address));
  return [
    ...[...people].map(({ id, ...person }): AffectedUser => {
      return { name: person.address ?? person.displayName ?? id, ...person, origin: 'entity' };
    }),
    ...texts.map((address): AffectedUser => ({ name: address, address, origin: 'text' })),
  ];
}

/** `keys` are all the names by which the same person may turn up again. */
function toPerson({ addresses: given, objectId: someId = '', displayName = '', id, key }: Mention): Person & {
  keys: string[];
} {
  const addresses = given.flatMap((text) => {
    const address = text?.trim().toLowerCase() ?? '';
    return ADDRESS.test(address) ? [address] : [];
  });
  const [address] = addresses;
  const objectId = OBJECT_ID.test(someId) ? someId.toLowerCase() : undefined;
  const name = toOneLine(displayName);
  return {
    id: toOneLine(id),
    keys: [...addresses, ...(objectId ? [objectId] : []), ...(address || objectId ? [] : [key])],
    ...(address ? { address } : {}),
    ...(name !== '' && name !== id && !ADDRESS.test(name) ? { displayName: name } : {}),
    ...(objectId ? { objectId } : {}),
  };
}
