import type { RelatedEntity } from '../domain/alert.ts';
import { code, type Inline, strong, text } from '../domain/document.ts';

/** What people call the entity types of Defender's records; a type not named here is shown as it is. */
const ENTITY_WORDS: Readonly<Record<string, string>> = {
  policyRule: 'policy',
  service: 'app',
  groupTag: 'user group',
  discovery_user: 'discovered user',
  discovery_ip: 'discovered address',
};

/** An entity as a ticket names it: its type in people's words, its label, and its id where that says more. */
export function sayEntity({ type, id, label }: RelatedEntity): Inline[] {
  return [
    text(`${ENTITY_WORDS[type] ?? type}: `),
    strong(label || id),
    ...(label && id && label !== id ? [text(' '), code(id)] : []),
  ];
}
