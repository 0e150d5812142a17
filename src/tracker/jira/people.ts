import { DAY_MS } from '../../domain/time.ts';
import type { JiraClient } from './jira-client.ts';

/** How an edition looks people up. */
export interface PeopleWire {
  /** Path of a search by this text, with query. */
  path(text: string): string;
  /** What a user field takes for a person found; `undefined` when the record lacks it. */
  reference(person: Record<string, unknown>): Record<string, string> | undefined;
}

const FRESH_MS = DAY_MS;

/** Finds people for user fields by address, name or id; each text is asked once and the answer kept for a day. */
export class People {
  readonly #client: JiraClient;
  readonly #wire: PeopleWire;
  readonly #known = new Map<string, Promise<Record<string, string> | undefined>>();

  constructor(client: JiraClient, wire: PeopleWire) {
    this.#client = client;
    this.#wire = wire;
  }

  /** References for these texts; a text that means nobody, or more than one, is absent. @throws EdgeFailure */
  async find(texts: readonly string[]): Promise<ReadonlyMap<string, Record<string, string>>> {
    const found = new Map<string, Record<string, string>>();
    for (const text of texts) {
      let asking = this.#known.get(text);
      if (!asking) {
        asking = this.#findOne(text);
        this.#known.set(text, asking);
        asking.catch(() => this.#known.delete(text));
      }
      const reference = await asking;
      if (reference) found.set(text, reference);
    }
    return found;
  }

  async #findOne(text: string): Promise<Record<string, string> | undefined> {
    const { clock, metadata, site } = this.#client.parts;
    const key = `user:${text}`;
    const kept = await metadata.load(site.site, key);
    if (kept && clock.now() - kept.storedAt < FRESH_MS) return JSON.parse(kept.json) ?? undefined;
    const people = (await this.#client.read<Record<string, unknown>[]>(this.#wire.path(text))) ?? [];
    const same = (value: unknown) => typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
    const exact = people.filter((person) =>
      [person.emailAddress, person.accountId, person.name, person.displayName].some(same),
    );
    // Addresses may be hidden; one single hit for a whole address is then the person.
    const [person, ...others] = exact.length > 0 ? exact : text.includes('@') ? people : [];
    const reference = person && others.length === 0 ? this.#wire.reference(person) : undefined;
    await metadata.store(site.site, key, JSON.stringify(reference ?? null), clock.now());
    return reference;
  }
}
