import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../domain/time.ts';
import { type Fault, type FaultMatch, FaultQueue, type FaultSchedule, type ScheduledFault } from './fault.ts';
import { type JournalEntry, json, type SimAnswer, type SimRequest } from './wire.ts';

export interface SimOptions {
  /** Rules all times but `latencyMs`: lags, windows, quotas, stamps. */
  clock: Clock;
  /** Any free one unless given. */
  port?: number;
  /** Real time between the arrival of a request and its answer; the work is done on arrival. */
  latencyMs?: number;
  /** Whether the journal keeps bodies; on unless a measurement switches it off. */
  keepBodies?: boolean;
  /** A path in front of all others, such as `/jira`. */
  contextPath?: string;
  /** Serves https with this key and certificate, PEM. */
  tls?: { key: string; cert: string };
}

/**
 * An HTTP server on 127.0.0.1 with a journal of every request and faults on demand. A vendor's simulator extends it
 * and says in `answer` what is done; a request that it does not know is answered 404 and kept in `unexpected`.
 */
export abstract class SimServer {
  /** Every request in the order of its arrival. */
  readonly journal: JournalEntry[] = [];
  /** Requests that the simulator does not know; a test fails on them. */
  readonly unexpected: string[] = [];
  /** Called on the arrival of each request, before anything is done. */
  onRequest: (request: SimRequest) => void = () => {};
  latencyMs: number;
  keepBodies: boolean;
  protected readonly clock: Clock;
  protected readonly contextPath: string;
  readonly #faults = new FaultQueue();
  readonly #server: Server;
  readonly #port: number;
  readonly #scheme: 'http' | 'https';
  #origin = '';

  constructor(options: SimOptions) {
    this.clock = options.clock;
    this.latencyMs = options.latencyMs ?? 0;
    this.keepBodies = options.keepBodies ?? true;
    this.contextPath = options.contextPath ?? '';
    this.#port = options.port ?? 0;
    this.#scheme = options.tls ? 'https' : 'http';
    const receive = (request: IncomingMessage, response: ServerResponse) => this.#receive(request, response);
    const settings = { keepAlive: true, noDelay: true };
    this.#server = options.tls
      ? createTlsServer({ ...settings, ...options.tls }, receive)
      : createServer(settings, receive);
    this.#server.keepAliveTimeout = 120_000;
  }

  /** Does the work of one request, at once; `undefined` says that the simulator does not know it. */
  protected abstract answer(request: SimRequest): SimAnswer | undefined;

  /** Scheme, host and port. */
  get origin(): string {
    return this.#origin;
  }

  /** Where the service stands, context path included, without a trailing slash. */
  get url(): string {
    return this.#origin + this.contextPath;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#origin = `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  /** Ends all connections, answered or not. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Schedules a fault for the next request that matches, or as the schedule says. */
  fault(match: FaultMatch, fault: Fault, schedule?: FaultSchedule): ScheduledFault {
    return this.#faults.add(match, fault, schedule);
  }

  /** Takes back all faults that have not struck. */
  heal(): void {
    this.#faults.clear();
  }

  /** The journal's requests to paths that match. */
  requests(path: RegExp | string, method?: string): readonly JournalEntry[] {
    return this.journal.filter(
      (entry) =>
        (method === undefined || entry.method === method) &&
        (typeof path === 'string' ? entry.path.startsWith(path) : path.test(entry.path)),
    );
  }

  #receive(incoming: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => response.destroy());
    incoming.on('end', () => this.#serve(incoming, chunks, response));
  }

  #serve(incoming: IncomingMessage, chunks: readonly Buffer[], response: ServerResponse): void {
    const request = this.#toRequest(incoming, chunks);
    const entry: JournalEntry = { at: this.clock.now(), method: request.method, path: request.target, status: 0 };
    if (this.keepBodies && request.body !== '') entry.body = request.body;
    const type = incoming.headers['content-type'];
    if (this.keepBodies && type !== undefined) entry.contentType = type;
    this.journal.push(entry);
    this.onRequest(request);
    const fault = this.#faults.next(request);
    if (fault) {
      entry.fault = fault.kind;
      this.#misbehave(fault, request, entry, response);
    } else this.#send(this.#work(request), entry, response);
  }

