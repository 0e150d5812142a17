import { request } from 'node:http';
import { html } from 'hono/html';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { onRecord } from '../../assembly/on-record.ts';
import type { ServiceConfig } from '../../config/config.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { sqlLedger } from '../../ledger/sql-ledger.ts';
import { openSqlite } from '../../ledger/store/sqlite.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import type { AtWork } from '../front.ts';
import { Live } from '../live.ts';
import { Standings } from '../standings.ts';
import { startWeb, type Web } from '../web.ts';
import { consoleApp } from './console.ts';
import { CannotDo, NothingHere, type Page } from './page.ts';

const clock = new HandClock();
const done: string[] = [];
let told: ProgressEvent[] = [];
let webs: Web[] = [];
let ledger: Ledger;

beforeEach(async () => {
  ledger = sqlLedger(await openSqlite(':memory:'));
});

afterEach(async () => {
  await Promise.all(webs.map((web) => web.close(0)));
  await ledger.close();
  webs = [];
  told = [];
  done.length = 0;
});

const OPERATOR = 'the-token-of-the-link';

const HOSTILE = `<script>alert(1)</script>"'&`;

const page: Page = {
  path: '/things/:thing',
  here: 'held',
  async show({ params, csrf, query }) {
    if (params.thing === 'none') throw new NothingHere('There is no thing "none".');
    if (params.thing === 'broken') throw new Error('the ledger is closed');
    if (params.thing === 'file') return new Response('a,b\r\n', { headers: { 'content-type': 'text/csv' } });
    return {
      title: `Thing ${params.thing}`,
      body: html`<form method="post" action="/things/${params.thing}/do">${csrf}<p>${query.get('q')}</p></form>`,
    };
  },
  acts: [
    {
      path: '/things/:thing/do',
      may: 'act',
      says: (form, { thing = '' }) => ({ what: 'do it', subject: thing, detail: form.get('why') ?? '' }),
      async run({ params }, form) {
        if (form.get('why') === 'cannot') throw new CannotDo('It is done already.');
        done.push(`${params.thing}: ${form.get('why')}`);
        return { to: `/things/${params.thing}`, says: `Done: ${form.get('why')}` };
      },
    },
  ],
};

async function start(more: Partial<ServiceConfig> = {}): Promise<Web> {
  const service: ServiceConfig = { listen: { host: '127.0.0.1', port: 0 }, silenceAfterMs: 0, ...more };
  const parts = {
    clock,
    version: '1.2.3',
    operatorToken: OPERATOR,
    live: new Live(clock),
    standings: new Standings(clock, () => Promise.reject(new Error('nobody asks'))),
    progress: (event: ProgressEvent) => void told.push(event),
    atWork: () => ({ config: { service }, casewire: { onRecord: onRecord(ledger.acts, clock) } }) as unknown as AtWork,
  };
  const web = await startWeb({
    current: () => ({
      service,
      sites: [],
      synced: false,
      hints: { record: async () => ({ known: false, tenants: [] }), due: async () => [], done: async () => {} },
      wake: () => {},
    }),
    health: () => ({ status: 200, body: { ok: true } }),
    ready: () => ({ status: 200, body: { ok: true } }),
    metrics: () => '',
    clock,
    progress: parts.progress,
    console: (closing) => consoleApp(parts, closing, [page]),
  });
  webs.push(web);
  return web;
}

interface Got {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
  cookies: readonly string[];
}

type Sent = { headers?: Record<string, string>; form?: Record<string, string> };

/** `fetch` would not let a request name another host than it goes to, nor send an `Origin`. */
function ask(web: Web, path: string, { headers = {}, form }: Sent = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const type = form && { 'content-type': 'application/x-www-form-urlencoded' };
    const options = { method: form ? 'POST' : 'GET', headers: { ...type, ...headers }, agent: false };
    const sent = request(`${web.origin}${path}`, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        const cookies = answer.headers['set-cookie'] ?? [];
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, cookies });
      });
    });
    sent.on('error', reject).end(form && new URLSearchParams(form).toString());
  });
}

