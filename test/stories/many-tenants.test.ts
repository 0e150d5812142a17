import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('many tenants', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
  });

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  const issuesOf = (tenant: string) => [...world.issuesByAlert().keys()].filter((key) => key.startsWith(`${tenant}/`));

  const troubles: [string, Fault, RegExp, boolean][] = [
    ['cannot be reached', faults.reset(), /did not answer/, false],
    ['answers 500', faults.status(500), /500/, false],
    ['refuses the token', faults.status(401, { body: { detail: 'Invalid token' } }), /401/, false],
    ['forbids it', faults.status(403, { body: {} }), /403/, false],
    ['answers a page with status 200', faults.html200(), /page/i, false],
    ['answers nothing with status 200', faults.empty200(), /empty/, false],
    ['breaks off half-way', faults.truncate({ contentLength: true }), /did not answer/, false],
    ['breaks off half-way without a length', faults.truncate({ contentLength: false }), /JSON|did not answer/, false],
    ['hangs', faults.hang(), /no whole answer within/, false],
    ['drips', faults.drip(1_000), /no whole answer within/, false],
    ['redirects', faults.redirect('http://127.0.0.1:9/elsewhere'), /redirect/, false],
    ['throttles for long', faults.status(429, { headers: { 'Retry-After': '300' }, body: {} }), /429/, true],
    [
      'throttles for long in words',
      faults.status(429, { body: { detail: 'Request was throttled. Expected available in 300 seconds.' } }),
      /429/,
      true,
    ],
  ];

  it.each(troubles)('go on when one %s, which is named with its reason', async (_, fault, says, waiting) => {
    world.scene.cloudApps.fault({ path: '/contoso/' }, fault, { times: 50 });
    const report = await world.run();
    expect(issuesOf('contoso')).toHaveLength(0);
    expect(issuesOf('fabrikam')).toHaveLength(5);
    expect(issuesOf('northwind')).toHaveLength(5);
    const contoso = report.tenants.find(({ tenant }) => tenant === 'contoso');
    expect(contoso?.failure).toMatchObject({ why: expect.stringMatching(says), waiting });
    world.scene.cloudApps.heal();
    world.clock.advance(6 * MINUTE);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(5);
  });

  it('catch up after thirty days of trouble', async () => {
    await world.run();
    world.scene.cloudApps.fault({ path: '/contoso/' }, faults.status(401, { body: {} }), { times: 3 });
    world.clock.advance(24 * HOUR);
    for (let day = 0; day < 3; day++) {
      world.scene.cloudApps.addAlert('contoso', {
        _id: `dddddddddddddddddddddd0${day}`,
        timestamp: world.clock.now(),
        title: 'Missed',
        severityValue: 1,
      });
      await world.run();
      world.clock.advance(10 * 24 * HOUR);
    }
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(8);
  });

  it('hold a record that cannot be read, and go on with the rest of the page', async () => {
    world.scene.cloudApps.addAlert('contoso', 'no record at all');
    world.scene.cloudApps.addAlert('contoso', { timestamp: world.clock.now(), title: 'no id' });
    const first = await world.run();
    expect(first.lines.filter(({ outcome }) => outcome === 'held')).toHaveLength(2);
    expect(issuesOf('contoso')).toHaveLength(5);
    const second = await world.run();
    expect(second.lines).toEqual([]);
    expect(second.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({ held: 0, heldInAll: 2 });
    const casewire = await world.open();
    const held = await casewire.held();
    await casewire.close();
    expect(held.map(({ reason }) => reason)).toEqual(['unreadable', 'unreadable']);
  });

  it('take an alert once that a page lists twice, as it is listed last, and delay nobody', async () => {
    let deep: unknown = 'deep';
    for (let level = 0; level < 100; level++) deep = { deep };
    const named = (n: number, rest: object) => ({ _id: `d0000000000000000000000${n}`, severityValue: 1, ...rest });
    const timestamp = world.clock.now() - HOUR;
    const listed = [
      named(1, { timestamp, title: 'Before' }),
      named(1, { timestamp, title: 'After' }),
      named(2, { timestamp, title: 'Readable before' }),
      named(2, { timestamp, deep }),
      named(3, { timestamp, deep }),
      named(3, { timestamp, title: 'Readable after' }),
      'no record at all',
      'no record at all',
    ];
    for (const alert of listed) world.scene.cloudApps.addAlert('contoso', alert);
    const report = await world.run();
    expect(report.tenants.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
    expect(['contoso', 'fabrikam', 'northwind'].map((tenant) => issuesOf(tenant).length)).toEqual([7, 5, 5]);
    const titles = report.lines.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['After', 'Readable after']));
    expect(report.lines.filter(({ outcome }) => outcome === 'held')).toHaveLength(2);
  });

  it('raise what has odd fields, marked as incomplete', async () => {
    const at = world.clock.now() - HOUR;
    const odd = [
      { _id: 'e00000000000000000000001', timestamp: at },
      {
        _id: 'e00000000000000000000002',
        timestamp: at,
        title: null,
        description: 7,
        severityValue: 'x',
        entities: 'none',
      },
      {
        _id: 'e00000000000000000000003',
        timestamp: at,
        title: 'New kind',
        severityValue: 7,
        idValue: 99,
        brandNew: { a: 1 },
      },
      { _id: 'e00000000000000000000004', title: 'No time', severityValue: 3 },
    ];
    for (const alert of odd) world.scene.cloudApps.addAlert('contoso', alert);
    const report = await world.run();
    expect(issuesOf('contoso')).toHaveLength(9);
    const noted = report.lines.filter(({ notes }) => notes.some((note) => note.includes('incomplete alert')));
    expect(noted.map(({ alertId }) => alertId).sort()).toEqual(odd.map(({ _id }) => _id));
  });

  it('suppress an alert that was closed before it was seen, with that reason', async () => {
    const [first = ''] = world.openAlerts();
    world.scene.cloudApps.closeAlert('contoso', first.replace('contoso/', ''), 3);
    const report = await world.run();
    const [line] = report.lines.filter(({ outcome }) => outcome === 'suppressed');
    expect(line?.why).toContain('already closed in Defender as a false positive');
    expect(issuesOf('contoso')).toHaveLength(4);
  });

  it('read every page, in any number of pages', async () => {
    const alerts = manyAlerts(1_250, { before: world.clock.now(), tenant: 'contoso', distinctAddresses: 10 });
    world.editConfig = (yaml) => `${yaml}\nlimits: { newTicketsPerTenantPerHour: 0 }\n`;
    for (const alert of alerts) world.scene.cloudApps.addAlert('contoso', alert);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(1_255);
    const calls = world.scene.cloudApps.callsOf('contoso').length;
    expect(calls).toBe(13);
    await world.run();
    expect(world.scene.cloudApps.callsOf('contoso').length - calls).toBe(1);
  });

  it('keep 30 calls a minute a tenant, over runs', async () => {
    const alerts = manyAlerts(3_050, { before: world.clock.now(), tenant: 'contoso', distinctAddresses: 5 });
    world.editConfig = (yaml) => `${yaml}\nlimits: { newTicketsPerTenantPerHour: 0 }\n`;
    for (const alert of alerts) world.scene.cloudApps.addAlert('contoso', alert);
    const first = await world.run();
    expect(first.tenants.find(({ tenant }) => tenant === 'contoso')?.failure).toMatchObject({ waiting: true });
    await world.run();
    expect(world.scene.cloudApps.callsOf('contoso')).toHaveLength(30);
    expect(world.scene.cloudApps.callsOf('contoso').every(({ status }) => status === 200)).toBe(true);
    world.clock.advance(MINUTE);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(3_055);
  });

  it('see an alert that turns up a day late', async () => {
    await world.run();
    world.clock.advance(HOUR);
    world.scene.cloudApps.insertLate(
      'contoso',
      { _id: 'f00000000000000000000001', timestamp: 0, title: 'Late', severityValue: 2 },
      24 * HOUR,
    );
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(6);
  });

  it('keep to the hourly limit of new tickets: the rest is held as a storm, oldest first out', async () => {
    world.editConfig = (yaml) => `${yaml}\nlimits: { newTicketsPerTenantPerHour: 20 }\n`;
    const alerts = manyAlerts(60, { before: world.clock.now(), tenant: 'contoso', distinctAddresses: 5 });
    for (const alert of alerts) world.scene.cloudApps.addAlert('contoso', alert);
    const first = await world.run();
    expect(issuesOf('contoso')).toHaveLength(20);
    expect(issuesOf('fabrikam')).toHaveLength(5);
    const held = first.lines.filter(({ outcome }) => outcome === 'held');
    expect(held).toHaveLength(45);
    expect(held[0]?.why).toContain('20 new tickets an hour');
    const raised = first.lines.filter(({ outcome, tenant }) => outcome === 'raised' && tenant === 'contoso');
    const oldestHeld = Math.min(...held.map(({ createdAt }) => createdAt));
    expect(Math.max(...raised.map(({ createdAt }) => createdAt))).toBeLessThanOrEqual(oldestHeld);
    world.clock.advance(30 * MINUTE);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(20);
    world.clock.advance(31 * MINUTE);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(40);
    for (let hour = 0; hour < 2; hour++) {
      world.clock.advance(61 * MINUTE);
      await world.run();
    }
    expect(issuesOf('contoso')).toHaveLength(65);
  });

  it('hold what Jira refuses with its own words, and raise it after the mend', async () => {
    const type = world.scene.jira.issueType('SOC', 'IT Help');
    await world.run();
    type.screen.delete('customfield_10107');
    world.scene.cloudApps.addAlert('contoso', {
      _id: 'f00000000000000000000002',
      timestamp: world.clock.now(),
      title: 'New',
      severityValue: 2,
    });
    const second = await world.run();
    const [line] = second.lines.filter(({ outcome }) => outcome === 'held');
    expect(line?.why).toMatch(/Alert URI|customfield_10107/);
    expect(issuesOf('contoso')).toHaveLength(5);
    type.screen.add('customfield_10107');
    const casewire = await world.open();
    expect(await casewire.retryHeld()).toHaveLength(1);
    await casewire.close();
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(6);
  });

  it('hold all of a tenant whose mapping cannot work before the first create, and go on once it is mended', async () => {
    const good = world.scene.configYaml();
    world.editConfig = () => good.replace('Alert URI:', 'Alert URL:');
    const first = await world.run();
    expect(world.creates()).toHaveLength(0);
    expect(first.lines.filter(({ outcome }) => outcome === 'held')).toHaveLength(15);
    expect(first.lines[0]?.why).toContain('Alert URL');
    world.editConfig = () => good;
    await world.run();
    expect(world.issuesByAlert().size).toBe(15);
  });

  it('plan what a run would do, and write nothing anywhere', async () => {
    const planned = await world.plan();
    expect(planned.lines.filter(({ outcome }) => outcome === 'would-raise')).toHaveLength(15);
    for (const { tenant, title, fields } of planned.lines)
      expect(fields).toMatchObject({
        Customer: tenant,
        'Alert title': title,
        'Alert URI': expect.stringMatching(/^h/),
      });
    expect(world.creates()).toHaveLength(0);
    expect(world.scene.abuseipdb.asked()).toEqual([]);
    expect(() => world.ledgerText()).toThrow();
    const { lines } = await world.run();
    expect(lines.filter((line) => 'fields' in line)).toEqual([]);
    const after = await world.plan();
    expect(after.lines).toEqual([]);
  });

  it('stop when a signal says so, losing nothing', async () => {
    const stop = new AbortController();
    let raised = 0;
    const first = await world.run({
      signal: stop.signal,
      onEvent: ({ event }) => {
        if (event === 'create-answered' && ++raised === 3) stop.abort();
      },
    });
    expect(first.stopped).toBe(true);
    await world.run();
    expect(world.issuesByAlert().size).toBe(15);
    expect(world.creates()).toHaveLength(15);
  });

  it('keep secrets out of the ledger and the tickets, also when a service echoes them', async () => {
    const { env } = world.scene;
    world.scene.cloudApps.fault(
      { path: '/contoso/' },
      faults.status(403, { body: { detail: `bad ${env.CONTOSO_TOKEN}` } }),
    );
    world.scene.jira.fault(
      { method: 'POST', path: /\/issue(\?|$)/ },
      faults.status(400, { body: { errorMessages: [`no ${env.JIRA_TOKEN}`], errors: {} } }),
    );
    world.scene.abuseipdb.fault(
      {},
      faults.status(401, { body: { errors: [{ detail: `key ${env.ABUSEIPDB_KEY}`, status: 401 }] } }),
    );
    const report = await world.run();
    const everything = [world.ledgerText(), JSON.stringify(report), JSON.stringify(world.scene.jira.issues())].join();
    for (const secret of Object.values(env)) expect(everything).not.toContain(secret);
  });
});
