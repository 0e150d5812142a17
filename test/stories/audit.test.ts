import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../src/domain/audit.ts';
import { sqlAudits } from '../../src/ledger/recounts/audits.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { faults } from '../../src/simulators/fault.ts';
import { writesOf } from '../sync-world.ts';
import { World } from '../world.ts';

const HOUR = 3_600_000;

describe.each(['cloud', 'datacenter'] as const)('the daily audit, on Jira %s', (edition) => {
  let world: World;
  let events: ProgressEvent[];

  beforeEach(async () => {
    world = await World.start({ edition });
    events = [];
    await world.run();
    world.clock.advance(12 * HOUR);
    await world.run();
  });
  afterEach(() => world.stop());

  async function audit(onEvent: (event: ProgressEvent) => void = () => {}): Promise<readonly AuditReport[]> {
    const casewire = await world.open((event) => {
      events.push(event);
      onEvent(event);
    });
    try {
      return await world.drive(casewire.audit(new AbortController().signal));
    } finally {
      await casewire.close();
    }
  }

  async function inStore(statement: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<unknown>): Promise<void> {
    const db = await openSqlite(world.storePath);
    await statement(db);
    await db.destroy();
  }

  const differences = (reports: readonly AuditReport[]) =>
    reports.flatMap(({ tenant, differences: found }) =>
      found.map(({ kind, count, examples }) => `${tenant} ${kind} ${count}: ${examples.join(' ')}`),
    );

  it('finds nothing where nothing was lost, writes nothing, and is kept for status', async () => {
    const writes = writesOf(world).length;
    const reports = await audit();
    expect(differences(reports)).toEqual([]);
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(reports.reduce((sum, { source }) => sum + source, 0)).toBe(15);
    expect(reports.reduce((sum, { ledger }) => sum + ledger, 0)).toBe(15);
    expect(reports.reduce((sum, { issues }) => sum + issues, 0)).toBe(15);
    expect(writesOf(world)).toHaveLength(writes);
    expect(events.filter(({ event }) => event === 'audited')).toHaveLength(reports.length);
    await inStore(async (db) => expect(await sqlAudits(db).latest()).toHaveLength(reports.length));
  });

  it('finds nothing amiss with an alert that has no time', async () => {
    const id = 'aaaaaaaaaaaaaaaaaaaaaaaa';
    world.scene.cloudApps.addAlert('contoso', { _id: id, title: 'No time', severityValue: 1, timestamp: null });
    await world.run();
    const ledger = await world.open();
    const seen = await ledger.explain('contoso' as never, id as never);
    await ledger.close();
    world.clock.advance(3 * HOUR);
    await world.run();
    expect(await audit().then(differences)).toEqual([]);
    expect(seen).toBeDefined();
  });

  it('admits an alert that the ledger lacks, which then gets its issue; the next one is clean', async () => {
    const [key = ''] = [...world.issuesByAlert().keys()];
    await inStore(async (db) => {
      for (const table of ['alerts', 'records', 'links'] as const)
        await db.deleteFrom(table).where('dedup_key', '=', key).execute();
    });
    const reports = await audit();
    expect(differences(reports)).toContain(`${key.split('/')[0]} missing 1: ${key}`);
    expect(reports.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(1);
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'warning', says: expect.stringContaining('no pass had brought') }),
    );
    await world.run();
    expect(await audit().then(differences)).toEqual([]);
  });

  it('tells of alerts that the source no longer shows, and of issues that are gone', async () => {
    const [alert = ''] = world.openAlerts();
    const [tenant = '', id = ''] = alert.split('/');
    world.scene.cloudApps.deleteAlert(tenant, id);
    const [other] = [...world.scene.jira.site.all()];
    if (other) world.scene.jira.deleteIssue(other.key);
    expect(differences(await audit()).sort()).toEqual(
      [`${tenant} not-at-source 1: ${alert}`, expect.stringMatching(`issue-gone 1: ${other?.key}`)].sort(),
    );
  });

  it('tells of alerts that get nowhere, and of those whose issue is not known', async () => {
    const [stuck = '', bare = ''] = [...world.issuesByAlert().keys()].filter((key) => key.startsWith('contoso/'));
    await inStore(async (db) => {
      const long = world.clock.now() - 48 * HOUR;
      await db.updateTable('alerts').set({ state: 'pending', seen_at: long }).where('dedup_key', '=', stuck).execute();
      await db.deleteFrom('links').where('dedup_key', '=', bare).execute();
    });
    const found = differences(await audit());
    expect(found).toContain(`contoso stuck 1: ${stuck}`);
    expect(found).toContain(`contoso link-lacks 1: ${bare}`);
    // Only Jira Cloud's search shows which alert an issue names.
    const named = found.filter((line) => line.includes('issue-unknown'));
    expect(named).toHaveLength(edition === 'cloud' ? 1 : 0);
  });

  it('says what could not be recounted, and goes on with the other tenants', async () => {
    world.scene.cloudApps.fault({ path: /alerts/ }, faults.status(503), { times: 20 });
    const reports = await audit();
    expect(reports.flatMap(({ failures }) => failures).join()).toContain('its source could not be recounted');
    expect(differences(reports)).toEqual([]);
  });

  it('that is stopped stores nothing', async () => {
    let before: readonly AuditReport[] = [];
    await inStore(async (db) => {
      before = await sqlAudits(db).latest();
    });
    const casewire = await world.open();
    expect(await casewire.audit(AbortSignal.abort())).toEqual([]);
    await casewire.close();
    await inStore(async (db) => expect(await sqlAudits(db).latest()).toEqual(before));
  });
});
