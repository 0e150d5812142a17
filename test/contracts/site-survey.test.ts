import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSurvey } from '../../src/assembly/survey.ts';
import { Redactor } from '../../src/observe/redact.ts';
import { faults } from '../../src/simulators/fault.ts';
import { DEFAULT_SETUP, type JiraSetup } from '../../src/simulators/jira/setup.ts';
import type { SiteSurvey } from '../../src/tracker/site-survey.ts';
import { judgeIsAbsent, openApiJudge } from '../open-api-judge.ts';
import { TrackerScene } from '../tracker-scene.ts';

const EDITIONS = ['cloud', 'datacenter'] as const;

const MANY: JiraSetup = {
  ...DEFAULT_SETUP,
  projects: [
    ...DEFAULT_SETUP.projects,
    ...Array.from({ length: 60 }, (_, i) => ({
      key: `P${String(i).padStart(2, '0')}`,
      name: `Customer ${i}`,
      issueTypes: [],
    })),
  ],
};

describe.each(EDITIONS)('the survey of a site of edition %s', (edition) => {
  let scene: TrackerScene;
  let survey: SiteSurvey;
  let closeAll: (() => Promise<void>)[];

  function open(token = 'jira-token-1', asked: 'cloud' | 'datacenter' = edition): SiteSurvey {
    const auth =
      asked === 'cloud'
        ? ({ kind: 'email-token', email: 'soc@example.com', token } as const)
        : ({ kind: 'personal-access-token', token } as const);
    const parts = { clock: scene.clock, random: () => 0.5, redactor: new Redactor() };
    const opened = openSurvey({ edition: asked, url: scene.sim.url, auth }, parts);
    closeAll.push(opened.close);
    return opened.survey;
  }

  beforeEach(async () => {
    scene = await TrackerScene.start(edition, MANY);
    closeAll = [];
    survey = open();
  });
  afterEach(async () => {
    await Promise.all(closeAll.map((close) => close()));
    await scene.stop();
  });

  it('says whom the credentials belong to', async () => {
    expect(await survey.signIn()).toBe('soc@example.com');
    expect(scene.sim.unexpected).toEqual([]);
  });

  it('refuses wrong credentials with a mend', async () => {
    await expect(open('wrong').signIn()).rejects.toMatchObject({
      kind: 'unauthorised',
      details: { mend: expect.stringContaining('credentials') },
    });
  });

  it('says that it may be another edition where there is no such API', async () => {
    const other = edition === 'cloud' ? 'datacenter' : 'cloud';
    await expect(open('jira-token-1', other).signIn()).rejects.toMatchObject({
      kind: 'refused',
      details: { mend: expect.stringContaining(`whether this is Jira of edition ${other}`) },
    });
  });

  it('says which edition it is where it answers as the other does', async () => {
    const told = edition === 'cloud' ? 'Server' : 'Cloud';
    scene.sim.fault({ path: /serverInfo/ }, faults.status(200, { body: { deploymentType: told } }));
    await expect(survey.signIn()).rejects.toMatchObject({
      message: expect.stringContaining(`says that it is ${told}, not ${edition}`),
    });
  });

  it('lists projects in order, and says when there are more than it lists', async () => {
    const { projects, more } = await survey.projects('');
    expect(projects).toHaveLength(50);
    expect(projects[0]).toEqual({ key: 'FAB', name: 'Fabrikam' });
    expect(more).toBe(true);
  });

  it('finds projects by part of key or name, in any case', async () => {
    expect(await survey.projects('operat')).toEqual({
      projects: [{ key: 'SOC', name: 'Security Operations' }],
      more: false,
    });
    expect((await survey.projects('soc')).projects.map(({ key }) => key)).toEqual(['SOC']);
    expect(await survey.projects('nobody & co')).toEqual({ projects: [], more: false });
  });

  it('lists the issue types of a project, and knows none of a project that is absent', async () => {
    expect((await survey.issueTypes('SOC'))?.map(({ name }) => name)).toEqual(['IT Help', 'Task']);
    expect(await survey.issueTypes('NOPE')).toBeUndefined();
  });

  it('shows the create screen: kinds, options, priorities, and the id where a name would not do', async () => {
    const type = scene.sim.issueType('SOC', 'IT Help');
    type.required.add('customfield_10120');
    const { fields, priorities } = await survey.createScreen('SOC', type.id);
    expect(priorities.map(({ name }) => name)).toEqual(['Highest', 'High', 'Medium', 'Low', 'Lowest']);
    const by = new Map(fields.map((field) => [field.id, field]));
    expect(by.get('customfield_10107')).toEqual({
      id: 'customfield_10107',
      name: 'Alert URI',
      key: 'Alert URI',
      kind: 'url',
      required: false,
    });
    expect(by.get('customfield_10120')).toMatchObject({
      kind: 'select',
      required: true,
      options: [{ name: 'contoso' }, { name: 'fabrikam' }, { name: 'northwind' }],
    });
    expect(by.get('customfield_10127')?.options?.map(({ name }) => name)).toEqual([
      'Intrusion',
      'Intrusion > Account',
      'Intrusion > Application',
      'Fraud',
      'Fraud > Phishing',
    ]);
    expect(by.get('customfield_10130')?.key).toBe('customfield_10130');
    expect(['summary', 'description', 'priority', 'labels'].filter((id) => by.has(id))).toEqual([]);
    expect(scene.sim.unexpected).toEqual([]);
  });

  it('throws when the site cannot be asked', async () => {
    scene.sim.fault({ path: /createmeta/ }, faults.status(503), { times: 9 });
    await expect(survey.issueTypes('SOC')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  if (edition === 'cloud')
    it.skipIf(judgeIsAbsent !== undefined)(
      `speaks to Cloud as Atlassian's OpenAPI says${judgeIsAbsent ? ` (${judgeIsAbsent})` : ''}`,
      async () => {
        await survey.signIn();
        await survey.projects('s');
        await survey.createScreen('SOC', scene.sim.issueType('SOC', 'IT Help').id);
        const judge = await openApiJudge();
        expect(scene.sim.journal.flatMap((entry) => judge.judge(entry))).toEqual([]);
      },
    );
});
