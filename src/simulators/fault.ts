import type { SimRequest } from './wire.ts';

/** One way for a simulator to misbehave, in place of or after its work on one request. */
export type Fault =
  /** Answers so, instead of doing the work. */
  | { kind: 'status'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** Never answers and does no work. */
  | { kind: 'hang' }
  /** Destroys the socket before any work. */
  | { kind: 'reset' }
  /** Does the work, then destroys the socket. */
  | { kind: 'loseAnswer' }
  /** Does the work, then answers so. */
  | { kind: 'failAfterCommit'; status: number; headers?: Readonly<Record<string, string>>; body?: string }
  /** Does the work, sends half of the body and closes; without a length the half looks whole to a client. */
  | { kind: 'truncate'; contentLength: boolean }
  /** Does the work, then sends one byte per interval of the clock. */
  | { kind: 'drip'; everyMs: number }
  /** Does the work by the clock later; answers 504 now, or never. */
  | { kind: 'delayCommit'; ms: number; answer: 'gateway-timeout' | 'none' };

interface Extra {
  headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is; anything else as JSON. */
  body?: unknown;
  /** Sends a page instead, with its content type. */
  html?: string;
}

/** The faults by name; each call makes one to be handed to `SimServer.fault`. */
export const faults = {
  status: (status: number, extra: Extra = {}): Fault => ({ kind: 'status', status, ...content(extra) }),
  hang: (): Fault => ({ kind: 'hang' }),
  reset: (): Fault => ({ kind: 'reset' }),
  loseAnswer: (): Fault => ({ kind: 'loseAnswer' }),
  failAfterCommit: (status: number, extra: Extra = {}): Fault => ({
    kind: 'failAfterCommit',
    status,
    ...content(extra),
  }),
  truncate: ({ contentLength = true }: { contentLength?: boolean } = {}): Fault => ({
    kind: 'truncate',
    contentLength,
  }),
  drip: (everyMs = 1_000): Fault => ({ kind: 'drip', everyMs }),
  html200: (html = '<html><body><h1>Sign in</h1></body></html>'): Fault => faults.status(200, { html }),
  empty200: (): Fault => ({ kind: 'status', status: 200, headers: { 'content-type': 'application/json' }, body: '' }),
  redirect: (to: string): Fault => faults.status(302, { headers: { location: to }, body: '' }),
  delayCommit: (ms: number, answer: 'gateway-timeout' | 'none' = 'gateway-timeout'): Fault => ({
    kind: 'delayCommit',
    ms,
    answer,
  }),
} as const;

function content({ headers, body, html }: Extra): { headers?: Record<string, string>; body?: string } {
  const type = html === undefined ? 'application/json' : 'text/html; charset=utf-8';
  const text = html ?? (typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body));
  return { headers: { 'content-type': type, ...headers }, ...(text === undefined ? {} : { body: text }) };
}

/** Which requests a fault concerns; an absent part matches all. */
export interface FaultMatch {
  method?: string;
  /** The start of the path, or a pattern that is tried on path and query. */
  path?: string | RegExp;
  where?: (request: SimRequest) => boolean;
}

export interface FaultSchedule {
  /** How many matching requests it strikes; once unless said, without end for `every`. */
  times?: number;
  /** Strikes only every nth matching request. */
  every?: number;
  /** Lets so many matching requests pass first. */
  after?: number;
}

/** A fault that is waiting for its requests. */
export interface ScheduledFault {
  /** How often it has struck. */
  readonly struck: number;
  cancel(): void;
}

interface Waiting {
  match: FaultMatch;
  fault: Fault;
  left: number;
  every: number;
  after: number;
  seen: number;
  struck: number;
}

/** Faults in the order in which they were scheduled; the first that matches a request strikes it. */
export class FaultQueue {
  #waiting: Waiting[] = [];

  add(match: FaultMatch, fault: Fault, schedule: FaultSchedule = {}): ScheduledFault {
    const { every = 1, after = 0, times = schedule.every === undefined ? 1 : Number.POSITIVE_INFINITY } = schedule;
    const waiting: Waiting = { match, fault, left: times, every, after, seen: 0, struck: 0 };
    this.#waiting.push(waiting);
    return {
      get struck() {
        return waiting.struck;
      },
      cancel: () => {
        waiting.left = 0;
      },
    };
  }

  clear(): void {
    for (const waiting of this.#waiting) waiting.left = 0;
    this.#waiting = [];
  }

  next(request: SimRequest): Fault | undefined {
    if (this.#waiting.length === 0) return undefined;
    for (const waiting of this.#waiting) {
      if (waiting.left <= 0 || !matches(waiting.match, request)) continue;
      waiting.seen++;
      if (waiting.seen <= waiting.after || (waiting.seen - waiting.after) % waiting.every !== 0) continue;
      waiting.left--;
      waiting.struck++;
      if (waiting.left <= 0) this.#waiting = this.#waiting.filter((other) => other !== waiting);
      return waiting.fault;
    }
    return undefined;
  }
}

function matches({ method, path, where }: FaultMatch, request: SimRequest): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (typeof path === 'string' && !request.path.startsWith(path)) return false;
  if (path instanceof RegExp && !path.test(request.target)) return false;
  return where?.(request) ?? true;
}
