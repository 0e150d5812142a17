import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { MINUTE_MS } from '../../domain/time.ts';
import { parseJql } from './jql.ts';
import { type Spelling, toChange, toFields, toUser } from './shapes.ts';
import type { JiraSite, SimEvent } from './site.ts';

/** A webhook as an administrator registers it. */
export interface WebhookSetup {
  /** On this machine alone: no simulator calls out. */
  url: string;
  secret?: string;
  /** JQL; events of issues that it does not find are not sent. */
  filter?: string;
}

/** What may befall calls: `late` is a quarter of an hour, `disordered` holds one back until the next has gone. */
export type WebhookMischief = 'duplicate' | 'disordered' | 'late' | 'forged' | 'unsigned' | 'lost';

/** One attempt to deliver one event. */
export interface WebhookCall {
  identifier: string;
  event: string;
  issue: string;
  /** 0 before the call was answered, and where it never was. */
  status: number;
  retry: number;
}

interface Delivery {
  body: string;
  headers: Record<string, string>;
  event: string;
  issue: string;
}

const EVENTS = {
  created: 'jira:issue_created',
  updated: 'jira:issue_updated',
  commented: 'jira:issue_updated',
  deleted: 'jira:issue_deleted',
} as const;

/** Answers after which Cloud tries again, five times at the most ("Webhooks", Jira Cloud platform). */
const RETRIED = new Set([0, 408, 409, 425, 429]);
const MOST_RETRIES = 5;
const RETRY_MS = 5 * MINUTE_MS;
const LATE_MS = 15 * MINUTE_MS;
const PATIENCE_MS = 20_000;

/** Sends signed calls for what happens on a site ("Webhooks": `X-Hub-Signature` over the raw body, in both editions). */
export class Webhooks {
  /** Befalls every call until it is taken back. */
  mischief: WebhookMischief | undefined;
  /** Every attempt, in the order in which they left. */
  readonly calls: WebhookCall[] = [];
  readonly #site: JiraSite;
  readonly #spelling: () => Spelling;
  #setup: WebhookSetup | undefined;
  readonly #underway = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #heldBack: Delivery | undefined;
  #eventNumber = 0;

  constructor(site: JiraSite, spelling: () => Spelling) {
    this.#site = site;
    this.#spelling = spelling;
  }

  get setup(): WebhookSetup | undefined {
    return this.#setup;
  }

  /** @throws when the address is not on this machine. */
  register(setup: WebhookSetup | undefined): void {
    if (setup && !/^http:\/\/127\.0\.0\.1[:/]/.test(setup.url))
      throw new Error(`the simulator sends webhooks to http://127.0.0.1 alone, not to ${setup.url}`);
    this.#setup = setup;
  }

  /** Tells whoever is registered what has happened. */
  tell(event: SimEvent): void {
    const { setup } = this;
    if (!setup || !this.#concerns(setup, event)) return;
    this.#misbehave(this.#toDelivery(setup, event));
  }

  /** Sends what was held back. */
  flush(): void {
    const held = this.#heldBack;
    this.#heldBack = undefined;
    if (held) this.#begin(held);
  }

  /** Waits until every call that has left was answered; those that wait for the clock are not waited for. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  /** Gives up what waits for the clock. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.settled();
  }

  #concerns({ filter }: WebhookSetup, { issue }: SimEvent): boolean {
    return filter === undefined || (parseJql(filter, this.#site).where?.(issue) ?? true);
  }

  #toDelivery({ secret }: WebhookSetup, event: SimEvent): Delivery {
    const { kind, issue, user, change } = event;
    const spelling = this.#spelling();
    const name = EVENTS[kind];
    const body = JSON.stringify({
      timestamp: this.#site.clock.now(),
      webhookEvent: name,
      ...(kind === 'deleted' ? {} : { issue_event_type_name: typeNameOf(event) }),
      user: toUser(user, spelling),
      issue: {
        id: issue.id,
        self: `${spelling.api}/issue/${issue.id}`,
        key: issue.key,
        fields: { ...toFields(issue, this.#site, spelling), description: 'Shown in the issue.' },
      },
      ...(change ? { changelog: { id: Number(change.id), items: toChange(change, spelling).items } } : {}),
    });
    const signature = createHmac('sha256', this.mischief === 'forged' ? 'a wrong secret' : (secret ?? ''))
      .update(body)
      .digest('hex');
    const signed = secret !== undefined && this.mischief !== 'unsigned';
    return {
      body,
      event: name,
      issue: issue.key,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'user-agent': 'Atlassian Webhook HTTP Client',
        'x-atlassian-webhook-identifier': `${++this.#eventNumber}-${randomUUID()}`,
        'x-atlassian-webhook-flow': 'Primary',
        ...(signed ? { 'x-hub-signature': `sha256=${signature}` } : {}),
      },
    };
  }

  #misbehave(delivery: Delivery): void {
    switch (this.mischief) {
      case 'lost':
        return;
      case 'late':
        void this.#after(LATE_MS, () => this.#begin(delivery));
        return;
      case 'duplicate':
        this.#begin(delivery);
        this.#begin(delivery);
        return;
      case 'disordered': {
        const earlier = this.#heldBack;
        this.#heldBack = earlier ? undefined : delivery;
        if (earlier) {
          this.#begin(delivery);
          this.#begin(earlier);
        }
        return;
      }
      default:
        this.#begin(delivery);
    }
  }

  #begin(delivery: Delivery, retry = 0): void {
    const sending = this.#send(delivery, retry).finally(() => this.#underway.delete(sending));
    this.#underway.add(sending);
  }

  async #send(delivery: Delivery, retry: number): Promise<void> {
    const { url } = this.setup ?? {};
    if (url === undefined) return;
    const identifier = delivery.headers['x-atlassian-webhook-identifier'] ?? '';
    const call: WebhookCall = { identifier, event: delivery.event, issue: delivery.issue, status: 0, retry };
    this.calls.push(call);
    const again: Record<string, string> = retry > 0 ? { 'x-atlassian-webhook-retry': String(retry) } : {};
    call.status = await post(url, delivery.body, { ...delivery.headers, ...again });
    const isRetried = RETRIED.has(call.status) || call.status >= 500;
    // No retry is documented for Data Center.
    if (isRetried && retry < MOST_RETRIES && this.#spelling().edition === 'cloud')
      void this.#after(RETRY_MS, () => this.#begin(delivery, retry + 1));
  }

  async #after(ms: number, act: () => void): Promise<void> {
    await this.#site.clock.sleep(ms, this.#stopped.signal);
    if (!this.#stopped.signal.aborted) act();
  }
}

function typeNameOf({ kind, change }: SimEvent): string {
  if (kind === 'created') return 'issue_created';
  if (kind === 'commented') return 'issue_commented';
  return change?.items.some(({ fieldId }) => fieldId === 'status') ? 'issue_generic' : 'issue_updated';
}

/** The status of the answer; 0 where there was none. */
function post(url: string, body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, ...length },
      agent: false,
      timeout: PATIENCE_MS,
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', () => resolve(0));
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
