import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import type { IssueMover } from '../../src/tracker/issue-mover.ts';
import { dedupLabel } from '../../src/tracker/jira/dedup-label.ts';
import type { JiraPorts } from '../../src/tracker/jira/jira-tracker.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';
import { TrackerScene } from '../tracker-scene.ts';

const TRANSITION = { method: 'POST', path: /\/transitions$/ };
const EDIT = { method: 'PUT', path: /\/issue\/\d+$/ };
const WISH = { to: 'Done', resolutions: ['False Positive', 'Done'] };

describe.each(['cloud', 'datacenter'] as const)('the mover of issues on Jira %s', (edition) => {
  let scene: TrackerScene;
  let tracker: JiraPorts;
  let mover: IssueMover;
  let id: string;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
    tracker = scene.tracker();
    mover = tracker.mover;
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

  const issue = () => scene.sim.site.find(id);
  const writes = () => scene.sim.journal.filter(({ method, path }) => method === 'PUT' || TRANSITION.path.test(path));

  it('moves an issue to done with the first resolution that is offered, once', async () => {
    expect(await mover.ensureDone(id, WISH)).toEqual({ outcome: 'done', changed: true });
    expect(issue()).toMatchObject({ status: { name: 'Done' }, resolution: 'False Positive' });
    const before = scene.sim.requests(TRANSITION.path, 'POST').length;
    expect(await mover.ensureDone(id, WISH)).toEqual({ outcome: 'done', changed: false });
    expect(scene.sim.requests(TRANSITION.path, 'POST')).toHaveLength(before);
  });

  it('takes a transition by its own name, and fills a resolution that its screen demands', async () => {
    scene.sim.useWorkflow('resolved');
    expect(await mover.ensureDone(id, { to: 'resolve', resolutions: ['No such'] })).toMatchObject({ changed: true });
    expect(issue()).toMatchObject({ status: { name: 'Done' }, resolution: 'Done' });
  });

  it('fills a demanded field that has but one value', async () => {
    scene.sim.useWorkflow('sorted');
    expect(await mover.ensureDone(id, WISH)).toMatchObject({
      outcome: 'refused',
      why: expect.stringContaining('"Components" (components)'),
    });
    const { components } = scene.sim.site.project('SOC') ?? {};
    (components as { id: string; name: string }[]).splice(1);
    expect(await mover.ensureDone(id, WISH)).toEqual({ outcome: 'done', changed: true });
  });

  it('takes the single step into work in progress where done lies behind it', async () => {
    scene.sim.useWorkflow('stepped');
    expect(await mover.ensureDone(id, WISH)).toEqual({ outcome: 'done', changed: true });
    expect(issue()?.history.map(({ items }) => items[0]?.toString)).toEqual(['In Progress', 'Done']);
    expect(issue()?.resolution).toBe('False Positive');
  });

  it('takes no step towards a status that the workflow does not have', async () => {
    scene.sim.useWorkflow('stepped');
    expect(await mover.ensureDone(id, { ...WISH, to: 'Closed' })).toMatchObject({
      outcome: 'refused',
      why: 'no transition leads from "To Do" to "Closed"; there are: "Start work" to "In Progress"',
    });
    expect(issue()?.history).toEqual([]);
  });

  it('refuses in words where a person is needed: a form, no road, no right, no such issue', async () => {
    scene.sim.useWorkflow('explained');
    expect(await mover.ensureDone(id, WISH)).toMatchObject({ why: expect.stringContaining('"Affected User"') });
    scene.sim.useWorkflow();
    expect(await mover.ensureDone(id, { ...WISH, to: 'In Progress' })).toMatchObject({
      why: expect.stringContaining('does not count as done'),
    });
    scene.sim.site.permissions.delete('TRANSITION_ISSUES');
    expect(await mover.ensureDone(id, WISH)).toMatchObject({ mend: expect.stringContaining('Transition Issues') });
    scene.sim.deleteIssue(id);
    expect(await mover.ensureDone(id, WISH)).toMatchObject({ outcome: 'refused', why: expect.stringContaining(id) });
    expect(writes()).toEqual([]);
  });

  it.each([
    ['its answer is lost', faults.loseAnswer()],
    ['it is answered 500 after the move', faults.failAfterCommit(500)],
  ])('leaves a move in doubt when %s, and finds it made', async (_, fault) => {
    scene.sim.fault(TRANSITION, fault);
    expect(await mover.ensureDone(id, WISH)).toMatchObject({ outcome: 'unknown' });
    expect(await mover.ensureDone(id, WISH)).toEqual({ outcome: 'done', changed: false });
  });

  it.each([
    [400, 'refused'],
    [404, 'refused'],
    [413, 'refused'],
    [409, 'unknown'],
    [503, 'unknown'],
    [429, 'not-sent'],
    [401, 'unauthorised'],
  ])('sorts an answer %i to a move as %s', async (status, outcome) => {
    scene.sim.fault(TRANSITION, faults.status(status, { body: {} }));
    expect(await mover.ensureDone(id, WISH)).toMatchObject({ outcome });
  });

  const everything = () => true;

  it('writes the fields that differ in one request, and nothing the second time', async () => {
    const draft = scene.draft('a1', {
      summary: 'Impossible travel, again',
      description: {
        blocks: [
          {
            kind: 'paragraph',
            content: [
              { kind: 'text', text: 'More ' },
              { kind: 'text', text: 'happened' },
            ],
          },
          { kind: 'table', header: ['A'], rows: [[[{ kind: 'text', text: 'b' }]]] },
        ],
      },
      priority: 'High',
      labels: ['late'],
      fields: {
        'Affected User': 'mira',
        Customer: 'contoso',
        Surfaces: 'Mail, Files',
        'Abuse score': '12',
        'Raised on': '2026-11-23',
        'Raised at': '2026-11-23T07:00:00Z',
        Analyst: 'mira@example.com',
        Category: 'Intrusion > Account',
        'Alert URI': 'https://security.example/a1',
        'IP Report': 'one\ntwo',
        Tags: 'x, y',
      },
    });
    const first = await mover.ensureFields(id, draft, everything);
    expect(first).toMatchObject({ outcome: 'done', changed: true, left: [] });
    expect(first.written).toHaveLength(15);
    expect(scene.sim.requests(EDIT.path, 'PUT')).toHaveLength(1);
    expect(await mover.ensureFields(id, draft, everything)).toEqual({
      outcome: 'done',
      changed: false,
      written: [],
      left: [],
    });
    expect(scene.sim.requests(EDIT.path, 'PUT')).toHaveLength(1);
    expect(issue()?.labels).toEqual(expect.arrayContaining(['late', 'casewire', dedupLabel(draft.dedupKey)]));
  });

  it('leaves what it may not write, and keeps the labels of others', async () => {
    scene.sim.person().edit(id, 'labels', [...(issue()?.labels ?? []), 'mine']);
    const draft = scene.draft('a1', { summary: 'Other', priority: 'High', labels: ['late'] });
    expect(await mover.ensureFields(id, draft, (field) => field !== 'summary')).toEqual({
      outcome: 'done',
      changed: true,
      written: ['labels', 'priority'],
      left: ['summary'],
    });
    expect(issue()?.labels).toEqual(expect.arrayContaining(['mine', 'late']));
  });

  it('finds a lost edit made, and says when it may not edit', async () => {
    const draft = scene.draft('a1', { summary: 'Other' });
    scene.sim.fault(EDIT, faults.loseAnswer());
    expect(await mover.ensureFields(id, draft, everything)).toMatchObject({ outcome: 'unknown' });
    expect(await mover.ensureFields(id, draft, everything)).toMatchObject({ outcome: 'done', changed: false });
    scene.sim.site.permissions.delete('EDIT_ISSUES');
    expect(await mover.ensureFields(id, draft, everything)).toMatchObject({
      outcome: 'refused',
      mend: expect.stringContaining('Edit Issues'),
    });
  });

  const LABEL = dedupLabel('contoso/a1' as Parameters<typeof dedupLabel>[0]);
  const ref = (ticketId: string) => ({ id: ticketId, key: '', url: '' });

  it('makes a twin its duplicate, the label last, once', async () => {
    const twin = await created('a1');
    const mark = () => mover.ensureDuplicate(ref(twin), ref(id), LABEL);
    scene.sim.fault(EDIT, faults.reset());
    expect(await mark()).toMatchObject({ outcome: 'unknown' });
    expect(scene.sim.site.find(twin)?.labels).toContain(LABEL);
    expect(await mark()).toEqual({ outcome: 'done', changed: true });
    expect(await mark()).toEqual({ outcome: 'done', changed: false });
    const made = scene.sim.site.find(twin);
    expect(made).toMatchObject({ status: { name: 'Done' }, resolution: 'Duplicate' });
    expect(made?.links).toMatchObject([{ type: 'Duplicate', other: id, end: 'outward' }]);
    expect(made?.labels).toContain(`${LABEL}-dup`);
    expect(made?.labels).not.toContain(LABEL);
  });

  it('labels a twin that can be neither linked nor closed, and says so', async () => {
    const twin = await created('a1');
    scene.sim.site.linkTypes = [];
    scene.sim.useWorkflow('dead');
    expect(await mover.ensureDuplicate(ref(twin), ref(id), LABEL)).toMatchObject({
      outcome: 'done',
      note: expect.stringMatching(/not linked.*left open/),
    });
    expect(scene.sim.site.find(twin)?.labels).toContain(`${LABEL}-dup`);
  });

  it.skipIf(edition !== 'cloud' || judgeIsAbsent !== undefined)(
    `speaks as Atlassian's OpenAPI says${judgeIsAbsent ? ` (skipped: ${judgeIsAbsent})` : ''}`,
    async () => {
      const { judge } = await openApiJudge();
      await mover.ensureFields(id, scene.draft('a1', { summary: 'Other', labels: ['late'] }), everything);
      const twin = await created('a1');
      await mover.ensureDuplicate(ref(twin), ref(id), LABEL);
      await mover.ensureDone(id, WISH);
      // The excerpt of the specification that is at hand has no issue links.
      const judged = scene.sim.journal.filter(({ path }) => !path.includes('/issueLink'));
      expect(judged.flatMap(judge)).toEqual([]);
    },
  );
});
