import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { Serving } from '../serving.ts';
import { fillDisk, type SmallDisk, smallDisk, whyNoSmallDisk } from '../small-disk.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const EVERY = 5 * MINUTE;

let world: World;
let serving: Serving | undefined;

beforeEach(async () => {
  world = await World.start();
});

afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  expect(world.scene.jira.twins()).toEqual([]);
  await world.stop();
});

function anAlert(tenant = 'contoso'): string {
  const [alert] = manyAlerts(1, { before: world.clock.now(), tenant, seed: 7 });
  world.scene.cloudApps.addAlert(tenant, alert);
  return `${tenant}/${alert?._id}`;
}

const issues = () => [...world.issuesByAlert().keys()];

async function ask(service: Serving, path: string) {
  const [origin] = service.events.flatMap((event) => (event.event === 'serving' ? (event.listens ?? []) : []));
  const answer = await fetch(`${origin}${path}`);
  return { status: answer.status, text: await answer.text() };
}

/** Nobody is asked to report what the disk did. */
const blames = (events: readonly ProgressEvent[]) =>
  events.filter((one) => /fault of Casewire|rollback/.test(JSON.stringify(one)));

const away = () => renameSync(world.storePath, `${world.storePath}.away`);
const back = () => renameSync(`${world.storePath}.away`, world.storePath);

describe('serve, whose ledger is in trouble', () => {
  async function goesThrough(begin: () => void, end: () => void, words: RegExp): Promise<void> {
    const service = new Serving(world);
    serving = service;
    await service.pass(2 * MINUTE);
    expect(issues()).toHaveLength(15);
    begin();
    const alert = anAlert();
    await service.pass(EVERY + 2 * MINUTE);
    expect(issues()).toHaveLength(15);
    expect((await ask(service, '/healthz')).status).toBe(200);
    expect(await ask(service, '/readyz')).toMatchObject({ status: 503, text: expect.stringMatching(words) });
    expect(service.of('trouble-began').filter(({ kind }) => kind === 'store-failed')).toMatchObject([
      { says: expect.stringMatching(words), mend: expect.stringContaining('goes on by itself') },
    ]);
    end();
    await service.pass(EVERY + 3 * MINUTE);
    expect(issues()).toContain(alert);
    expect((await ask(service, '/readyz')).status).toBe(200);
    expect(service.of('trouble-ended').filter(({ kind }) => kind === 'store-failed')).toHaveLength(1);
    expect(blames(service.events)).toEqual([]);
  }

  it('writes nothing to a file that was moved away, says so, is not ready, and goes on when it is back', () =>
    goesThrough(away, back, /was deleted or moved away/));

  it('makes no new ledger in the place of one that is gone when the configuration changes', async () => {
    serving = new Serving(world);
    await serving.pass(MINUTE);
    away();
    serving.reload();
    await serving.pass(SECOND);
    expect(serving.of('reload-refused')[0]?.why[0]).toMatch(
      /the file of the store .* is gone: put it back, or restart/,
    );
    back();
    serving.reload();
    await serving.pass(SECOND);
    expect(serving.of('reloaded')).toHaveLength(1);
  });

  const why = whyNoSmallDisk();
  describe.skipIf(why)(why ? `on a small disk (skipped: ${why})` : 'on a small disk', () => {
    let disk: SmallDisk;

    beforeEach(() => {
      disk = smallDisk(4_096);
      world.editConfig = (yaml) => yaml.replace(/^store: .*$/m, `store: ${join(disk.folder, 'casewire.db')}`);
    });
    afterEach(async () => {
      await serving?.stop();
      serving = undefined;
      disk.remove();
    });

    it('says that the disk is full, is not ready, raises nothing without its intent, and goes on when there is room', () =>
      goesThrough(
        () => fillDisk(join(disk.folder, 'ballast')),
        () => rmSync(join(disk.folder, 'ballast')),
        /its disk is full/,
      ));
  });
});

describe('serve, whose configuration cannot be looked at', () => {
  it('says so, keeps the one at work, and takes up the mended one', async () => {
    const service = new Serving(world);
    serving = service;
    await service.pass(20 * SECOND);
    const file = join(world.folder, 'casewire.yaml');
    rmSync(file);
    symlinkSync('casewire.yaml', file);
    await service.pass(11 * SECOND);
    expect(service.of('reload-refused')).toMatchObject([{ why: [expect.stringContaining('ELOOP')] }]);
    const alert = anAlert();
    await service.pass(EVERY);
    expect(issues()).toContain(alert);
    rmSync(file);
    world.write('casewire.yaml', world.configText());
    await service.pass(11 * SECOND);
    expect(service.of('reloaded')).toHaveLength(1);
  });
});

describe('a run whose ledger is taken away in the middle', () => {
  it('says so of each tenant, raises nothing without its intent, and the next one raises all', async () => {
    const events: ProgressEvent[] = [];
    let isAway = false;
    const summary = await world.run({
      onEvent(event) {
        events.push(event);
        if (event.event !== 'page-admitted' || isAway) return;
        isAway = true;
        away();
      },
    });
    expect(world.creates()).toEqual([]);
    for (const { failure } of summary.tenants)
      expect(failure).toMatchObject({
        why: expect.stringContaining('was deleted or moved away'),
        mend: expect.stringContaining('put it back'),
      });
    expect(blames(events)).toEqual([]);
    expect(summary.warnings).toEqual([]);
    back();
    // What the failed run had in hand is free when its leases end, or at once when its process has ended.
    world.clock.advance(15 * MINUTE);
    await world.run();
    expect(issues()).toHaveLength(15);
  });
});
