import { HttpClient } from '../http/http-client.ts';
import { Meter } from '../observe/meter.ts';
import { Redactor } from '../observe/redact.ts';
import type { AssembleParts } from './casewire.ts';

/** The way out to other services, shared by all adapters: one client a service and origin wherever they may share it. */
export class Edges {
  readonly outer: Pick<AssembleParts, 'clock' | 'random' | 'progress' | 'store' | 'onCall'>;
  readonly meter: Meter;
  readonly redactor = new Redactor();
  readonly #clients: HttpClient[] = [];

  constructor(outer: AssembleParts, secrets: readonly string[]) {
    this.outer = outer;
    this.meter = new Meter(outer.onCall);
    for (const secret of secrets) this.redactor.add(secret);
  }

  client(service: string, url: string, connections: number): HttpClient {
    const { meter, redactor, outer } = this;
    const http = new HttpClient({
      service,
      origin: new URL(url).origin,
      clock: outer.clock,
      meter,
      redactor,
      connections,
    });
    this.#clients.push(http);
    return http;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((http) => http.close()));
  }
}
