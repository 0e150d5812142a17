import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DedupKey, TenantId } from '../../domain/alert.ts';
import type { LedgerTables } from '../store/schema.ts';
import { openSqlite } from '../store/sqlite.ts';
import { sqlCatalogue } from './catalogue.ts';
import { type CatalogueFilter, STANDINGS } from './catalogue-port.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const tenant = 'contoso' as TenantId;

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'casewire-plans-'));
  file = join(folder, 'casewire.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Does the work on a store whose statements are kept, and answers how SQLite would go about each of them. */
async function plansOf(work: (db: Kysely<LedgerTables>) => Promise<unknown>): Promise<string[]> {
  await (await openSqlite(file)).destroy();
  const database = new Database(file);
  const asked: { sql: string; parameters: readonly unknown[] }[] = [];
  const db = new Kysely<LedgerTables>({
    dialect: new SqliteDialect({ database }),
    log: ({ query }) => {
      asked.push(query);
    },
  });
  await work(db);
  const plans = asked.flatMap(({ sql, parameters }) =>
    database
      .prepare(`explain query plan ${sql}`)
      .all(...parameters)
      .map((row) => (row as { detail: string }).detail),
  );
  await db.destroy();
  return plans;
}

const FILTERS: readonly CatalogueFilter[] = [
  {},
  { text: 'travel' },
  { severity: 'low' },
  { severity: 'low', standing: 'raised' },
  { tenant },
  { tenant, severity: 'high', category: 'fraud/phishing' },
  ...STANDINGS.flatMap((standing) => [{ standing }, { standing, tenant }]),
  { category: 'fraud/phishing' },
  { user: 'ada@contoso.com' },
  { address: '203.0.113.7' },
  { user: 'ada@contoso.com', address: '203.0.113.7', category: 'fraud/phishing', tenant, text: 'x' },
];

describe('the catalogue', () => {
  it('walks an index in its order, whatever the filter and the direction', async () => {
    const place = { createdAt: T0, key: 'contoso/a1' as DedupKey };
    const plans = await plansOf(async (db) => {
      const { page } = sqlCatalogue(db);
      for (const filter of FILTERS)
        for (const towards of ['older', 'newer'] as const) {
          await page({ filter, most: 50 });
          await page({ filter: { ...filter, since: T0 - 5, until: T0 + 5 }, from: { place, towards }, most: 50 });
        }
    });
    expect(plans.length).toBeGreaterThan(60);
    // Only the order of those of one instant may be sorted, in the two indices that end with the time.
    const bad = plans.filter((plan) => /^SCAN (?!.*INDEX)|TEMP B-TREE FOR ORDER/.test(plan));
    expect(bad).toEqual([]);
    expect([...new Set(plans.filter((plan) => plan.startsWith('SCAN')))]).toEqual([
      'SCAN alerts USING INDEX alerts_by_time',
    ]);
  });

  it('counts and names without a look at the alerts themselves', async () => {
    const edges = [T0 - 2, T0 - 1, T0];
    const plans = await plansOf(async (db) => {
      const catalogue = sqlCatalogue(db);
      await catalogue.volumes({ edges });
      await catalogue.named({ kind: 'user', begins: 'ada', most: 3 });
    });
    expect(plans.filter((plan) => !/^SEARCH \w+ USING COVERING INDEX/.test(plan))).toEqual([]);
  });

  it('looks at the held alone for what is held, and at each tenant once for what it had', async () => {
    const cause = { reason: 'refused', why: 'no' } as const;
    const plans = await plansOf(async (db) => {
      const catalogue = sqlCatalogue(db);
      await catalogue.causes({ most: 5 });
      await catalogue.heldFor({ cause, after: { createdAt: T0, key: 'contoso/a1' as DedupKey }, most: 5 });
      await catalogue.createdSince([tenant], T0);
      await catalogue.volumes({ tenant, edges: [T0 - 1, T0] });
    });
    expect(
      plans.filter((plan) => /^(SCAN|SEARCH)/.test(plan) && !/INDEX alerts_(held|by_tenant_time)/.test(plan)),
    ).toEqual([]);
  });
});
