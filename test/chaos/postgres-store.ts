import { Client } from 'pg';
import type { ChaosStore } from './chaos.ts';

/** A database of its own for one seed. */
export function chaosStore(url: string): ChaosStore {
  return {
    url,
    async endSessions() {
      const client = new Client(url);
      await client.connect();
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid != pg_backend_pid()',
      );
      await client.end();
    },
  };
}
