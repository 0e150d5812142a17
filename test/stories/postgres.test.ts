import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assemble } from '../../src/assembly/assemble.ts';
import type { Casewire } from '../../src/assembly/casewire.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Clock } from '../../src/domain/time.ts';
import { systemClock } from '../../src/observe/clock.ts';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { serve } from '../../src/service/serve.ts';
import { type Scene, startScene } from '../../src/simulators/scene.ts';
import { bundleChild } from '../chaos/bundle-child.ts';
import { chaos } from '../chaos/chaos.ts';
import { chaosStore } from '../chaos/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { dropDatabase, freshDatabase, onPostgres } from '../stores.ts';

/** Alerts and issues as the simulators have them; nobody's ledger is asked. */
function issuesByAlert(scene: Scene): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { properties } of scene.jira.issues()) {
    const { tenant, alert } = properties['casewire.alert'] as { tenant: string; alert: string };
    counts.set(`${tenant}/${alert}`, (counts.get(`${tenant}/${alert}`) ?? 0) + 1);
  }
  return counts;
}

function alertsOf(scene: Scene): string[] {
  return [...scene.cloudApps.tenants].flatMap(([tenant, { alerts }]) =>
    (alerts as { _id: string }[]).map(({ _id }) => `${tenant}/${_id}`),
  );
}

const inOneEach = (scene: Scene) => Object.fromEntries(alertsOf(scene).map((alert) => [alert, 1]));

function configOn(scene: Scene, url: string, folder: string) {
  const source = `${scene.configYaml({ store: `\${env:CASEWIRE_STORE}` })}service: { listen: "127.0.0.1:0" }\n`;
  const path = join(folder, 'casewire.yaml');
  writeFileSync(path, source);
  const load = () => parseConfig({ source, path, file: 'casewire.yaml', env: { ...scene.env, CASEWIRE_STORE: url } });
  const loaded = load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { config: loaded.config, load, path };
}

onPostgres('several processes on one Postgres', () => {
  let url = '';
  let folder = '';
  let scene: Scene;

  beforeEach(async () => {
    url = await freshDatabase();
    folder = mkdtempSync(join(tmpdir(), 'casewire-postgres-'));
    scene = await startScene({ clock: systemClock, edition: 'cloud' });
  });
  afterEach(async () => {
    await scene.stop();
    rmSync(folder, { recursive: true, force: true });
    await dropDatabase(url);
  });

  async function runProcess(child: string, path: string): Promise<{ waiting: number; failed: number }> {
    const env = { ...process.env, ...scene.env, CASEWIRE_STORE: url };
    const run = spawn(process.execPath, [child, path, '0', '-', '1', 'run'], { env });
    let [out, err] = ['', ''];
    run.stdout.on('data', (chunk) => {
      out += chunk;
    });
    run.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise((resolve) => run.on('close', resolve));
    if (code !== 0) throw new Error(err);
    return JSON.parse(out);
  }

  it('make one issue for each alert of Monday morning, starting at the same moment', { timeout: 120_000 }, async () => {
    const { path } = configOn(scene, url, folder);
    const child = await bundleChild();
    // The first start makes the tables, too.
    await Promise.all([runProcess(child, path), runProcess(child, path), runProcess(child, path)]);
    // Whoever came second to a tenant left its alerts to the first.
    const { waiting, failed } = await runProcess(child, path);
    expect({ waiting, failed }).toEqual({ waiting: 0, failed: 0 });
    expect(Object.fromEntries(issuesByAlert(scene))).toEqual(inOneEach(scene));
  });

  it('keep every promise when they are killed and the sessions of the store end', { timeout: 300_000 }, async () => {
    const broken: string[] = [];
    let kills = 0;
    for (const seed of [1, 16]) {
      const own = await freshDatabase();
      const verdict = await chaos(seed, chaosStore(own));
      broken.push(...verdict.broken);
      kills += verdict.kills;
      await dropDatabase(own);
    }
    expect(broken).toEqual([]);
    expect(kills).toBeGreaterThan(2);
  });

  it('see one ledger: what one has raised, the other explains', { timeout: 60_000 }, async () => {
    const { config } = configOn(scene, url, folder);
    const parts = { clock: systemClock, random: () => 0.5, progress: () => {} };
    const [one, two] = [
      await assemble(config, { ...parts, store: 'make' }),
      await assemble(config, { ...parts, store: 'use' }),
    ];
    try {
      await one.run({ waitMs: 0, signal: new AbortController().signal });
      const status = await two.status();
      expect(status.store).toMatch(/^postgres:\/\/casewire@127\.0\.0\.1:\d+\/casewire_/);
      const raised = status.tenants.reduce((sum, { counts }) => sum + (counts.raised ?? 0), 0);
      expect(raised).toBe(scene.jira.issues().length);
    } finally {
      await one.close();
      await two.close();
    }
  });
});

