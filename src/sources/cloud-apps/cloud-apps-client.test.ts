import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import { HttpClient } from '../../http/http-client.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { SimServer } from '../../simulators/sim-server.ts';
import type { SimAnswer, SimRequest } from '../../simulators/wire.ts';
import { byToken } from '../authoriser.ts';
import { CloudAppsClient, MAKE_A_TOKEN } from './cloud-apps-client.ts';

/** Answers whatever the test says, and keeps what it was asked. */
class Answering extends SimServer {
  next: SimAnswer = { status: 200, headers: {}, body: '' };
  asked: SimRequest | undefined;

  protected answer(request: SimRequest): SimAnswer {
    this.asked = request;
    return this.next;
  }
}

let clock: HandClock;
let server: Answering;
let http: HttpClient;
let client: CloudAppsClient;

beforeEach(async () => {
  clock = new HandClock('2026-11-23T07:00:00Z');
  server = await new Answering({ clock }).listen();
  const redactor = new Redactor();
  redactor.add('a-secret-token');
  const service = 'Defender for Cloud Apps';
  http = new HttpClient({ service, origin: server.origin, clock, meter: new Meter(), redactor, connections: 2 });
  const url = `${server.origin}/cas/contoso`;
  client = new CloudAppsClient({
    url,
    authoriser: byToken({ token: 'a-secret-token', scheme: 'Token', mend: MAKE_A_TOKEN }),
    http,
    clock,
    random: () => 0.5,
  });
});
afterEach(async () => {
  await http.close();
  await server.stop();
});

const html = { 'content-type': 'text/html' };
const page = (body: unknown): SimAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) });

async function answered(next: SimAnswer, skip = 0) {
  server.next = next;
  return client.list({ from: 5, skip, limit: 100 });
}

async function failure(next: SimAnswer) {
  const error = await answered(next).catch((thrown: unknown) => thrown);
  if (!isEdgeFailure(error)) throw new Error('it did not fail');
  return error;
}

describe('a page of alerts', () => {
  it('is asked for below the path of the base URL, oldest first', async () => {
    await answered(page({ data: [] }));
    expect(server.asked).toMatchObject({ method: 'POST', target: '/cas/contoso/api/v1/alerts/' });
    expect(server.asked?.headers).toMatchObject({
      authorization: 'Token a-secret-token',
      'content-type': 'application/json',
    });
    expect(JSON.parse(server.asked?.body ?? '')).toEqual({
      filters: { date: { gte: 5 } },
      sortField: 'date',
      sortDirection: 'asc',
      skip: 0,
      limit: 100,
    });
  });

  it.each([
    [
      'the last of all',
      { data: [1, 2], hasNext: false, total: 12, moreThanTotal: false },
      { hasNext: false, total: 12 },
    ],
    ['one of several', { data: [1, 2], hasNext: true, total: 13, moreThanTotal: false }, { hasNext: true, total: 13 }],
    ['without any counts', { data: [1, 2] }, { hasNext: false }],
    ['without the flag, but a count that promises more', { data: [1, 2], total: 13 }, { hasNext: true, total: 13 }],
    ['with a count cut short', { data: [1, 2], hasNext: true, total: 13, moreThanTotal: true }, { hasNext: true }],
    ['with a count too large', { data: [1, 2], hasNext: false, total: 99 }, { hasNext: false, contradictoryTotal: 99 }],
    ['with a count too small', { data: [1, 2], hasNext: true, total: 12 }, { hasNext: true, contradictoryTotal: 12 }],
    ['with a count that is text', { data: [1, 2], hasNext: false, total: '12' }, { hasNext: false }],
  ])('is read when it is %s', async (_, body, expected) => {
    const { sentAt, ...read } = await answered(page(body), 10);
    expect(read).toEqual({ records: [1, 2], ...expected });
    expect(sentAt).toBeTypeOf('number');
  });

  it('may speak of throttling in its alerts', async () => {
    const title = 'The request was throttled. Expected available in 5 seconds.';
    expect((await answered(page({ data: [{ title }] }))).records).toEqual([{ title }]);
  });
});

