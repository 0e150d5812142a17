import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/domain/time.ts';
import type { EntraSim } from '../../src/simulators/entra-sim.ts';
import { faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { pemOf } from '../certificates.ts';
import { CLIENT_ID, CLIENT_SECRET, signInByEntra, TENANT_IDS } from '../entra-scene.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;

describe('tenants signed in to by an app of Entra', () => {
  let world: World;
  let entra: EntraSim;

  beforeEach(async () => {
    world = await World.start();
    entra = await signInByEntra(world);
  });

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    expect(entra.unexpected).toEqual([]);
    expect(world.scene.jira.twins()).toEqual([]);
    const ledger = world.ledgerText();
    expect(entra.issued.filter(({ token }) => ledger.includes(token))).toEqual([]);
    expect(ledger).not.toContain(CLIENT_SECRET);
    await world.stop();
  });

  const issuesOf = (tenant: string) => [...world.issuesByAlert().keys()].filter((key) => key.startsWith(`${tenant}/`));
  const tenantId = (name: string) => TENANT_IDS[name] ?? '';
  const idsOf = (name: string) => entra.issued.filter(({ tenantId: id }) => id === tenantId(name));

  async function check() {
    const casewire = await world.open();
    try {
      const lines = await world.drive(casewire.check());
      // The simulators stamp their answers by the machine's clock, which is not the world's.
      return lines.filter(({ subject, says }) => subject.startsWith('tenant ') && !says.includes('clock'));
    } finally {
      await casewire.close();
    }
  }

  it('have their alerts raised, by secret and by certificate, with one token each', async () => {
    await world.run();
    expect(world.issuesByAlert().size).toBe(15);
    expect(entra.issued.map(({ by }) => by).toSorted()).toEqual(['certificate', 'secret', 'secret']);
  });

  it('share one token where they are one tenant of Entra', async () => {
    const edit = world.editConfig;
    world.editConfig = (yaml) => edit(yaml).replaceAll(tenantId('northwind'), tenantId('contoso'));
    const northwind = world.scene.cloudApps.tenants.get('northwind');
    Object.assign(northwind ?? {}, { tenantId: tenantId('contoso') });
    await world.run();
    expect(world.issuesByAlert().size).toBe(15);
    expect(entra.issued).toHaveLength(2);
  });

  it('lose nothing when a token ends between two pages, and ask for one new token', async () => {
    const before = world.clock.now() - MINUTE;
    for (const alert of manyAlerts(450, { before })) world.scene.cloudApps.addAlert('contoso', alert);
    world.scene.cloudApps.onRequest = ({ path }) => {
      if (path.startsWith('/contoso/') && world.scene.cloudApps.callsOf('contoso').length === 3)
        for (const { token } of idsOf('contoso')) entra.revoke(token);
    };
    const report = await world.run({ waitMs: 60 * MINUTE });
    expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({ read: 455, fresh: 455 });
    expect(report.tenants.every(({ failure }) => failure === undefined)).toBe(true);
    expect(idsOf('contoso')).toHaveLength(2);
    expect(world.scene.cloudApps.callsOf('contoso').filter(({ status }) => status === 401).length).toBeLessThan(4);
  });

  it('lose nothing when tokens live shorter than the pass', async () => {
    entra.tokenSeconds = 90;
    world.scene.cloudApps.callsPerMinute = 3;
    const before = world.clock.now() - MINUTE;
    for (const alert of manyAlerts(700, { before })) world.scene.cloudApps.addAlert('contoso', alert);
    const report = await world.run({ waitMs: 60 * MINUTE });
    expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({ read: 705 });
    expect(idsOf('contoso').length).toBeGreaterThan(1);
    expect(world.scene.cloudApps.callsOf('contoso').filter(({ status }) => status === 401)).toEqual([]);
  });

  it('do not suffer from the wrong secret of one of them, which is told with its mend', async () => {
    entra.tenants.get(tenantId('contoso'))?.get(CLIENT_ID)?.secrets.splice(0, 1, { value: 'another' });
    const report = await world.run();
    expect([issuesOf('contoso'), issuesOf('fabrikam'), issuesOf('northwind')].map(({ length }) => length)).toEqual([
      0, 5, 5,
    ]);
    expect(report.tenants.find(({ tenant }) => tenant === 'contoso')?.failure).toMatchObject({
      why: `Entra does not sign app ${CLIENT_ID} in to tenant ${tenantId('contoso')}: the client secret is wrong (AADSTS7000215)`,
      mend: expect.stringContaining('make a new client secret'),
      waiting: false,
    });
    expect(world.scene.cloudApps.callsOf('contoso')).toEqual([]);
  });

  it('do not suffer from an Entra that is down for one of them, and catch up', async () => {
    entra.fault({ path: `/${tenantId('contoso')}/` }, faults.status(503), { times: 9 });
    await world.run();
    expect([issuesOf('contoso'), issuesOf('fabrikam')].map(({ length }) => length)).toEqual([0, 5]);
    entra.heal();
    world.clock.advance(6 * MINUTE);
    await world.run();
    expect(issuesOf('contoso')).toHaveLength(5);
  });

  it('are checked: which app signed in, how, and that alerts can be read', async () => {
    const host = new URL(entra.url).host;
    expect(await check()).toEqual([
      {
        subject: 'tenant contoso',
        level: 'ok',
        says: `signed in to Entra as app ${CLIENT_ID} of tenant ${tenantId('contoso')} by secret (${host})`,
      },
      { subject: 'tenant contoso', level: 'ok', says: 'the alerts can be read' },
      {
        subject: 'tenant fabrikam',
        level: 'ok',
        says: expect.stringMatching(/^signed in to Entra as app .* by certificate [0-9A-F]{8}… /),
      },
      { subject: 'tenant fabrikam', level: 'ok', says: 'the alerts can be read' },
      { subject: 'tenant northwind', level: 'ok', says: expect.stringContaining('by secret') },
      { subject: 'tenant northwind', level: 'ok', says: 'the alerts can be read' },
    ]);
  });

  it('are checked for permissions that nobody consented to, with the place to do so', async () => {
    const app = entra.tenants.get(tenantId('contoso'))?.get(CLIENT_ID);
    if (app) app.roles = Object.fromEntries(Object.keys(app.roles).map((resource) => [resource, []]));
    const lines = (await check()).filter(({ subject }) => subject === 'tenant contoso');
    expect(lines.map(({ level, says }) => `${level} ${says}`)).toEqual([
      expect.stringMatching(/^ok signed in/),
      'error the app has no permission to read alerts',
    ]);
    expect(lines[1]?.mend).toContain(`${entra.url}/${tenantId('contoso')}/adminconsent?client_id=${CLIENT_ID}`);
    expect(lines[1]?.mend).toContain('Investigation.read');
    const report = await world.run();
    expect(report.tenants[0]?.failure).toMatchObject({ mend: expect.stringContaining('Investigation.read') });
  });

  it('are checked for the permission to close alerts where done issues close them', async () => {
    const lines = async () =>
      (await check()).filter(({ subject, level }) => subject === 'tenant contoso' && level !== 'ok');
    expect(await lines()).toEqual([]);
    const edit = world.editConfig;
    world.editConfig = (yaml) => `${edit(yaml)}\nsync:\n  fromJira: { closeAlert: true }\n`;
    expect(await lines()).toEqual([
      {
        subject: 'tenant contoso',
        level: 'warning',
        says: 'the app has only Investigation.Read to close alerts (sync.fromJira)',
        mend: expect.stringContaining('Investigation.manage'),
      },
    ]);
    const app = entra.tenants.get(tenantId('contoso'))?.get(CLIENT_ID);
    if (app)
      app.roles = Object.fromEntries(Object.keys(app.roles).map((resource) => [resource, ['Investigation.Manage']]));
    expect(await lines()).toEqual([]);
  });

  it.each([
    [20, 'warning', /^the certificate [0-9A-F]{8}… ends in 20 d 0 h, at /],
    [0, 'error', /^the certificate [0-9A-F]{8}… ended 0 ms ago, at /],
    [31, undefined, undefined],
  ])('are checked for a certificate that ends in %i days', async (days, level, says) => {
    const endsAt = Date.parse(new X509Certificate(pemOf('application')).validTo);
    world.clock.advance(endsAt - days * DAY_MS - world.clock.now());
    const lines = (await check()).filter((line) => line.says.startsWith('the certificate'));
    expect(lines).toEqual(
      level ? [{ subject: 'tenant fabrikam', level, says: expect.stringMatching(says), mend: expect.any(String) }] : [],
    );
  });

  it('are checked for a sign-in that fails, and told once', async () => {
    entra.refuse(tenantId('contoso'), 7000222);
    const lines = (await check()).filter(({ subject }) => subject === 'tenant contoso');
    expect(lines).toEqual([
      {
        subject: 'tenant contoso',
        level: 'error',
        says: expect.stringContaining('the client secret has expired (AADSTS7000222)'),
        mend: expect.stringContaining('make a new client secret'),
      },
    ]);
  });
});
