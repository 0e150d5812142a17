import { type Clock, SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';
import { RenewableSecret } from '../../http/renewable-secret.ts';

export interface AbuseIpDbClientParts {
  /** API v2 key. */
  key: string;
  /** Base URL; a path in it is kept, a trailing slash does not matter. */
  url: string;
  http: HttpClient;
  clock: Clock;
  /** The present value of a key that may have been changed where it is kept; `undefined` when there is no other. */
  newer?: (key: string) => Promise<string | undefined>;
}

/** One look-up, from the first byte sent to the last byte read. */
export const DEADLINE_MS = 5 * SECOND_MS;

/** Speaks API v2 of AbuseIPDB: the CHECK endpoint (docs.abuseipdb.com, "CHECK Endpoint"). */
export class AbuseIpDbClient {
  readonly #parts: AbuseIpDbClientParts;
  readonly #path: string;
  readonly #key: RenewableSecret;

  constructor(parts: AbuseIpDbClientParts) {
    this.#parts = parts;
    this.#key = new RenewableSecret({ ...parts, secret: parts.key });
    this.#path = `${new URL(parts.url).pathname.replace(/\/+$/, '')}/api/v2/check`;
  }

  /**
   * Asks after one address; once more with the key's present value, if it was refused and there is another. The key travels in its header only: queries end up in logs.
   * @throws EdgeFailure as `HttpClient.send` for a read.
   */
  async check({
    address,
    maxAgeInDays,
    signal,
  }: {
    address: string;
    maxAgeInDays: number;
    signal?: AbortSignal | undefined;
  }): Promise<HttpAnswer> {
    const send = (key: string) =>
      this.#parts.http.send({
        method: 'GET',
        path: `${this.#path}?ipAddress=${encodeURIComponent(address)}&maxAgeInDays=${maxAgeInDays}`,
        // Without `Accept` an error comes as a page (docs.abuseipdb.com, "Introduction").
        headers: { key, accept: 'application/json' },
        deadlineMs: DEADLINE_MS,
        effect: 'read',
        ...(signal ? { signal } : {}),
      });
    const key = this.#key.value;
    const answer = await send(key);
    return answer.status === 401 && (await this.#key.refused(key)) ? send(this.#key.value) : answer;
  }
}
