import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportsConfig } from '../../config/reports-config.ts';
import { putInFolder } from '../../service/delivery/put-in-folder.ts';
import { checkOwnerAlone } from './check-owner-alone.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-modes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const aFile = (name: string, mode: number) => {
  writeFileSync(join(folder, name), 'x');
  chmodSync(join(folder, name), mode);
};

const lines = () => {
  const path = join(folder, 'casewire.db');
  const deliver = { when: [], formats: [], folder: join(folder, 'reports'), pseudonymise: false };
  const reports: ReportsConfig = { timezone: 'UTC', sla: {}, deliver };
  return checkOwnerAlone({ store: { kind: 'sqlite', path, name: path }, reports });
};

describe.skipIf(process.platform === 'win32')('a check of who may read', () => {
  it("says nothing of files that are their owner's alone, or not there", () => {
    expect(lines()).toEqual([]);
    aFile('casewire.db', 0o600);
    expect(lines()).toEqual([]);
  });

  it('names a ledger that others may read, with what is beside it, and the mend', () => {
    aFile('casewire.db', 0o644);
    aFile('casewire.db-wal', 0o640);
    aFile('casewire.db-shm', 0o600);
    const path = join(folder, 'casewire.db');
    expect(lines()).toEqual([
      {
        subject: 'store',
        level: 'warning',
        says: `others than its owner have rights to ${path} (mode 0644) and 1 beside it`,
        mend: `chmod go= ${path} ${path}-wal`,
      },
    ]);
  });

  it('names a report that others may read, unless its folder keeps them out', () => {
    const reports = join(folder, 'reports');
    mkdirSync(join(reports, 'contoso'), { recursive: true });
    chmodSync(reports, 0o755);
    expect(lines()).toEqual([]);
    aFile('reports/contoso/day.html', 0o640);
    expect(lines()).toMatchObject([{ subject: 'reports', level: 'warning', mend: `chmod -R go= ${reports}` }]);
    expect(lines()[0]?.says).toContain(`${join(reports, 'contoso', 'day.html')} (mode 0640)`);
    chmodSync(reports, 0o700);
    expect(lines()).toEqual([]);
  });

  it('finds nothing to say of reports as they are delivered', async () => {
    const file = { fileName: 'day.txt', bytes: new Uint8Array([1]) } as Parameters<typeof putInFolder>[2];
    await putInFolder(join(folder, 'reports'), 'contoso' as Parameters<typeof putInFolder>[1], file);
    const modes = ['reports', 'reports/contoso', 'reports/contoso/day.txt'].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
    expect(lines()).toEqual([]);
  });
});
