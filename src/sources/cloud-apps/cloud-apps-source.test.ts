import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { SourceRig } from '../../../test/source-rig.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { faults } from '../../simulators/fault.ts';

let clock: HandClock;
let rig: SourceRig;

beforeEach(async () => {
  clock = new HandClock();
  rig = await SourceRig.start(clock, 'defender-cloud-apps');
});
afterEach(async () => {
  expect(rig.cloudApps.unexpected).toEqual([]);
  await rig.stop();
});

const alertsPath = { path: /alerts/ };

describe('reading again', () => {
  it('takes no watermark from an alert without a time', async () => {
    rig.raise(1, { agoMs: HOUR_MS });
    rig.cloudApps.fault(
      alertsPath,
      faults.status(200, { body: { data: [{ _id: 'x' }, { _id: 'y', timestamp: clock.now() - HOUR_MS }] } }),
    );
    await rig.pass();
    expect(rig.position.watermark).toBe(clock.now() - HOUR_MS);
  });

  it.each([3, 99, 100, 101, 1_000, 2_500])('costs one call when %i alerts are known and none is new', async (count) => {
    rig.raise(count, { agoMs: HOUR_MS });
    await rig.pass();
    clock.advance(MINUTE_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
    clock.advance(MINUTE_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
  });

  it.each([
    [3, 2, 1],
    [1_000, 1, 1],
    [1_000, 50, 1],
    [1_000, 51, 2],
    [1_000, 300, 4],
    [40, 300, 4],
  ])('with %i known, reads %i new ones in %i calls', async (known, fresh, calls) => {
    rig.raise(known, { agoMs: HOUR_MS });
    await rig.pass();
    clock.advance(5 * MINUTE_MS);
    rig.raise(fresh);
    expect(await rig.pass()).toMatchObject({ fresh, calls });
    expect(rig.missing()).toEqual([]);
    expect(rig.position.watermark).toBe(clock.now());
  });

  it('loses nothing when alerts are deleted, and is quick again after one long pass', async () => {
    const ids = rig.raise(300, { agoMs: HOUR_MS });
    await rig.pass();
    for (const id of ids.slice(0, 7)) rig.cloudApps.deleteAlert('contoso', id);
    clock.advance(MINUTE_MS);
    expect((await rig.pass()).calls).toBeGreaterThan(1);
    for (const agoMs of [0, DAY_MS]) {
      clock.advance(MINUTE_MS);
      expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
      rig.raise(7, { agoMs });
      expect(await rig.pass()).toMatchObject({ fresh: 7 });
      expect(rig.missing()).toEqual([]);
    }
  });

  it('finds a new alert even when another vanished in the same minute', async () => {
    const ids = rig.raise(300, { agoMs: HOUR_MS });
    await rig.pass();
    rig.cloudApps.deleteAlert('contoso', ids[10] as string);
    clock.advance(MINUTE_MS);
    rig.raise(1);
    expect(await rig.pass()).toMatchObject({ fresh: 1 });
  });

  it('finds within six hours what a late alert and a deletion in the same minute hide', async () => {
    const ids = rig.raise(300, { agoMs: HOUR_MS });
    await rig.pass();
    rig.cloudApps.deleteAlert('contoso', ids[10] as string);
    rig.raise(1, { agoMs: DAY_MS });
    clock.advance(MINUTE_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
    clock.advance(6 * HOUR_MS);
    expect(await rig.pass()).toMatchObject({ fresh: 1 });
  });

  it('reads every page when the count cannot be trusted', async () => {
    rig.raise(250, { agoMs: HOUR_MS });
    await rig.pass();
    clock.advance(MINUTE_MS);
    const body = { data: [], hasNext: false, total: 300, moreThanTotal: true };
    rig.cloudApps.fault(alertsPath, faults.status(200, { body }));
    rig.raise(1, { agoMs: DAY_MS });
    expect(await rig.pass()).toMatchObject({ fresh: 1, calls: 4 });
  });

  it('looks back 48 hours from the watermark, however long it was away', async () => {
    rig.raise(1);
    await rig.pass();
    clock.advance(30 * DAY_MS);
    rig.raise(1, { agoMs: 29 * DAY_MS });
    rig.raise(1, { agoMs: 30 * DAY_MS + 47 * HOUR_MS });
    rig.raise(1);
    expect(await rig.pass()).toMatchObject({ fresh: 3 });
  });
});

describe('a service that does not keep to its word', () => {
  const page = (from: number, more: object) => ({
    body: { data: Array.from({ length: 100 }, (_, n) => ({ _id: `x${from + n}`, timestamp: clock.now() })), ...more },
  });

  it('is believed to be at its end when a page is empty', async () => {
    rig.cloudApps.fault(alertsPath, faults.status(200, page(0, { hasNext: true })));
    rig.cloudApps.fault(alertsPath, faults.status(200, { body: { data: [], hasNext: true } }));
    expect(await rig.pass()).toMatchObject({ read: 100, calls: 2 });
  });

  it('is read to its end when its pages are shorter than asked for', async () => {
    for (const [skip, hasNext] of [
      [0, true],
      [50, true],
      [100, false],
    ] as const) {
      const data = Array.from({ length: 50 }, (_, n) => ({ _id: `x${skip + n}`, timestamp: clock.now() }));
      rig.cloudApps.fault(alertsPath, faults.status(200, { body: { data, hasNext, total: 150 } }));
    }
    expect(await rig.pass()).toMatchObject({ fresh: 150, calls: 3 });
    expect(rig.cloudApps.journal.map(({ body }) => JSON.parse(body ?? '').skip)).toEqual([0, 50, 100]);
  });

  it('is told of when its count contradicts its list', async () => {
    rig.cloudApps.fault(alertsPath, faults.status(200, { body: { data: [{ _id: 'a' }], hasNext: false, total: 5 } }));
    expect((await rig.pass()).warnings).toEqual([expect.stringMatching(/counts 5 alerts but listed 1/)]);
  });
});

describe('waiting', () => {
  it('spends its patience once', async () => {
    rig.raise(3);
    rig.cloudApps.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '4' } }), { times: 9 });
    expect(await rig.passing({ patienceMs: 9_000 })).toMatchObject({
      failure: { kind: 'rate-limited' },
      slept: [4_000, 4_000],
    });
  });

  it('waits for the next minute when there is patience for it', async () => {
    rig.raise(3_500);
    const { slept, ...done } = await rig.passing({ patienceMs: 10 * MINUTE_MS });
    expect(done).toMatchObject({ fresh: 3_500, calls: 35 });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(MINUTE_MS);
  });
});

it('a check is one small call', async () => {
  await rig.source.check();
  expect(rig.cloudApps.journal.map(({ body }) => JSON.parse(body ?? '').limit)).toEqual([1]);
});
