import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { faults } from '../../src/simulators/fault.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

describe('a service that is looked at', () => {
  let world: World;
  let serving: Serving | undefined;

  afterEach(async () => {
    await serving?.stop();
    serving = undefined;
    await world.stop();
  });

  it('tells once that a tenant cannot be read, and once that it can again', async () => {
    world = await World.start();
    serving = new Serving(world);
    await serving.pass(10 * MINUTE_MS);
    expect(serving.of('trouble-began')).toEqual([]);
    world.scene.cloudApps.fault({ path: '/contoso/' }, faults.status(401, { body: {} }), { times: 50 });
    await serving.pass(40 * MINUTE_MS);
    expect(serving.of('trouble-began')).toMatchObject([
      { kind: 'reading-failed', tenant: 'contoso', mend: 'casewire check --tenant contoso' },
    ]);
    expect(serving.of('trouble-ended')).toEqual([]);
    world.scene.cloudApps.heal();
    await serving.pass(2 * HOUR_MS);
    expect(serving.of('trouble-began')).toHaveLength(1);
    expect(serving.of('trouble-ended')).toMatchObject([{ kind: 'reading-failed', tenant: 'contoso' }]);
  });

  it('answers over HTTP that it lives, does its work, and what it has done', async () => {
    world = await World.start();
    serving = new Serving(world);
    await serving.pass(10 * MINUTE_MS);
    const [origin] = serving.events.flatMap((event) => (event.event === 'serving' ? (event.listens ?? []) : []));
    const get = async (path: string) => {
      const answer = await fetch(`${origin}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    expect(await get('/healthz')).toMatchObject({ status: 200, text: expect.stringContaining('"version":"1.2.3"') });
    expect(await get('/readyz')).toMatchObject({ status: 200, text: expect.stringContaining('"ok":true') });
    const { text } = await get('/metrics');
    expect(text).toContain('casewire_up_to_date 1');
    expect(text).toMatch(/^casewire_alerts_settled_total\{tenant="contoso",outcome="raised"\} [1-9]/m);
    expect(text).toMatch(/^casewire_api_call_seconds_count\{service="Jira",status="2xx"\} [1-9]/m);
    expect(text).toMatch(/^casewire_job_seconds_count\{job="poll"\} [1-9]/m);
    expect(text).not.toMatch(/@|https?:/);
    await serving.pass(HOUR_MS);
    const later = (await get('/metrics')).text;
    for (const job of ['sweep', 'audit'])
      expect(later).toMatch(new RegExp(`^casewire_job_seconds_count\\{job="${job}"\\} [1-9]`, 'm'));
    expect(later).toMatch(/^casewire_last_sweep_age_seconds\{site="default"\} \d/m);

    // The tenants of the scene cannot be read any more: the process lives, and does no work.
    world.scene.cloudApps.fault({}, faults.status(401, { body: {} }), { times: 500 });
    await serving.pass(30 * MINUTE_MS);
    expect((await get('/healthz')).status).toBe(200);
    expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('0 of 3 can be used') });
    expect((await get('/metrics')).text).toContain('casewire_warning{kind="reading-failed",tenant="contoso"} 1');
  });

  it('says in status what is not well and what to do, without a service', async () => {
    world = await World.start();
    await world.run();
    const status = async () => {
      const casewire = await world.open(() => {}, 'use');
      try {
        return await casewire.status();
      } finally {
        await casewire.close();
      }
    };
    const before = await status();
    expect(before.warnings).toEqual([]);
    expect(before.clocks.polledAt).toBeDefined();
    world.clock.advance(DAY_MS);
    expect((await status()).warnings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'not-read', tenant: 'contoso', mend: 'casewire run --tenant contoso' }),
      ]),
    );
  });
});
