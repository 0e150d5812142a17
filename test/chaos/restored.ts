import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A back-up of the ledger in a folder, as a person makes it with the engine's own tool. */
export interface LedgerBackup {
  /** Copies the ledger as it is; without a ledger there is nothing to copy yet. */
  take(): void;
  /** Puts the copy in the ledger's place; says whether there was one. */
  putBack(): boolean;
}

export function ledgerBackup(folder: string): LedgerBackup {
  const ledger = join(folder, 'casewire.db');
  const copy = join(folder, 'casewire.backup');
  return {
    take() {
      if (!existsSync(ledger)) return;
      rmSync(copy, { force: true });
      const db = new Database(ledger);
      db.prepare('vacuum into ?').run(copy);
      db.close();
    },
    putBack() {
      if (!existsSync(copy)) return false;
      for (const end of ['-wal', '-shm']) rmSync(ledger + end, { force: true });
      copyFileSync(copy, ledger);
      return true;
    },
  };
}
