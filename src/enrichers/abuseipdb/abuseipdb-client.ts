import { SECOND_MS } from '../../domain/time.ts';
import type { HttpAnswer, HttpClient } from '../../http/http-client.ts';

export interface AbuseIpDbClientParts {
  /** API v2 key. */
  key: string;
  /** Base URL; a path in it is kept, a trailing slash does not matter. */
  url: string;
  http: HttpClient;
}

/** One look-up, from the first byte sent to the last byte read. */
export const DEADLINE_MS = 5 * SECOND_MS;

/** Speaks API v2 of AbuseIPDB: the CHECK endpoint (docs.abuseipdb.com, "CHECK Endpoint"). */
export class AbuseIpDbClient {
  readonly #parts: AbuseIpDbClientParts;
  readonly #path: string;

  constructor(parts: AbuseIpDbClientParts) {
    this.#parts = parts;
    this.#path = `${new URL(parts.url).pathname.replace(/\/+$/, '')}/api/v2/check`;
  }

  /**
   * Asks once after one address. The key travels in its header only: queries end up in logs.
   * @throws EdgeFailure as `HttpClient.send` for a read.
   */
  check({
    address,
    maxAgeInDays,
    signal,
  }: {
    address: string;
    maxAgeInDays: number;
    signal?: AbortSignal | undefined;
  }): Promise<HttpAnswer> {
    return this.#parts.http.send({
      method: 'GET',
      path: `${this.#path}?ipAddress=${encodeURIComponent(address)}&maxAgeInDays=${maxAgeInDays}`,
      // Without `Accept` an error comes as a page (docs.abuseipdb.com, "Introduction").
      headers: { key: this.#parts.key, accept: 'application/json' },
      deadlineMs: DEADLINE_MS,
      effect: 'read',
      ...(signal ? { signal } : {}),
    });
  }
}
