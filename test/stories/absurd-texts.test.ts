import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assemble } from '../../src/assembly/assemble.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { systemClock } from '../../src/observe/clock.ts';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { type Scene, startScene } from '../../src/simulators/scene.ts';
import { dropDatabase, freshDatabase, onPostgres } from '../stores.ts';

/** A text that no index can compress. */
const long = () => randomBytes(4_000).toString('base64').replaceAll(/[+/=]/g, '0');

function stories(storeOf: (folder: string) => Promise<string>, removeStore: (store: string) => Promise<void>): void {
  let scene: Scene;
  let folder: string;
  let store: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'casewire-absurd-'));
    store = await storeOf(folder);
    scene = await startScene({ clock: systemClock, edition: 'cloud' });
  });
  afterEach(async () => {
    await scene.stop();
    rmSync(folder, { recursive: true, force: true });
    await removeStore(store);
  });

  async function run() {
    const source = scene.configYaml({ store: `\${env:CASEWIRE_STORE}` });
    const path = join(folder, 'casewire.yaml');
    writeFileSync(path, source);
    const loaded = parseConfig({ source, path, file: 'casewire.yaml', env: { ...scene.env, CASEWIRE_STORE: store } });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const events: ProgressEvent[] = [];
    const progress = (event: ProgressEvent) => void events.push(event);
    const casewire = await assemble(loaded.config, { clock: systemClock, random: () => 0.5, progress, store: 'make' });
    try {
      const summary = await casewire.run({ waitMs: 0, signal: new AbortController().signal });
      return { summary, events: JSON.stringify(events), held: await casewire.held() };
    } finally {
      await casewire.close();
    }
  }

  it('hold up nobody: what can be read is raised, an id that no key can hold is held once', {
    timeout: 60_000,
  }, async () => {
    const [titled, named, identified] = manyAlerts(3, { before: Date.now(), tenant: 'contoso', seed: 9 });
    scene.cloudApps.addAlert('contoso', { ...titled, title: long() } as never);
    const user = { type: 'account', id: long(), label: long(), pa: `${long()}@contoso.com` };
    scene.cloudApps.addAlert('contoso', { ...named, entities: [user] } as never);
    scene.cloudApps.addAlert('contoso', { ...identified, _id: long() } as never);
    const first = await run();
    expect(first.summary.tenants.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(first.events).not.toMatch(/fault of Casewire|already been destroyed/);
    expect(scene.jira.issues()).toHaveLength(17);
    expect(first.held).toMatchObject([
      { reason: 'unreadable', why: expect.stringMatching(/its _id is \d+ bytes long; 1000 is the most/) },
    ]);
    const second = await run();
    expect(second.summary.tenants.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(scene.jira.issues()).toHaveLength(17);
    expect(second.held).toHaveLength(1);
  });
}

describe('absurd texts on SQLite', () =>
  stories(
    async (folder) => join(folder, 'casewire.db'),
    async () => {},
  ));
onPostgres('absurd texts on Postgres', () => stories(freshDatabase, dropDatabase));
