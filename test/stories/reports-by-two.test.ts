import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { TenantId } from '../../src/domain/alert.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import { openPeriod, type PeriodAsk, type ScopeAsk } from '../../src/reports/make-report.ts';
import { reportJob } from '../../src/service/delivery/report-job.ts';
import { HandClock } from '../hand-clock.ts';
import { onEachStore, type TestStore } from '../stores.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const TENANTS = Array.from({ length: 20 }, (_, n) => `t${n}` as TenantId);

onEachStore('reports that several serve deliver', ({ store }) => {
  let place: TestStore;
  let ledgers: Ledger[];
  let folder: string;
  let asOf: Set<number>;
  const clock = new HandClock('2026-11-23T12:00:00Z');

  beforeEach(async () => {
    place = store();
    asOf = new Set();
    folder = mkdtempSync(join(tmpdir(), 'casewire-reports-'));
    ledgers = [await place.open(), await place.open(), await place.open()];
  });
  afterEach(async () => {
    for (const ledger of ledgers) await ledger.close();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Which reports a process makes, and its job. */
  function processOn(ledger: Ledger, pid: number) {
    const made: string[] = [];
    const config = {
      tenants: TENANTS.map((tenant) => ({ tenant })),
      reports: {
        timezone: 'UTC',
        sla: {},
        deliver: { when: ['daily'], formats: ['json'], folder, pseudonymise: false },
      },
      service: {},
    } as unknown as Config;
    const parts = {
      ...{ facts: ledger.facts, editions: ledger.editions, coverage: ledger.coverage },
      ...{ clock, tenants: TENANTS, version: '1', counting: { timezone: 'UTC', sla: {}, inStep: false } },
    };
    const reports = async (ask: PeriodAsk) => {
      const opened = await openPeriod(parts, ask);
      return {
        ...opened,
        report: async (one: ScopeAsk) => {
          made.push(one.scope);
          asOf.add(opened.asOf);
          return opened.report(one);
        },
      };
    };
    const [job] = reportJob({ config, ledger, owner: `here/${pid}/me` as Owner, clock, progress: () => {}, reports });
    return { made, run: () => job?.run(new AbortController().signal) };
  }

  async function read(ledger: Ledger): Promise<void> {
    const [owner, now] = ['here/9/reader' as Owner, clock.now()];
    for (const tenant of TENANTS) {
      await ledger.reading.begin({ tenant, owner, now, until: now + MINUTE });
      await ledger.reading.end({ tenant, owner, now, readTo: now });
    }
  }

  it('are each made by one of them', async () => {
    const processes = ledgers.map(processOn);
    for (const { run } of processes) await run();
    await read(ledgers[0] as Ledger);
    clock.advance(DAY);
    await Promise.all(processes.map(({ run }) => run()));
    // Of the day before, nothing was read past its end yet.
    expect(processes.flatMap((one) => one.made)).toEqual([]);
    clock.advance(5 * MINUTE);
    await read(ledgers[0] as Ledger);
    await Promise.all(processes.map(({ run }) => run()));
    const made = processes.flatMap((one) => one.made);
    expect(made.toSorted()).toEqual([...TENANTS, 'all'].toSorted());
    expect(processes.filter((one) => one.made.length > 0).length).toBeGreaterThan(1);
    expect(readdirSync(folder).length).toBe(TENANTS.length + 1);
    expect(existsSync(join(folder, 't7', '2026-11-23-daily.json'))).toBe(true);
    expect(asOf.size).toBe(1);
  });
});
