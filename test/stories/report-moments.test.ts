import { createHash } from 'node:crypto';
import { strFromU8 } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { ReportAsk } from '../../src/reports/make-report.ts';
import { faults } from '../../src/simulators/fault.ts';
import { syncOnce } from '../sync-world.ts';
import { World } from '../world.ts';

/** Monday evening; the day ends in two hours. */
const EVENING = '2026-11-23T22:00:00Z';
const MONDAY = Date.parse('2026-11-23T12:00:00Z');
const MIDNIGHT = Date.parse('2026-11-24T00:00:00Z');
const contoso = 'contoso' as TenantId;
const fabrikam = 'fabrikam' as TenantId;

let world: World;

beforeEach(async () => {
  world = await World.start({ at: EVENING });
  world.editConfig = (yaml) => `${yaml}\nreports: { timezone: UTC }\n`;
});
afterEach(() => world.stop());

const until = (instant: number) => world.clock.advance(instant - world.clock.now());

type Told = Pick<ReportAsk, 'scope'> & Partial<ReportAsk>;

async function reportAs(format: 'json' | 'text' | 'html' | 'csv' | 'pdf', ask: Told): Promise<Uint8Array> {
  const casewire = await world.open(undefined, 'use');
  try {
    const report = await casewire.report({ kind: 'daily', from: MONDAY, version: '1', ...ask });
    return (await report.file({ format })).bytes;
  } finally {
    await casewire.close();
  }
}

const jsonOf = async (ask: Told) => JSON.parse(strFromU8(await reportAs('json', ask)));
const textOf = async (ask: Told) => strFromU8(await reportAs('text', ask)).replace(/\s+/g, ' ');
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** An alert of this minute. */
function raise(tenant: string, id: string): void {
  world.scene.cloudApps.addAlert(tenant, {
    ...anyRecord(),
    _id: id,
    timestamp: world.clock.now(),
  });
}

function anyRecord(): Record<string, unknown> {
  const [record] = world.scene.cloudApps.tenants.get('contoso')?.alerts ?? [];
  return { ...(record as Record<string, unknown>) };
}

