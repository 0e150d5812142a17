import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../hand-clock.ts';
import { MailServer } from '../mail-server.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Mails take real time, and a report some processor time. */
const arrived = (done: () => boolean) => until(done, 2_000_000);

/** Monday evening: the day that is told ends in an hour. */
const EVENING = '2026-11-23T23:00:00Z';
const NAME = '2026-11-23-daily';

describe('reports that serve delivers', () => {
  let world: World;
  let mail: MailServer;
  let running: Serving[];

  beforeEach(async () => {
    world = await World.start({ at: EVENING });
    mail = await MailServer.start();
    running = [];
  });

  afterEach(async () => {
    for (const serving of running) await serving.stop();
    await Promise.all([world.stop(), mail.stop()]);
  });

  function start({ mailed = true, formats = '[html, csv]', to = ['lead@example.com'] } = {}): Serving {
    world.write('smtp-url', mail.url);
    const mailTo = mailed
      ? `\n    mail: { server: "\${file:smtp-url}", from: soc@example.com, to: [${to.join(', ')}] }`
      : '';
    world.editConfig = (yaml) =>
      `${yaml}
reports:
  timezone: UTC
  deliver:
    when: [daily]
    formats: ${formats}
    folder: ./reports${mailTo}
`;
    const serving = new Serving(world);
    running.push(serving);
    return serving;
  }

  const path = (...parts: string[]) => join(world.folder, 'reports', ...parts);
  const delivered = (serving: Serving) =>
    serving.of('report-delivered').map(({ scope, channel, period }) => `${channel} ${scope} ${period}`);

  it('lie in the folder soon after the day has ended, each tenant’s and that of all, and are mailed once', async () => {
    const serving = start();
    await serving.pass(50 * MINUTE);
    expect(existsSync(path())).toBe(false);
    await serving.pass(30 * MINUTE);
    await arrived(() => delivered(serving).length === 5);
    for (const tenant of ['contoso', 'fabrikam', 'northwind'])
      expect(readFileSync(path(tenant, `${NAME}.html`), 'utf8')).toContain('Monday, 23 November 2026');
    expect(existsSync(path(`${NAME}.html`))).toBe(true);
    expect(statSync(path('contoso', `${NAME}.csv.zip`)).mode & 0o007).toBe(0);
    expect(delivered(serving).toSorted()).toEqual([
      'folder all 2026-11-23',
      'folder contoso 2026-11-23',
      'folder fabrikam 2026-11-23',
      'folder northwind 2026-11-23',
      'mail all 2026-11-23',
    ]);
    const [letter] = mail.taken;
    expect(letter).toMatchObject({ from: 'soc@example.com', to: ['lead@example.com'] });
    expect(letter?.text).toContain('Subject: Casewire: daily report 2026-11-23');
    for (const name of [`contoso-${NAME}.html`, `${NAME}.csv.zip`, `northwind-${NAME}.csv.zip`])
      expect(letter?.text).toContain(`filename=${name}`);
    await serving.pass(2 * HOUR);
    expect(mail.taken).toHaveLength(1);
  });

  it('are made once over a restart, and for days on which nothing ran', async () => {
    const first = start();
    await first.pass(80 * MINUTE);
    await arrived(() => mail.taken.length === 1);
    const html = readFileSync(path('contoso', `${NAME}.html`), 'utf8');
    await first.stop();
    world.clock.advance(30 * HOUR);
    writeFileSync(path('contoso', `${NAME}.html`), 'as it was');
    const second = start();
    await second.pass(80 * MINUTE);
    await arrived(() => mail.taken.length === 2);
    expect(readFileSync(path('contoso', `${NAME}.html`), 'utf8')).toBe('as it was');
    expect(html).toContain('23 November 2026');
    expect(delivered(second).filter((one) => one.startsWith('mail'))).toEqual(['mail all 2026-11-24']);
  });

  it('wait for a tenant that cannot be read, and are made when the time is up, with that tenant named', async () => {
    const { faults } = await import('../../src/simulators/fault.ts');
    world.scene.cloudApps.fault({ path: '/fabrikam/' }, faults.status(500), { every: 1 });
    const serving = start({ mailed: false });
    await serving.pass(3 * HOUR);
    // One moment for all: the others wait too.
    expect(delivered(serving)).toEqual([]);
    expect(existsSync(path())).toBe(false);
    await serving.pass(5 * HOUR);
    expect(delivered(serving).toSorted()).toEqual(
      ['all', 'contoso', 'fabrikam', 'northwind'].map((scope) => `folder ${scope} 2026-11-23`),
    );
    for (const name of [`${NAME}.html`, `fabrikam/${NAME}.html`])
      expect(readFileSync(path(name), 'utf8')).toMatch(/Not complete[\s\S]*fabrikam \(nothing is known\)/);
    expect(readFileSync(path(`contoso/${NAME}.html`), 'utf8')).not.toContain('Not complete');
    const asOf = ['', 'contoso/', 'fabrikam/'].map(
      (folder) => /As recorded by ([^·]*)/.exec(readFileSync(path(`${folder}${NAME}.html`), 'utf8'))?.[1],
    );
    expect(new Set(asOf).size).toBe(1);
  });

  it('are never provisional ones, however long no tenant can be read', async () => {
    const { faults } = await import('../../src/simulators/fault.ts');
    const serving = start({ mailed: false, formats: '[json]' });
    await serving.pass(30 * MINUTE);
    const broken = world.scene.cloudApps.fault({ path: '/' }, faults.status(500), { every: 1 });
    await serving.pass(9 * HOUR);
    expect(existsSync(path())).toBe(false);
    expect(broken.struck).toBeGreaterThan(0);
    world.scene.cloudApps.heal();
    await serving.pass(HOUR);
    expect(JSON.parse(readFileSync(path(`${NAME}.json`), 'utf8'))).toMatchObject({
      provisional: false,
      revision: 1,
      missing: [],
    });
  });

  it('that cannot be mailed are told, and mailed when the server is back', async () => {
    mail.refuse = true;
    const serving = start();
    await serving.pass(80 * MINUTE);
    await arrived(() => serving.of('report-failed').length > 0);
    expect(serving.of('report-failed')[0]).toMatchObject({
      channel: 'mail',
      why: expect.stringContaining('try later'),
    });
    const casewire = await world.open(undefined, 'use');
    const { warnings } = await casewire.standing();
    await casewire.close();
    expect(warnings.find(({ kind }) => kind === 'report-failed')?.says).toMatch(
      /daily report of all tenants .* not mailed/,
    );
    expect(existsSync(path('contoso', `${NAME}.html`))).toBe(true);
    mail.refuse = false;
    await serving.pass(HOUR);
    await arrived(() => mail.taken.length === 1);
    await arrived(() => delivered(serving).includes('mail all 2026-11-23'));
  });

  it('reach each recipient once, though one is refused for good and one for now, and say who did not get them', async () => {
    mail.refused.set('gone@example.com', 550).set('full@example.com', 452);
    const serving = start({ to: ['lead@example.com', 'gone@example.com', 'full@example.com'] });
    await serving.pass(80 * MINUTE);
    await arrived(() => serving.of('report-failed').length > 0);
    expect(mail.taken.map(({ to }) => to)).toEqual([['lead@example.com']]);
    expect(serving.of('report-failed')[0]?.why).toMatch(
      /not take it yet for full@example\.com .*452.*; .*refused it for good for gone@example\.com .*550.*not tried again/,
    );
    mail.refused.delete('full@example.com');
    await serving.pass(10 * MINUTE);
    await arrived(() => serving.of('report-failed').some(({ final }) => final));
    await serving.pass(2 * HOUR);
    expect(mail.taken.map(({ to }) => to)).toEqual([['lead@example.com'], ['full@example.com']]);
    const casewire = await world.open(undefined, 'use');
    const { warnings } = await casewire.standing();
    await casewire.close();
    const [warning] = warnings.filter(({ kind }) => kind === 'report-failed');
    expect(warning?.says).toMatch(/was not mailed to everyone: .*gone@example\.com .*550/);
    expect(warning?.mend).toContain('Deliver now');
  });

  it('that cannot be written are told, and written when the folder can be', async () => {
    mkdirSync(path(), { recursive: true });
    writeFileSync(path('contoso'), 'a file where the folder should be');
    chmodSync(path('contoso'), 0o400);
    const serving = start({ mailed: false });
    await serving.pass(80 * MINUTE);
    const failed = serving.of('report-failed');
    expect(new Set(failed.map(({ scope, channel }) => `${channel} ${scope}`))).toEqual(new Set(['folder contoso']));
    expect(failed[0]?.why).toContain('contoso/2026-11-23-daily.html cannot be written');
    expect(delivered(serving)).toHaveLength(3);
    rmSync(path('contoso'));
    await serving.pass(2 * HOUR);
    expect(existsSync(path('contoso', `${NAME}.html`))).toBe(true);
  });
});
