import type { ConsoleAuth } from '../../../config/config.ts';
import { clean } from '../../../domain/text/clean.ts';

/** Whom a token names, and which of its groups and roles the configuration names. */
export interface Person {
  name: string;
  account: string;
  groups: readonly string[];
  /** Groups were left out of the token because there are too many. */
  groupsLeftOut: boolean;
}

const MOST_CHARACTERS = 200;

/**
 * Reads the claims of an id token. `groups` and `roles` are lists or single words; where a person is in too many
 * groups Entra names another place instead, `_claim_names` (Microsoft Learn, "Configure group claims", read 2026-11).
 */
export function toPerson(claims: Readonly<Record<string, unknown>>, auth: ConsoleAuth): Person {
  const said = (...names: string[]) => names.map((name) => lineOf(claims[name])).find((text) => text !== '');
  const subject = said('oid', 'sub') ?? '';
  const login = said('preferred_username', 'upn', 'email');
  const all = [...wordsOf(claims.groups), ...wordsOf(claims.roles)];
  const named = new Set([...auth.viewers, ...auth.operators]);
  const elsewhere = claims._claim_names;
  return {
    name: said('name') ?? login ?? subject,
    account: login === undefined ? subject : `${login} (${subject})`,
    groups: [...new Set(all)].filter((group) => named.has(group)),
    groupsLeftOut: typeof elsewhere === 'object' && elsewhere !== null && 'groups' in elsewhere,
  };
}

function wordsOf(claim: unknown): readonly string[] {
  return [claim].flat().filter((word) => typeof word === 'string');
}

function lineOf(claim: unknown): string {
  return typeof claim === 'string' ? clean(claim).slice(0, MOST_CHARACTERS).trim() : '';
}