describe('a period that has ended', () => {
  it('is provisional until every tenant was read past its end, then one moment for all', async () => {
    await world.run();
    until(MIDNIGHT - 10 * MINUTE_MS);
    raise('contoso', '5c0000000000000000000901');
    raise('fabrikam', '5c0000000000000000000902');
    until(MIDNIGHT + 5 * MINUTE_MS);
    const early = await jsonOf({ scope: 'all' });
    expect(early).toMatchObject({ provisional: true });
    expect(early.revision).toBeUndefined();
    expect(await textOf({ scope: contoso })).toMatch(
      /PROVISIONAL no tenant was read past the period.s end, 24 Nov 2026 00:00, yet/i,
    );
    await world.run();
    const [one, other, all] = [
      await jsonOf({ scope: contoso }),
      await jsonOf({ scope: fabrikam }),
      await jsonOf({ scope: 'all' }),
    ];
    for (const report of [one, other, all]) expect(report).toMatchObject({ provisional: false, revision: 1 });
    expect(new Set([one.asOf, other.asOf, all.asOf]).size).toBe(1);
    const alertsOf = (tenant: string) =>
      all.tenants.find((row: { tenant: string }) => row.tenant === tenant)?.figures.alerts;
    expect([alertsOf('contoso'), alertsOf('fabrikam')]).toEqual([one.figures.alerts, other.figures.alerts]);
    expect(one.figures.alerts).toBe(
      early.tenants.find((row: { tenant: string }) => row.tenant === 'contoso').figures.alerts + 1,
    );
  });

  it.each(['json', 'text', 'html', 'csv', 'pdf'] as const)(
    'has the same bytes whenever it is made, as %s',
    async (format) => {
      await world.run();
      until(MIDNIGHT + 5 * MINUTE_MS);
      await world.run();
      await jsonOf({ scope: contoso });
      until(MIDNIGHT + HOUR_MS);
      const first = hashOf(await reportAs(format, { scope: 'all' }));
      until(MIDNIGHT + 9 * DAY_MS);
      raise('contoso', '5c0000000000000000000903');
      await world.run();
      expect(hashOf(await reportAs(format, { scope: 'all' }))).toBe(first);
    },
  );

  it('gets its next revision for all at once', async () => {
    await world.run();
    until(MIDNIGHT + 5 * MINUTE_MS);
    await world.run();
    expect(await jsonOf({ scope: contoso })).toMatchObject({ revision: 1 });
    until(MIDNIGHT + DAY_MS);
    const revised = await jsonOf({ scope: contoso, revise: true });
    expect(revised).toMatchObject({ revision: 2 });
    expect(await jsonOf({ scope: 'all' })).toMatchObject({ revision: 2, asOf: revised.asOf });
    expect(await jsonOf({ scope: fabrikam })).toMatchObject({ revision: 2, asOf: revised.asOf });
  });

  it('names a tenant that stays unread as missing, six hours after the end', async () => {
    await world.run();
    world.scene.cloudApps.fault({ path: '/fabrikam/' }, faults.status(500), { every: 1 });
    until(MIDNIGHT + HOUR_MS);
    await world.run();
    expect(await jsonOf({ scope: contoso })).toMatchObject({ provisional: true });
    until(MIDNIGHT + 6 * HOUR_MS);
    await world.run();
    const all = await jsonOf({ scope: 'all' });
    expect(all).toMatchObject({
      provisional: false,
      revision: 1,
      missing: [{ tenant: 'fabrikam', lacks: ['alerts'] }],
    });
    expect(await textOf({ scope: fabrikam })).toMatch(
      /NOT COMPLETE.*fabrikam \(alerts known until 23 Nov 2026 22:0\d\)/i,
    );
    expect((await jsonOf({ scope: contoso })).missing).toEqual([]);
    expect(await textOf({ scope: contoso })).not.toMatch(/not complete/i);
  });

  it('stays provisional while nobody was read past its end, and of a time in which nothing was read', async () => {
    await world.run();
    until(MIDNIGHT + 9 * DAY_MS);
    expect(await jsonOf({ scope: 'all' })).toMatchObject({ provisional: true });
    const long = { kind: 'monthly', from: Date.parse('2020-02-10T00:00:00Z') } as const;
    await world.run();
    expect(await jsonOf({ scope: 'all', ...long })).toMatchObject({ provisional: true });
    expect(await textOf({ scope: 'all', ...long })).toMatch(/PROVISIONAL.*nothing of this period was read/i);
    // The reading after the pause looked back: the day is known by now.
    expect(await jsonOf({ scope: 'all' })).toMatchObject({ provisional: false, revision: 1 });
  });

  it('waits for the issues too where they are kept in step, and says from when on they are not known', async () => {
    world.editConfig = (yaml) => `${yaml}\nreports: { timezone: UTC }\nsync: { fromJira: { closeAlert: true } }\n`;
    await world.run();
    await syncOnce(world);
    until(MIDNIGHT + 5 * MINUTE_MS);
    await world.run();
    expect(await textOf({ scope: contoso })).toMatch(
      /PROVISIONAL issues not synced past 24 Nov 2026 00:00 yet: contoso, fabrikam, northwind/i,
    );
    until(MIDNIGHT + 7 * HOUR_MS);
    const { missing } = await jsonOf({ scope: contoso });
    expect(missing).toMatchObject([{ tenant: 'contoso', lacks: ['issues'] }]);
    expect(await textOf({ scope: contoso })).toMatch(/issues known until 23 Nov 2026 22:0\d/i);
  });
});

describe('a tenant that was removed', () => {
  it('can be reported on, and the overview of its time has it', async () => {
    await world.run();
    until(MIDNIGHT - 5 * MINUTE_MS);
    await world.run();
    world.editConfig = (yaml) => without(`${yaml}\nreports: { timezone: UTC }\n`, 'fabrikam');
    until(MIDNIGHT + 5 * MINUTE_MS);
    await world.run();
    const all = await jsonOf({ scope: 'all' });
    expect(all).toMatchObject({ provisional: false, revision: 1 });
    expect(all.tenants.map(({ tenant }: { tenant: string }) => tenant).toSorted()).toEqual([
      'contoso',
      'fabrikam',
      'northwind',
    ]);
    expect(all.missing).toMatchObject([{ tenant: 'fabrikam', removed: true, lacks: ['alerts'] }]);
    expect(await jsonOf({ scope: fabrikam })).toMatchObject({ scope: 'fabrikam', revision: 1 });
    until(MIDNIGHT + DAY_MS + 5 * MINUTE_MS);
    await world.run();
    const next = await jsonOf({ scope: 'all', from: MONDAY + DAY_MS });
    expect(next.tenants.map(({ tenant }: { tenant: string }) => tenant).toSorted()).toEqual(['contoso', 'northwind']);
  });
});

/** The configuration without one of its tenants. */
function without(yaml: string, tenant: string): string {
  const lines = yaml.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`  ${tenant}:`));
  const end = lines.findIndex((line, i) => i > start && !/^ {4}/.test(line));
  return [...lines.slice(0, start), ...lines.slice(end)].join('\n');
}
