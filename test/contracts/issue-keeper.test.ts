import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { faults } from '../../src/simulators/fault.ts';
import type { IssueKeeper, MarkedComment } from '../../src/tracker/issue-keeper.ts';
import type { JiraPorts } from '../../src/tracker/jira/jira-tracker.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';
import { TrackerScene } from '../tracker-scene.ts';

const MINUTE = 60_000;
const COMMENT = { method: 'POST', path: /\/comment$/ };

/** The comment that is there, by its own id and time. */
const WRITTEN = { id: expect.any(String), at: expect.any(Number) };

describe.each(['cloud', 'datacenter'] as const)('the keeper of issues on Jira %s', (edition) => {
  let scene: TrackerScene;
  let tracker: JiraPorts;
  let keeper: IssueKeeper;
  let id: string;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
    tracker = scene.tracker();
    keeper = tracker.keeper;
    id = await created('a1');
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

  const comment = (more: Partial<MarkedComment> = {}): MarkedComment => ({
    marker: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
    document: { blocks: [{ kind: 'paragraph', content: [{ kind: 'text', text: 'Two more alerts' }] }] },
    alerts: ['contoso/a2', 'contoso/a3'],
    ...more,
  });
  const maybeSent = (windowOver: boolean) => comment({ sent: { since: scene.clock.now() - MINUTE, windowOver } });
  const place = () => ({ id, project: 'SOC' });
  const comments = () => scene.sim.commentsOf(id);

  it('sees an open issue, a done one, and a moved one by its id', async () => {
    expect(await keeper.statusOf(place())).toEqual({
      seen: 'open',
      ticket: { id, key: 'SOC-1', url: `${scene.sim.url}/browse/SOC-1` },
      status: 'To Do',
      priority: 'Medium',
    });
    scene.sim.setStatus('SOC-1', 'Done');
    scene.sim.moveIssue('SOC-1', 'FAB');
    expect(await keeper.statusOf(place())).toMatchObject({ seen: 'done', ticket: { id, key: 'FAB-1' } });
  });

  it('takes an issue for gone only as an account that is ours and sees the project', async () => {
    scene.sim.deleteIssue('SOC-1');
    expect(await keeper.statusOf(place())).toMatchObject({ seen: 'gone' });
    scene.sim.site.permissions.delete('BROWSE_PROJECTS');
    expect(await keeper.statusOf(place())).toMatchObject({ seen: 'hidden', mend: expect.stringContaining('SOC') });
    scene.sim.fault({ path: /\/issue\// }, faults.status(503, { body: {} }));
    await expect(keeper.statusOf(place())).rejects.toMatchObject({ kind: 'unavailable' });
    scene.sim.servesStrangers = true;
    await expect(scene.tracker({}, 'wrong').keeper.statusOf(place())).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('writes a comment once, with its marker in text and property', async () => {
    expect(await keeper.ensureComment(id, comment())).toEqual({ outcome: 'done', changed: true, comment: WRITTEN });
    expect(await keeper.ensureComment(id, maybeSent(true))).toEqual({
      outcome: 'done',
      changed: false,
      comment: WRITTEN,
    });
    expect(comments()).toHaveLength(1);
    const [written] = comments();
    expect(JSON.stringify(written?.body)).toContain(comment().marker);
    expect(written?.properties).toEqual([
      { key: 'casewire.comment', value: { v: 1, id: comment().marker, alerts: ['contoso/a2', 'contoso/a3'] } },
    ]);
  });

  it('finds its comment among many newer ones', async () => {
    await keeper.ensureComment(id, comment());
    for (let i = 0; i < 230; i++) await keeper.ensureComment(id, comment({ marker: `b${i}` }));
    expect(await keeper.ensureComment(id, maybeSent(true))).toEqual({
      outcome: 'done',
      changed: false,
      comment: WRITTEN,
    });
    expect(comments()).toHaveLength(231);
  });

  it.each([
    ['its answer is lost', faults.loseAnswer()],
    ['it is answered 500 after the commit', faults.failAfterCommit(500)],
    ['its answer is cut short', faults.truncate({ contentLength: true })],
    ['its answer is a page', faults.failAfterCommit(200, { html: '<h1>Sign in</h1>' })],
    ['its answer is empty', faults.failAfterCommit(201, { body: '' })],
  ])('leaves a comment in doubt when %s, and finds it', async (_, fault) => {
    scene.sim.fault(COMMENT, fault);
    expect(await keeper.ensureComment(id, comment())).toMatchObject({ outcome: 'unknown' });
    expect(await keeper.ensureComment(id, maybeSent(false))).toEqual({
      outcome: 'done',
      changed: false,
      comment: WRITTEN,
    });
    expect(comments()).toHaveLength(1);
  });

  it('writes nothing again while a lost comment may still appear, and once afterwards', async () => {
    scene.sim.fault(COMMENT, faults.reset());
    await keeper.ensureComment(id, comment());
    expect(await keeper.ensureComment(id, maybeSent(false))).toMatchObject({ outcome: 'unknown' });
    expect(comments()).toHaveLength(0);
    expect(await keeper.ensureComment(id, maybeSent(true))).toEqual({
      outcome: 'done',
      changed: true,
      comment: WRITTEN,
    });
    scene.sim.fault({ method: 'GET', path: /\/comment/ }, faults.status(503, { body: {} }));
    expect(await keeper.ensureComment(id, maybeSent(true))).toMatchObject({ outcome: 'unknown' });
    expect(comments()).toHaveLength(1);
  });

  it('says what surely wrote nothing, and why', async () => {
    scene.sim.fault(COMMENT, faults.status(429, { headers: { 'Retry-After': '7' }, body: {} }));
    expect(await keeper.ensureComment(id, comment())).toMatchObject({ outcome: 'not-sent', retryAfterMs: 7_000 });
    scene.sim.site.mostComments = 0;
    expect(await keeper.ensureComment(id, comment())).toMatchObject({ outcome: 'refused', full: true });
    scene.sim.site.permissions.delete('ADD_COMMENTS');
    expect(await keeper.ensureComment(id, comment())).toMatchObject({ outcome: 'refused' });
    expect(await scene.tracker({}, 'wrong').keeper.ensureComment(id, comment())).toMatchObject({
      outcome: 'unauthorised',
    });
    expect(comments()).toHaveLength(0);
  });

  it("raises a priority by the project's order, never lowers one, and leaves what a person chose", async () => {
    const raise = () => keeper.ensurePriority(id, { asked: ['Low', 'highest'], given: 'Medium' });
    expect(await raise()).toEqual({ outcome: 'done', changed: true, now: 'Highest' });
    expect(await raise()).toEqual({ outcome: 'done', changed: false, now: 'Highest' });
    scene.sim.setPriority('SOC-1', 'Lowest');
    expect(await raise()).toMatchObject({ changed: false, now: 'Lowest', note: expect.stringContaining('person') });
    expect(await keeper.ensurePriority(id, { asked: ['Low'] })).toMatchObject({ changed: true, now: 'Low' });
    expect(await keeper.ensurePriority(id, { asked: ['no such'], given: 'Low' })).toMatchObject({ changed: false });
    scene.sim.site.permissions.delete('EDIT_ISSUES');
    expect(await keeper.ensurePriority(id, { asked: ['High'] })).toMatchObject({ outcome: 'refused' });
  });

  it('keeps a property, once or twice the same', async () => {
    for (let i = 0; i < 2; i++)
      expect(await keeper.ensureProperty(id, 'casewire.group', { count: 3 })).toMatchObject({ outcome: 'done' });
    expect(scene.sim.issues()[0]?.properties['casewire.group']).toEqual({ count: 3 });
  });

  it("reopens by the workflow's own way, and says when there is none", async () => {
    scene.sim.setStatus('SOC-1', 'Done');
    scene.sim.site.workflow.set('Done', [{ to: 'Done' }, { to: 'In Progress' }]);
    expect(await keeper.reopen(id)).toEqual({ outcome: 'done', changed: true });
    expect(await keeper.reopen(id)).toEqual({ outcome: 'done', changed: false });
    expect(scene.sim.issues()[0]?.status).toBe('In Progress');
    scene.sim.setStatus('SOC-1', 'Done');
    scene.sim.site.workflow.set('Done', [{ to: 'To Do', requires: ['customfield_10110'] }]);
    expect(await keeper.reopen(id)).toMatchObject({ outcome: 'refused', why: expect.stringContaining('no way back') });
  });

  it('links two issues once, and does without where the site has no such links', async () => {
    const other = await created('a2');
    expect(await keeper.ensureLink(id, other)).toEqual({ outcome: 'done', changed: true });
    expect(await keeper.ensureLink(id, other)).toEqual({ outcome: 'done', changed: false });
    expect(await keeper.ensureLink(other, id)).toEqual({ outcome: 'done', changed: false });
    scene.sim.site.linkTypes = [];
    expect(await keeper.ensureLink(id, await created('a3'))).toMatchObject({
      note: expect.stringContaining('Relates'),
    });
  });

  it.skipIf(edition !== 'cloud' || judgeIsAbsent !== undefined)(
    `speaks as Atlassian's OpenAPI says${judgeIsAbsent ? ` (skipped: ${judgeIsAbsent})` : ''}`,
    async () => {
      const { judge } = await openApiJudge();
      await keeper.statusOf(place());
      await keeper.ensureComment(id, comment());
      await keeper.ensureComment(id, maybeSent(true));
      await keeper.ensurePriority(id, { asked: ['High'] });
      await keeper.ensureProperty(id, 'casewire.group', { count: 3 });
      scene.sim.setStatus('SOC-1', 'Done');
      await keeper.reopen(id);
      await keeper.ensureLink(id, await created('a2'));
      // The excerpt of the specification that is at hand has no issue links.
      const judged = scene.sim.journal.filter(({ path }) => !path.includes('/issueLink'));
      expect(judged.flatMap(judge)).toEqual([]);
    },
  );
});
