import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };
const COMMENT = { method: 'POST', path: /\/comment$/ };

describe.each(['cloud', 'datacenter'] as const)('a group of alerts, one issue, on Jira %s', (edition) => {
  let world: World;
  let whenDone: 'raise' | 'reopen';
  let number: number;

  beforeEach(async () => {
    world = await World.start({ edition });
    whenDone = 'raise';
    number = 0;
    // Monday's alerts are raised and out of the way; those that repeat are grouped by tenant for a day.
    await world.run();
    world.editConfig = (yaml) => `${yaml}
rules:
  - name: Daily
    when: alert.title.startsWith("Repeated")
    then: { group: { by: [tenant], within: 24h, whenDone: ${whenDone} } }
`;
  });

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    await world.stop();
  });

  /** Some more alerts of one kind, a second apart. */
  function add(count: number, more: { tenant?: string; severity?: number; title?: string } = {}): string[] {
    const { tenant = 'contoso', severity = 0, title = 'Repeated sign-ins' } = more;
    return Array.from({ length: count }, () => {
      const id = (++number).toString(16).padStart(24, 'a');
      const timestamp = world.clock.now() - HOUR + number * 1000;
      world.scene.cloudApps.addAlert(tenant, { _id: id, timestamp, title, severityValue: severity });
      return `${tenant}/${id}`;
    });
  }

  /** The truth, from Jira's own books: each open alert is in exactly one place. */
  function expectOnePlaceEach() {
    const places = world.placesByAlert();
    expect([...places.keys()].sort()).toEqual(world.openAlerts().sort());
    expect([...places].filter(([, where]) => where.length !== 1)).toEqual([]);
  }

  const writesSoFar = () =>
    world.scene.jira.journal.filter(({ method, path }) => method !== 'GET' && !/search|bulkfetch/.test(path)).length;

  async function expectQuiet() {
    const writes = writesSoFar();
    for (let i = 0; i < 2; i++) expect((await world.run()).lines).toEqual([]);
    expect(writesSoFar()).toBe(writes);
  }

  const placesOf = (alerts: readonly string[]) => alerts.map((alert) => world.placesByAlert().get(alert)?.join() ?? '');
  const comments = (key: string) => world.scene.jira.commentsOf(key);
  const issue = (key: string) => world.scene.jira.issues().find((one) => one.key === key);
  const outcomes = (report: Awaited<ReturnType<World['run']>>) =>
    Object.fromEntries(
      [...Map.groupBy(report.lines, ({ outcome }) => outcome)].map(([name, lines]) => [name, lines.length]),
    );

  it('when all come at once: the first raises, the others are listed in one comment', async () => {
    const alerts = add(5);
    const report = await world.run();
    expect(outcomes(report)).toEqual({ raised: 1, attached: 4 });
    expect(report.tenants.find(({ tenant }) => tenant === 'contoso')).toMatchObject({
      raised: 1,
      attached: 4,
      waiting: 0,
    });
    expectOnePlaceEach();
    expect(placesOf(alerts.slice(0, 1))).toEqual(['SOC-16']);
    expect(comments('SOC-16')).toHaveLength(1);
    const text = JSON.stringify(comments('SOC-16')[0]?.body);
    for (const alert of alerts.slice(1)) expect(text).toContain(alert.replace('contoso/', ''));
    expect(text).toContain('now has 5 alerts');
    expect(issue('SOC-16')?.properties['casewire.group']).toMatchObject({ alerts: 5, rule: 'Daily' });
    await expectQuiet();
  });

  it('when they come in several passes: one comment a pass, and a counter that counts', async () => {
    add(1);
    await world.run();
    for (let pass = 0; pass < 3; pass++) {
      add(2);
      expect(outcomes(await world.run())).toEqual({ attached: 2 });
    }
    expect(comments('SOC-16')).toHaveLength(3);
    expect(issue('SOC-16')?.properties['casewire.group']).toMatchObject({ alerts: 7 });
    expectOnePlaceEach();
    await expectQuiet();
  });

  it('when they are planned: what a run would do, and nothing written', async () => {
    add(3);
    add(2, { tenant: 'fabrikam' });
    const writes = writesSoFar();
    const planned = await world.plan();
    expect(outcomes(planned)).toEqual({ 'would-raise': 2, 'would-attach': 3 });
    expect(writesSoFar()).toBe(writes);
    await world.run();
    add(1);
    const [line] = (await world.plan()).lines;
    expect(line).toMatchObject({ outcome: 'would-attach', why: expect.stringContaining('rule "Daily"') });
  });

  it('when two runs start at the same moment', async () => {
    add(6);
    await Promise.all([world.run(), world.run()]);
    await world.run();
    expectOnePlaceEach();
    expect(world.creates()).toHaveLength(16);
    add(6);
    await Promise.all([world.run(), world.run()]);
    await world.run();
    expectOnePlaceEach();
    expect(world.creates()).toHaveLength(16);
    await expectQuiet();
  });

  it('when the create of the first gets lost: the others wait, and are told as waiting', async () => {
    add(4);
    world.scene.jira.fault(CREATE, faults.reset(), { times: 1 });
    const first = await world.run();
    expect(outcomes(first)).toEqual({ waiting: 4 });
    expect(first.lines.filter(({ why }) => why.includes('adds it to the issue of contoso/'))).toHaveLength(3);
    world.clock.advance(12 * MINUTE);
    await world.run();
    expectOnePlaceEach();
    expect(world.creates()).toHaveLength(17);
    await expectQuiet();
  });

  it('when the first is refused: the next one opens the group', async () => {
    const alerts = add(3);
    world.scene.jira.fault(CREATE, faults.status(400, { body: { errorMessages: ['No.'] } }), { times: 1 });
    const report = await world.run();
    expect(outcomes(report)).toEqual({ held: 1, raised: 1, attached: 1 });
    expect(placesOf(alerts.slice(1, 2))).toEqual(['SOC-16']);
    world.clock.advance(25 * HOUR);
    await world.run();
    expectOnePlaceEach();
    expect(world.placesByAlert().get(alerts[0] ?? '')?.[0]).toMatch(/^SOC-16#/);
  });

  const lost: [string, Fault][] = [
    ['its answer is lost', faults.loseAnswer()],
    ['it is answered 500 after the commit', faults.failAfterCommit(500)],
    ['its 201 is cut short', faults.truncate({ contentLength: false })],
    ['its 201 is replaced by a page', faults.failAfterCommit(200, { html: '<h1>Sign in</h1>' })],
  ];

  it.each(lost)('when the comment is written and %s: found in the same pass', async (_, fault) => {
    add(1);
    await world.run();
    add(3);
    world.scene.jira.fault(COMMENT, fault, { times: 1 });
    expect(outcomes(await world.run())).toEqual({ attached: 3 });
    expectOnePlaceEach();
    expect(comments('SOC-16')).toHaveLength(1);
    await expectQuiet();
  });

  it.each([
    ['the connection is reset', faults.reset()],
    ['Jira answers 502 with a page', faults.status(502, { html: '<h1>Bad gateway</h1>' })],
    ['Jira hangs', faults.hang()],
    ['Jira answers 201 with nothing behind it', faults.status(201, { body: '' })],
  ])('when the comment is not written and %s: looked for through the window, then sent once more', async (_, fault) => {
    add(1);
    await world.run();
    add(3);
    world.scene.jira.fault(COMMENT, fault, { times: 1 });
    const report = await world.run();
    expect(outcomes(report)).toEqual({ waiting: 3 });
    expect(report.lines[0]?.why).toContain('the answer was lost');
    world.clock.advance(MINUTE);
    await world.run();
    expect(comments('SOC-16')).toHaveLength(0);
    world.clock.advance(12 * MINUTE);
    expect(outcomes(await world.run())).toEqual({ attached: 3 });
    expectOnePlaceEach();
    expect(comments('SOC-16')).toHaveLength(1);
    await expectQuiet();
  });

  it('when Jira writes the comment twenty seconds after it gave up answering', async () => {
    add(1);
    await world.run();
    add(3);
    world.scene.jira.fault(COMMENT, faults.delayCommit(20_000), { times: 1 });
    await world.run();
    world.clock.advance(MINUTE);
    await world.run();
    expectOnePlaceEach();
    expect(comments('SOC-16')).toHaveLength(1);
  });

  it('when Jira asks to wait before the comment: within the pass that may wait', async () => {
    add(4);
    world.scene.jira.fault(COMMENT, faults.status(429, { headers: { 'Retry-After': '60' }, body: {} }), { times: 1 });
    const report = await world.run({ waitMs: 5 * MINUTE });
    expect(outcomes(report)).toEqual({ raised: 1, attached: 3 });
    expectOnePlaceEach();
    await expectQuiet();
  });

  it("when a later one is worse: the priority is raised, never lowered, and a person's choice stays", async () => {
    const priority = () => (issue('SOC-16')?.fields.priority as { id?: string; name?: string }) ?? {};
    const [highest, high, medium, low] = world.scene.jira.site.priorities;
    add(1, { severity: 0 });
    await world.run();
    expect(priority().id).toBe(low?.id);
    add(1, { severity: 2 });
    await world.run();
    expect(priority().id).toBe(high?.id);
    add(1, { severity: 1 });
    await world.run();
    expect(priority().id).toBe(high?.id);
    world.scene.jira.setPriority('SOC-16', medium?.name ?? '');
    add(1, { severity: 2 });
    const report = await world.run();
    expect(priority().name).toBe(medium?.name);
    expect(report.warnings.join()).toContain(`priority left at ${medium?.name}`);
    expect(highest?.name).toBe('Highest');
    expectOnePlaceEach();
    await expectQuiet();
  });

  it('when the answer to the raised priority is lost: raised once, and told again without change', async () => {
    add(1);
    await world.run();
    add(1, { severity: 2 });
    world.scene.jira.fault({ method: 'PUT', path: /\/issue\/\d+(\?|$)/ }, faults.loseAnswer(), { times: 1 });
    await world.run();
    world.clock.advance(2 * MINUTE);
    await world.run();
    expect(world.scene.jira.requests(/\/issue\/\d+(\?|$)/, 'PUT')).toHaveLength(1);
    await expectQuiet();
  });

  it('when its issue was closed: the next alert raises a new one, linked to it, and the others go there', async () => {
    add(2);
    await world.run();
    world.scene.jira.setStatus('SOC-16', 'Done');
    const later = add(3);
    const report = await world.run();
    expect(outcomes(report)).toEqual({ raised: 1, attached: 2 });
    expect(report.warnings.join()).toContain('SOC-16 is Done');
    expect(placesOf(later.slice(0, 1))).toEqual(['SOC-17']);
    const there = world.scene.jira.site.find('SOC-17');
    expect(there?.links.map(({ type, other }) => [type, other])).toEqual([['Relates', issue('SOC-16')?.id]]);
    expectOnePlaceEach();
    add(1);
    expect(outcomes(await world.run())).toEqual({ attached: 1 });
    expect(comments('SOC-17')).toHaveLength(2);
    await expectQuiet();
  });

  it('when its issue was closed and that of another group was not: each goes on in the same pass', async () => {
    world.editConfig = (yaml) => `${yaml}
rules:
  - { name: Logins, when: 'alert.title == "Repeated sign-ins"', then: { group: { by: [tenant], within: 24h } } }
  - { name: Copies, when: 'alert.title == "Repeated copies"', then: { group: { by: [tenant], within: 24h } } }
`;
    const addBoth = () => [...add(1), ...add(1, { title: 'Repeated copies' })];
    addBoth();
    await world.run();
    world.scene.jira.setStatus('SOC-16', 'Done');
    addBoth();
    expect(outcomes(await world.run())).toEqual({ raised: 1, attached: 1 });
    expectOnePlaceEach();
    await expectQuiet();
  });

  it('when its issue was closed and the rule reopens: reopened, once', async () => {
    whenDone = 'reopen';
    add(2);
    await world.run();
    world.scene.jira.setStatus('SOC-16', 'Done');
    add(2);
    world.scene.jira.fault({ method: 'POST', path: /\/transitions/ }, faults.loseAnswer(), { times: 1 });
    await world.run();
    world.clock.advance(MINUTE);
    await world.run();
    expect(issue('SOC-16')?.status).toBe('To Do');
    expect(world.scene.jira.requests(/\/transitions/, 'POST')).toHaveLength(1);
    expectOnePlaceEach();
    expect(world.creates()).toHaveLength(16);
    await expectQuiet();
  });

  it('when its issue was closed and cannot be reopened: a new one, and why', async () => {
    whenDone = 'reopen';
    add(1);
    await world.run();
    world.scene.jira.setStatus('SOC-16', 'Done');
    world.scene.jira.site.workflow.set('Done', []);
    add(1);
    const report = await world.run();
    expect(outcomes(report)).toEqual({ raised: 1 });
    expect(report.warnings.join()).toContain('cannot be reopened');
    expectOnePlaceEach();
  });

  it('when its issue was moved: the comment follows it', async () => {
    add(1);
    await world.run();
    const key = world.scene.jira.moveIssue('SOC-16', 'FAB');
    const [alert = ''] = add(1);
    const report = await world.run();
    expect(report.lines[0]?.ticket?.key).toBe(key);
    expect(placesOf([alert])[0]).toMatch(new RegExp(`^${key}#`));
    await expectQuiet();
  });

  it('when its issue was deleted: the next alert raises a new one, once', async () => {
    add(2);
    await world.run();
    world.scene.jira.deleteIssue('SOC-16');
    const later = add(3);
    const report = await world.run();
    expect(outcomes(report)).toEqual({ raised: 1, attached: 2 });
    expect(placesOf(later.slice(0, 1))).toEqual(['SOC-17']);
    expect(report.warnings.join()).toContain('no longer there');
    await expectQuiet();
  });

  it('when its issue cannot be seen for want of a permission: held, and attached after the mend', async () => {
    add(2);
    await world.run();
    const alerts = add(2);
    // Only the look at the issue is refused; creates would go through, but must not.
    world.scene.jira.fault({ method: 'GET', path: /\/issue\/\d+\?fields=status/ }, faults.status(403, { body: {} }), {
      times: 1,
    });
    const report = await world.run();
    expect(outcomes(report)).toEqual({ held: 2 });
    expect(report.lines[0]?.why).toContain('cannot be seen');
    expect(placesOf(alerts)).toEqual(['', '']);
    world.clock.advance(HOUR + MINUTE);
    expect(outcomes(await world.run())).toEqual({ attached: 2 });
    expectOnePlaceEach();
    await expectQuiet();
  });

  it('when its issue takes no more comments: a new issue', async () => {
    add(1);
    await world.run();
    world.scene.jira.site.mostComments = 0;
    add(1);
    expect(outcomes(await world.run())).toEqual({ raised: 1 });
    expectOnePlaceEach();
  });

  it('when Jira refuses the comment: held with its words', async () => {
    add(1);
    await world.run();
    world.scene.jira.site.permissions.delete('ADD_COMMENTS');
    add(2);
    const report = await world.run();
    expect(outcomes(report)).toEqual({ held: 2 });
    expect(report.lines[0]?.why).toContain('ADD_COMMENTS');
  });

  it('when the ledger is lost: what comments list is found again, and nothing is made twice', async () => {
    add(4);
    add(2, { tenant: 'fabrikam' });
    await world.run();
    rmSync(world.storePath);
    const writes = writesSoFar();
    const report = await world.run();
    expect(outcomes(report)).toEqual({ adopted: 17, attached: 4 });
    expect(writesSoFar()).toBe(writes);
    expectOnePlaceEach();
    await expectQuiet();
  });

  it('when they are a thousand: a few comments that name them all', { timeout: 180_000 }, async () => {
    for (const alert of manyAlerts(1_000, { before: world.clock.now(), tenant: 'contoso', distinctAddresses: 5 }))
      world.scene.cloudApps.addAlert('contoso', { ...(alert as object), title: 'Repeated flood' } as never);
    const report = await world.run();
    expect(outcomes(report)).toMatchObject({ raised: expect.any(Number), attached: expect.any(Number) });
    expectOnePlaceEach();
    const texts = world.scene.jira
      .issues()
      .flatMap(({ key }) => comments(key).map(({ body }) => JSON.stringify(body).replaceAll('\\', '')));
    const listed = [...world.placesByAlert()].filter(([, [place = '']]) => place.includes('#'));
    expect(listed.filter(([alert]) => !texts.some((text) => text.includes(alert)))).toEqual([]);
    expect(world.creates().length - 15 + (outcomes(report).attached ?? 0)).toBe(1_000);
    await expectQuiet();
  });
});
