import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { World } from '../world.ts';

/** What simple scripts between Defender and Jira get wrong, each as a whole pass through the product. */
describe('what scripts get wrong', () => {
  let world: World;

  beforeEach(async () => {
    world = await World.start();
    for (const [name, tenant] of world.scene.cloudApps.tenants) if (name !== 'contoso') tenant.alerts.length = 0;
    const contoso = world.scene.cloudApps.tenants.get('contoso');
    if (contoso) contoso.alerts.length = 0;
  });

  afterEach(async () => {
    expect(world.scene.abuseipdb.mustNotHaveBeenSent).toEqual([]);
    await world.stop();
  });

  let last = 0;
  const add = (more: object) => {
    last += 1;
    const _id = `c0ffee0000000000000000${String(last).padStart(2, '0')}`;
    world.scene.cloudApps.addAlert('contoso', {
      _id,
      timestamp: world.clock.now() - 60_000,
      title: 'An alert',
      severityValue: 2,
      resolutionStatusValue: 0,
      entities: [],
      ...more,
    });
  };
  const fieldsOfFirst = () => world.scene.jira.issues()[0]?.fields ?? {};

  it('more than a hundred alerts are all seen', async () => {
    world.editConfig = (yaml) => `${yaml}\nlimits: { newTicketsPerTenantPerHour: 0 }\n`;
    for (const alert of manyAlerts(250, { before: world.clock.now(), tenant: 'contoso', distinctAddresses: 4 }))
      world.scene.cloudApps.addAlert('contoso', alert);
    await world.run();
    expect(world.issuesByAlert().size).toBe(250);
  });

  it('a second run on the same days makes nothing', async () => {
    add({});
    for (let run = 0; run < 3; run++) await world.run();
    expect(world.creates()).toHaveLength(1);
  });

  it('an alert that cannot be handled is not lost but held, with the reason', async () => {
    add({ _id: undefined });
    const report = await world.run();
    expect(report.lines).toMatchObject([{ outcome: 'held', why: expect.stringContaining('_id') }]);
  });

  it('each address is asked after once, with the key in a header and JSON asked for', async () => {
    add({ description: 'from 91.82.73.64' });
    add({ description: 'again 91.82.73.64 and 91.82.73.64' });
    await world.run();
    expect(world.scene.abuseipdb.asked()).toEqual(['91.82.73.64']);
    expect(world.scene.abuseipdb.journal[0]?.path).not.toContain('simulated');
  });

  it('an enrichment that fails does not cost the ticket, which says so', async () => {
    add({ description: 'from 91.82.73.64' });
    world.scene.abuseipdb.fault({}, faults.status(429, { headers: { 'Retry-After': '40000' }, body: { errors: [] } }));
    await world.run();
    expect(world.issuesByAlert().size).toBe(1);
    expect(JSON.stringify(fieldsOfFirst())).toContain('The IP 91.82.73.64 was not checked: ');
  });

  it('when the daily budget is spent, the rest goes out as "not checked"', async () => {
    world.editConfig = (yaml) => yaml.replace('abuseipdb:\n', 'abuseipdb:\n  dailyBudget: 2\n');
    for (let n = 1; n <= 6; n++) add({ description: `from 91.82.73.${n}`, severityValue: 2 });
    await world.run();
    expect(world.issuesByAlert().size).toBe(6);
    expect(world.scene.abuseipdb.asked()).toHaveLength(2);
    expect(JSON.stringify(world.scene.jira.issues()).match(/not checked: the daily budget/g)?.length).toBeGreaterThan(
      0,
    );
  });

  it.each([400, 401, 403, 500])('a create that is answered %i is not told as made', async (status) => {
    add({});
    world.scene.jira.fault(
      { method: 'POST', path: /\/issue(\?|$)/ },
      faults.status(status, { body: { errorMessages: ['no'], errors: {} } }),
      { times: 9 },
    );
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'raised')).toEqual([]);
    expect(world.issuesByAlert().size).toBe(0);
  });

  it('versions and numbers are not taken for addresses, and IPv6 is found', async () => {
    add({ description: 'Agent 999.999.999.999 v1.2.3.4, OID 1.3.6.1.4.1.311.21, from 2a0b:1234:5678::c0de' });
    await world.run();
    expect(world.scene.abuseipdb.asked()).toEqual(['2a0b:1234:5678::c0de']);
  });

  it('mail addresses are read whole', async () => {
    add({
      description:
        "By jane+soc@contoso.com, o'brien@contoso.com and john_gmail.com#EXT#@contoso.onmicrosoft.com. Not a@b, but x@contoso.com.",
    });
    await world.run();
    expect(fieldsOfFirst().customfield_10108).toBe(
      "jane+soc@contoso.com, o'brien@contoso.com, john_gmail.com#ext#@contoso.onmicrosoft.com, x@contoso.com",
    );
  });

  it('text between a bare < and a later > stays, and table cells do not stick together', async () => {
    add({ description: 'size < 5 and rate > 3<table><tr><td>91.82.73.64</td><td>NL</td></tr></table>' });
    await world.run();
    const said = JSON.stringify(fieldsOfFirst().description);
    expect(said).toContain('size < 5 and rate > 3');
    expect(said).not.toContain('91.82.73.64NL');
  });
});
