import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../../test/hand-clock.ts';
import type { IpFinding } from '../../domain/finding.ts';
import { abuseIpDbEnricher } from '../../enrichers/abuseipdb/abuseipdb-enricher.ts';
import type { Enricher, EnricherCheck, LookUpResult } from '../../enrichers/enricher.ts';
import { HttpClient } from '../../http/http-client.ts';
import { sqlFindings } from '../../ledger/look-ups/findings.ts';
import type { Findings } from '../../ledger/look-ups/findings-port.ts';
import { openSqlite } from '../../ledger/store/sqlite.ts';
import { Meter } from '../../observe/meter.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { Redactor } from '../../observe/redact.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../../simulators/abuseipdb-sim.ts';
import { faults } from '../../simulators/fault.ts';
import { createLookUps, type LookUpParts, type RunningLookUps } from './enrich.ts';

const KEY = 'an-invented-key-of-contoso';
const ALL = { path: '/api/v2/check' };
const ALWAYS = { every: 1 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** `count` different public addresses. */
const publicAddresses = (count: number, block = 8) =>
  Array.from({ length: count }, (_, i) => `${block}.8.${Math.floor(i / 200)}.${(i % 200) + 1}`);

const whys = (findings: readonly IpFinding[]) => findings.map((it) => (it.checked ? 'checked' : it.why));

/** Lets what needs no time go on. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers when the test says so. */
class HandEnricher implements Enricher {
  readonly name = 'by hand';
  readonly asked: { address: string; answer(result: LookUpResult): void; fail(error: Error): void }[] = [];
  refusal = (): string | undefined => undefined;
  askedAs = (address: string) => address;
  check = (): Promise<EnricherCheck> => Promise.reject(new Error('not asked'));
  lookUp(address: string): Promise<LookUpResult> {
    return new Promise((answer, fail) => this.asked.push({ address, answer, fail }));
  }
}

const report = { score: 42, reports: 7, reporters: 3, windowDays: 90 };
const answered: LookUpResult = { outcome: 'answered', report, quota: {} };

describe('the look-ups', () => {
  let clock: HandClock;
  let sim: AbuseIpDbSim;
  let http: HttpClient;
  let folder: string;
  let findings: Findings;
  let events: ProgressEvent[];
  let ends: (() => Promise<void>)[];

  beforeEach(async () => {
    clock = new HandClock();
    sim = await startAbuseIpDbSim({ clock, key: KEY });
    const parts = { clock, meter: new Meter(), redactor: new Redactor(), connections: 20 };
    http = new HttpClient({ service: 'AbuseIPDB', origin: sim.origin, ...parts });
    folder = mkdtempSync(join(tmpdir(), 'casewire-look-ups-'));
    ends = [];
    events = [];
    findings = await openFindings();
  });

  afterEach(async () => {
    expect(sim.mustNotHaveBeenSent).toEqual([]);
    expect(sim.unexpected).toEqual([]);
    await http.close();
    await sim.stop();
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openFindings(): Promise<Findings> {
    const db = await openSqlite(join(folder, 'casewire.db'));
    ends.push(() => db.destroy());
    return sqlFindings(db);
  }

  function lookUps(more: Partial<LookUpParts> = {}): RunningLookUps {
    const parts = { key: KEY, url: sim.url, maxAgeInDays: 90, neverSend: ['8.8.4.4'], http, clock };
    return createLookUps({
      enricher: abuseIpDbEnricher(parts),
      findings,
      clock,
      progress: (event) => events.push(event),
      owner: 'this/1/run',
      mode: 'ask',
      windowDays: 90,
      dailyBudget: 1_000,
      ...more,
    });
  }

  /** Lets input and output go on, and time whenever nothing else does, by `stepMs` at the most. */
  async function during<T>(work: Promise<T>, stepMs = 250): Promise<T> {
    let done = false;
    void work.finally(() => {
      done = true;
    });
    while (!done) {
      const seen = sim.journal.length;
      for (let turn = 0; turn < 300 && !done; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (!done && sim.journal.length === seen) clock.advance(stepMs);
    }
    return work;
  }

  const told = () => events.filter(({ event }) => event === 'looked-up').length;

  it('ask once after each address that thousands of alerts name, and seldom write', async () => {
    let reservations = 0;
    const counted: Findings = {
      ...findings,
      reserve: (ask) => {
        reservations += 1;
        return findings.reserve(ask);
      },
    };
    const desk = lookUps({ findings: counted });
    const addresses = publicAddresses(100);
    const alerts = Array.from({ length: 3_000 }, (_, i) => [addresses[i % 100] ?? '', addresses[(i * 7) % 100] ?? '']);
    const first = await Promise.all(alerts.slice(0, 2_000).map((ips) => desk.lookUp(ips, 'medium')));
    const rest = await Promise.all(alerts.slice(2_000).map((ips) => desk.lookUp(ips, 'high')));
    expect([...first, ...rest].flat().every(({ checked }) => checked)).toBe(true);
    expect([...first, ...rest].map((found) => found.map(({ address }) => address))).toEqual(alerts);
    expect(sim.asked()).toHaveLength(100);
    expect(told()).toBe(100);
    expect(reservations).toBeLessThanOrEqual(20);
    expect(clock.sleeping()).toEqual([]);
  });

  it('find in a second run what the first one found', async () => {
    const asked = publicAddresses(3);
    const [first] = [await lookUps().lookUp(asked, 'low')];
    clock.advance(DAY - 1);
    expect(await lookUps().lookUp(asked, 'low')).toEqual(first);
    expect(sim.asked()).toHaveLength(3);
    clock.advance(1);
    expect(whys(await lookUps().lookUp(asked, 'low'))).toEqual(['checked', 'checked', 'checked']);
    expect(sim.asked()).toHaveLength(6);
  });

  it('say what is not looked up, and why', async () => {
    const found = await lookUps().lookUp(['10.0.0.1', '8.8.4.4', '203.0.113.9', '2001:db8::1', '9.9.9.9'], 'high');
    expect(whys(found)).toEqual([
      'private address',
      'own range (neverSend)',
      'documentation range',
      'documentation range',
      'checked',
    ]);
    expect(sim.asked()).toEqual(['9.9.9.9']);
  });

  it('say when they are switched off', async () => {
    const off = lookUps({ enricher: undefined });
    expect(await off.lookUp(['9.9.9.9'], 'high')).toEqual([
      { checked: false, address: '9.9.9.9', why: 'look-ups are switched off' },
    ]);
    await off.idle();
  });

  it('look up the first 25 public addresses of an alert', async () => {
    const found = await lookUps().lookUp(['10.0.0.1', ...publicAddresses(500)], 'high');
    expect(whys(found).filter((why) => why === 'checked')).toHaveLength(25);
    expect(found[25]).toMatchObject({ checked: true });
    expect(found[26]).toMatchObject({ why: 'only the first 25 addresses of an alert are looked up' });
    expect(sim.asked()).toHaveLength(25);
  });

  it('ask once after an IPv4 address in all its spellings, and answer each in its own', async () => {
    const spellings = ['9.9.9.9', '::ffff:9.9.9.9', '64:ff9b::909:909'];
    const found = await lookUps().lookUp(spellings, 'high');
    expect(found.map(({ address, checked }) => [address, checked])).toEqual(spellings.map((it) => [it, true]));
    expect(sim.asked()).toEqual(['9.9.9.9']);
  });

  it('send nothing for a plan, which shows what is known', async () => {
    await lookUps().lookUp(['9.9.9.9'], 'high');
    const found = await lookUps({ mode: 'recall' }).lookUp(['9.9.9.9', '8.8.8.8'], 'high');
    expect(whys(found)).toEqual(['checked', 'a plan sends no look-ups']);
    expect(sim.asked()).toEqual(['9.9.9.9']);
  });

  describe('in their order', () => {
    it('ask for high severity first', async () => {
      const enricher = new HandEnricher();
      const desk = lookUps({ enricher });
      const low = publicAddresses(60, 8).map((address) => desk.lookUp([address], 'low'));
      const high = publicAddresses(10, 9).map((address) => desk.lookUp([address], 'high'));
      await until(() => enricher.asked.length === 20);
      expect(enricher.asked.slice(0, 10).map(({ address }) => address)).toEqual(publicAddresses(10, 9));
      clock.advance(5_000);
      await Promise.all([...low, ...high]);
    });

    it('let an address that a severe alert names too go first', async () => {
      const enricher = new HandEnricher();
      const desk = lookUps({ enricher });
      const low = publicAddresses(30).map((address) => desk.lookUp([address], 'low'));
      await until(() => enricher.asked.length === 20);
      const last = publicAddresses(30).at(-1) ?? '';
      const urgent = desk.lookUp([last], 'high');
      for (const { answer } of enricher.asked.slice(0, 5)) answer(answered);
      await until(() => enricher.asked.length === 25);
      expect(enricher.asked[20]?.address).toBe(last);
      enricher.asked[20]?.answer(answered);
      expect(whys(await urgent)).toEqual(['checked']);
      clock.advance(5_000);
      await Promise.all(low);
    });

    it('spend a small budget to its end, on high severity first even when it comes a moment later', async () => {
      const desk = lookUps({ dailyBudget: 5 });
      const low = Promise.all(publicAddresses(8, 8).map((address) => desk.lookUp([address], 'low')));
      await until(() => clock.sleeping().includes(1_000));
      const high = desk.lookUp(publicAddresses(2, 9), 'high');
      await turns(50);
      clock.advance(1_000);
      expect(whys(await during(high))).toEqual(['checked', 'checked']);
      const spent = 'the daily budget of 5 look-ups is spent';
      expect(whys((await during(low)).flat()).sort()).toEqual([...Array(3).fill('checked'), ...Array(5).fill(spent)]);
      expect(sim.asked().slice(0, 2).sort()).toEqual(publicAddresses(2, 9));
      expect(sim.asked()).toHaveLength(5);
    });

    it('keep the rest of a larger budget for high severity that comes later in the day', async () => {
      const low = publicAddresses(60).map((address) => lookUps({ dailyBudget: 50 }).lookUp([address], 'low'));
      const kept = "the rest of today's look-ups is kept for high severity";
      const found = whys((await during(Promise.all(low))).flat());
      expect(found.filter((why) => why === kept)).toHaveLength(20);
      expect(sim.asked()).toHaveLength(40);
      expect(whys(await lookUps({ dailyBudget: 50 }).lookUp(publicAddresses(2, 9), 'high'))).toEqual(
        Array(2).fill('checked'),
      );
    });
  });

  describe('that fail', () => {
    it('keep a ticket for five seconds, and remember the answer that comes later', async () => {
      const enricher = new HandEnricher();
      const desk = lookUps({ enricher });
      const ticket = desk.lookUp(['9.9.9.9', '8.8.8.8'], 'high');
      await until(() => enricher.asked.length === 2);
      enricher.asked[0]?.answer(answered);
      await until(() => told() === 1);
      clock.advance(5_000);
      expect(whys(await ticket)).toEqual(['checked', 'no answer from AbuseIPDB within 5 s']);
      enricher.asked[1]?.answer(answered);
      await until(() => told() === 2);
      expect(whys(await desk.lookUp(['8.8.8.8'], 'low'))).toEqual(['checked']);
      expect(whys(await lookUps({ enricher }).lookUp(['8.8.8.8'], 'low'))).toEqual(['checked']);
      expect(enricher.asked).toHaveLength(2);
    });

    it('send nothing any more for tickets that have left', async () => {
      const enricher = new HandEnricher();
      const desk = lookUps({ enricher });
      const tickets = Promise.all(publicAddresses(60).map((address) => desk.lookUp([address], 'low')));
      await until(() => enricher.asked.length === 20);
      clock.advance(5_000);
      await tickets;
      for (const { answer } of enricher.asked) answer(answered);
      await until(() => told() === 60);
      expect(enricher.asked).toHaveLength(20);
    });

    it('keep a crowd of tickets for about twenty seconds in all', async () => {
      const enricher = new HandEnricher();
      const desk = lookUps({ enricher });
      let kept = 0;
      for (const address of publicAddresses(40)) {
        const before = clock.now();
        await during(desk.lookUp([address], 'high'));
        kept += clock.now() - before;
      }
      expect(kept).toBe(4 * 5_000 + 36 * 250);
      for (let i = 0; i < enricher.asked.length; i++) {
        enricher.asked[i]?.answer(answered);
        await until(() => told() > i);
      }
      await until(() => told() === 40);
      const calm = desk.lookUp(['9.9.9.9'], 'high');
      await until(() => enricher.asked.at(-1)?.address === '9.9.9.9');
      expect(clock.sleeping()).toEqual([5_000]);
      enricher.asked.at(-1)?.answer(answered);
      await calm;
    });

    it('show an answer of up to seven days with its age', async () => {
      sim.reports.set('9.9.9.9', { abuseConfidenceScore: 42 });
      const [first] = await lookUps().lookUp(['9.9.9.9'], 'high');
      sim.fault(ALL, faults.status(521, { html: '<h1>down</h1>' }), ALWAYS);
      clock.advance(7 * DAY - 1);
      expect(await lookUps().lookUp(['9.9.9.9'], 'high')).toEqual([first]);
      expect(await lookUps().lookUp(['9.9.9.9'], 'high')).toEqual([first]);
      expect(sim.journal).toHaveLength(2);
      clock.advance(15 * MINUTE);
      expect(whys(await lookUps().lookUp(['9.9.9.9'], 'high'))).toEqual([
        'AbuseIPDB answered with an error (HTTP 521)',
      ]);
    });

    it('show an older answer also when the budget is spent', async () => {
      const [first] = await lookUps().lookUp(['9.9.9.9'], 'high');
      clock.advance(2 * DAY);
      expect(await lookUps({ dailyBudget: 0 }).lookUp(['9.9.9.9'], 'high')).toEqual([first]);
    });

    it('leave the service alone after five failures in a row, and then try it with one', async () => {
      sim.fault(ALL, faults.status(503), ALWAYS);
      const desk = lookUps();
      for (const address of publicAddresses(5)) await desk.lookUp([address], 'low');
      expect(whys(await desk.lookUp(['9.9.9.9'], 'high'))).toEqual(['AbuseIPDB did not answer lately']);
      expect(sim.journal).toHaveLength(5);
      clock.advance(5 * MINUTE);
      const crowd = publicAddresses(10, 11);
      expect(new Set(whys(await desk.lookUp(crowd, 'high')))).toEqual(
        new Set(['AbuseIPDB answered with an error (HTTP 503)', 'AbuseIPDB did not answer lately']),
      );
      expect(sim.journal).toHaveLength(6);
      sim.heal();
      clock.advance(5 * MINUTE);
      expect(whys(await desk.lookUp(publicAddresses(10, 12), 'high'))).toEqual(Array(10).fill('checked'));
    });

    it('ask nobody else while the key is refused', async () => {
      const wrong = { key: 'another-key', url: sim.url, maxAgeInDays: 90, neverSend: [], http, clock };
      const desk = lookUps({ enricher: abuseIpDbEnricher(wrong) });
      expect(whys(await desk.lookUp(['9.9.9.9'], 'high'))).toEqual(['AbuseIPDB refused the key']);
      const until15 = 'AbuseIPDB refused the key (until 2026-11-23 07:15:00 UTC)';
      expect(whys(await desk.lookUp(['9.9.9.9', '8.8.8.8'], 'high'))).toEqual([until15, until15]);
      clock.advance(15 * MINUTE);
      expect(whys(await lookUps().lookUp(['9.9.9.9', '8.8.8.8'], 'high'))).toEqual(['checked', 'checked']);
      expect(sim.journal).toHaveLength(3);
    });

    it('ask nobody else until a spent day has ended', async () => {
      sim.used = sim.dailyLimit - 1;
      sim.sendsHeaders = false;
      const spent = 'the daily quota of AbuseIPDB is spent';
      const desk = lookUps();
      expect(whys(await desk.lookUp(['9.9.9.9'], 'high'))).toEqual(['checked']);
      sim.sendsHeaders = true;
      expect(whys(await desk.lookUp(['8.8.8.8'], 'high'))).toEqual([spent]);
      expect(whys(await desk.lookUp(['8.8.8.8'], 'high'))).toEqual([`${spent} (until 2026-11-24 00:00:00 UTC)`]);
      expect(sim.journal).toHaveLength(2);
      clock.advance(17 * 60 * MINUTE);
      expect(whys(await desk.lookUp(['8.8.8.8'], 'high'))).toEqual(['checked']);
    });

    it.each([
      ['when they hang', faults.hang(), 'no answer from AbuseIPDB within 5 s'],
      ['when they are cut short', faults.truncate(), 'the connection to AbuseIPDB failed'],
      ['when a page comes', faults.html200(), 'AbuseIPDB answered with a page instead of data'],
      ['when the address is not liked', faults.status(422, { body: {} }), 'AbuseIPDB does not accept this address'],
    ])('never cost a ticket: %s', async (_, fault, why) => {
      sim.fault(ALL, fault);
      expect(whys(await during(lookUps().lookUp(['9.9.9.9'], 'high')))).toEqual([why]);
    });

    it('never cost a ticket: when the enricher has a fault', async () => {
      const enricher = new HandEnricher();
      const ticket = lookUps({ enricher }).lookUp(['9.9.9.9'], 'high');
      await until(() => enricher.asked.length === 1);
      enricher.asked[0]?.fail(new TypeError('x is not a function'));
      expect(whys(await ticket)).toEqual(['a fault of Casewire itself']);
      enricher.refusal = () => {
        throw new TypeError('y is not a function');
      };
      expect(whys(await lookUps({ enricher }).lookUp(['8.8.8.8'], 'high'))).toEqual(['a fault of Casewire itself']);
      expect(events.flatMap((it) => (it.event === 'warning' ? [it.says] : []))).toEqual([
        'look-ups failed (a fault of Casewire itself): x is not a function',
        'look-ups failed (a fault of Casewire itself): y is not a function',
      ]);
    });

    it.each(['recall', 'reserve', 'quotaView'] as const)(
      'never cost a ticket: when the ledger fails at %s',
      async (at) => {
        const broken = { ...findings, [at]: async () => Promise.reject(new Error('disk full')) };
        const desk = lookUps({ findings: broken });
        const found = await Promise.all(publicAddresses(50).map((address) => desk.lookUp([address], 'low')));
        const all = at === 'quotaView' ? 'checked' : 'a fault of Casewire itself';
        expect(new Set(whys(found.flat()))).toEqual(new Set([all]));
        expect(events.filter(({ event }) => event === 'warning')).toHaveLength(1);
      },
    );

    it('tell an answer even when it cannot be recorded', async () => {
      const broken = { ...findings, record: async () => Promise.reject(new Error('disk full')) };
      expect(whys(await lookUps({ findings: broken }).lookUp(['9.9.9.9'], 'low'))).toEqual(['checked']);
    });
  });

  describe('of two runs on one ledger', () => {
    it('ask once after each address, and both get the answer', async () => {
      const other = lookUps({ findings: await openFindings(), owner: 'this/2/run' });
      const addresses = publicAddresses(60);
      const both = await during(
        Promise.all([lookUps(), other].flatMap((desk) => addresses.map((address) => desk.lookUp([address], 'high')))),
      );
      expect(whys(both.flat())).toEqual(Array(120).fill('checked'));
      expect(sim.asked()).toHaveLength(60);
    });

    it('say so when the other one gets no answer in time', async () => {
      const enricher = new HandEnricher();
      const first = lookUps({ enricher }).lookUp(['9.9.9.9'], 'high');
      await until(() => enricher.asked.length === 1);
      clock.advance(1_000);
      const second = lookUps({ owner: 'this/2/run' }).lookUp(['9.9.9.9'], 'high');
      expect(whys(await during(second))).toEqual(['another run is asking']);
      enricher.asked[0]?.answer(answered);
      await first;
    });

    it('go on where the other one died', async () => {
      const enricher = new HandEnricher();
      void lookUps({ enricher }).lookUp(['9.9.9.9'], 'high');
      await until(() => enricher.asked.length === 1);
      clock.advance(7_000);
      expect(whys(await during(lookUps({ owner: 'this/2/run' }).lookUp(['9.9.9.9'], 'high')))).toEqual(['checked']);
      enricher.asked[0]?.answer(answered);
    });
  });

  it('end when told to: what is queued is given up, what is under way is waited for', async () => {
    const enricher = new HandEnricher();
    const desk = lookUps({ enricher });
    const tickets = Promise.all(publicAddresses(30).map((address) => desk.lookUp([address], 'low')));
    await until(() => enricher.asked.length === 20);
    const idle = desk.idle();
    const late = desk.lookUp(['9.9.9.9'], 'high');
    for (const { answer } of enricher.asked) answer(answered);
    await idle;
    const found = whys((await tickets).flat());
    expect(found).toEqual([...Array(20).fill('checked'), ...Array(10).fill('the run has ended')]);
    expect(whys(await late)).toEqual(['the run has ended']);
  });
});
