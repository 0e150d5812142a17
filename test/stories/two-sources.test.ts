import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.ts';
import { faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { TENANT_IDS } from '../entra-scene.ts';
import { type GraphScene, graphBeside } from '../graph-scene.ts';
import { World } from '../world.ts';

const MONDAY = 15;

describe('alerts that two services show', () => {
  let world: World;
  let scene: GraphScene;

  beforeEach(async () => {
    world = await World.start();
    scene = await graphBeside(world);
  });

  afterEach(async () => {
    const { cloudApps, jira } = world.scene;
    expect([...cloudApps.unexpected, ...jira.unexpected, ...scene.graph.unexpected]).toEqual([]);
    expect(jira.twins()).toEqual([]);
    const ledger = world.ledgerText();
    expect(scene.entra.issued.filter(({ token }) => ledger.includes(token))).toEqual([]);
    await world.stop();
  });

  /** Raises alerts of contoso, the last of them `agoMs` ago; they are listed from now on. */
  function raise(count: number, { seed, agoMs = 0 }: { seed: number; agoMs?: number }): void {
    const before = world.clock.now() - agoMs;
    for (const alert of manyAlerts(count, { seed, before })) world.scene.cloudApps.addAlert('contoso', alert);
  }

  /** Each open alert has one issue, and there are no others. */
  function expectOneEach(): void {
    const made = world.issuesByAlert();
    expect([...made.keys()].toSorted()).toEqual(world.openAlerts().toSorted());
    expect([...made.values()].filter((issues) => issues.length !== 1)).toEqual([]);
  }

  const lineOf = (title: string) => world.scene.jira.issues().find(({ fields }) => fields.summary === title);

  describe('when each tenant is read from its own', () => {
    it('are raised alike in one run', async () => {
      scene.readFromGraph('fabrikam', 'northwind');
      const report = await world.run();
      expect(report.tenants.map(({ read, raised }) => [read, raised])).toEqual([
        [5, 5],
        [5, 5],
        [5, 5],
      ]);
      expectOneEach();
      expect(report.calls).toMatchObject({ 'Microsoft Graph': 2, 'Defender for Cloud Apps': 1 });
      expect((await world.run()).calls).toMatchObject({ 'Microsoft Graph': 2, 'Defender for Cloud Apps': 1 });
      expect(world.issuesByAlert().size).toBe(MONDAY);
    });

    it('name the same users and addresses from both, and the link of their own service', async () => {
      await world.run();
      const rest = lineOf('Impossible travel activity');
      const other = await World.start();
      try {
        const { readFromGraph, graph } = await graphBeside(other);
        readFromGraph('contoso', 'fabrikam', 'northwind');
        await other.run();
        const keyOf = ({ properties }: { properties: Record<string, unknown> }) =>
          JSON.stringify(properties['casewire.alert']);
        const issues = new Map(other.scene.jira.issues().map((issue) => [keyOf(issue), issue]));
        const same = ['summary', 'priority', 'customfield_10108', 'customfield_10109', 'labels'];
        for (const issue of world.scene.jira.issues()) {
          const twin = issues.get(keyOf(issue));
          for (const field of same) expect([field, twin?.fields[field]]).toEqual([field, issue.fields[field]]);
        }
        expect(JSON.stringify(rest?.fields)).toContain('portal.cloudappsecurity.com/#/alerts/');
        expect(JSON.stringify([...issues.values()])).toContain('https://security.microsoft.com/alerts/ca');
        expect(graph.unexpected).toEqual([]);
      } finally {
        await other.stop();
      }
    });
  });

  it.each([
    ['from the REST API to Graph', [], ['contoso', 'fabrikam', 'northwind']],
    ['from Graph to the REST API', ['contoso', 'fabrikam', 'northwind'], []],
  ])('are raised once when the tenants move %s', async (_, before, after) => {
    scene.readFromGraph(...before);
    await world.run();
    world.clock.advance(HOUR_MS);
    scene.readFromGraph(...after);
    raise(3, { seed: 7 });
    raise(2, { seed: 8, agoMs: 3 * DAY_MS });
    const planned = await world.plan();
    expect(planned.tenants.reduce((sum, { raised }) => sum + raised, 0)).toBe(5);
    const moved = await world.run();
    expect(moved.tenants.reduce((sum, { raised }) => sum + raised, 0)).toBe(5);
    expectOneEach();
    expect((await world.run()).tenants.every(({ fresh }) => fresh === 0)).toBe(true);
  });

  it('are raised once when a tenant moves to and fro, and some are waiting or lost on the way', async () => {
    for (const [turn, tenants] of [['contoso'], [], ['contoso', 'fabrikam'], ['northwind'], []].entries()) {
      scene.readFromGraph(...tenants);
      raise(4, { seed: 20 + turn });
      raise(1, { seed: 40 + turn, agoMs: 5 * HOUR_MS });
      world.scene.jira.fault({ method: 'POST', path: /\/issue$/ }, faults.loseAnswer(), { after: turn, times: 2 });
      world.scene.jira.fault({ method: 'POST', path: /\/issue$/ }, faults.status(503), { after: turn, times: 2 });
      await world.run();
      world.clock.advance(turn * HOUR_MS);
    }
    world.scene.jira.heal();
    await world.run({ waitMs: HOUR_MS });
    expectOneEach();
  });

  it('are raised once when two processes read the tenant from different sources at once', async () => {
    raise(150, { seed: 3 });
    scene.readFromGraph();
    const rest = await world.open();
    scene.readFromGraph('contoso', 'fabrikam', 'northwind');
    const graph = await world.open();
    const request = { waitMs: 10 * MINUTE_MS, signal: new AbortController().signal };
    try {
      await world.drive(Promise.all([rest.run(request), graph.run(request)]));
    } finally {
      await Promise.all([rest.close(), graph.close()]);
    }
    await world.run();
    expectOneEach();
  });

  it('keep the reason of one that was closed before it was seen, with the verdict of either', async () => {
    const [, second] = world.openAlerts().filter((key) => key.startsWith('contoso/'));
    world.scene.cloudApps.closeAlert('contoso', second?.split('/')[1] ?? '', 3);
    scene.readFromGraph('contoso');
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'suppressed')).toMatchObject([
      { key: second, why: expect.stringMatching(/false positive/) },
    ]);
  });

  describe('when Graph misbehaves', () => {
    beforeEach(() => scene.readFromGraph('contoso'));
    const tokensOf = (tenant: string) => scene.entra.issued.filter(({ tenantId }) => tenantId === TENANT_IDS[tenant]);

    it('are all read although the token ends between two pages', async () => {
      scene.graph.pageLimit = 35;
      raise(150, { seed: 5 });
      scene.graph.onRequest = () => {
        if (scene.graph.journal.length === 3) for (const { token } of tokensOf('contoso')) scene.entra.revoke(token);
      };
      const report = await world.run({ waitMs: HOUR_MS });
      expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({ read: 155, fresh: 155 });
      expect(scene.graph.journal.map(({ status }) => status)).toEqual([200, 200, 401, 200, 200, 200]);
      expect(tokensOf('contoso')).toHaveLength(2);
      expectOneEach();
    });

    it('are told when the app was not given the permission, with the mend; the other tenants go on', async () => {
      const app = scene.entra.tenants
        .get(TENANT_IDS.contoso ?? '')
        ?.values()
        .next().value;
      if (app) app.roles = { ...app.roles, [scene.graph.origin]: [] };
      const report = await world.run();
      expect(report.tenants.find(({ tenant }) => tenant === 'contoso')?.failure).toMatchObject({
        why: expect.stringMatching(/Microsoft Graph at \S+ answered 403: Forbidden: Missing application roles/),
        mend: expect.stringMatching(/SecurityAlert\.Read\.All.*"Microsoft Graph".*adminconsent/),
      });
      expect(world.issuesByAlert().size).toBe(10);
      const casewire = await world.open();
      const lines = await world.drive(casewire.check());
      await casewire.close();
      expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
        { subject: 'tenant contoso', says: expect.stringMatching(/no permission to read alerts/) },
      ]);
    });

    it.each([true, false])('are read to the end through throttles (Retry-After said: %s)', async (says) => {
      scene.graph.pageLimit = 35;
      raise(150, { seed: 6 });
      scene.graph.callsPerMinute = 2;
      scene.graph.saysRetryAfter = says;
      const report = await world.run({ waitMs: HOUR_MS });
      expect(report.tenants.every(({ failure }) => failure === undefined)).toBe(true);
      expect(scene.graph.journal.some(({ status }) => status === 429)).toBe(true);
      expectOneEach();
    });

    it('are left for the next pass when it throttles a run that does not wait, and nobody else is delayed', async () => {
      scene.graph.callsPerMinute = 0;
      const report = await world.run();
      expect(report.tenants.find(({ tenant }) => tenant === 'contoso')?.failure).toMatchObject({ waiting: true });
      expect(world.issuesByAlert().size).toBe(10);
      scene.graph.callsPerMinute = 150;
      world.clock.advance(10 * MINUTE_MS);
      await world.run();
      expectOneEach();
    });

    it('are held with their raw text when they cannot be read, and the others are raised', async () => {
      const record = { id: null, title: 'Nameless', serviceSource: 'microsoftDefenderForCloudApps' };
      scene.graph.addAlert('contoso', record);
      const report = await world.run();
      expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({ raised: 5, held: 1 });
      const casewire = await world.open();
      expect(await casewire.held()).toMatchObject([{ why: expect.stringMatching(/no id/) }]);
      await casewire.close();
      expect(world.ledgerText()).toContain('Nameless');
    });

    it('are shown with the kinds of evidence that nobody knows', async () => {
      const odd = {
        '@odata.type': '#microsoft.graph.security.dreamEvidence',
        displayName: 'x',
        ipAddress: '45.64.1.2',
      };
      const at = new Date(world.clock.now()).toISOString();
      const id = '64a0000000000000000000dd';
      scene.graph.addAlert('contoso', {
        id: `ca${id}`,
        status: 'new',
        severity: 'high',
        title: 'Dreamt of sheep',
        description: 'Electric ones.',
        createdDateTime: at,
        lastUpdateDateTime: at,
        alertWebUrl: `https://security.microsoft.com/alerts/ca${id}`,
        serviceSource: 'microsoftDefenderForCloudApps',
        evidence: [odd],
      });
      await world.run();
      const casewire = await world.open();
      const history = await casewire.explain('contoso' as never, id as never);
      await casewire.close();
      expect(history?.incomplete).toEqual(['evidence of the unknown kind dream']);
      const issue = lineOf('Dreamt of sheep');
      expect(JSON.stringify(issue?.fields.description)).toMatch(/evidence of the unknown kind dream.*45\.64\.1\.2/);
    });
  });
});
