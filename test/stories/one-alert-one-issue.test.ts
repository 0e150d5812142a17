import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { World } from '../world.ts';

const MINUTE = 60_000;
/** Reads by which a new process makes sure that an alert has no issue before its first create. */
const LOOKS = { cloud: 2, datacenter: 1 };
const CREATE = { method: 'POST', path: /\/issue(\?|$)/ };

describe.each(['cloud', 'datacenter'] as const)('one alert, one issue, on Jira %s', (edition) => {
  let world: World;

  beforeEach(async () => {
    world = await World.start({ edition });
  });

  afterEach(async () => {
    expect(world.scene.jira.unexpected).toEqual([]);
    expect(world.scene.cloudApps.unexpected).toEqual([]);
    expect(world.scene.abuseipdb.unexpected).toEqual([]);
    expect(world.scene.abuseipdb.mustNotHaveBeenSent).toEqual([]);
    await world.stop();
  });

  /** The truth, from Jira's own books: each open alert has exactly one issue, and nothing else has one. */
  function expectOneIssueEach() {
    const byAlert = world.issuesByAlert();
    expect([...byAlert.keys()].sort()).toEqual(world.openAlerts().sort());
    expect([...byAlert.values()].filter((keys) => keys.length !== 1)).toEqual([]);
  }

  async function expectQuiet() {
    const writes = world.creates().length;
    const again = await world.run();
    expect(again.lines).toEqual([]);
    await world.run();
    expect(world.creates().length).toBe(writes);
  }

  it('when all is well: fifteen issues, and none the second time', async () => {
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'raised')).toHaveLength(15);
    expectOneIssueEach();
    const calls = [world.scene.cloudApps, world.scene.jira, world.scene.abuseipdb].map(({ journal }) => journal.length);
    await world.run();
    const more = [world.scene.cloudApps, world.scene.jira, world.scene.abuseipdb].map(({ journal }) => journal.length);
    expect(more.map((n, i) => n - (calls[i] ?? 0))).toEqual([3, 0, 0]);
  });

  it('when two runs start at the same moment', async () => {
    const both = await Promise.all([world.run(), world.run()]);
    expectOneIssueEach();
    expect(both.flatMap(({ lines }) => lines).filter(({ outcome }) => outcome === 'raised')).toHaveLength(15);
  });

  it.each([
    ['the answer is lost after the commit', faults.loseAnswer()],
    ['Jira answers 500 after the commit', faults.failAfterCommit(500)],
    ['Jira answers 503 with a page after the commit', faults.failAfterCommit(503, { html: '<h1>Oops</h1>' })],
    ['the 201 is cut short', faults.truncate({ contentLength: true })],
    ['the 201 is cut short without a length', faults.truncate({ contentLength: false })],
    ['the 201 is replaced by a page', faults.failAfterCommit(200, { html: '<h1>Sign in</h1>' })],
    ['Jira answers 409 after the commit', faults.failAfterCommit(409)],
  ])('when %s: found by its key in the same pass', async (_, fault) => {
    world.scene.jira.searchLags(90_000);
    world.scene.jira.fault(CREATE, fault, { after: 3, times: 4 });
    const report = await world.run();
    expect(report.lines.filter(({ outcome }) => outcome === 'adopted')).toHaveLength(4);
    expectOneIssueEach();
    await expectQuiet();
  });

  it('when Jira never answers the create but did commit it', async () => {
    world.scene.jira.fault(CREATE, faults.delayCommit(20_000, 'none'), { times: 1 });
    await world.run();
    world.clock.advance(MINUTE);
    await world.run();
    expectOneIssueEach();
    await expectQuiet();
  });

  it.each([
    ['resets the connection before the work', faults.reset()],
    ['answers 500 without having committed', faults.status(500)],
    ['answers 502 with a page', faults.status(502, { html: '<h1>Bad gateway</h1>' })],
    ['hangs', faults.hang()],
    ['answers 201 with nothing behind it', faults.status(201, { body: '' })],
  ])('when Jira %s: looked for through the window, then sent once more', async (_, fault) => {
    world.scene.jira.fault(CREATE, fault, { times: 1 });
    const first = await world.run();
    const [lost] = first.lines.filter(({ outcome }) => outcome === 'waiting');
    expect(lost?.why).toContain('the answer was lost');
    expect(world.issuesByAlert().size).toBe(14);
    world.clock.advance(MINUTE);
    await world.run();
    expect(world.creates()).toHaveLength(15);
    world.clock.advance(12 * MINUTE);
    await world.run();
    expect(world.creates()).toHaveLength(16);
    expectOneIssueEach();
    await expectQuiet();
  });

  it('when the search lags behind a lost answer and the key probe finds nothing to go by', async () => {
    world.scene.jira.searchLags(90_000);
    world.scene.jira.skipNumbers('SOC', 1_500);
    world.scene.jira.fault(CREATE, faults.loseAnswer(), { times: 1 });
    const first = await world.run();
    expect(first.lines.filter(({ outcome }) => outcome === 'waiting').length).toBeLessThanOrEqual(1);
    world.clock.advance(100_000);
    await world.run();
    expectOneIssueEach();
    expect(world.creates()).toHaveLength(15);
  });

  it('when a look is answered for an anonymous visitor: that proves nothing', async () => {
    await world.run();
    world.scene.cloudApps.addAlert('contoso', {
      _id: 'aaaaaaaaaaaaaaaaaaaaaaaa',
      timestamp: world.clock.now(),
      title: 'Late one',
      severityValue: 1,
    });
    world.scene.jira.fault(CREATE, faults.loseAnswer(), { times: 1 });
    world.scene.jira.fault({ path: /bulkfetch|\/issue\/SOC-|\/search/ }, faults.status(503), {
      after: LOOKS[edition],
      times: 50,
    });
    await world.run();
    world.scene.jira.heal();
    world.clock.advance(30 * MINUTE);
    world.scene.jira.servesStrangers = true;
    world.scene.jira.fault({ path: /bulkfetch|\/issue\/SOC-/ }, faults.status(404, { body: {} }), { times: 50 });
    world.scene.jira.fault(
      { path: /\/search/ },
      faults.status(200, {
        headers: { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' },
        body: { issues: [], isLast: true, total: 0, startAt: 0, maxResults: 50 },
      }),
      { times: 50 },
    );
    await world.run();
    expect(world.creates()).toHaveLength(16);
    world.scene.jira.heal();
    world.scene.jira.servesStrangers = false;
    await world.run();
    expectOneIssueEach();
  });

  it('when the create is answered 429, then 503, then 201', async () => {
    world.scene.jira.fault(CREATE, faults.status(429, { headers: { 'Retry-After': '2' }, body: {} }), { times: 1 });
    world.scene.jira.fault(CREATE, faults.status(503), { times: 1 });
    await world.run({ waitMs: 20 * MINUTE });
    expectOneIssueEach();
    await expectQuiet();
  });

  it('when a 429 asks for longer than a pass may wait: left for the next', async () => {
    world.scene.jira.fault(CREATE, faults.status(429, { headers: { 'Retry-After': '600' }, body: {} }), { times: 1 });
    const first = await world.run();
    expect(first.lines.filter(({ outcome }) => outcome === 'waiting').length).toBeGreaterThan(0);
    world.clock.advance(11 * MINUTE);
    await world.run();
    expectOneIssueEach();
  });

  it('when the ledger is lost: the issues are found again, none is made', async () => {
    await world.run();
    const other = await World.start({ edition });
    try {
      const config = world.configText();
      other.editConfig = () => config;
      Object.assign(other.scene, { env: world.scene.env });
      const casewire = await other.open();
      try {
        await world.drive(casewire.run({ waitMs: 0, signal: new AbortController().signal }));
      } finally {
        await casewire.close();
      }
    } finally {
      await other.stop();
    }
    expect(world.creates()).toHaveLength(15);
  });

  it('when the same alert id occurs in two tenants', async () => {
    const twin = {
      _id: 'bbbbbbbbbbbbbbbbbbbbbbbb',
      timestamp: world.clock.now() - MINUTE,
      title: 'Same id',
      severityValue: 2,
    };
    world.scene.cloudApps.addAlert('contoso', twin);
    world.scene.cloudApps.addAlert('fabrikam', twin);
    await world.run();
    expectOneIssueEach();
    expect(world.issuesByAlert().size).toBe(17);
  });

  it('when an answer was lost and the issue has a twin: the lowest id is kept and the other named', async () => {
    await world.run();
    world.scene.cloudApps.addAlert('contoso', {
      _id: 'cccccccccccccccccccccccc',
      timestamp: world.clock.now(),
      title: 'To be doubled',
      severityValue: 1,
    });
    world.scene.jira.fault(CREATE, faults.loseAnswer(), { times: 1 });
    world.scene.jira.fault({ path: /bulkfetch|\/issue\/SOC-|\/search/ }, faults.status(503), {
      after: LOOKS[edition],
      times: 50,
    });
    await world.run();
    world.scene.jira.heal();
    const lost = world.scene.jira.issues().at(-1);
    const create = world.creates().find(({ fault }) => fault === 'loseAnswer');
    await fetch(`${world.scene.jira.origin}${create?.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: authorization(edition, world) },
      body: create?.body ?? '',
    });
    world.clock.advance(MINUTE);
    const report = await world.run();
    expect(report.warnings.join()).toContain('more than one issue');
    const [adopted] = report.lines.filter(({ outcome }) => outcome === 'adopted');
    expect(adopted?.ticket?.key).toBe(lost?.key);
  });
});

function authorization(edition: 'cloud' | 'datacenter', { scene }: World): string {
  return edition === 'cloud'
    ? `Basic ${Buffer.from(`soc@example.com:${scene.env.JIRA_TOKEN}`).toString('base64')}`
    : `Bearer ${scene.env.JIRA_TOKEN}`;
}
