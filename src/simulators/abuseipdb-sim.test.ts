import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { call } from '../../test/sim-client.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from './abuseipdb-sim.ts';

let clock: HandClock;
let sim: AbuseIpDbSim;

beforeEach(async () => {
  clock = new HandClock('2026-11-24T16:00:00Z');
  sim = await startAbuseIpDbSim({
    clock,
    key: 'k',
    dailyLimit: 2,
    reports: { '91.82.73.64': { abuseConfidenceScore: 100, totalReports: 7, isTor: true } },
  });
});
afterEach(() => sim.stop());

const check = (query: string, headers: Record<string, string> = { key: 'k' }) =>
  call(`${sim.url}/api/v2/check?${query}`, { headers });

describe('the simulated AbuseIPDB', () => {
  it('answers what it knows, and "never reported" of the rest, and counts the day down', async () => {
    const known = await check('ipAddress=91.82.73.64&maxAgeInDays=90');
    expect(known.json.data).toMatchObject({ abuseConfidenceScore: 100, totalReports: 7, isPublic: true, ipVersion: 4 });
    expect([known.headers.get('x-ratelimit-limit'), known.headers.get('x-ratelimit-remaining')]).toEqual(['2', '1']);
    const unknown = await check('ipAddress=2a0b%3A1234%3A%3A1');
    expect(unknown.json.data).toMatchObject({ totalReports: 0, lastReportedAt: null, ipVersion: 6 });
    expect(sim.asked()).toEqual(['91.82.73.64', '2a0b:1234::1']);
  });

  it('answers 429 when the day is spent, until the next one', async () => {
    for (let i = 0; i < 2; i++) await check('ipAddress=91.82.73.64');
    const spent = await check('ipAddress=91.82.73.64');
    expect([spent.status, spent.headers.get('retry-after')]).toEqual([429, String(8 * 3600)]);
    expect(spent.headers.get('x-ratelimit-reset')).toBe(String(Date.parse('2026-11-25T00:00:00Z') / 1000));
    expect(spent.json.errors[0].detail).toMatch(/Daily rate limit of 2 requests/);
    clock.advance(8 * 3_600_000);
    expect((await check('ipAddress=91.82.73.64')).status).toBe(200);
  });

  it('refuses a wrong key, what is no address, and a span out of range', async () => {
    expect((await check('ipAddress=91.82.73.64', { key: 'x' })).status).toBe(401);
    const address = await check('ipAddress=nonsense');
    expect([address.status, address.json.errors[0].source]).toEqual([422, { parameter: 'ipAddress' }]);
    expect((await check('ipAddress=91.82.73.64&maxAgeInDays=366')).status).toBe(422);
  });

  it('answers a page to whoever does not ask for JSON', async () => {
    const answer = await check('ipAddress=91.82.73.64', { key: 'k', accept: '*/*' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('remembers every address that should have stayed at home', async () => {
    sim.dailyLimit = 100;
    const inner = [
      '10.1.2.3',
      '100.64.0.1',
      '198.51.100.7',
      '::1',
      'fd00::1',
      '2001:db8::1',
      '::ffff:10.0.0.1',
      '2002::1',
    ];
    for (const address of [...inner, '45.64.0.1', '2a0b:1234::1'])
      await check(`ipAddress=${encodeURIComponent(address)}`);
    expect(sim.mustNotHaveBeenSent).toEqual(inner);
    expect((await check('ipAddress=10.1.2.3')).json.data).toMatchObject({ isPublic: false, isWhitelisted: null });
  });
});

const SAMPLES = resolve(import.meta.dirname, '../../../shared/samples/abuseipdb');
const absent = existsSync(SAMPLES) ? '' : ', skipped: no published answers at hand';

describe.skipIf(absent !== '')(`its answers beside published ones${absent}`, () => {
  const sample = (name: string) => JSON.parse(readFileSync(resolve(SAMPLES, name), 'utf8'));

  it('have the same members', async () => {
    const answer = await check('ipAddress=91.82.73.64');
    const live = sample('check.live-2025-07.1.1.1.1.json');
    expect(Object.keys(answer.json.data).sort()).toEqual(Object.keys(live.data).sort());
    expect((await check('ipAddress=x')).json).toEqual(sample('error.422.ipAddress.json'));
    expect((await check('ipAddress=1.1.1.1', { key: '' })).json).toEqual(sample('error.401.current.json'));
  });
});
