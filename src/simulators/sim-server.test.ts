import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../test/hand-clock.ts';
import { call } from '../../test/sim-client.ts';
import { faults } from './fault.ts';
import { SimServer } from './sim-server.ts';
import { json, type SimAnswer, type SimRequest } from './wire.ts';

class Counter extends SimServer {
  count = 0;

  protected answer({ method, path }: SimRequest): SimAnswer | undefined {
    if (path !== '/count') return undefined;
    if (method === 'POST') this.count++;
    return json(method === 'POST' ? 201 : 200, { count: this.count });
  }
}

let clock: HandClock;
let sim: Counter;

beforeEach(async () => {
  clock = new HandClock();
  sim = await new Counter({ clock }).listen();
});
afterEach(() => sim.stop());

const post = () => call(`${sim.url}/count`, { method: 'POST', body: {} });
const match = { method: 'POST', path: '/count' };

describe('a simulator', () => {
  it('keeps every request and its answer in its journal', async () => {
    await post();
    clock.advance(5_000);
    await call(`${sim.url}/count?a=b`);
    expect(sim.journal).toMatchObject([
      { method: 'POST', path: '/count', status: 201, body: '{}', answer: '{"count":1}' },
      { method: 'GET', path: '/count?a=b', status: 200 },
    ]);
    expect((sim.journal[1]?.at ?? 0) - (sim.journal[0]?.at ?? 0)).toBe(5_000);
  });

  it('keeps no bodies when a measurement asks it not to', async () => {
    sim.keepBodies = false;
    await post();
    expect(sim.journal).toEqual([{ at: clock.now(), method: 'POST', path: '/count', status: 201 }]);
  });

  it('answers 404 to what it does not know, and remembers it', async () => {
    expect((await call(`${sim.url}/nope`)).status).toBe(404);
    expect(sim.unexpected).toEqual(['GET /nope']);
  });

  it('serves below a context path alone', async () => {
    const below = await new Counter({ clock, contextPath: '/jira' }).listen();
    expect((await call(`${below.url}/count`)).status).toBe(200);
    expect((await call(`${below.origin}/count`)).status).toBe(404);
    await below.stop();
  });

  it('strikes the next request alone unless told otherwise', async () => {
    const fault = sim.fault(match, faults.status(503, { headers: { 'retry-after': '7' }, body: { detail: 'later' } }));
    const refused = await post();
    expect([refused.status, refused.headers.get('retry-after'), refused.json]).toEqual([503, '7', { detail: 'later' }]);
    expect((await post()).status).toBe(201);
    expect([fault.struck, sim.count]).toEqual([1, 1]);
  });

  it('strikes every nth, after some, and until it is healed', async () => {
    sim.fault(match, faults.status(500), { every: 2 });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await post()).status);
    sim.heal();
    for (let i = 0; i < 2; i++) statuses.push((await post()).status);
    sim.fault(match, faults.status(502), { after: 1, times: 2 });
    for (let i = 0; i < 4; i++) statuses.push((await post()).status);
    expect(statuses).toEqual([201, 500, 201, 500, 201, 201, 201, 502, 502, 201]);
  });

  it('lets other requests pass a fault', async () => {
    sim.fault({ method: 'POST', where: ({ body }) => body.includes('evil') }, faults.status(500));
    expect((await post()).status).toBe(201);
    expect((await call(`${sim.url}/count`, { method: 'POST', body: 'evil' })).status).toBe(500);
  });

  it('loses the answer, not the work', async () => {
    sim.fault(match, faults.loseAnswer());
    await expect(post()).rejects.toThrow();
    expect(sim.count).toBe(1);
    expect(sim.journal).toMatchObject([{ status: 0, fault: 'loseAnswer' }]);
  });

  it('resets before any work', async () => {
    sim.fault(match, faults.reset());
    await expect(post()).rejects.toThrow();
    expect(sim.count).toBe(0);
  });

  it('fails after the work, with a page if asked', async () => {
    sim.fault(match, faults.failAfterCommit(502, { html: '<h1>Bad gateway</h1>' }));
    const answer = await post();
    expect([answer.status, answer.headers.get('content-type'), sim.count]).toEqual([
      502,
      'text/html; charset=utf-8',
      1,
    ]);
  });

  it('answers pages, nothing, and elsewhere', async () => {
    sim.fault(match, faults.html200());
    sim.fault(match, faults.empty200());
    sim.fault(match, faults.redirect('http://127.0.0.1:9/'));
    const answers = [await post(), await post(), await post()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 302]);
    expect(answers[0]?.text).toContain('<html>');
    expect(answers[1]?.text).toBe('');
    expect(answers[2]?.headers.get('location')).toBe('http://127.0.0.1:9/');
    expect(sim.count).toBe(0);
  });

  it('sends half a body, with a length that tells and without', async () => {
    sim.fault(match, faults.truncate());
    await expect(post()).rejects.toThrow();
    sim.fault(match, faults.truncate({ contentLength: false }));
    const half = await post();
    expect([half.status, half.text]).toEqual([201, '{"cou']);
    expect(sim.count).toBe(2);
  });

  it('does the work by the clock later, when the client has its 504', async () => {
    sim.fault(match, faults.delayCommit(20_000));
    expect((await post()).status).toBe(504);
    clock.advance(19_999);
    await until(() => clock.sleeping().length > 0);
    expect(sim.count).toBe(0);
    clock.advance(1);
    await until(() => sim.count === 1);
  });

  it('never answers while it hangs, and lets go when it stops', async () => {
    sim.fault(match, faults.hang());
    const answer = post().then(
      () => 'answered',
      () => 'gone',
    );
    await until(() => sim.journal.length === 1);
    await sim.stop();
    expect(await answer).toBe('gone');
    expect(sim.count).toBe(0);
    sim = await new Counter({ clock }).listen();
  });

  it('drips one byte per interval of the clock', async () => {
    sim.fault(match, faults.drip(1_000));
    let text = '';
    let ended = false;
    const request = httpRequest(`${sim.url}/count`, { method: 'POST' }, (response) => {
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        ended = true;
      });
    });
    request.end();
    const whole = '{"count":1}';
    for (let length = 1; length <= whole.length; length++) {
      await until(() => text.length === length && clock.sleeping().length === 1);
      expect(text).toBe(whole.slice(0, length));
      clock.advance(1_000);
    }
    await until(() => ended);
  });
});