  #toRequest(incoming: IncomingMessage, chunks: readonly Buffer[]): SimRequest {
    const target = incoming.url ?? '/';
    const mark = target.indexOf('?');
    const whole = mark < 0 ? target : target.slice(0, mark);
    const path = whole.startsWith(`${this.contextPath}/`) ? whole.slice(this.contextPath.length) : `!${whole}`;
    return {
      method: incoming.method ?? 'GET',
      target,
      path,
      query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
      headers: incoming.headers,
      body: (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8') ?? '',
    };
  }

  #work(request: SimRequest): SimAnswer {
    const name = `${request.method} ${request.target}`;
    try {
      const answer = this.answer(request);
      if (answer) return answer;
      this.unexpected.push(name);
      return json(404, { errorMessages: [`The simulator does not know ${request.method} ${request.path}`] });
    } catch (error) {
      this.unexpected.push(`${name}: ${String(error)}`);
      return json(500, { errorMessages: [`The simulator failed at ${name}: ${String(error)}`] });
    }
  }

  #send(answer: SimAnswer, entry: JournalEntry, response: ServerResponse): void {
    entry.status = answer.status;
    if (this.keepBodies) entry.answer = answer.body;
    const write = () => {
      const hasNoBody = answer.status === 204 || answer.status === 304;
      const length = hasNoBody ? {} : { 'content-length': Buffer.byteLength(answer.body) };
      response.writeHead(answer.status, { ...answer.headers, ...length });
      response.end(hasNoBody ? undefined : answer.body);
    };
    this.#late(write);
  }

  #late(act: () => void): void {
    if (this.latencyMs > 0) setTimeout(act, this.latencyMs);
    else act();
  }

  #misbehave(fault: Fault, request: SimRequest, entry: JournalEntry, response: ServerResponse): void {
    switch (fault.kind) {
      case 'status':
        this.#send({ ...fault, body: fault.body ?? '' }, entry, response);
        break;
      case 'hang':
        break;
      case 'reset':
        this.#late(() => response.destroy());
        break;
      case 'loseAnswer':
        this.#work(request);
        this.#late(() => response.destroy());
        break;
      case 'failAfterCommit':
        this.#work(request);
        this.#send({ ...fault, body: fault.body ?? '' }, entry, response);
        break;
      case 'truncate':
        truncate(this.#work(request), fault.contentLength, entry, response);
        break;
      case 'drip':
        void this.#drip(this.#work(request), fault.everyMs, entry, response);
        break;
      case 'delayCommit':
        void this.clock.sleep(fault.ms).then(() => this.#work(request));
        if (fault.answer === 'gateway-timeout') this.#send(json(504, {}), entry, response);
    }
  }

  async #drip(answer: SimAnswer, everyMs: number, entry: JournalEntry, response: ServerResponse): Promise<void> {
    const bytes = Buffer.from(answer.body);
    entry.status = answer.status;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
    for (let i = 0; i < bytes.length && !response.destroyed; i++) {
      response.write(bytes.subarray(i, i + 1));
      await this.clock.sleep(everyMs);
    }
    response.end();
  }
}

/** Writes past Node's own response, which would never let a body end early without saying so. */
function truncate(answer: SimAnswer, contentLength: boolean, entry: JournalEntry, response: ServerResponse): void {
  const bytes = Buffer.from(answer.body);
  const type = answer.headers?.['content-type'] ?? 'application/json';
  const length = contentLength ? `content-length: ${bytes.length}\r\n` : '';
  const others = Object.entries(answer.headers ?? {}).map(([name, value]) =>
    name === 'content-type' ? '' : `${name}: ${value}\r\n`,
  );
  entry.status = answer.status;
  const head = `HTTP/1.1 ${answer.status} OK\r\nconnection: close\r\ncontent-type: ${type}\r\n${others.join('')}${length}\r\n`;
  response.socket?.write(head);
  response.socket?.end(bytes.subarray(0, Math.floor(bytes.length / 2)));
}
