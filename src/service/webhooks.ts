import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ServiceConfig, SiteConfig } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import { HINT_REFUSALS, type HintRefusal } from '../domain/hint.ts';
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../domain/time.ts';
import type { Hints } from '../ledger/in-step/hints-port.ts';
import type { Progress } from '../observe/progress.ts';
import { readBody } from './read-body.ts';
import { isSignedWith } from './signature.ts';
import { sitesAt, toHint } from './to-hint.ts';

/*
 * A call of Jira's webhook is a hint and nothing more: it names an issue, which is then read again. So whatever a call
 * says, forged, late, twice or out of order, the issue itself decides. The first checks are the cheap ones: a call without
 * a signature costs no body, one with a wrong signature no look into it.
 */

/** What calls are taken with now; it changes when the configuration is read again. */
export interface WebhookNow {
  service: Pick<ServiceConfig, 'webhookSecret'>;
  sites: readonly SiteConfig[];
  /** Whether anything is kept in step; without, hints have no reader and none is kept. */
  synced: boolean;
  hints: Pick<Hints, 'record'>;
  /** Has these tenants kept in step at once; must not throw. */
  wake(tenants: readonly TenantId[]): void;
}

export interface WebhookParts {
  current(): WebhookNow;
  clock: Clock;
  progress: Progress;
}

/** Status and words of an answer; `closes`: what is left of the request is not read. */
export interface WebhookAnswer {
  status: number;
  says: string;
  closes?: boolean;
}

/** A signed issue with all its fields; Jira drops payloads over 25 MB, and polling sees what is refused here. */
const MOST_BYTES = 1024 * 1024;
const BODY_WITHIN_MS = 10 * SECOND_MS;
/** Bodies that are read at once, so that memory has a bound. */
const MOST_AT_ONCE = 32;
/** How old a call may be, or ahead of our clock; calls are remembered for longer, so a replay is known or stale. */
const STALE_MS = DAY_MS;

const WORDS: Record<HintRefusal, string> = {
  'wrong-method': 'send POST',
  'no-secret': 'no secret is set here, so no call is taken',
  unsigned: 'the call is not signed: set a secret where the webhook is registered',
  'wrong-signature': 'the signature is not that of the body',
  'not-json': 'send application/json',
  'too-large': 'the body is larger than 1 MiB',
  'too-slow': 'the body did not arrive in time',
  unreadable: 'the body is not that of a Jira webhook',
  stale: 'the call is more than a day old, or of the future',
  busy: 'too many calls at once, send it again',
  'not-stored': 'the call could not be stored, send it again',
};

/** Takes the calls of Jira's webhooks. */
export class Webhooks {
  readonly #parts: WebhookParts;
  readonly #toldAt = new Map<HintRefusal, EpochMs>();
  #reading = 0;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  /** Answers one call; 2xx only when its hint is on disk, or there is nothing to keep. */
  async take(incoming: IncomingMessage): Promise<WebhookAnswer> {
    const { webhookSecret } = this.#parts.current().service;
    const signature = incoming.headers['x-hub-signature'];
    if (incoming.method !== 'POST') return this.#refuse('wrong-method', true);
    if (webhookSecret === undefined) return this.#refuse('no-secret', true);
    if (typeof signature !== 'string') return this.#refuse('unsigned', true);
    if (!/^application\/json\s*(;|$)/i.test(incoming.headers['content-type'] ?? ''))
      return this.#refuse('not-json', true);
    if (this.#reading >= MOST_AT_ONCE) return this.#refuse('busy', true);
    const body = await this.#read(incoming);
    if (body === 'cut-off') return this.#refuse('too-slow', true);
    if (typeof body === 'string') return this.#refuse(body, true);
    if (!isSignedWith(webhookSecret, signature, body)) return this.#refuse('wrong-signature');
    return this.#keep(incoming, body);
  }

  async #read(incoming: IncomingMessage) {
    this.#reading++;
    try {
      return await readBody(incoming, { mostBytes: MOST_BYTES, withinMs: BODY_WITHIN_MS, clock: this.#parts.clock });
    } finally {
      this.#reading--;
    }
  }

  async #keep(incoming: IncomingMessage, body: Buffer): Promise<WebhookAnswer> {
    const { current, clock, progress } = this.#parts;
    const { sites, synced, hints, wake } = current();
    const reading = toHint(body);
    if (reading === 'unreadable') return this.#refuse('unreadable');
    if (reading === 'nothing' || !synced) {
      progress({ event: 'hint-taken', news: 'none', tenants: [] });
      return { status: 200, says: 'nothing to keep in step' };
    }
    const { issueId, at, host } = reading;
    const now = clock.now();
    if (Math.abs(now - at) > STALE_MS) return this.#refuse('stale');
    try {
      const names = namesOf(incoming, body, `${host ?? ''}/${issueId}`);
      const { known, tenants } = await hints.record({ names, sites: sitesAt(host, sites), ticketId: issueId, now });
      progress({ event: 'hint-taken', news: known ? 'known' : 'new', issueId, tenants });
      if (tenants.length > 0) wake(tenants);
      return known ? { status: 200, says: 'known already' } : { status: 202, says: 'the issue will be read' };
    } catch (error) {
      return this.#refuse('not-stored', false, error instanceof Error ? error.message : String(error));
    }
  }

  #refuse(reason: HintRefusal, closes = false, why?: string): WebhookAnswer {
    const { clock, progress } = this.#parts;
    const now = clock.now();
    const told = this.#toldAt.get(reason);
    const quiet = told !== undefined && Math.abs(now - told) < MINUTE_MS;
    if (!quiet) this.#toldAt.set(reason, now);
    const status = HINT_REFUSALS[reason];
    progress({ event: 'hint-refused', reason, status, says: why ?? WORDS[reason], quiet });
    return { status, says: WORDS[reason], closes };
  }
}

/**
 * Names by which a call that is sent again is known: its identifier, which is the same in all retries (Atlassian, "Jira
 * Cloud platform: Webhooks", 2026), and its signed body, since anyone may change a header. The identifier counts for its
 * issue alone, so that nobody can spend that of a call to come.
 */
function namesOf(incoming: IncomingMessage, body: Buffer, issue: string): string[] {
  const identifier = incoming.headers['x-atlassian-webhook-identifier'];
  const signed = `body ${hash(body)}`;
  return typeof identifier === 'string' ? [`call ${hash(`${issue} ${identifier}`)}`, signed] : [signed];
}

function hash(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40);
}
