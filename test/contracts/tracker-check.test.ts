import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../src/simulators/fault.ts';
import { DEFAULT_SETUP } from '../../src/simulators/jira/setup.ts';
import type { RouteNeeds } from '../../src/tracker/tracker.ts';
import { ROUTE, TrackerScene } from '../tracker-scene.ts';

describe.each(['cloud', 'datacenter'] as const)('a look at the site before the first alert, Jira %s', (edition) => {
  let scene: TrackerScene;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
  });
  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  const problem = async (needs: RouteNeeds) =>
    (await scene.tracker().examine(needs)).map(({ says, mend }) => [says, mend]);

  it('finds nothing wrong with a route that fits, names in any case and ids too', async () => {
    const fields = [{ name: 'alert uri' }, { name: 'customfield_10130' }, { name: 'Customer', constant: 'Contoso' }];
    expect(await problem(scene.needs(fields, { priorities: ['high', 'Low'], labels: ['defender'] }))).toEqual([]);
  });

  it('tells of a status to move to that is not there, or is not done', async () => {
    const to = (transitionTo: string) => problem({ ...scene.needs([]), transitionTo });
    expect(await to('done')).toEqual([]);
    expect(await to('In Progress')).toEqual([
      [expect.stringContaining('does not count as done'), 'name a status of category Done: Done'],
    ]);
    expect(await to('Closed')).toEqual([
      [expect.stringContaining('has no status "Closed"'), 'name a status of category Done: Done'],
    ]);
  });

  it('tells of components and an assignee that are not there', async () => {
    const wishes = { components: ['cloud', 'Mail'], assignee: 'nobody@example.com' };
    expect(await problem({ ...scene.needs([]), ...wishes })).toEqual([
      ['component "Mail" does not exist in SOC / IT Help', 'use one of: Cloud, Endpoint'],
      [expect.stringContaining('no Jira user is found by "nobody@example.com"'), expect.any(String)],
    ]);
    expect(await problem({ ...scene.needs([]), components: ['Cloud'], assignee: 'theo@example.com' })).toEqual([]);
  });

  it.each<[string, RouteNeeds['fields'], readonly [string, string]]>([
    [
      'an ambiguous name, with the ids to choose from',
      [{ name: 'Team' }],
      [
        'more than one field on the create screen of SOC / IT Help is named "Team"',
        'use its id: customfield_10130 or customfield_10131',
      ],
    ],
    [
      'an absent name, with the nearest',
      [{ name: 'Alert URL' }],
      [
        'Jira has no field "Alert URL"',
        'did you mean "Alert URI" or "Alert title" or "Alert description" or "Alert IPs"?',
      ],
    ],
    [
      'an absent name like no other',
      [{ name: 'Zebra' }],
      ['Jira has no field "Zebra"', 'check its name or use its id'],
    ],
    [
      'a field that is not on the screen',
      [{ name: 'Off screen' }],
      [
        'field "Off screen" (customfield_10132) is not on the create screen of SOC / IT Help',
        'add it to the create screen in Jira, or take it out of the mapping',
      ],
    ],
    [
      'a constant that is no option, with those there are',
      [{ name: 'Customer', constant: 'initech' }],
      [
        'field "Customer": "initech" is not an option of field "Customer"; there are contoso, fabrikam, northwind',
        'correct the value in the configuration',
      ],
    ],
    [
      'a constant of the wrong type',
      [{ name: 'Abuse score', constant: 'high' }],
      ['field "Abuse score": "high" is not a number such as 12 or 0.5', 'correct the value in the configuration'],
    ],
    [
      'one field under two names',
      [{ name: 'Alert URI' }, { name: 'customfield_10107' }],
      ['"Alert URI" and "customfield_10107" are one field (customfield_10107) of SOC / IT Help', 'map it once'],
    ],
    [
      'a type that cannot be filled',
      [{ name: 'Issue Type' }],
      [
        'field "Issue Type" (issuetype) has the type issuetype, which cannot be filled',
        'map another field, or take this one out of the mapping',
      ],
    ],
  ])('tells %s', async (_, fields, says) => {
    expect(await problem(scene.needs(fields))).toEqual([says]);
  });

  it('tells what is wrong with priority, issue type and project, with what there is', async () => {
    expect(await problem(scene.needs([], { priorities: ['Urgent'] }))).toEqual([
      ['priority "Urgent" does not exist in SOC / IT Help', 'use one of: Highest, High, Medium, Low, Lowest'],
    ]);
    expect(await problem(scene.needs([], { route: { ...ROUTE, issueType: 'Crisis' } }))).toEqual([
      ['project "SOC" has no issue type "Crisis"', 'use one of: IT Help, Task'],
    ]);
    expect(await problem(scene.needs([], { route: { ...ROUTE, project: 'NONE' } }))).toEqual([
      [
        'project "NONE" does not exist, or this account may not create issues in it',
        'check the project key, and give the account Browse Projects and Create Issues there',
      ],
    ]);
  });

  it('warns of wished priorities that are not there, with the key to write', async () => {
    const needs = scene.needs([], { wishedPriorities: ['high', 'Urgent'] });
    expect(await scene.tracker().examine(needs)).toEqual([
      {
        level: 'warning',
        says: 'priority "Urgent" does not exist in SOC / IT Help; issues that would get it get the project\'s default priority',
        mend: 'write the key ticket.priority, with a priority for each of high, medium, low, informational: Highest, High, Medium, Low, Lowest',
      },
    ]);
    scene.sim.issueType('SOC', 'IT Help').screen.delete('priority');
    scene.clock.advance(25 * 3_600_000);
    expect(await scene.tracker().examine(needs)).toEqual([
      {
        level: 'warning',
        says: "Priority is not on the create screen of SOC / IT Help; issues get the project's default priority",
        mend: 'add Priority to the create screen',
      },
    ]);
  });

  it('tells all that is wrong at once, and what is merely weaker as a warning', async () => {
    const { screen, required } = scene.sim.issueType('SOC', 'IT Help');
    for (const id of ['labels', 'description', 'priority']) screen.delete(id);
    required.add('customfield_10112');
    const needs = scene.needs([{ name: 'Team' }], { priorities: ['High'], labels: ['defender'] });
    const problems = await scene.tracker().examine(needs);
    expect(problems.map(({ level, says }) => `${level}: ${says}`)).toEqual([
      expect.stringMatching(/^error: more than one field/),
      'error: field "Alert IPs" (customfield_10112) is required in SOC / IT Help and nothing fills it',
      'error: Priority is not on the create screen of SOC / IT Help',
      expect.stringMatching(/^warning: Description is not on the create screen/),
      expect.stringMatching(/^warning: Labels are not on the create screen.*labels defender are not set/),
    ]);
    expect(problems.every(({ mend }) => mend !== '')).toBe(true);
  });

  it('takes a required field with a default, and a person whom only a look-up can know, for filled', async () => {
    scene.sim.issueType('SOC', 'IT Help').required.add('priority');
    expect(await problem(scene.needs([{ name: 'Analyst', constant: 'mira@example.com' }]))).toEqual([]);
  });

  it('does not ask twice for what it just learnt, though it found a problem', async () => {
    expect(await problem(scene.needs([{ name: 'Team' }]))).toHaveLength(1);
    expect(scene.sim.requests(/createmeta/)).toHaveLength(2);
  });

  it('goes on reading a list where a page of it ended, however short that was', async () => {
    const list = [{ id: '9', name: 'Other' }];
    const body = {
      startAt: 0,
      maxResults: 1,
      total: 2,
      ...(edition === 'cloud' ? { issueTypes: list } : { values: list }),
    };
    scene.sim.fault({ path: /issuetypes[?]/ }, faults.status(200, { body }));
    expect(await problem(scene.needs([], { route: { ...ROUTE, issueType: 'Task' } }))).toEqual([]);
  });

  it('tells of a project that the account may not create in, and does not keep that it could not', async () => {
    scene.sim.fault({ path: /createmeta/ }, faults.status(403, { body: { errorMessages: ['No.'] } }));
    const tracker = scene.tracker();
    expect(await tracker.create(scene.draft('a1'))).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(/^project "SOC" does not exist, or this account may not create/),
    });
    expect(await scene.tracker().create(scene.draft('a1'))).toMatchObject({ outcome: 'created' });
    scene.clock.advance(60_000);
    expect(await tracker.create(scene.draft('a2'))).toMatchObject({ outcome: 'created' });
  });

  it('does not believe what is absent for another account, nor a log-in that was answered for one', async () => {
    const headers = { [edition === 'cloud' ? 'X-AAccountId' : 'X-AUSERNAME']: 'somebody-else' };
    await scene.tracker().check([]);
    scene.sim.fault({ path: /createmeta/ }, faults.status(404, { headers, body: {} }));
    await expect(scene.tracker().examine(scene.needs([]))).rejects.toMatchObject({ kind: 'unauthorised' });
    const body = { accountId: '1', name: 'casewire', displayName: 'Casewire' };
    scene.sim.fault({ path: /myself/ }, faults.status(200, { headers, body }));
    expect(await scene.tracker().check([])).toEqual([
      expect.objectContaining({ level: 'error', says: expect.stringContaining('for another account') }),
    ]);
  });

  it('needs no call at all for a route that was looked at within the day, and looks again after it', async () => {
    await scene.tracker().examine(scene.needs([{ name: 'Alert URI' }]));
    const calls = () => scene.sim.requests(/rest/).length;
    const before = calls();
    scene.clock.advance(23 * 3_600_000);
    await scene.tracker().examine(scene.needs([{ name: 'Alert URI' }]));
    expect(calls()).toBe(before);
    scene.clock.advance(3_600_000);
    await scene.tracker().examine(scene.needs([{ name: 'Alert URI' }]));
    expect(calls()).toBeGreaterThan(before);
  });

  it('reads a screen of more fields than a page holds', async () => {
    await scene.stop();
    const many = Array.from({ length: 450 }, (_, n) => ({
      id: `customfield_${20_000 + n}`,
      name: `Field ${n}`,
      type: 'textfield' as const,
    }));
    const screen = ['summary', 'description', 'labels', ...many.map(({ id }) => id)];
    const projects = [{ key: 'SOC', name: 'Security', issueTypes: [{ name: 'IT Help', screen }] }];
    scene = await TrackerScene.start(edition, { ...DEFAULT_SETUP, fields: many, projects });
    expect(await problem(scene.needs([{ name: 'Field 0' }, { name: 'Field 449' }]))).toEqual([]);
  });

  it('says as whom it is signed in, what Jira it is, and that the route fits', async () => {
    const lines = await scene
      .tracker()
      .check([scene.needs([{ name: 'Alert URI' }]), scene.needs([{ name: 'Alert URI' }])]);
    expect(lines.map(({ subject, level, says }) => `${subject} ${level}: ${says}`)).toEqual([
      expect.stringMatching(/^jira default ok: signed in as \S+/),
      expect.stringMatching(/^jira default ok: Jira \w+ \d+/),
      'jira default ok: SOC / IT Help: 1 mapped fields fit the create screen',
    ]);
  });

  it('warns of what later steps will lack, and of a clock that is off', async () => {
    scene.sim.site.permissions.delete('TRANSITION_ISSUES');
    const path = /serverInfo/;
    const serverTime = new Date(scene.clock.now() - 300_000).toISOString();
    scene.sim.fault({ path }, faults.status(200, { body: { serverTime } }));
    const lines = await scene.tracker().check([scene.needs([])]);
    const warnings = lines.filter(({ level }) => level === 'warning');
    expect(warnings.map(({ says }) => says)).toEqual([
      expect.stringMatching(/clock and Jira's differ by 5 min/),
      'in project SOC this account lacks TRANSITION_ISSUES',
    ]);
    expect(warnings.every(({ mend }) => mend)).toBe(true);
  });

  it('says so when the site is of the other edition', async () => {
    const deploymentType = edition === 'cloud' ? 'Server' : 'Cloud';
    scene.sim.fault({ path: /serverInfo/ }, faults.status(200, { body: { deploymentType } }));
    const lines = await scene.tracker().check([]);
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      says: `this site says it is ${deploymentType}, the configuration says ${edition}`,
      mend: `set edition: ${edition === 'cloud' ? 'datacenter' : 'cloud'}`,
    });
  });

  it('is one line in words, not a failure, when the site cannot be reached or demands a person', async () => {
    const headers = { 'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED' };
    scene.sim.fault({ path: /myself/ }, faults.status(403, { headers, body: {} }));
    expect(await scene.tracker().check([scene.needs([])])).toEqual([
      expect.objectContaining({ level: 'error', mend: expect.stringMatching(/log in once in a browser/) }),
    ]);
    scene.sim.fault({ path: /myself/ }, faults.reset(), { times: 9 });
    expect(await scene.tracker().check([scene.needs([])])).toEqual([expect.objectContaining({ level: 'error' })]);
  });

  it('goes on with the other routes when one cannot be looked at', async () => {
    scene.sim.fault({ path: /createmeta\/SOC/ }, faults.status(503, { body: {} }), { times: 9 });
    const lines = await scene
      .tracker()
      .check([scene.needs([]), scene.needs([], { route: { ...ROUTE, project: 'FAB' } })]);
    expect(lines.slice(-2)).toEqual([
      expect.objectContaining({ level: 'error', says: expect.stringContaining('503') }),
      expect.objectContaining({ level: 'ok', says: expect.stringContaining('FAB') }),
    ]);
  });
});
