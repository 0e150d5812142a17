import { afterEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import type { Delivery } from '../../src/ledger/deliveries/deliveries-port.ts';
import { ConsoleScene, me } from '../console-scene.ts';

const MIDNIGHT = Date.parse('2026-11-23T00:00:00Z');
const sunday = (scope: Delivery['scope'], channel: Delivery['channel'] = 'folder'): Delivery => ({
  scope,
  kind: 'daily',
  from: MIDNIGHT - DAY_MS,
  to: MIDNIGHT,
  channel,
});

let scene: ConsoleScene;

afterEach(() => scene?.stop());

/** One report arrived, one could not be written, and the mail waits for it. */
async function start(): Promise<void> {
  const config = (yaml: string) =>
    `${yaml}\nreports:\n  timezone: UTC\n  deliver: { when: [daily], formats: [html], folder: ./reports }\n`;
  scene = await ConsoleScene.start({ config });
  const { deliveries } = scene.ledger;
  const now = scene.world.clock.now();
  const why = 'EROFS: read-only file system <b>';
  await deliveries.plan(
    [sunday('contoso' as TenantId), sunday('fabrikam' as TenantId), sunday('all', 'mail')],
    MIDNIGHT,
  );
  for (const outcome of [{ end: 'done' }, { end: 'failed', why, nextAt: now + HOUR_MS }] as const) {
    const delivery = await deliveries.take({ owner: me, now, until: now + MINUTE_MS });
    if (delivery) await deliveries.end({ delivery, owner: me, now, outcome });
  }
}

describe('reports that did not arrive', () => {
  it('wait for a person on the overview, and an operator has them delivered at once', async () => {
    await start();
    const visit = scene.visit();
    const overview = await visit.get('/');
    expect(overview.text).toContain('<h3>Report failed</h3>');
    expect(overview.text).toContain('EROFS: read-only file system &lt;b&gt;');
    const told = await visit.post('/reports/retry', [], '/');
    expect(told.text).toContain('1 report is delivered within a minute');
    const now = scene.world.clock.now();
    expect(await scene.ledger.deliveries.take({ owner: me, now, until: now + MINUTE_MS })).toMatchObject({
      scope: 'fabrikam',
      failures: 1,
    });
    expect(await scene.ledger.acts.page({ most: 1 })).toMatchObject([
      { what: 'deliver reports that did not arrive', end: { outcome: 'done' } },
    ]);
  });

  it('are told by the status, in text and JSON', async () => {
    await start();
    const { warnings } = await scene.casewire.status();
    expect(warnings).toContainEqual(
      expect.objectContaining({ kind: 'report-failed', says: expect.stringContaining('report of fabrikam') }),
    );
  });

  it('stand on the page of reports beside those that did, and the mail that waits', async () => {
    await start();
    const visit = scene.visit();
    const contoso = await visit.get('/reports?scope=contoso&kind=daily');
    expect(contoso.text).toContain('<span class="standing good">put into the folder</span>');
    expect(contoso.text).toContain('<span class="standing attention">not mailed yet</span>');
    expect(contoso.text).toContain('1 report did not arrive yet');
    const fabrikam = await visit.get('/reports?scope=fabrikam&kind=daily');
    expect(fabrikam.text).toMatch(/not put into the folder yet<\/span> <span class="says">EROFS[^<]*&lt;b&gt;<\/span>/);
    expect(fabrikam.text).toContain('tried once, again');
  });

  it('are none where all arrived, and the act says so', async () => {
    await start();
    const visit = scene.visit();
    const now = scene.world.clock.now() + HOUR_MS;
    for (let n = 0; n < 2; n++) {
      const delivery = await scene.ledger.deliveries.take({ owner: me, now, until: now + MINUTE_MS });
      if (delivery) await scene.ledger.deliveries.end({ delivery, owner: me, now, outcome: { end: 'done' } });
    }
    expect((await visit.post('/reports/retry', [], '/settings/check')).text).toContain('Every report arrived by now');
    expect((await visit.get('/')).text).not.toContain('Report failed');
  });
});
