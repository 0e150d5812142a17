import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { OWN_ACCOUNT } from '../../src/simulators/jira/site.ts';
import type { ExistingAsk } from '../../src/tracker/tracker.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';
import { CREATE, ROUTE, SITE, TrackerScene } from '../tracker-scene.ts';

const SEARCH = /\/search(\/jql)?$/;

describe.each(['cloud', 'datacenter'] as const)('a look for lost issues on Jira %s', (edition) => {
  let scene: TrackerScene;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
  });
  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  const keysOf = (sightings: readonly { tickets: readonly { key: string }[] }[]) =>
    sightings.map(({ tickets }) => tickets.map(({ key }) => key));

  /** What an answer made for our own account carries. */
  const ownHeader =
    edition === 'cloud' ? { 'X-AAccountId': OWN_ACCOUNT.accountId } : { 'X-AUSERNAME': OWN_ACCOUNT.name };

  /** Creates an issue whose answer never comes. */
  async function lose(id: string): Promise<void> {
    scene.sim.fault(CREATE, faults.loseAnswer());
    expect(await scene.tracker().create(scene.draft(id))).toMatchObject({ outcome: 'unknown' });
  }

  /** Asked by a ledger that is known to lack issues. */
  const ask = (...ids: string[]): ExistingAsk => ({
    keys: ids.map((id) => scene.intent(id).dedupKey),
    since: scene.clock.now(),
    thorough: true,
    projects: [],
  });

  it('answers for every alert asked for, in order, whichever projects they are of', async () => {
    await lose('a1');
    const other = { ...ROUTE, project: 'FAB' };
    await scene.tracker().create(scene.draft('a2', { route: other }));
    const sightings = await scene
      .tracker()
      .lookFor([scene.intent('a3'), scene.intent('a2', { route: other }), scene.intent('a1')]);
    expect(sightings.map(({ dedupKey }) => dedupKey)).toEqual(['contoso/a3', 'contoso/a2', 'contoso/a1']);
    expect(keysOf(sightings)).toEqual([[], ['FAB-1'], ['SOC-1']]);
  });

  it('finds an issue in a project configured by its id, by key while search lags', async () => {
    scene.sim.searchLags(60_000);
    await lose('a1');
    const route = { ...ROUTE, project: scene.sim.site.project('SOC')?.id ?? '' };
    const sightings = await scene.tracker().lookFor([scene.intent('a1', { route, highestNumber: 0 })]);
    expect(keysOf(sightings)).toEqual([['SOC-1']]);
  });

  it('asks search for nothing that a read by key found', async () => {
    await scene.tracker().create(scene.draft('a1'));
    const before = scene.sim.requests(/rest/).length;
    await scene.tracker().lookFor([scene.intent('a1', { highestNumber: 0 })]);
    expect(scene.sim.requests(SEARCH)).toEqual([]);
    if (edition === 'cloud') expect(scene.sim.requests(/rest/).length - before).toBe(1);
  });

  it('is made of a create that was sent while the clock was hours ahead', async () => {
    scene.sim.issueType('SOC', 'IT Help').screen.delete('labels');
    await lose('a1');
    const ahead = scene.clock.now() + 3 * 3_600_000;
    const sightings = await scene.tracker().lookFor([{ ...scene.intent('a1', { highestNumber: 50 }), sentAt: ahead }]);
    expect(keysOf(sightings)).toEqual([['SOC-1']]);
  });

  describe('where labels are not on the screen', () => {
    beforeEach(() => scene.sim.issueType('SOC', 'IT Help').screen.delete('labels'));

    it('looks through all that is newer than the lost create, however many pages and hours that is', async () => {
      await scene.tracker().create(scene.draft('a0'));
      scene.sim.skipNumbers('SOC', 500);
      await lose('a1');
      const lost = scene.intent('a1', { highestNumber: 1 });
      scene.clock.advance(3 * 3_600_000);
      const later = scene.tracker();
      await Promise.all(Array.from({ length: 130 }, (_, n) => later.create(scene.draft(`b${n}`))));
      scene.sim.skipNumbers('SOC', 500);
      expect(keysOf(await scene.tracker().lookFor([lost]))).toEqual([['SOC-502']]);
    });

    it('fails when more are new than can be looked through, since the lost one may be among the rest', async () => {
      const issues = Array.from({ length: 1_000 }, (_, n) => ({
        id: String(n),
        key: `FAB-${n}`,
        fields: { labels: [] },
      }));
      const body = edition === 'cloud' ? { issues, isLast: true } : { issues, startAt: 0, total: 1_000 };
      const tracker = scene.tracker();
      await tracker.create(scene.draft('a0'));
      scene.sim.fault({ path: SEARCH }, faults.status(200, { headers: ownHeader, body }));
      await expect(tracker.lookFor([scene.intent('a1', { highestNumber: 1 })])).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('project SOC'),
      });
    });
  });

  it('finds the earlier twin of a later attempt, though a key near the last one is hit first', async () => {
    await lose('a1');
    scene.sim.skipNumbers('SOC', 300);
    await lose('a1');
    const sightings = await scene.tracker().lookFor([scene.intent('a1', { attempt: 2, highestNumber: 301 })]);
    expect(keysOf(sightings)).toEqual([['SOC-1', 'SOC-302']]);
  });

  it('finds an issue that was moved to another project', async () => {
    await scene.tracker().create(scene.draft('a1', { route: { ...ROUTE, project: 'FAB' } }));
    expect(keysOf(await scene.tracker().lookFor([scene.intent('a1')]))).toEqual([['FAB-1']]);
  });

  it('knows an issue whose label somebody took away by its property', async () => {
    await lose('a1');
    for (const issue of scene.sim.site.all()) issue.labels = [];
    expect(keysOf(await scene.tracker().lookFor([scene.intent('a1', { highestNumber: 0 })]))).toEqual([['SOC-1']]);
  });

  it('does not take an issue of another alert for one of ours', async () => {
    await lose('a1');
    expect(keysOf(await scene.tracker().lookFor([scene.intent('a2', { highestNumber: 0 })]))).toEqual([[]]);
  });

  it.each([
    ['label', false],
    ['label and property', true],
  ])('takes no issue for ours to which a person copied the %s', async (_, properties) => {
    const tracker = scene.tracker();
    await lose('a1');
    const mira = scene.sim.person();
    mira.clone('SOC-1', { properties });
    mira.clone('SOC-1', { properties });
    scene.sim.deleteIssue('SOC-1');
    expect(keysOf(await tracker.lookFor([scene.intent('a1', { highestNumber: 0 })]))).toEqual([[]]);
    expect(keysOf(await tracker.findExisting(ask('a1'))).flat()).toEqual([]);
  });

  it('takes an issue of ours for the alert that its property names, whatever labels a person copied onto it', async () => {
    const tracker = scene.tracker();
    await tracker.create(scene.draft('a1'));
    await tracker.create(scene.draft('a2'));
    const [first, second] = [...scene.sim.site.all()];
    if (!first || !second) throw new Error('no issues');
    second.labels = [...first.labels];
    scene.sim.deleteIssue('SOC-1');
    expect(keysOf(await tracker.findExisting(ask('a1'))).flat()).toEqual([]);
    expect(keysOf(await tracker.lookFor([scene.intent('a1', { highestNumber: 0 })])).flat()).toEqual([]);
  });

  it("does not take an alert for listed that a person's comment, or a comment on a person's issue, names", async () => {
    const tracker = scene.tracker();
    const grouped = await tracker.create(scene.draft('a1', { labels: ['casewire.grouped'] }));
    if (grouped.outcome !== 'created') throw new Error(JSON.stringify(grouped));
    const mira = scene.sim.person();
    const words = 'see contoso/a2 as well';
    const body =
      edition === 'cloud'
        ? { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }] }
        : words;
    mira.comment('SOC-1', body);
    expect(keysOf(await tracker.findExisting(ask('a2'))).flat()).toEqual([]);
  });

  it('finds hundreds at once in far fewer calls than there are alerts', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `b${n}`);
    await Promise.all(ids.map((id) => scene.tracker().create(scene.draft(id))));
    const before = scene.sim.requests(/rest/).length;
    const sightings = await scene.tracker().lookFor(ids.map((id) => scene.intent(id, { highestNumber: 0 })));
    expect(sightings.every(({ tickets }) => tickets.length === 1)).toBe(true);
    if (edition === 'cloud') expect(scene.sim.requests(/rest/).length - before).toBeLessThan(8);
  });

  it.each([
    ['503', faults.status(503, { body: {} }), 'unavailable'],
    ['429', faults.status(429, { headers: { 'Retry-After': '9' }, body: {} }), 'rate-limited'],
    ['a sign-in page with 200', faults.html200(), 'unauthorised'],
    ['a page for our own account', faults.status(200, { headers: ownHeader, html: '<h1>Wait</h1>' }), 'malformed'],
    ['nothing for our own account', faults.status(200, { headers: ownHeader, body: '' }), 'malformed'],
    ['200 without a list', faults.status(200, { headers: ownHeader, body: {} }), 'malformed'],
    ['401', faults.status(401, { body: {} }), 'unauthorised'],
    ['a reset', faults.reset(), 'unavailable'],
  ])('fails, and does not say "not there", when its search is answered by %s', async (_, fault, kind) => {
    const tracker = scene.tracker();
    await tracker.create(scene.draft('a0'));
    scene.sim.fault({ path: SEARCH }, fault, { times: 9 });
    await expect(tracker.lookFor([scene.intent('a1', { highestNumber: 0 })])).rejects.toMatchObject({ kind });
  });

  it('fails when what is there for no account is all that a search may see', async () => {
    const tracker = scene.tracker();
    await tracker.create(scene.draft('a1'));
    const empty = edition === 'cloud' ? { issues: [], isLast: true } : { issues: [], total: 0, startAt: 0 };
    scene.sim.fault({ path: SEARCH }, faults.status(200, { body: empty }));
    await expect(tracker.lookFor([scene.intent('a1', { highestNumber: 50 })])).rejects.toMatchObject({
      kind: 'unauthorised',
    });
  });

  it('finds what an earlier ledger raised, forty alerts a call', async () => {
    const ids = Array.from({ length: 90 }, (_, n) => `c${n}`);
    await Promise.all(ids.map((id) => scene.tracker().create(scene.draft(id))));
    const before = scene.sim.requests(SEARCH).length;
    const sightings = await scene.tracker().findExisting(ask(...ids, 'new'));
    expect(sightings.filter(({ tickets }) => tickets.length === 1)).toHaveLength(90);
    // One call besides for the one that is missing: it might stand in a comment on a grouped issue.
    expect(scene.sim.requests(SEARCH).length - before).toBe(4);
  });

  it('finds what comments on grouped issues list, by whole names, reading them once', async () => {
    const tracker = scene.tracker();
    const grouped = await tracker.create(scene.draft('a1', { labels: ['casewire.grouped'] }));
    if (grouped.outcome !== 'created') throw new Error(JSON.stringify(grouped));
    const names = ['contoso/a_2', 'contoso/a-33', 'my-contoso/a4'];
    const document = {
      blocks: [{ kind: 'paragraph' as const, content: [{ kind: 'text' as const, text: names.join(', ') }] }],
    };
    await tracker.keeper.ensureComment(grouped.ticket.id, { marker: 'm1', document, alerts: names });
    const fresh = scene.tracker();
    const found = await fresh.findExisting(ask('a1', 'a_2', 'a-33', 'a-3', 'a4'));
    expect(found.flatMap(({ dedupKey, tickets, listed }) => tickets.map(({ key }) => [dedupKey, key, listed]))).toEqual(
      [
        ['contoso/a1', 'SOC-1', undefined],
        ['contoso/a_2', 'SOC-1', true],
        ['contoso/a-33', 'SOC-1', true],
      ],
    );
    await fresh.findExisting(ask('a5'));
    expect(scene.sim.requests(/\/comment\?/, 'GET')).toHaveLength(1);
  });

  it('asks again after a question that failed', async () => {
    const tracker = scene.tracker();
    scene.sim.fault({ path: SEARCH }, faults.status(503, { body: {} }));
    await expect(tracker.findExisting(ask('a1'))).rejects.toMatchObject({ kind: 'unavailable' });
    await scene.tracker().create(scene.draft('a1'));
    expect(keysOf(await tracker.findExisting(ask('a1')))).toEqual([['SOC-1']]);
  });

  it.skipIf(edition !== 'cloud' || judgeIsAbsent !== undefined)(
    `speaks as Atlassian's OpenAPI says${judgeIsAbsent ? ` (${judgeIsAbsent})` : ''}`,
    async () => {
      const { judge } = await openApiJudge();
      scene.sim.issueType('SOC', 'Task').screen.delete('labels');
      const unlabelled = { ...ROUTE, project: scene.sim.site.project('SOC')?.id ?? '', issueType: 'Task' };
      await scene.tracker().create(scene.draft('a1', { route: unlabelled }));
      await scene.tracker().lookFor([scene.intent('a1'), scene.intent('a2', { route: unlabelled, attempt: 2 })]);
      await scene.tracker().findExisting(ask('a1'));
      await scene.tracker().check([{ route: { ...ROUTE, site: SITE }, fields: [], priorities: [], labels: [] }]);
      expect(scene.sim.journal.flatMap(judge)).toEqual([]);
    },
  );
});
