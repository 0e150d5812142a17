import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { abuseIpDbEnricher } from '../../enrichers/abuseipdb/abuseipdb-enricher.ts';
import type { Enricher } from '../../enrichers/enricher.ts';
import { HttpClient } from '../../http/http-client.ts';
import { sqlFindings } from '../../ledger/look-ups/findings.ts';
import type { Findings } from '../../ledger/look-ups/findings-port.ts';
import { openSqlite } from '../../ledger/store/sqlite.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../../simulators/abuseipdb-sim.ts';
import { faults } from '../../simulators/fault.ts';
import { checkLookUps } from './check-look-ups.ts';
import { createLookUps } from './enrich.ts';

const KEY = 'an-invented-key-of-contoso';
const ALL = { path: '/api/v2/check' };
const MINUTE = 60_000;

describe('the check of look-ups', () => {
  let clock: HandClock;
  let sim: AbuseIpDbSim;
  let http: HttpClient;
  let findings: Findings;
  let end: () => Promise<void>;

  beforeEach(async () => {
    clock = new HandClock();
    sim = await startAbuseIpDbSim({ clock, key: KEY });
    const parts = { clock, meter: new Meter(), redactor: new Redactor(), connections: 4 };
    http = new HttpClient({ service: 'AbuseIPDB', origin: sim.origin, ...parts });
    const folder = mkdtempSync(join(tmpdir(), 'casewire-check-look-ups-'));
    const db = await openSqlite(join(folder, 'casewire.db'));
    findings = sqlFindings(db);
    end = async () => {
      await http.close();
      await sim.stop();
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  afterEach(() => end());

  const enricherWith = (key: string): Enricher =>
    abuseIpDbEnricher({ key, url: sim.url, maxAgeInDays: 90, neverSend: [], http, clock });
  const check = async (more: { key?: string; dailyBudget?: number } = {}) => {
    const { key = KEY, dailyBudget = 1_000 } = more;
    const [line] = await checkLookUps({ enricher: enricherWith(key), findings, clock, dailyBudget, maxAgeInDays: 90 });
    return line;
  };
  const lookUp = async (address: string, { key = KEY, dailyBudget = 1_000 } = {}) => {
    const parts = {
      enricher: enricherWith(key),
      findings,
      clock,
      progress: () => {},
      owner: 'this/1/run',
      windowDays: 90,
    };
    const [found] = await createLookUps({ ...parts, mode: 'ask', dailyBudget }).lookUp([address], 'high');
    return found?.checked ? 'checked' : found?.why;
  };
  const view = (dailyBudget = 1_000) => findings.quotaView({ dailyBudget, now: clock.now() });

  it('counts its own look-up against the budget that all share', async () => {
    expect(await check({ dailyBudget: 2 })).toMatchObject({ level: 'ok' });
    expect(await view(2)).toMatchObject({ used: 1, left: 1 });
    expect(await lookUp('9.9.9.9', { dailyBudget: 2 })).toBe('checked');
    expect(await lookUp('8.8.8.8', { dailyBudget: 2 })).toBe('the daily budget of 2 look-ups is spent');
    expect(sim.asked()).toEqual(['1.1.1.1', '9.9.9.9']);
  });

  it('sends nothing when the budget is spent, and says so', async () => {
    await lookUp('9.9.9.9', { dailyBudget: 1 });
    expect(await check({ dailyBudget: 1 })).toMatchObject({
      level: 'warning',
      says: 'the key was not tried: the daily budget of 1 look-ups is spent',
    });
    expect(sim.asked()).toEqual(['9.9.9.9']);
  });

  it('sends nothing when no look-ups are wanted', async () => {
    expect(await check({ dailyBudget: 0 })).toMatchObject({ level: 'ok', says: expect.stringContaining('not tried') });
    expect(sim.journal).toEqual([]);
  });

  it('ends the block that a refused key left behind once a better key is in its place', async () => {
    expect(await lookUp('9.9.9.9', { key: 'a-revoked-key' })).toBe('AbuseIPDB refused the key');
    expect(await lookUp('9.9.9.9')).toMatch(/^AbuseIPDB refused the key \(until /);
    expect(await check()).toMatchObject({ level: 'ok' });
    expect(await lookUp('9.9.9.9')).toBe('checked');
    expect(await view()).toMatchObject({ used: 3 });
  });

  it('leaves the block where the key is still refused', async () => {
    await lookUp('9.9.9.9', { key: 'a-revoked-key' });
    expect(await check({ key: 'a-revoked-key' })).toMatchObject({ level: 'error', says: 'AbuseIPDB refused the key' });
    expect(await lookUp('9.9.9.9')).toMatch(/^AbuseIPDB refused the key/);
    expect(sim.journal).toHaveLength(2);
  });

  it('leaves the block where the service did not answer it', async () => {
    await lookUp('9.9.9.9', { key: 'a-revoked-key' });
    sim.fault(ALL, faults.status(503));
    expect(await check()).toMatchObject({ level: 'error' });
    expect(await lookUp('9.9.9.9')).toMatch(/^AbuseIPDB refused the key/);
  });

  it.each([true, false])('ends a spent day with the key of another account (headers: %s)', async (sendsHeaders) => {
    sim.used = sim.dailyLimit;
    sim.sendsHeaders = sendsHeaders;
    expect(await lookUp('9.9.9.9')).toBe('the daily quota of AbuseIPDB is spent');
    expect(await lookUp('8.8.8.8')).toMatch(/^the daily quota of AbuseIPDB is spent \(until /);
    sim.used = sim.dailyLimit - 5;
    expect(await check()).toMatchObject({ level: 'ok' });
    expect(await lookUp('8.8.8.8')).toBe('checked');
  });

  it('does not end a block that began after it was sent', async () => {
    const trial = await findings.reserveTrial({ dailyBudget: 10, now: clock.now() });
    if (!('turn' in trial)) throw new Error('nothing was reserved');
    await lookUp('9.9.9.9', { key: 'a-revoked-key' });
    const report = { score: 0, reports: 0, reporters: 0, windowDays: 90 };
    const ending = { address: '1.1.1.1', windowDays: 90, now: clock.now(), turn: trial.turn, result: { report } };
    await findings.record(ending);
    expect(await view()).toMatchObject({ blockedUntil: clock.now() + 15 * MINUTE });
  });
});
