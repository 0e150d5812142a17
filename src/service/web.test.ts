import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../test/hand-clock.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import { startWeb, type Web, type WebParts } from './web.ts';

const clock = new HandClock();
const told: ProgressEvent[] = [];
let webs: Web[] = [];

afterEach(async () => {
  await Promise.all(webs.map((web) => web.close(0)));
  webs = [];
  told.length = 0;
});

async function start(more: Partial<WebParts> = {}, listen = { host: '127.0.0.1', port: 0 }): Promise<Web> {
  const web = await startWeb({
    current: () => ({
      service: { listen, publicUrl: 'https://casewire.acme.example', silenceAfterMs: 0 },
      sites: [],
      synced: true,
      hints: { record: async () => ({ known: false, tenants: [] }), due: async () => [], done: async () => {} },
      wake: () => {},
    }),
    health: () => ({ status: 200, body: { ok: true, version: '1' } }),
    ready: () => ({ status: 503, body: { ok: false, checks: ['contoso'] } }),
    metrics: async () => 'casewire_up 1\n',
    clock,
    progress: (event) => told.push(event),
    ...more,
  });
  webs.push(web);
  return web;
}

interface Got {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** `fetch` would not let a request name another host than it goes to. */
function get(web: Web, path: string, { host, method = 'GET' }: { host?: string; method?: string } = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request(`${web.origin}${path}`, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject).end();
  });
}

describe('what serve answers over HTTP', () => {
  it('tells browsers to come by https alone where people come by https', async () => {
    const secure = await start();
    for (const path of ['/healthz', '/nothing', '/webhooks/jira'])
      expect((await get(secure, path)).headers['strict-transport-security']).toBe('max-age=31536000');
    const service = { listen: { host: '127.0.0.1', port: 0 }, silenceAfterMs: 0 };
    const hints = { record: async () => ({ known: false, tenants: [] }), due: async () => [], done: async () => {} };
    const plain = await start({ current: () => ({ service, sites: [], synced: true, hints, wake: () => {} }) });
    expect((await get(plain, '/healthz')).headers['strict-transport-security']).toBeUndefined();
  });

  it('is health and readiness, each with its status', async () => {
    const web = await start();
    expect(await get(web, '/healthz')).toMatchObject({ status: 200, text: '{"ok":true,"version":"1"}' });
    expect(await get(web, '/readyz')).toMatchObject({ status: 503, text: '{"ok":false,"checks":["contoso"]}' });
  });

  it("is metrics in Prometheus' form", async () => {
    const { status, headers, text } = await get(await start(), '/metrics');
    expect({ status, text }).toEqual({ status: 200, text: 'casewire_up 1\n' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it.each(['/', '/console', '/healthz/', '/webhooks', '/webhooks/jira/x'])('is nothing at %s', async (path) => {
    expect(await get(await start(), path)).toMatchObject({ status: 404, text: 'There is nothing here.\n' });
  });

  it('is read only', async () => {
    const web = await start();
    for (const method of ['POST', 'DELETE', 'OPTIONS'])
      for (const path of ['/healthz', '/readyz', '/metrics']) {
        const { status, headers } = await get(web, path, { method });
        expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' });
      }
    expect(await get(web, '/healthz', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('forbids every use by a page, also where it fails', async () => {
    const web = await start({ metrics: () => Promise.reject(new Error('the ledger is closed')) });
    for (const path of ['/healthz', '/metrics', '/nowhere', '/webhooks/jira']) {
      const { headers } = await get(web, path);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'; frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('says nothing of a fault to whoever asks, and what it was to the log', async () => {
    const web = await start({ metrics: () => Promise.reject(new Error('secret words')) });
    expect(await get(web, '/metrics')).toMatchObject({
      status: 500,
      text: 'Casewire failed here; its log says why.\n',
    });
    expect(told).toContainEqual({ event: 'warning', says: 'GET /metrics failed: secret words' });
  });
});

describe('the host that a request names', () => {
  it.each(['127.0.0.1:1', 'localhost', '[::1]:8484', 'casewire.acme.example', 'CASEWIRE.acme.example:443'])(
    'may be %s',
    async (host) => {
      expect(await get(await start(), '/metrics', { host })).toMatchObject({ status: 200 });
    },
  );

  it.each(['evil.example', 'evil.example:8484', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.7'])(
    'may not be %s: a page of that name would read the answer',
    async (host) => {
      const web = await start();
      expect(await get(web, '/metrics', { host })).toMatchObject({ status: 421 });
      // A probe may come by any name, and learns whether all is well.
      expect(await get(web, '/readyz', { host })).toMatchObject({ status: 503, text: '{"ok":false}' });
    },
  );
});

describe('the server', () => {
  it('says that another program has its port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({}, { host: '127.0.0.1', port })).rejects.toThrow(
      `127.0.0.1:${port} is in use by another program; stop it, or name another port under service.listen`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('lets a request in hand end before it closes, and takes no other', async () => {
    let finish = () => {};
    const metrics = () => new Promise<string>((resolve) => (finish = () => resolve('late 1\n')));
    const web = await start({ metrics });
    const asked = get(web, '/metrics');
    await until(() => finish.toString().includes('late'));
    const closed = web.close(10_000);
    await expect(get(web, '/healthz')).rejects.toThrow(/ECONNREFUSED/);
    finish();
    expect(await asked).toMatchObject({ status: 200, text: 'late 1\n' });
    await closed;
  });

  it('ends a request that does not end within the time', async () => {
    let begun = false;
    const web = await start({
      metrics: () => {
        begun = true;
        return new Promise<string>(() => {});
      },
    });
    const asked = get(web, '/metrics').catch((error: Error) => error.message);
    await until(() => begun);
    const closed = web.close(10_000);
    await until(() => clock.sleeping().includes(10_000));
    clock.advance(10_000);
    await closed;
    expect(await asked).toMatch(/hang up|ECONNRESET/);
  });
});
