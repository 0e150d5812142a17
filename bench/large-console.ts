import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../src/assembly/assemble.ts';
import type { Config } from '../src/config/config.ts';
import { parseConfig } from '../src/config/parse-config.ts';
import { formatProblem } from '../src/config/problems.ts';
import type { AlertId, TenantId } from '../src/domain/alert.ts';
import { DAY_MS, HOUR_MS } from '../src/domain/time.ts';
import type { Ledger, Owner } from '../src/ledger/ledger.ts';
import { openSqlite } from '../src/ledger/store/sqlite.ts';
import { systemClock } from '../src/observe/clock.ts';
import { consoleApp } from '../src/service/console/console.ts';
import { Live } from '../src/service/live.ts';
import { Standings } from '../src/service/standings.ts';
import { startWeb } from '../src/service/web.ts';
import { anAlert } from '../test/builders.ts';

const ME = 'here/1/bench' as Owner;

/** Of so many tenants one has held alerts. */
const TROUBLED = 50;
const SEVERITIES = ['high', 'medium', 'low', 'informational'] as const;

/** A console on a ledger of a large provider, over real HTTP; nothing else is at work in the process. */
export async function startLargeConsole({ tenants, alerts }: { tenants: number; alerts: number }) {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'casewire-console-'));
  const store = join(folder, 'casewire.db');
  const config = configOf(folder, store, tenants);
  const casewire = await assemble(config, { clock: systemClock, random: Math.random, progress, store: 'make' });
  const { ledger } = casewire.engine();
  await fill(ledger, config, alerts);
  await settle(store);
  const standings = new Standings(systemClock, () => casewire.standing());
  const engine = { hint: () => {}, takeUp: () => {}, keepInStep: () => {} };
  const atWork = () => ({ config, casewire, ledger, engine });
  const live = new Live(systemClock);
  const parts = { clock: systemClock, version: 'bench', progress, live, operatorToken: 'bench', standings, atWork };
  const web = await startWeb({
    current: () => ({ service: config.service, sites: [], synced: false, hints: ledger.hints, wake: () => {} }),
    health: () => ({ status: 200, body: { ok: true } }),
    ready: () => ({ status: 200, body: { ok: true } }),
    metrics: () => '',
    clock: systemClock,
    progress,
    console: (closing) => consoleApp(parts, closing),
  });
  return {
    origin: web.origin,
    /** Has the next look find everything changed. */
    forget: () => standings.forget(),
    async stop() {
      await web.close(0);
      await casewire.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function progress(): void {}

function configOf(folder: string, store: string, tenants: number): Config {
  const lines = Array.from(
    { length: tenants },
    (_, i) =>
      `  ${nameOf(i)}: { source: defender-cloud-apps, url: "http://127.0.0.1:1/${i}", auth: { token: "\${env:TOKEN}" } }`,
  );
  const source = `jira:
  edition: cloud
  url: http://127.0.0.1:1
  auth: { email: bench@contoso.example, token: "\${env:TOKEN}" }
ticket: { project: SOC, issueType: Task }
tenants:
${lines.join('\n')}
store: ${store}
service: { listen: "127.0.0.1:0" }
`;
  const result = parseConfig({
    source,
    path: join(folder, 'casewire.yaml'),
    file: 'casewire.yaml',
    env: { TOKEN: 'bench-token' },
  });
  if (!result.ok) throw new Error(result.problems.slice(0, 3).map(formatProblem).join('\n'));
  return result.config;
}

function nameOf(i: number): string {
  return `customer-${String(i).padStart(4, '0')}`;
}

async function fill({ reading }: Ledger, { tenants }: Config, alerts: number): Promise<void> {
  const now = systemClock.now();
  const each = alerts / tenants.length;
  for (const [t, { tenant }] of tenants.entries()) {
    const found = Array.from({ length: each }, (_, i) =>
      anAlert({
        tenant: tenant as TenantId,
        id: String(t * each + i).padStart(24, '0') as AlertId,
        title: `Impossible travel ${i}`,
        severity: SEVERITIES[i % 4] ?? 'low',
        createdAt: now - ((i * 7 * DAY_MS) / each + (t % 60) * 1_000),
      }),
    );
    const ask = { tenant, owner: ME, now, until: now + HOUR_MS };
    await reading.begin(ask);
    const position = { memo: '', watermark: now - HOUR_MS };
    await reading.admit({ ...ask, page: { alerts: found, unreadable: [], warnings: [], position } });
    await reading.end({ tenant, owner: ME, now });
  }
}

/** Nearly all have their issue; of some tenants some are held. */
async function settle(store: string): Promise<void> {
  const db = await openSqlite(store);
  const rows = await db.selectFrom('tenants').select('tenant').orderBy('tenant').execute();
  await db.updateTable('alerts').set({ state: 'raised', settled_at: systemClock.now() }).execute();
  for (const [i, { tenant }] of rows.entries())
    if (i % TROUBLED === 0)
      await db
        .updateTable('alerts')
        .set({ state: 'held', reason: 'refused', why: `customfield_1${i % 5}: a value is required` })
        .where('tenant', '=', tenant)
        .where('severity', '=', 'high')
        .execute();
  await db.destroy();
}
