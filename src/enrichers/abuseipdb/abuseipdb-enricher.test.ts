import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../../test/hand-clock.ts';
import { HttpClient } from '../../http/http-client.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../../simulators/abuseipdb-sim.ts';
import { faults } from '../../simulators/fault.ts';
import type { Enricher } from '../enricher.ts';
import { abuseIpDbEnricher } from './abuseipdb-enricher.ts';

const KEY = 'an-invented-key-of-contoso';
const ALL = { path: '/api/v2/check' };

describe('AbuseIPDB', () => {
  let clock: HandClock;
  let sim: AbuseIpDbSim;
  let http: HttpClient;
  let enricher: Enricher;

  const connect = (key: string, newer: (key: string) => Promise<string | undefined> = async () => undefined) =>
    abuseIpDbEnricher({ key, url: sim.url, maxAgeInDays: 90, neverSend: [], http, clock, newer });

  beforeEach(async () => {
    clock = new HandClock();
    sim = await startAbuseIpDbSim({ clock, key: KEY, contextPath: '/gateway', dailyLimit: 3 });
    sim.reports.set('8.8.8.8', { abuseConfidenceScore: 42, totalReports: 7, countryCode: 'US' });
    const parts = { clock, meter: new Meter(), redactor: new Redactor(), connections: 4 };
    http = new HttpClient({ service: 'AbuseIPDB', origin: sim.origin, ...parts });
    enricher = connect(KEY);
  });

  afterEach(async () => {
    await http.close();
    await sim.stop();
  });

  it('answers with its report and what is left of the day', async () => {
    expect(await enricher.lookUp('8.8.8.8')).toEqual({
      outcome: 'answered',
      report: expect.objectContaining({ score: 42, reports: 7, countryCode: 'US', windowDays: 90 }),
      quota: { remaining: 2, limit: 3 },
    });
  });

  it('is asked again with the key of today when the key of yesterday was refused', async () => {
    const replaced = connect('an-older-key', async (key) => (key === KEY ? undefined : KEY));
    expect(await replaced.lookUp('8.8.8.8')).toMatchObject({ outcome: 'answered' });
    expect(await replaced.lookUp('8.8.8.8')).toMatchObject({ outcome: 'answered' });
    expect(sim.journal.map(({ status }) => status)).toEqual([401, 200, 200]);
  });

  it('gets the key in a header, never in the address of a request', async () => {
    await enricher.lookUp('2001:4860:4860::8888');
    const [request] = sim.journal;
    expect(request?.path).toBe('/gateway/api/v2/check?ipAddress=2001%3A4860%3A4860%3A%3A8888&maxAgeInDays=90');
    expect(request?.status).toBe(200);
  });

  it('is asked after the IPv4 address that an IPv6 address stands for', async () => {
    await enricher.lookUp('::ffff:8.8.8.8');
    await enricher.lookUp('64:ff9b::808:808');
    expect(sim.asked()).toEqual(['8.8.8.8', '8.8.8.8']);
  });

  it('is not asked after a private address, even when told to', async () => {
    await expect(enricher.lookUp('10.0.0.1')).rejects.toThrow('10.0.0.1 must not be sent to AbuseIPDB');
    expect(sim.journal).toEqual([]);
  });

  it('is not followed to another host, and the key does not go there', async () => {
    const elsewhere = await startAbuseIpDbSim({ clock, key: KEY });
    sim.fault(ALL, faults.redirect(`${elsewhere.url}/api/v2/check`));
    expect(await enricher.lookUp('8.8.8.8')).toMatchObject({ why: expect.stringContaining('redirect') });
    expect(elsewhere.journal).toEqual([]);
    await elsewhere.stop();
  });

  it('is waited for five seconds and no longer', async () => {
    sim.fault(ALL, faults.hang());
    const result = enricher.lookUp('8.8.8.8');
    await until(() => sim.journal.length === 1);
    clock.advance(5_000);
    expect(await result).toMatchObject({ why: 'no answer from AbuseIPDB within 5 s', outage: true });
  });

  it('is not waited for while it drips', async () => {
    sim.fault(ALL, faults.drip(1_000));
    const result = enricher.lookUp('8.8.8.8');
    await until(() => sim.journal.length === 1 && clock.sleeping().length > 1);
    clock.advance(5_000);
    expect(await result).toMatchObject({ why: 'no answer from AbuseIPDB within 5 s' });
  });

  it.each([
    ['a body cut short', faults.truncate(), 'the connection to AbuseIPDB failed'],
    ['half a body that ends well', faults.truncate({ contentLength: false }), 'gave an answer that cannot be read'],
    ['a reset', faults.reset(), 'the connection to AbuseIPDB failed'],
    ['an empty 200', faults.empty200(), 'gave an answer that cannot be read'],
    ['a page with 200', faults.html200(), 'a page instead of data'],
    ['a page with 521', faults.status(521, { html: '<h1>down</h1>' }), 'HTTP 521'],
  ])('fails in words after %s', async (_, fault, why) => {
    sim.fault(ALL, fault);
    expect(await enricher.lookUp('8.8.8.8')).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining(why),
      outage: true,
      retryAt: clock.now() + 15 * 60_000,
    });
  });

  it('says when its day is spent until the day ends', async () => {
    sim.used = 3;
    const result = await enricher.lookUp('8.8.8.8');
    const midnight = Date.parse('2026-11-24T00:00:00Z');
    expect(result).toMatchObject({ why: 'the daily quota of AbuseIPDB is spent', retryAt: midnight, stopsAll: true });
  });

  describe('when checked', () => {
    it('says that the key is accepted, what it cost and what is left', async () => {
      expect(await enricher.check()).toMatchObject({
        line: {
          subject: 'abuseipdb',
          level: 'ok',
          says: 'the key is accepted (one look-up of 1.1.1.1 was spent); 2 of 3 left today',
        },
        address: '1.1.1.1',
        result: { outcome: 'answered', quota: { remaining: 2 } },
      });
    });

    it('says that the key is refused, and where to put a better one', async () => {
      const { line } = await connect('another-key').check();
      expect(line).toMatchObject({ level: 'error', says: 'AbuseIPDB refused the key' });
      expect(line.mend).toContain('abuseipdb.key');
      expect(JSON.stringify(line)).not.toContain('another-key');
    });

    it('says that the day is spent', async () => {
      sim.used = 3;
      expect(await enricher.check()).toMatchObject({
        line: { level: 'warning', says: expect.stringContaining('is spent') },
      });
    });

    it('says what may stand in between when a page answers', async () => {
      sim.fault(ALL, faults.html200());
      expect(await enricher.check()).toMatchObject({
        line: { level: 'error', mend: expect.stringContaining('proxy') },
      });
    });
  });
});