describe('an answer that is no page of alerts', () => {
  it.each([
    ['nothing', { status: 200, headers: {}, body: '' }, /with an empty body/],
    ['status 204', { status: 204, headers: {}, body: '' }, /204 with an empty body/],
    ['a sign-in page', { status: 200, headers: html, body: '<html>Sign <b>in</b></html>' }, /page \(HTML\).*: Sign in/],
    ['a page without its type', { status: 200, headers: {}, body: '<!doctype html>Hi' }, /page \(HTML\)/],
    ['half a body', { status: 200, headers: {}, body: '{"data":[{"_id":' }, /cut short/],
    ['text', { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' }, /no JSON \(text\/plain.*: OK/],
    ['a list', page([]), /holds no list/],
    ['null', page(null), /no JSON|holds no list/],
    ['an object', page({ error: true }), /holds no list/],
    ['alerts that are no list', page({ data: {} }), /holds no list/],
    ['status 206', { status: 206, headers: {}, body: '{"data":[]}' }, /206/],
  ])('is malformed when it is %s', async (_, answer, message) => {
    const { kind, message: says, details } = await failure(answer);
    expect([kind, says]).toEqual(['malformed', expect.stringMatching(message)]);
    expect(details.mend).toMatch(/tenant url/);
  });

  it.each([
    [301, 'refused', /redirect/, /tenant url/],
    [302, 'refused', /redirect/, /tenant url/],
    [400, 'refused', /Bad filter/, undefined],
    [401, 'unauthorised', /Bad filter/, /new API token/],
    [403, 'unauthorised', /Bad filter/, /new API token/],
    [404, 'refused', /Bad filter/, /tenant url/],
    [500, 'unavailable', /Bad filter/, undefined],
    [502, 'unavailable', /Bad filter/, undefined],
    [503, 'unavailable', /Bad filter/, undefined],
  ])('means with status %i that it is %s', async (status, kind, message, mend) => {
    const error = await failure({
      status,
      headers: { location: 'https://fabrikam.com/' },
      body: '{"error":"Bad filter"}',
    });
    expect([error.kind, error.message, error.details.status]).toEqual([kind, expect.stringMatching(message), status]);
    if (mend) expect(error.details.mend).toMatch(mend);
    else expect(error.details.mend).toBeUndefined();
  });

  it('does not show the token that it echoes', async () => {
    const error = await failure({ status: 403, headers: {}, body: 'no rights for a-secret-token' });
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain('a-secret-token');
  });
});

describe('a throttled call', () => {
  it.each([
    ['seconds', { 'retry-after': '17' }, '', 17_000],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 07:00:30 GMT' }, '', 30_000],
    ['a negative number', { 'retry-after': '-5' }, '', 1_000],
    ['a day', { 'retry-after': '86400' }, '', 3_600_000],
    ['its text', {}, '{"detail":"Request was throttled. Expected available in 41 seconds."}', 41_000],
    ['nothing', {}, '{"detail":"Request was throttled."}', 65_000],
    ['nonsense', { 'retry-after': 'soon' }, 'slow down', 65_000],
  ])('waits as told by %s', async (_, headers, body, retryAfterMs) => {
    const error = await failure({ status: 429, headers, body });
    expect([error.kind, error.details.retryAfterMs]).toEqual(['rate-limited', retryAfterMs]);
  });

  it.each([
    ['JSON', '{"detail":"Request was throttled. Expected available in 9 seconds."}'],
    ['plain text', 'Request was throttled. Expected available in 9 seconds.'],
  ])('is known by its text in %s with status 200 too', async (_, body) => {
    const error = await failure({ status: 200, headers: {}, body });
    expect([error.kind, error.details.retryAfterMs]).toEqual(['rate-limited', 9_000]);
  });
});
