import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SweepSummary } from '../../src/domain/audit.ts';
import type { ProgressEvent } from '../../src/observe/progress.ts';
import { faults } from '../../src/simulators/fault.ts';
import { BOTH_WAYS, commentsOf, resolutionOf, resolve, statusOf, syncUntilQuiet, writesOf } from '../sync-world.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };

describe.each(['cloud', 'datacenter'] as const)('the sweep for second issues, on Jira %s', (edition) => {
  let world: World;
  let events: ProgressEvent[];

  beforeEach(async () => {
    world = await World.start({ edition, config: (yaml) => yaml + BOTH_WAYS });
    events = [];
  });
  afterEach(() => world.stop());

  /** Jira hides an issue longer than the window, and its number leads nowhere: the alert gets a second one. */
  async function makeTwins(): Promise<{ original: string; twin: string; alert: string }> {
    const { jira } = world.scene;
    jira.searchLags(30 * MINUTE);
    jira.skipNumbers('SOC', 1_500);
    jira.fault(CREATE, faults.loseAnswer(), { times: 1 });
    await world.run();
    world.clock.advance(12 * MINUTE);
    await world.run();
    const [twins] = [...world.issuesByAlert()].filter(([, keys]) => keys.length > 1);
    const [alert = '', [original = '', twin = ''] = []] = twins ?? [];
    expect(jira.twins()).toHaveLength(1);
    world.clock.advance(40 * MINUTE);
    return { original, twin, alert };
  }

  async function sweep(onEvent: (event: ProgressEvent) => void = () => {}): Promise<SweepSummary> {
    const casewire = await world.open((event) => {
      events.push(event);
      onEvent(event);
    });
    try {
      return await world.drive(casewire.sweep(new AbortController().signal));
    } finally {
      await casewire.close();
    }
  }

  async function lastSweep(): Promise<number | undefined> {
    const casewire = await world.open(undefined, 'use');
    const { clocks } = await casewire.status();
    await casewire.close();
    return clocks.sweptAt;
  }

  const issue = (key: string) => world.scene.jira.issues().find((one) => one.key === key);
  const closedTwins = () => events.filter(({ event }) => event === 'twin-closed');
  const commentsOn = (key: string) => world.scene.jira.commentsOf(key);

  it('keeps the first, closes the second as its duplicate once, and makes the ledger name the first', async () => {
    const { original, twin, alert } = await makeTwins();
    const summary = await sweep();
    expect(summary).toMatchObject({
      issues: 16,
      closed: [{ twin: { key: twin }, original: { key: original } }],
      left: [],
      failures: [],
    });
    expect(issue(original)?.status).toBe('To Do');
    expect(issue(twin)).toMatchObject({
      status: 'Done',
      labels: expect.arrayContaining([expect.stringMatching(/^casewire-[0-9a-f]{32}-dup$/)]),
    });
    expect(commentsOn(twin)).toHaveLength(1);
    expect(commentsOn(original)).toEqual([]);
    expect(closedTwins()).toHaveLength(1);
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([
      { says: `${original} had a second issue for its alert; ${twin} was closed as its duplicate` },
    ]);
    const casewire = await world.open();
    const [tenant = '', id = ''] = alert.split('/');
    const history = await casewire.explain(tenant as never, id as never);
    expect(history?.line.ticket?.key).toBe(original);
    await casewire.close();

    const writes = writesOf(world).length;
    expect(await sweep()).toMatchObject({ closed: [], left: [] });
    expect(writesOf(world)).toHaveLength(writes);
  });

  it('brings the first in step with an alert that was closed by way of the second', async () => {
    const { original, twin, alert } = await makeTwins();
    resolve(world, twin);
    await syncUntilQuiet(world);
    expect(resolutionOf(world, alert.split('/')[1] ?? '', alert.split('/')[0])).toBe(5);
    await sweep();
    await syncUntilQuiet(world);
    expect(statusOf(world, original)).toBe('Done');
    expect(commentsOf(world, original).join()).not.toContain('was reopened');
  });

  it('done by two processes at once closes it once', async () => {
    const { twin } = await makeTwins();
    const [one, two] = await Promise.all([sweep(), sweep()]);
    expect([...one.closed, ...two.closed]).toHaveLength(1);
    expect(commentsOn(twin)).toHaveLength(1);
    expect(closedTwins()).toHaveLength(1);
  });

  it('goes on where it was left when Jira answers 500 after each of its writes', async () => {
    const { twin } = await makeTwins();
    const { jira } = world.scene;
    jira.fault({ method: 'POST', path: /\/comment(\?|$)/ }, faults.failAfterCommit(500), { times: 1 });
    expect(await sweep()).toMatchObject({ closed: [], left: [{ twin: { key: twin } }] });
    jira.fault({ method: 'POST', path: /\/issueLink$/ }, faults.failAfterCommit(500), { times: 1 });
    await sweep();
    jira.fault({ method: 'POST', path: /\/transitions$/ }, faults.failAfterCommit(500), { times: 1 });
    await sweep();
    expect((await sweep()).left).toEqual([]);
    expect(closedTwins()).toHaveLength(1);
    expect(commentsOn(twin)).toHaveLength(1);
    expect(issue(twin)?.status).toBe('Done');
  });

  it.each([
    ['a clone', false],
    ['an issue to which label and property were copied', true],
  ])("leaves %s of a person's alone, however many", async (_, properties) => {
    await world.run();
    const mira = world.scene.jira.person();
    for (const { key } of world.scene.jira.issues()) mira.clone(key, { properties });
    expect(await sweep()).toMatchObject({ issues: 15, closed: [], left: [] });
    expect(world.scene.jira.issues().map(({ status }) => status)).not.toContain('Done');
  });

  it("keeps the genuine issue open when an older issue of a person's gets its label and property", async () => {
    const { jira } = world.scene;
    const [project] = jira.site.projects.filter(({ key }) => key === 'SOC');
    if (!project) throw new Error('no project');
    const mira = jira.person();
    const text = JSON.stringify({ fields: { summary: 'Older', issuetype: { id: project.issueTypes[0]?.id } } });
    const older = jira.site.add({ project, text, labels: [], properties: new Map(), reporter: mira.user });
    const { lines } = await world.run();
    const genuine = lines[0]?.ticket?.key ?? '';
    mira.copyIdentity(genuine, older.key);
    expect(await sweep()).toMatchObject({ issues: 15, closed: [], left: [] });
    expect(issue(genuine)?.status).toBe('To Do');
  });

  it("keeps both open when an issue of ours gets the label and property of another's alert", async () => {
    await world.run();
    const [first = '', second = ''] = world.scene.jira.issues().map(({ key }) => key);
    world.scene.jira.person().copyIdentity(second, first);
    expect(await sweep()).toMatchObject({ closed: [], left: [] });
    expect([issue(first)?.status, issue(second)?.status]).toEqual(['To Do', 'To Do']);
  });

  it('leaves a copy that our own account made of an issue whose create was sent once', async () => {
    await world.run();
    const { site } = world.scene.jira;
    const [genuine] = [...site.all()];
    if (!genuine) throw new Error('no issue');
    const { project, text, labels, properties, creator } = genuine;
    const copy = site.add({ project, text, labels, properties: new Map(properties), reporter: creator });
    expect(await sweep()).toMatchObject({ issues: 16, closed: [], left: [] });
    expect(issue(copy.key)?.status).toBe('To Do');
  });

  it('leaves an issue alone to which a person copied the label of another', async () => {
    await world.run();
    const [first, second] = [...world.scene.jira.site.all()];
    if (!first || !second) throw new Error('no issues');
    second.labels = [...new Set([...second.labels, ...first.labels])];
    expect(await sweep()).toMatchObject({ issues: 15, closed: [], left: [] });
    expect(issue(second.key)?.status).toBe('To Do');
  });

  it("leaves a person's clone of an issue alone whose create was tried twice", async () => {
    const { jira } = world.scene;
    jira.fault(CREATE, faults.status(500), { times: 1 });
    await world.run();
    world.clock.advance(12 * MINUTE);
    await world.run();
    for (const { key } of jira.issues()) jira.person().clone(key);
    expect(await sweep()).toMatchObject({ issues: 15, closed: [], left: [] });
  });

  it('says which site could not be looked through', async () => {
    await world.run();
    world.scene.jira.fault({ path: /\/search/ }, faults.status(503), { times: 100 });
    expect(await sweep()).toMatchObject({
      closed: [],
      failures: [{ site: 'default', why: expect.stringMatching(/./) }],
    });
    expect(events).toContainEqual({ event: 'warning', says: expect.stringContaining('could not be looked through') });
    expect(await lastSweep()).toBeUndefined();
    world.scene.jira.heal();
    world.clock.advance(MINUTE);
    await sweep();
    const sweptAt = world.clock.now();
    world.clock.advance(30 * MINUTE);
    expect(await lastSweep()).toBe(sweptAt);
  });
});
