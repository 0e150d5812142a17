import { EdgeFailure } from '../../domain/failure.ts';
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

  /**
   * References for these texts; a text that means nobody, or more than one, is absent, and so are all where the account
   * may not look people up: a user field is not worth a ticket.
   * @throws EdgeFailure when the site cannot be asked at the moment.
   */
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
    const key = `user:${site.url}\n${text}`;
    const kept = await metadata.load(site.site, key);
    if (kept && clock.now() - kept.storedAt < FRESH_MS) return JSON.parse(kept.json) ?? undefined;
    const person = onlyOne(await this.#search(text), text);
    const reference = person && this.#wire.reference(person);
    await metadata.store(site.site, key, JSON.stringify(reference ?? null), clock.now());
    return reference;
  }

  async #search(text: string): Promise<readonly Record<string, unknown>[]> {
    try {
      const people = await this.#client.read<Record<string, unknown>[]>(this.#wire.path(text));
      return Array.isArray(people) ? people : [];
    } catch (error) {
      // 403: without the global permission "Browse users and groups".
      if (error instanceof EdgeFailure && [400, 403].includes(error.details.status ?? 0)) return [];
      throw error;
    }
  }
}

/** The one person whom a text names in full, by address, id, login or name; only people who can still be named. */
function onlyOne(people: readonly Record<string, unknown>[], text: string): Record<string, unknown> | undefined {
  const active = people.filter((person) => person.active !== false);
  const same = (value: unknown) => typeof value === 'string' && value.toLowerCase() === text.toLowerCase();
  const exact = active.filter((person) =>
    [person.emailAddress, person.accountId, person.name, person.displayName].some(same),
  );
  // People may hide their address; a single one of those found by a whole address is then the person.
  const hidden = text.includes('@') ? active.filter(({ emailAddress }) => !emailAddress) : [];
  const [person, ...others] = exact.length > 0 ? exact : hidden;
  return others.length === 0 ? person : undefined;
}
