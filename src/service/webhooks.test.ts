import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../test/hand-clock.ts';
import type { SiteConfig } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { HintCall } from '../ledger/in-step/hints-port.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import { startWeb, type Web, type WebParts } from './web.ts';

const SECRET = 'a-secret-of-the-test-site';
const contoso = 'contoso' as TenantId;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let clock: HandClock;
let web: Web;
let told: ProgressEvent[];
let calls: HintCall[];
let woken: TenantId[][];
let now: ReturnType<WebParts['current']>;
let answerOfLedger: (call: HintCall) => Promise<{ known: boolean; tenants: TenantId[] }>;

const site = (name: string, url: string, siteUrl?: string) =>
  ({ site: name as SiteId, url, ...(siteUrl ? { siteUrl } : {}) }) as SiteConfig;

beforeEach(async () => {
  clock = new HandClock();
  told = [];
  calls = [];
  woken = [];
  const names = new Set<string>();
  answerOfLedger = async (call) => {
    const known = call.names.some((name) => names.has(name));
    for (const name of call.names) names.add(name);
    return { known, tenants: known ? [] : [contoso] };
  };
  now = {
    service: { listen: { host: '127.0.0.1', port: 0 }, webhookSecret: SECRET, silenceAfterMs: 0 },
    sites: [site('default', 'https://acme.atlassian.net')],
    synced: true,
    hints: {
      record: (call) => {
        calls.push(call);
        return answerOfLedger(call);
      },
    },
    wake: (tenants) => woken.push([...tenants]),
  };
  web = await startWeb({
    current: () => now,
    health: () => ({ status: 200, body: { ok: true } }),
    ready: () => ({ status: 200, body: { ok: true } }),
    metrics: () => '',
    clock,
    progress: (event) => told.push(event),
  });
});

afterEach(() => web.close(0));

function payload(more: object = {}): string {
  const issue = { id: '10041', self: 'https://acme.atlassian.net/rest/api/2/issue/10041', key: 'SOC-41', fields: {} };
  return JSON.stringify({ timestamp: clock.now(), webhookEvent: 'jira:issue_updated', issue, ...more });
}

const signed = (body: string, secret = SECRET, method = 'sha256') =>
  `${method}=${createHmac(method, secret).update(body).digest('hex')}`;

interface Sending {
  method?: string;
  /** `null` leaves a header out. */
  headers?: Record<string, string | null>;
}

