import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import type { IssueWatch, MarkedIssue } from '../../src/tracker/issue-watch.ts';
import type { JiraPorts } from '../../src/tracker/jira/jira-tracker.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';
import { TrackerScene } from '../tracker-scene.ts';

const MINUTE = 60_000;

describe.each(['cloud', 'datacenter'] as const)('the watch over issues on Jira %s', (edition) => {
  let scene: TrackerScene;
  let tracker: JiraPorts;
  let watch: IssueWatch;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
    tracker = scene.tracker();
    watch = tracker.watch;
  });

  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  async function created(alert: string): Promise<string> {
    const outcome = await tracker.create(scene.draft(alert, { priority: 'Medium' }));
    if (outcome.outcome !== 'created') throw new Error(JSON.stringify(outcome));
    return outcome.ticket.id;
  }

  const place = (id: string) => ({ id, project: 'SOC' });
  const keysSince = async (ms: number) =>
    (await watch.changedSince(scene.clock.now() - ms)).map(({ ticket }) => ticket.key);

  it('finds what changed lately in every project, with resolution and date', async () => {
    const id = await created('a1');
    await created('a2');
    scene.clock.advance(30 * MINUTE);
    scene.sim.person().move(id, 'FAB');
    scene.sim.person().close(id, { resolution: 'False Positive' });
    const at = scene.clock.now();
    scene.clock.advance(5 * MINUTE);
    scene.sim.person().comment(id, 'seen');
    expect(await watch.changedSince(scene.clock.now() - 10 * MINUTE)).toEqual([
      {
        ticket: { id, key: 'FAB-1', url: `${scene.sim.url}/browse/FAB-1` },
        side: { seen: 'done', status: 'Done', resolution: 'False Positive', changedAt: at },
        updatedAt: scene.clock.now(),
      },
    ]);
    expect(await keysSince(60 * MINUTE)).toEqual(['FAB-1', 'SOC-2']);
  });

  it('sees a change as soon as search does, and never an older state as a newer one', async () => {
    const id = await created('a1');
    scene.clock.advance(60 * MINUTE);
    scene.sim.searchLags(3 * MINUTE);
    scene.sim.person().close(id);
    expect(await keysSince(MINUTE)).toEqual([]);
    scene.clock.advance(4 * MINUTE);
    expect(await keysSince(5 * MINUTE)).toEqual(['SOC-1']);
  });

  it('reads every page', async () => {
    for (let i = 0; i < 230; i++) await created(`a${i}`);
    expect(new Set(await keysSince(MINUTE)).size).toBe(230);
    const pages: (readonly MarkedIssue[])[] = [];
    for await (const page of watch.marked(scene.clock.now() - MINUTE)) pages.push(page);
    expect(pages.length).toBeGreaterThan(2);
    expect(new Set(pages.flat().map(({ ticket }) => ticket.id)).size).toBe(230);
  }, 20_000);

  it('takes no answer to an unknown visitor for "nothing changed"', async () => {
    await created('a1');
    scene.sim.servesStrangers = true;
    const stranger = scene.tracker({}, 'wrong').watch;
    await expect(stranger.changedSince(0)).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(stranger.marked(0).next()).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(stranger.read([place('10000')])).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('reads issues past the index, and tells gone from hidden', async () => {
    const ids = [await created('a1'), await created('a2'), await created('a3')];
    const [one = '', two = '', three = ''] = ids;
    scene.sim.searchLags(60 * MINUTE);
    scene.sim.person().close(one, { resolution: "Won't Do" });
    scene.sim.person().delete(two);
    const seen = await watch.read(ids.map(place));
    expect(seen.get(one)?.side).toMatchObject({ seen: 'done', resolution: "Won't Do" });
    expect(seen.get(two)?.side).toMatchObject({ seen: 'gone' });
    expect(seen.get(three)?.side).toMatchObject({ seen: 'open', status: 'To Do' });
    scene.sim.site.permissions.delete('BROWSE_PROJECTS');
    const unseen = await watch.read(ids.map(place));
    expect([...unseen.values()].map(({ side }) => side.seen)).toEqual(['hidden', 'hidden', 'hidden']);
    scene.sim.fault({ path: /bulkfetch|\/issue\/\d/ }, faults.status(503, { body: {} }));
    await expect(watch.read([place(one)])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('tells from the history who changed what, and which way a status went', async () => {
    const id = await created('a1');
    const mira = scene.sim.person();
    await tracker.keeper.ensurePriority(id, { asked: ['High'], given: 'Medium' });
    scene.clock.advance(MINUTE);
    mira.close(id, { resolution: 'False Positive' });
    scene.clock.advance(MINUTE);
    mira.reopen(id);
    mira.edit(id, 'customfield_10108', 'theo');
    expect(await watch.history(id)).toMatchObject([
      { own: true, field: 'priority' },
      { own: false, field: 'status', done: true },
      { own: false, field: 'resolution' },
      { own: false, field: 'status', done: false },
      { own: false, field: 'resolution' },
      { own: false, field: 'customfield_10108' },
    ]);
    mira.edit(id, 'customfield_10130', 'blue');
    const last = (await watch.history(id)).slice(6).map(({ field }) => field);
    // Data Center gives names alone, and two fields are named Team.
    expect(last).toEqual(edition === 'cloud' ? ['customfield_10130'] : ['customfield_10130', 'customfield_10131']);
    mira.delete(id);
    expect(await watch.history(id)).toEqual([]);
  });

  it('reads the histories of many issues, in one call where the edition can, each as by itself', async () => {
    const ids = [await created('a1'), await created('a2'), await created('a3')];
    const mira = scene.sim.person();
    for (const id of ids.slice(0, 2)) {
      mira.edit(id, 'assignee', edition === 'cloud' ? { accountId: mira.user.accountId } : { name: mira.user.name });
      scene.clock.advance(MINUTE);
      mira.close(id, { resolution: 'False Positive' });
    }
    const before = scene.sim.journal.length;
    const { read, why } = await watch.histories(ids);
    const calls = scene.sim.journal.slice(before).filter(({ path }) => path.includes('changelog'));
    expect(calls).toHaveLength(edition === 'cloud' ? 1 : 3);
    expect(why).toBeUndefined();
    for (const id of ids) expect(read.get(id)).toEqual(await watch.history(id));
    expect(read.get(ids[1] ?? '')).toMatchObject([
      { own: false, field: 'assignee', to: mira.user.displayName },
      { field: 'status', done: true },
      { field: 'resolution', to: 'False Positive' },
    ]);
  });

  it('reads each history by itself where a site does not serve many at once, and says which it cannot read', async () => {
    const one = await created('a1');
    const two = await created('a2');
    scene.sim.fault({ path: /changelog\/bulkfetch/ }, faults.status(400, { body: {} }), { times: 5 });
    scene.sim.person().close(one);
    scene.sim.person().delete(two);
    const { read, why } = await watch.histories([one, two]);
    expect([...read.keys()]).toEqual([one]);
    expect(why).toContain(two);
  });

  it('lists our issues with their identity, newest first', async () => {
    const id = await created('a1');
    scene.clock.advance(MINUTE);
    await created('a2');
    scene.sim.person().close(id);
    const { value: page } = await watch.marked(0).next();
    expect(page).toMatchObject([
      { ticket: { key: 'SOC-2' } },
      { ticket: { key: 'SOC-1' }, labels: expect.arrayContaining(['casewire']) },
    ]);
    const keys = (page as readonly MarkedIssue[]).map(({ dedupKey }) => dedupKey);
    expect(keys).toEqual(edition === 'cloud' ? ['contoso/a2', 'contoso/a1'] : [undefined, undefined]);
  });

  it('lists no issue that a person made, whatever was copied onto it', async () => {
    const id = await created('a1');
    const mira = scene.sim.person();
    mira.clone(id);
    mira.clone(id, { properties: true });
    const { value: page } = await watch.marked(0).next();
    expect((page as readonly MarkedIssue[]).map(({ ticket }) => ticket.key)).toEqual(['SOC-1']);
  });

  it.skipIf(edition !== 'cloud' || judgeIsAbsent !== undefined)(
    `speaks as Atlassian's OpenAPI says${judgeIsAbsent ? ` (skipped: ${judgeIsAbsent})` : ''}`,
    async () => {
      const { judge } = await openApiJudge();
      const id = await created('a1');
      scene.sim.person().close(id);
      await watch.changedSince(0);
      await watch.read([place(id), place('99999')]);
      await watch.history(id);
      await watch.marked(0).next();
      // The excerpt of the specification that is at hand has neither.
      const judged = scene.sim.journal.filter(({ path }) => !/\/changelog|\/status(\?|$)/.test(path));
      expect(judged.flatMap(judge)).toEqual([]);
    },
  );
});
