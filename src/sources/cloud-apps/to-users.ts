import type { AffectedUser } from '../../domain/alert.ts';
import { toPeople } from '../record/people.ts';
import type { EntityWire } from './wire.ts';

const PEOPLE = new Set(['account', 'user', 'discovery_user']);

/** Whether an entity is a person that the alert is about. */
export function isPerson({ type }: EntityWire): boolean {
  return PEOPLE.has(type);
}

/** One user per person: an account and a user with the same address or object id are one. */
export function toUsers(entities: readonly EntityWire[], mentioned: readonly string[]): AffectedUser[] {
  const mentions = entities.filter(isPerson).map(({ type, id, label, pa, em }) => ({
    addresses: [pa, em, id, label],
    objectId: id,
    displayName: label,
    id,
    key: `${type} ${id}`,
  }));
  return toPeople(mentions, mentioned);
}