async function send(body: string, { method = 'POST', headers = {} }: Sending = {}): Promise<number> {
  const all = {
    'content-type': 'application/json; charset=UTF-8',
    'x-hub-signature': signed(body),
    'x-atlassian-webhook-identifier': 'call-1',
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  const answer = await fetch(`${web.origin}/webhooks/jira`, {
    method,
    headers: given,
    ...(method === 'POST' ? { body } : {}),
  });
  await answer.text();
  return answer.status;
}

const refusals = () => told.flatMap((event) => (event.event === 'hint-refused' ? [event.reason] : []));

describe('a webhook call', () => {
  it('is a hint on disk and a tenant woken before it is answered, and only its issue is taken from it', async () => {
    const body = payload({ user: { accountId: 'x' }, changelog: { items: [{ field: 'status', toString: 'Done' }] } });
    expect(await send(body)).toBe(202);
    expect(calls).toEqual([
      {
        names: [expect.stringMatching(/^call /), expect.stringMatching(/^body /)],
        sites: ['default'],
        ticketId: '10041',
        now: clock.now(),
      },
    ]);
    expect(woken).toEqual([[contoso]]);
    expect(told).toEqual([{ event: 'hint-taken', news: 'new', issueId: '10041', tenants: [contoso] }]);
  });

  it('of a deleted issue is taken too', async () => {
    expect(await send(payload({ webhookEvent: 'jira:issue_deleted' }))).toBe(202);
  });

  it.each(['jira:issue_created', 'comment_created', 'jira:version_released'])(
    'of %s tells nothing, and is well',
    async (webhookEvent) => {
      expect(await send(payload({ webhookEvent, issue: undefined }))).toBe(200);
      expect(calls).toEqual([]);
      expect(refusals()).toEqual([]);
    },
  );

  it('is taken for nothing where nothing is kept in step', async () => {
    now = { ...now, synced: false };
    expect(await send(payload())).toBe(200);
    expect(calls).toEqual([]);
  });

  it('wakes nobody when its issue belongs to nobody yet', async () => {
    answerOfLedger = async () => ({ known: false, tenants: [] });
    expect(await send(payload())).toBe(202);
    expect(woken).toEqual([]);
  });

  it('that is sent a thousand times is taken once', async () => {
    const body = payload();
    const statuses: number[] = [];
    for (let i = 0; i < 1_000; i += 20)
      statuses.push(...(await Promise.all(Array.from({ length: 20 }, () => send(body)))));
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(999);
    expect(woken).toHaveLength(1);
  });

  it('is known by its identifier when it is sent again, and by its body whatever its identifier', async () => {
    expect(await send(payload())).toBe(202);
    expect(await send(payload({ timestamp: clock.now() + 1 }))).toBe(200);
    expect(await send(payload(), { headers: { 'x-atlassian-webhook-identifier': 'call-2' } })).toBe(200);
    expect(await send(payload(), { headers: { 'x-atlassian-webhook-identifier': null } })).toBe(200);
    expect(woken).toHaveLength(1);
  });

  it('does not spend the identifier of a call about another issue', async () => {
    expect(await send(payload())).toBe(202);
    expect(await send(payload({ issue: { id: '10042' } }))).toBe(202);
  });

  it('that could not be stored is to be sent again', async () => {
    answerOfLedger = () => Promise.reject(new Error('database or disk is full'));
    expect(await send(payload())).toBe(503);
    expect(woken).toEqual([]);
    expect(told).toEqual([
      { event: 'hint-refused', reason: 'not-stored', status: 503, says: 'database or disk is full', quiet: false },
    ]);
  });
});

describe('a call of several sites', () => {
  const from = (self: string) =>
    send(payload({ issue: { id: '1', self } }), { headers: { 'x-atlassian-webhook-identifier': self } });

  it('counts for the site that its issue names, and for all where it names none', async () => {
    const sites = [
      site('emea', 'https://emea.atlassian.net'),
      site('gate', 'https://api.atlassian.com/ex/jira/1', 'https://gate.atlassian.net'),
      site('onsite', 'https://jira.acme.example:8443/jira'),
    ];
    now = { ...now, sites };
    for (const self of [
      'https://emea.atlassian.net/rest/api/2/1',
      'https://gate.atlassian.net/rest/api/2/1',
      'https://jira.acme.example:8443/jira/rest/api/2/issue/1',
      'https://elsewhere.example/rest/api/2/1',
      'no address',
    ])
      expect(await from(self)).toBe(202);
    expect(calls.map((call) => call.sites.join())).toEqual([
      'emea',
      'gate',
      'onsite',
      'emea,gate,onsite',
      'emea,gate,onsite',
    ]);
  });
});

describe('a call that is refused', () => {
  it.each<[string, string, number, Sending]>([
    ['unsigned', 'unsigned', 401, { headers: { 'x-hub-signature': null } }],
    ['signed with another secret', 'wrong-signature', 401, { headers: { 'x-hub-signature': signed('{}', 'guess') } }],
    [
      'signed by a weak method',
      'wrong-signature',
      401,
      { headers: { 'x-hub-signature': signed('{}', SECRET, 'sha1') } },
    ],
    ['read only', 'wrong-method', 405, { method: 'GET' }],
    ['of another kind', 'not-json', 415, { headers: { 'content-type': 'text/plain' } }],
  ])('%s costs nothing and is counted', async (_, reason, status, sending) => {
    expect(await send(payload(), sending)).toBe(status);
    expect(refusals()).toEqual([reason]);
    expect(calls).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('is every call where no secret is set', async () => {
    const { webhookSecret: _, ...service } = now.service;
    now = { ...now, service };
    expect(await send(payload())).toBe(401);
    expect(refusals()).toEqual(['no-secret']);
  });

  it('with a body that was changed on its way', async () => {
    const body = payload();
    expect(await send(body.replace('10041', '10042'), { headers: { 'x-hub-signature': signed(body) } })).toBe(401);
  });

  it.each([
    ['no JSON', 'Hello World!'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no event', '{"issue":{"id":"1"},"timestamp":1}'],
    ['no issue', '{"webhookEvent":"jira:issue_updated","timestamp":1}'],
    ['an id that is none', '{"webhookEvent":"jira:issue_updated","timestamp":1,"issue":{"id":"1 OR 1=1"}}'],
    ['no time', '{"webhookEvent":"jira:issue_updated","issue":{"id":"1"}}'],
    ['ten thousand levels', '['.repeat(10_000)],
    ['members of every object', '{"__proto__":{"webhookEvent":"jira:issue_updated"}}'],
  ])('although it is signed: %s', async (_, body) => {
    expect(await send(body)).toBe(400);
    expect(refusals()).toEqual(['unreadable']);
  });

  it.each([-3 * DAY, -DAY - 1, DAY + 1])(
    '%d ms from now, so that no replay outlives what is remembered',
    async (ms) => {
      expect(await send(payload({ timestamp: clock.now() + ms }))).toBe(400);
      expect(refusals()).toEqual(['stale']);
    },
  );

  it.each([-DAY, DAY])('not yet %d ms from now', async (ms) => {
    expect(await send(payload({ timestamp: clock.now() + ms }))).toBe(202);
  });

  it('for its size, told or found out', async () => {
    const body = 'x'.repeat(1024 * 1024 + 1);
    expect(await send(body)).toBe(413);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json', 'x-hub-signature': signed(body) };
    const answer = await fetch(`${web.origin}/webhooks/jira`, {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    });
    expect(answer.status).toBe(413);
    expect(refusals()).toEqual(['too-large', 'too-large']);
  });

  it('not for a body of exactly the limit', async () => {
    const empty = payload({ pad: '' });
    expect(await send(payload({ pad: 'x'.repeat(1024 * 1024 - empty.length) }))).toBe(202);
  });

  it('for a body that does not arrive in time', async () => {
    const answer = drip('{"a":');
    await until(() => clock.sleeping().length > 0);
    clock.advance(10_000);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(refusals()).toEqual(['too-slow']);
  });

  it('when as many bodies are on their way as are taken at once, and the next after them is well', async () => {
    const slow = Array.from({ length: 32 }, () => drip('{'));
    await until(() => clock.sleeping().length === 32);
    expect(await send(payload())).toBe(503);
    clock.advance(10_000);
    await Promise.all(slow);
    expect(await send(payload())).toBe(202);
  });

  it('is told aloud once a minute, however often it comes', async () => {
    for (let i = 0; i < 10; i++) await send('{}', { headers: { 'x-hub-signature': 'sha256=00' } });
    await send('{}', { headers: { 'x-hub-signature': null } });
    clock.advance(MINUTE);
    await send('{}', { headers: { 'x-hub-signature': 'sha256=00' } });
    const aloud = told.flatMap((event) => (event.event === 'hint-refused' && !event.quiet ? [event.reason] : []));
    expect(refusals()).toHaveLength(12);
    expect(aloud).toEqual(['wrong-signature', 'unsigned', 'wrong-signature']);
  });
});

/** Sends the beginning of a signed call, and waits for its answer. */
function drip(beginning: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(web.origin);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
    socket.write(
      `POST /webhooks/jira HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\nx-hub-signature: ${signed('x')}\r\n\r\n${beginning}`,
    );
  });
}
