import { describe, expect, it } from 'vitest';
import { healthOf, readinessOf, type ServiceState } from './health.ts';

const NOW = Date.parse('2026-11-23T07:00:00Z');

function aState(more: Partial<ServiceState> = {}): ServiceState {
  return {
    now: NOW,
    startedAt: NOW - 3_600_000,
    version: '1.2.3',
    tickedAt: NOW - 500,
    tickEveryMs: 1_000,
    jobs: [{ name: 'poll contoso', dueAt: NOW + 300_000 }],
    ledger: { ok: true, at: NOW },
    tenants: { usable: 1, all: 2 },
    sites: { usable: 1, all: 1 },
    stopping: false,
    ...more,
  };
}

const failing = (state: ServiceState) => readinessOf(state).body.checks.filter(({ ok }) => !ok);

describe('health', () => {
  it('is given while the scheduler looks for what is due, whatever else is wrong', () => {
    const state = aState({ ledger: { ok: false, at: NOW }, tenants: { usable: 0, all: 2 } });
    expect(healthOf(state)).toMatchObject({ status: 200, body: { ok: true, version: '1.2.3', upForMs: 3_600_000 } });
  });

  it('is gone when the scheduler hangs', () => {
    expect(healthOf(aState({ tickedAt: NOW - 5_001 })).status).toBe(503);
    expect(healthOf(aState({ tickedAt: NOW - 5_000 })).status).toBe(200);
  });
});

describe('readiness', () => {
  it('is given while the work is done, although one of several tenants is in trouble', () => {
    expect(readinessOf(aState())).toMatchObject({ status: 200, body: { ok: true } });
  });

  it.each<[string, string, Partial<ServiceState>]>([
    ['the scheduler hangs', 'scheduler', { tickedAt: NOW - 60_000 }],
    ['the ledger does not answer', 'ledger', { ledger: { ok: false, at: NOW - 1_000 } }],
    ['a job did not begin when it was due', 'jobs', { jobs: [{ name: 'sync', dueAt: NOW - 60_001 }] }],
    ['a job does not end', 'jobs', { jobs: [{ name: 'sync', dueAt: NOW - 900_001, runningSince: NOW - 900_001 }] }],
    ['no tenant can be used', 'tenants', { tenants: { usable: 0, all: 2 } }],
    ['no site can be used', 'sites', { sites: { usable: 0, all: 1 } }],
    ['a stop was asked for', 'stopping', { stopping: true }],
  ])('is refused when %s', (_, name, more) => {
    expect(readinessOf(aState(more)).status).toBe(503);
    expect(failing(aState(more)).map((check) => check.name)).toEqual([name]);
  });

  it('is kept when the file on disk has errors, and says that an earlier one is in use', () => {
    const { status, body } = readinessOf(aState({ configRefused: 'tenants.contoso.auth.token: sesame' }));
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toContain('an earlier one is in use');
    expect(JSON.stringify(body)).not.toContain('sesame');
  });

  it('is kept while a job runs for long but not too long', () => {
    const jobs = [{ name: 'poll contoso', dueAt: NOW - 900_000, runningSince: NOW - 900_000 }];
    expect(readinessOf(aState({ jobs })).status).toBe(200);
  });

  it('says why the ledger does not do what it is asked, where its store does', () => {
    const ledger = { ok: false, at: NOW, why: 'the store casewire.db cannot be written: its disk is full' };
    expect(failing(aState({ ledger }))).toMatchObject([{ name: 'ledger', says: ledger.why }]);
  });

  it('names few of many jobs that are late', () => {
    const jobs = Array.from({ length: 500 }, (_, i) => ({ name: `poll t${i}`, dueAt: NOW - 60_001 }));
    expect(failing(aState({ jobs }))[0]?.says).toBe('late: poll t0, poll t1, poll t2, poll t3, poll t4 and 495 more');
  });
});