onPostgres('a Postgres that loses its last commits under a running process', () => {
  let server: PostgresServer;
  let folder = '';
  let scene: Scene;
  /** How far the product's time is ahead. */
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'casewire-postgres-'));
    server = await startPostgres();
    scene = await startScene({ clock, edition: 'cloud' });
  });
  afterEach(async () => {
    await scene.stop();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${server.folder}.copy`, { recursive: true, force: true });
  });

  const addAlerts = (mark: string) => {
    for (const [n, tenant] of [...scene.cloudApps.tenants.keys(), ...scene.cloudApps.tenants.keys()].entries())
      scene.cloudApps.addAlert(tenant, {
        _id: `${mark.repeat(23)}${n}`,
        timestamp: clock.now(),
        title: `After the copy ${mark}${n}`,
        severityValue: 1,
      });
  };

  /** Puts the copy in the place of what the server stored; as a standby that takes over it begins a new timeline. */
  function takeOver(asStandby: boolean): void {
    rmSync(server.folder, { recursive: true });
    execFileSync('cp', ['-a', `${server.folder}.copy`, server.folder]);
    if (!asStandby) return;
    appendFileSync(join(server.folder, 'postgresql.auto.conf'), "\nrestore_command = 'false'\n");
    execFileSync('cp', ['-a', join(server.folder, 'PG_VERSION'), join(server.folder, 'recovery.signal')]);
  }

  it.each([
    ['by a fail-over', true],
    ['by an older copy of its files', false],
  ])('raises none again that was raised in that moment, lost %s', { timeout: 120_000 }, async (_, asStandby) => {
    const { config } = configOn(scene, server.url(await server.createDatabase()), folder);
    const parts = { clock, random: () => 0.5, progress: () => {} };
    const casewire = await assemble(config, { ...parts, store: 'make' });
    const other = await assemble(config, { ...parts, store: 'use' });
    const run = (one: Casewire) => one.run({ waitMs: 0, signal: new AbortController().signal });
    try {
      await run(casewire);
      // Another process, which commits nothing of what is lost.
      await run(other);
      await server.stop();
      execFileSync('cp', ['-a', server.folder, `${server.folder}.copy`]);
      await server.start();
      // An alert as old as the process would be looked for in any case.
      aheadMs += 30 * 60_000;
      addAlerts('d');
      // The search does not show them yet when the server is lost.
      scene.jira.searchLags(600_000);
      await run(casewire);
      expect(scene.jira.issues()).toHaveLength(21);
      await server.stop();
      takeOver(asStandby);
      await server.start();
      await run(other);
      expect(Object.fromEntries(issuesByAlert(scene))).toEqual(inOneEach(scene));
      await run(casewire);
      addAlerts('e');
      await run(casewire);
      expect(Object.fromEntries(issuesByAlert(scene))).toEqual(inOneEach(scene));
    } finally {
      await casewire.close();
      await other.close();
    }
  });
});

onPostgres('a service whose Postgres is stopped and started again', () => {
  let server: PostgresServer;
  let folder = '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'casewire-postgres-'));
    server = await startPostgres();
  });
  afterEach(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what it lacks, and goes on by itself with nothing lost', { timeout: 120_000 }, async () => {
    const clock = hastyClock(60);
    const scene = await startScene({ clock, edition: 'cloud' });
    const { config, load } = configOn(scene, server.url(await server.createDatabase()), folder);
    const events: ProgressEvent[] = [];
    const waiting: { isSo: () => boolean; resolve: () => void }[] = [];
    const until = (isSo: () => boolean) =>
      new Promise<void>((resolve) => {
        if (isSo()) resolve();
        else waiting.push({ isSo, resolve });
      });
    const stop = new AbortController();
    const ended = serve({
      config,
      load: async () => load(),
      clock,
      random: () => 0.5,
      version: '1.2.3',
      signal: stop.signal,
      showLink: () => {},
      onReload: () => {},
      progress: (event) => {
        events.push(event);
        for (const { isSo, resolve } of waiting) if (isSo()) resolve();
      },
    });
    try {
      const raised = () =>
        events.filter((event) => event.event === 'settled' && event.line.outcome === 'raised').length;
      await Promise.race([until(() => raised() === alertsOf(scene).length), ended]);
      await server.stop();
      const failures = () => events.flatMap((event) => (event.event === 'job-failed' ? [event.why] : []));
      await until(() => failures().some((why) => /cannot be reached: nothing listens at/.test(why)));
      scene.cloudApps.addAlert('contoso', {
        _id: '68f0aa00aa00aa00aa00aa01',
        timestamp: clock.now(),
        title: 'Impossible travel activity',
        description: 'While the store was away',
        severityValue: 2,
        resolutionStatusValue: 0,
      });
      const before = raised();
      await server.start();
      await until(() => raised() > before);
      expect(Object.fromEntries(issuesByAlert(scene))).toEqual(inOneEach(scene));
      // Words, and no stack of ours.
      for (const why of failures()) expect(why).toMatch(/^the (store|connection to the store) postgres:[^\n]+$/);
      expect(JSON.stringify(events)).not.toContain('simulated-postgres-secret');
    } finally {
      stop.abort();
      await ended;
      await scene.stop();
    }
  });
});

/** A clock by which `times` as much time passes as by the machine's. */
function hastyClock(times: number): Clock {
  const from = systemClock.now();
  return {
    now: () => Math.round(from + (systemClock.now() - from) * times),
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
