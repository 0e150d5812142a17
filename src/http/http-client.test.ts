import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../test/hand-clock.ts';
import { Meter } from '../observe/meter.ts';
import { Redactor } from '../observe/redact.ts';
import { HttpClient, type HttpRequest } from './http-client.ts';

let server: Server | undefined;
let client: HttpClient | undefined;

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)));
});

const clock = new HandClock();
const meter = new Meter();

async function against(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<HttpClient> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

let redactor: Redactor;

function clientOf(origin: string): HttpClient {
  redactor = new Redactor();
  redactor.add('s3cret-token');
  client = new HttpClient({ service: 'Jira', origin, clock, meter, redactor, connections: 2 });
  return client;
}

const read: HttpRequest = { method: 'GET', path: '/a?q=1', deadlineMs: 5_000, effect: 'read' };
const write: HttpRequest = { method: 'POST', path: '/a', body: '{}', deadlineMs: 5_000, effect: 'write' };

describe('the HTTP client', () => {
  it('answers with status, headers and text, and counts the call', async () => {
    const http = await against((_, response) => response.writeHead(201, { 'x-a': 'b' }).end('héllo'));
    const before = meter.total();
    expect(await http.send(read)).toMatchObject({ status: 201, headers: { 'x-a': 'b' }, text: 'héllo' });
    expect(meter.total() - before).toBe(1);
  });

  it('knows that nothing was sent when the connection is refused', async () => {
    const http = await against((_, response) => response.end());
    const { port } = (server as Server).address() as AddressInfo;
    await http.close();
    await new Promise((resolve) => server?.close(resolve));
    await expect(clientOf(`http://127.0.0.1:${port}`).send(write)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  const cutShort: [string, (response: ServerResponse) => void][] = [
    ['reset before an answer', (response) => response.destroy()],
    ['reset within the head', (response) => response.socket?.end('HTTP/1.1 201 Cre')],
    [
      'cut short of its Content-Length',
      (response) => {
        response.writeHead(201, { 'content-length': '100' });
        response.write('{"id"');
        setImmediate(() => response.destroy());
      },
    ],
    [
      'cut short between chunks',
      (response) => {
        response.writeHead(201);
        response.write('{"id"');
        setImmediate(() => response.destroy());
      },
    ],
  ];

  it.each(cutShort)('does not know the outcome of a write whose answer is %s', async (_, act) => {
    const http = await against((request, response) => {
      request.resume();
      request.on('end', () => act(response));
    });
    await expect(http.send(write)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    await expect(http.send(read)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('gives up at the deadline of the whole exchange, also while an answer drips', async () => {
    let drips = false;
    const http = await against((_, response) => {
      response.writeHead(200);
      response.write('a');
      drips = true;
    });
    const dripping = http.send(write);
    const outcome = expect(dripping).rejects.toMatchObject({
      kind: 'unknown-outcome',
      message: expect.stringContaining('no whole answer within 5 s'),
    });
    await until(() => drips);
    clock.advance(5_000);
    await outcome;
  });

  it('knows that a write which waited for a connection until its deadline was never sent', async () => {
    let arrived = 0;
    const http = await against(() => {
      arrived += 1;
    });
    const writes = [http.send(write), http.send(write), http.send(write)];
    const outcomes = Promise.all(writes.map((sent) => sent.catch(({ kind }) => kind)));
    await until(() => arrived === 2);
    clock.advance(5_000);
    expect(await outcomes).toEqual(['unknown-outcome', 'unknown-outcome', 'unavailable']);
    expect(arrived).toBe(2);
  });

  it('sends nothing for a caller who has given up already', async () => {
    let arrived = 0;
    const http = await against((_, response) => {
      arrived += 1;
      response.end();
    });
    await expect(http.send({ ...write, signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await http.send(read)).status).toBe(200);
    expect(arrived).toBe(1);
  });

  it('does not follow a redirect', async () => {
    const http = await against((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await http.send(read)).status).toBe(302);
  });

  it('stops reading an answer larger than 32 MiB', async () => {
    const http = await against((_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1024 * 1024, 'a');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    await expect(http.send(read)).rejects.toMatchObject({ kind: 'malformed' });
  });

  it.each([401, 500, 302])('takes secrets out of an answer of %i', async (status) => {
    const http = await against((_, response) => response.writeHead(status).end('bad token s3cret-token'));
    expect((await http.send(read)).text).toBe('bad token [redacted]');
  });

  const LONG = 'a-token-as-services-issue-them';

  it.each([200, 201, 302])(
    'takes an echoed Authorization out of body and headers of an answer of %i',
    async (status) => {
      const http = await against(({ headers: { authorization } }, response) => {
        response.writeHead(status, { location: `/login?for=${authorization}`, 'x-echo': authorization ?? '' });
        response.end(`<p>You sent ${authorization}</p>`);
      });
      redactor.add(LONG);
      const { text, headers } = await http.send({ ...read, headers: { authorization: `Token ${LONG}` } });
      expect(text).toBe('<p>You sent Token [redacted]</p>');
      expect(JSON.stringify(headers)).not.toContain(LONG);
      expect(headers['x-echo']).toBe('Token [redacted]');
    },
  );

  it('leaves what an answer says as data, where a short password may be an ordinary word', async () => {
    const http = await against((_, response) => response.writeHead(200).end('{"s3cret-token":1}'));
    expect((await http.send(read)).text).toBe('{"s3cret-token":1}');
  });

  it('hands over the secret that a call is there to fetch, and no error with it', async () => {
    let status = 200;
    const http = await against((_, response) => response.writeHead(status).end(`{"access_token":"${LONG}"}`));
    redactor.add(LONG);
    expect((await http.send({ ...read, answersSecret: true })).text).toContain(LONG);
    status = 400;
    expect((await http.send({ ...read, answersSecret: true })).text).not.toContain(LONG);
  });

  it('names neither query nor body in a failure', async () => {
    const http = await against((_, response) => response.destroy());
    const failure = await http.send({ ...read, path: '/a?token=abc' }).catch((error: Error) => error.message);
    expect(failure).toContain('GET /a:');
    expect(failure).not.toContain('abc');
  });
});
