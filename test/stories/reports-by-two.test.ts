import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { TenantId } from '../../src/domain/alert.ts';
import type { Ledger, Owner } from '../../src/ledger/ledger.ts';
import type { ReportAsk } from '../../src/reports/make-report.ts';
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
  const clock = new HandClock('2026-11-23T12:00:00Z');

  beforeEach(async () => {
    place = store();
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
    const report = async ({ scope }: ReportAsk) => {
      made.push(scope);
      return {
        file: async () => ({ fileName: 'day.json', mediaType: 'application/json', bytes: new Uint8Array([1]) }),
      };
    };
    const [job] = reportJob({ config, ledger, owner: `here/${pid}/me` as Owner, clock, progress: () => {}, report });
    return { made, run: () => job?.run(new AbortController().signal) };
  }

  async function read(ledger: Ledger): Promise<void> {
    const [owner, now] = ['here/9/reader' as Owner, clock.now()];
    for (const tenant of TENANTS) {
      await ledger.reading.begin({ tenant, owner, now, until: now + MINUTE });
      await ledger.reading.end({ tenant, owner, now });
    }
  }

  it('are each made by one of them', async () => {
    const processes = ledgers.map(processOn);
    for (const { run } of processes) await run();
    clock.advance(DAY);
    await read(ledgers[0] as Ledger);
    await Promise.all(processes.map(({ run }) => run()));
    const made = processes.flatMap((one) => one.made);
    expect(made.toSorted()).toEqual([...TENANTS, 'all'].toSorted());
    expect(processes.filter((one) => one.made.length > 0).length).toBeGreaterThan(1);
    expect(readdirSync(folder).length).toBe(TENANTS.length + 1);
    expect(existsSync(join(folder, 't7', 'day.json'))).toBe(true);
  });
});