/** Opens the link, looks at a page as a browser does, and has what its form is sent with. */
async function look(web: Web, path = '/things/a'): Promise<{ token: string; headers: Record<string, string> }> {
  const opened = cookieOf((await ask(web, `/operate?token=${OPERATOR}`)).cookies);
  const { text, cookies } = await ask(web, path, { headers: { cookie: opened } });
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(text) ?? [];
  const cookie = [opened, cookieOf(cookies)].filter(Boolean).join('; ');
  return { token, headers: { cookie, origin: web.origin, 'sec-fetch-site': 'same-origin' } };
}

function cookieOf(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

describe('the console', () => {
  it('shows a page between its navigation and as of when it stands', async () => {
    const { status, text } = await ask(await start(), '/things/a');
    expect(status).toBe(200);
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain('<title>Thing a · Casewire</title>');
    expect(text).toContain('<a href="/held" data-key="h" aria-current="page">Held</a>');
    expect(text).toContain('<time datetime="2026-11-23T07:00:00.000Z">2026-11-23 07:00:00 UTC</time>');
  });

  it('escapes what it is asked with, wherever it shows it', async () => {
    const web = await start();
    const shown = await ask(web, `/things/${encodeURIComponent(HOSTILE)}?q=${encodeURIComponent(HOSTILE)}`);
    const missing = await ask(web, `/nowhere/${encodeURIComponent(HOSTILE)}`);
    expect(shown.status).toBe(200);
    expect(missing.status).toBe(404);
    for (const { text } of [shown, missing]) expect(text).not.toContain('<script>alert');
  });

  it('forbids scripts and styles but its own, framing, and keeping', async () => {
    const web = await start();
    for (const path of ['/things/a', '/things/none', '/things/broken', '/things/file', '/nowhere']) {
      const { headers, text } = await ask(web, path);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(text).not.toMatch(/<style|style=|<script>|\son\w+=/);
    }
  });

  it('serves its stylesheet and script under names that change with them, to be kept for ever', async () => {
    const web = await start();
    const { text } = await ask(web, '/things/a');
    const paths = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const { status, headers } = await ask(web, path);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
    expect((await ask(web, '/assets/console.0123456789abcdef.css')).status).toBe(404);
  });

  it('says that there is nothing, and that it failed, on pages of its own', async () => {
    const web = await start();
    expect(await ask(web, '/things/none')).toMatchObject({ status: 404, text: expect.stringContaining('no thing') });
    const failed = await ask(web, '/things/broken');
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain('ledger');
    expect(told).toEqual([{ event: 'warning', says: 'console: GET /things/broken failed: the ledger is closed' }]);
  });

  it('sends what is no page as it is', async () => {
    const { headers, text } = await ask(await start(), '/things/file');
    expect({ text, type: headers['content-type'] }).toEqual({ text: 'a,b\r\n', type: 'text/csv' });
  });
});

const OPENED = `casewire-operator=${OPERATOR}`;

describe('a form of the console', () => {
  it('is done once, and what came of it is told once', async () => {
    const web = await start();
    const { token, headers } = await look(web);
    const sent = await ask(web, '/things/a/do', { headers, form: { token, why: HOSTILE } });
    expect({ status: sent.status, to: sent.headers.location }).toEqual({ status: 303, to: '/things/a' });
    expect(done).toEqual([`a: ${HOSTILE}`]);
    expect(await ledger.acts.page({ most: 9 })).toMatchObject([
      {
        at: clock.now(),
        who: 'console: on this machine',
        what: 'do it',
        subject: 'a',
        detail: HOSTILE,
        end: { outcome: 'done', says: `Done: ${HOSTILE}` },
      },
    ]);
    const cookie = `${headers.cookie}; ${cookieOf(sent.cookies)}`;
    const after = await ask(web, '/things/a', { headers: { cookie } });
    expect(after.text).toContain('role="status">Done: &lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</p>');
    expect(after.cookies).toEqual([expect.stringMatching(/^casewire-told=; Max-Age=0/)]);
  });

  it('tells why it cannot be done', async () => {
    const web = await start();
    const { token, headers } = await look(web);
    const sent = await ask(web, '/things/a/do', {
      headers: { ...headers, referer: `${web.origin}/things/a?page=2` },
      form: { token, why: 'cannot' },
    });
    expect(sent.headers.location).toBe('/things/a?page=2');
    const after = await ask(web, '/things/a', { headers: { cookie: cookieOf(sent.cookies) } });
    expect(after.text).toContain('<p class="told bad" role="status">It is done already.</p>');
    expect(await ledger.acts.page({ most: 9 })).toMatchObject([
      { end: { outcome: 'failed', says: 'It is done already.' } },
    ]);
  });

  it.each([
    ['without its token', { token: '' }, {}, /older than the program/],
    ['with the token of another visit', {}, { cookie: `${OPENED}; casewire-visit=another` }, /older than the program/],
    ['without a visit', {}, { cookie: OPENED }, /older than the program/],
    ['from a browser that did not open the link', {}, { cookie: '' }, /open the link that casewire serve printed/],
    ['with the link of an earlier start', {}, { cookie: 'casewire-operator=earlier' }, /open the link/],
    ["from another site's page", {}, { origin: 'https://evil.example' }, /not sent by a page of this console/],
    ['from another port of this machine', {}, { origin: 'http://127.0.0.1:1' }, /not sent by a page/],
    ['from a sandboxed page', {}, { origin: 'null' }, /not sent by a page/],
    ['across sites', {}, { 'sec-fetch-site': 'cross-site' }, /not sent by a page/],
    ['from a sibling site', {}, { 'sec-fetch-site': 'same-site' }, /not sent by a page/],
  ])('is refused %s, and nothing is done', async (_, form, headers, says) => {
    const web = await start();
    const page = await look(web);
    const sent = await ask(web, '/things/a/do', {
      headers: { ...page.headers, ...headers },
      form: { token: page.token, why: 'x', ...form },
    });
    expect(sent.status).toBe(403);
    expect(sent.text).toMatch(says);
    expect(done).toEqual([]);
    expect(await ledger.acts.page({ most: 9 })).toEqual([]);
  });

  it('is not taken when it is huge', async () => {
    const web = await start();
    const { token, headers } = await look(web);
    const sent = await ask(web, '/things/a/do', { headers, form: { token, why: 'x'.repeat(300_000) } });
    expect(sent.status).toBe(413);
    expect(done).toEqual([]);
  });

  it('never tells what somebody else wrote into the cookie', async () => {
    const web = await start();
    const forged = `${Buffer.from('{"says":"Send your password"}').toString('base64url')}.AAAA`;
    const { text } = await ask(web, '/things/a', { headers: { cookie: `casewire-told=${forged}` } });
    expect(text).not.toContain('password');
  });
});

describe('where nobody signs in, the console', () => {
  it.each([
    ['by a name that was pointed here', { host: 'evil.example' }],
    ['by the public name', { host: 'casewire.acme.example' }],
    ['through a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['through another network', { 'true-client-ip': '203.0.113.9' }],
  ])('is not shown %s', async (_, headers) => {
    const web = await start({ publicUrl: 'https://casewire.acme.example' });
    const { status, text } = await ask(web, '/things/a', { headers });
    expect(status).toBe(421);
    expect(text).not.toContain('Thing a');
  });

  it('lets a browser act that opened the printed link, and tells the others of it', async () => {
    const web = await start();
    const before = await ask(web, '/things/a');
    expect(before.text).toContain('<span>on this machine</span> <span class="may">viewer</span>');
    expect(before.text).toContain('open the link that casewire serve printed');
    const opened = await ask(web, `/operate?token=${OPERATOR}`);
    expect({ status: opened.status, to: opened.headers.location }).toEqual({ status: 303, to: '/' });
    expect(opened.cookies).toContainEqual(`casewire-operator=${OPERATOR}; Path=/; HttpOnly; SameSite=Strict`);
    const after = await ask(web, '/things/a', { headers: { cookie: cookieOf(opened.cookies) } });
    expect(after.text).toContain('<span>on this machine</span> <span class="may">operator</span>');
    expect(after.text).not.toContain('open the link');
  });

  it.each(['', '?token=', '?token=earlier', `?token=${OPERATOR}x`])('is not acted on by a link %s', async (query) => {
    const { status, text, cookies } = await ask(await start(), `/operate${query}`);
    expect(status).toBe(403);
    expect(text).toContain('open the link that casewire serve printed');
    expect(cookieOf(cookies)).not.toContain('casewire-operator');
  });

  it.each(['localhost:1', '127.0.0.1', '[::1]:8484'])('is shown at %s', async (host) => {
    expect((await ask(await start(), '/things/a', { headers: { host } })).status).toBe(200);
  });
});
