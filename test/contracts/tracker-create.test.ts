import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import { DEFAULT_SETUP } from '../../src/simulators/jira/setup.ts';
import { CREATE, TrackerScene } from '../tracker-scene.ts';

describe.each(['cloud', 'datacenter'] as const)('a create on Jira %s', (edition) => {
  let scene: TrackerScene;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition);
  });
  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  const raw = { kind: 'verbatim', title: 'Raw', language: 'json', text: '{"attack":"<script>"}' } as const;
  const refusedField = (id: string) =>
    faults.status(400, { body: { errorMessages: [], errors: { [id]: 'Not accepted.' } } });

  it.each<[string, Fault, object]>([
    [
      '429 that names a time',
      faults.status(429, { headers: { 'X-RateLimit-Reset': '2026-11-23T07:00:09Z' }, body: {} }),
      { outcome: 'not-sent', retryAfterMs: 9_000 },
    ],
    [
      '429 that names a time gone by',
      faults.status(429, { headers: { 'X-RateLimit-Reset': '2026-11-23T06:59:00Z' }, body: {} }),
      { outcome: 'not-sent', retryAfterMs: 5_000 },
    ],
    ['500 after the work was done', faults.failAfterCommit(500, { body: {} }), { outcome: 'unknown' }],
    ['200 with an issue', faults.status(200, { body: { id: '1', key: 'SOC-1' } }), { outcome: 'unknown' }],
    ['200 with a sign-in page', faults.html200(), { outcome: 'unknown' }],
    ['200 with nothing', faults.empty200(), { outcome: 'unknown' }],
    ['201 whose id is a number', faults.status(201, { body: { id: 1, key: 'SOC-1' } }), { outcome: 'unknown' }],
    ['half an answer that looks whole', faults.truncate({ contentLength: false }), { outcome: 'unknown' }],
    [
      '400 that names fields by id',
      refusedField('customfield_10107'),
      {
        outcome: 'refused',
        why: 'Jira answered 400: Alert URI: Not accepted.',
        fields: { customfield_10107: 'Not accepted.' },
        mend: expect.stringContaining('casewire check'),
      },
    ],
  ])('sorts %s', async (_, fault, outcome) => {
    scene.sim.fault(CREATE, fault, { times: 5 });
    expect(await scene.tracker().create(scene.draft('a1'))).toMatchObject(outcome);
    expect(scene.sent()).toHaveLength(1);
  });

  it('assigns the issue and gives it components, each by what the edition knows them by', async () => {
    const draft = scene.draft('a1', { assignee: 'mira@example.com', components: ['cloud', 'Endpoint'] });
    expect(await scene.tracker().create(draft)).toMatchObject({ outcome: 'created', notes: [] });
    const [sent] = scene.sent();
    const { assignee = {}, components = [] } = (sent?.fields ?? {}) as {
      assignee?: object;
      components?: { id: string }[];
    };
    expect(Object.keys(assignee)).toEqual([edition === 'cloud' ? 'accountId' : 'name']);
    expect(components.map(({ id }) => id)).toEqual(['10300', '10301']);
  });

  it('leaves out an assignee who is not found, and says so', async () => {
    const draft = scene.draft('a1', { assignee: 'nobody@example.com' });
    expect(await scene.tracker().create(draft)).toMatchObject({
      outcome: 'created',
      notes: ['assignee left out: no Jira user is found by "nobody@example.com"'],
    });
    expect(scene.sent()[0]?.fields).not.toHaveProperty('assignee');
  });

  it('sends a refused one once more when fresh metadata says something else', async () => {
    await scene.tracker().create(scene.draft('a1', { fields: { Customer: 'contoso' } }));
    scene.sim.issueType('SOC', 'IT Help').screen.delete('labels');
    const later = scene.tracker();
    expect(await later.create(scene.draft('a2'))).toMatchObject({ outcome: 'created' });
    const [, refused, mended] = scene.sent();
    expect(refused?.fields).toHaveProperty('labels');
    expect(mended?.fields).not.toHaveProperty('labels');
    expect(scene.sim.issues()).toHaveLength(2);
  });

  it('does not repeat one that fresh metadata would not change', async () => {
    await scene.tracker().create(scene.draft('a1'));
    scene.sim.fault(CREATE, refusedField('customfield_10107'), { times: 5 });
    const later = scene.tracker();
    expect(await later.create(scene.draft('a2'))).toMatchObject({ outcome: 'refused' });
    expect(scene.sent()).toHaveLength(2);
  });

  it('does not ask for metadata again within a minute because of further refusals', async () => {
    const tracker = scene.tracker();
    scene.sim.fault(CREATE, refusedField('customfield_10107'), { times: 50 });
    await tracker.create(scene.draft('a1'));
    const asked = () => scene.sim.requests(/createmeta/).length;
    expect(asked()).toBe(2);
    scene.clock.advance(59_000);
    await tracker.create(scene.draft('a2'));
    expect(asked()).toBe(2);
    scene.clock.advance(1_000);
    await tracker.create(scene.draft('a3'));
    expect(asked()).toBe(4);
  });

  it.each([
    ['a page with 403', faults.status(403, { html: '<h1>Request blocked</h1>' })],
    ['413', faults.status(413, { body: { errorMessages: ['Too large'], errors: {} } })],
  ])('leaves the raw record out after %s, says so in the issue, and tries no third time', async (_, fault) => {
    const fullTextAt = 'https://contoso.example/alerts/a1';
    const draft = scene.draft('a1', { description: { blocks: [raw], fullTextAt } });
    scene.sim.fault(CREATE, fault, { times: 1 });
    expect(await scene.tracker().create(draft)).toMatchObject({
      outcome: 'created',
      notes: [expect.stringContaining('raw record is left out')],
    });
    const [first, second] = scene.sent().map(({ fields }) => JSON.stringify(fields.description));
    expect(first).toContain('script');
    expect(second).not.toContain('script');
    expect(second).toContain(fullTextAt);
    scene.sim.fault(CREATE, fault, { times: 5 });
    expect(await scene.tracker().create({ ...draft, alertId: 'a2' })).toMatchObject({ outcome: 'refused' });
    expect(scene.sent()).toHaveLength(4);
  });

  it('is unknown when its answer names another account, and unauthorised when that is refused', async () => {
    const tracker = scene.tracker();
    await tracker.create(scene.draft('a0'));
    const headers = { [edition === 'cloud' ? 'X-AAccountId' : 'X-AUSERNAME']: 'somebody-else' };
    scene.sim.fault(CREATE, faults.status(201, { headers, body: { id: '7', key: 'SOC-7' } }));
    expect(await tracker.create(scene.draft('a1'))).toMatchObject({ outcome: 'unknown' });
    scene.sim.fault(CREATE, faults.status(400, { headers, body: { errorMessages: ['No.'] } }));
    expect(await tracker.create(scene.draft('a2'))).toMatchObject({
      outcome: 'unauthorised',
      why: expect.stringContaining('another account'),
      mend: expect.stringMatching(/credentials/),
    });
  });

  it('is not sent at all while the site has asked for no calls', async () => {
    const tracker = scene.tracker();
    await tracker.create(scene.draft('a0'));
    const headers = { 'Retry-After': '60', 'RateLimit-Reason': 'jira-quota-tenant-based' };
    scene.sim.fault(CREATE, faults.status(429, { headers, body: {} }));
    await tracker.create(scene.draft('a1'));
    scene.clock.advance(20_000);
    expect(await tracker.create(scene.draft('a2'))).toMatchObject({ outcome: 'not-sent', retryAfterMs: 40_000 });
    expect(scene.sent()).toHaveLength(2);
    scene.clock.advance(40_000);
    expect(await tracker.create(scene.draft('a2'))).toMatchObject({ outcome: 'created' });
  });

  it('goes on while only one kind of call is limited', async () => {
    const tracker = scene.tracker();
    const headers = { 'Retry-After': '60', 'RateLimit-Reason': 'jira-burst-based' };
    scene.sim.fault({ path: /user\/search/ }, faults.status(429, { headers, body: {} }));
    await tracker.create(scene.draft('a1', { fields: { Analyst: 'mira@example.com' } }));
    expect(await tracker.create(scene.draft('a2'))).toMatchObject({ outcome: 'created' });
  });

  it('tells of credentials that were refused, in words to act on', async () => {
    expect(await scene.tracker({}, 'wrong').create(scene.draft('a1'))).toMatchObject({
      outcome: 'unauthorised',
      why: expect.stringContaining(scene.sim.url),
      mend: expect.stringMatching(/credentials/),
    });
    expect(scene.sent()).toEqual([]);
  });

  it('sends cascading options, priorities by name, and labels besides our own', async () => {
    const fields = { Category: 'Intrusion > Account', Labels: 'soc, night shift', Components: 'Cloud' };
    expect(await scene.tracker().create(scene.draft('a1', { fields, priority: 'high' }))).toMatchObject({
      outcome: 'created',
      notes: [],
    });
    const [sent] = scene.sent();
    expect(sent?.fields).toMatchObject({
      customfield_10127: { id: expect.any(String), child: { id: expect.any(String) } },
      labels: ['casewire', expect.stringMatching(/^casewire-/), 'soc', 'night_shift'],
      components: [{ id: expect.any(String) }],
    });
  });

  it('leaves a priority that the project does not offer to the project, with a note', async () => {
    expect(await scene.tracker().create(scene.draft('a1', { priority: 'Urgent' }))).toMatchObject({
      outcome: 'created',
      notes: ['priority left to the project: it does not offer "Urgent"'],
    });
  });

  it('refuses before it sends what a required field cannot take', async () => {
    scene.sim.issueType('SOC', 'IT Help').required.add('customfield_10120');
    expect(await scene.tracker().create(scene.draft('a1', { fields: { Customer: 'nobody' } }))).toMatchObject({
      outcome: 'refused',
      why: expect.stringMatching(/required field "Customer".*contoso, fabrikam, northwind/),
    });
    expect(await scene.tracker().create(scene.draft('a1', { fields: { Customer: ' ' } }))).toMatchObject({
      outcome: 'refused',
      why: 'required field "Customer" came out empty',
    });
    expect(scene.sent()).toEqual([]);
  });

  it('names a person whom a text names alone, asked once, and leaves others out with a note', async () => {
    const tracker = scene.tracker();
    const both = ['a1', 'a2'].map((id) => tracker.create(scene.draft(id, { fields: { Analyst: 'mira@example.com' } })));
    expect(await Promise.all(both)).toMatchObject([{ notes: [] }, { notes: [] }]);
    expect(scene.sim.requests(/user\/search/)).toHaveLength(1);
    expect(scene.sent()[0]?.fields.customfield_10126).toHaveProperty(edition === 'cloud' ? 'accountId' : 'name');
    expect(await tracker.create(scene.draft('a3', { fields: { Analyst: 'nobody@example.com' } }))).toMatchObject({
      outcome: 'created',
      notes: ['field "Analyst" left out: no Jira user is found by "nobody@example.com"'],
    });
  });

  it('takes the text of a field for one person whole, commas and all', async () => {
    const fields = { Analyst: ' Lindqvist,\n Ada ' };
    expect(await scene.tracker().create(scene.draft('a1', { fields }))).toMatchObject({ notes: [] });
    const ada = edition === 'cloud' ? { accountId: '5b10a2844c20165700ede21c' } : { name: 'ada' };
    expect(scene.sent()[0]?.fields.customfield_10126).toEqual(ada);
    expect(scene.sim.requests(/user\/search/)).toHaveLength(1);
  });

  it('takes the text of a field for several people apart at its commas', async () => {
    const many = DEFAULT_SETUP.fields.map((field) =>
      field.name === 'Analyst' ? { ...field, type: 'multiuserpicker' as const } : field,
    );
    const other = await TrackerScene.start(edition, { ...DEFAULT_SETUP, fields: many });
    const fields = { Analyst: 'mira@example.com, theo@example.com' };
    expect(await other.tracker().create(other.draft('a1', { fields }))).toMatchObject({ notes: [] });
    expect(other.sent()[0]?.fields.customfield_10126).toHaveLength(2);
    expect(other.sim.requests(/user\/search/)).toHaveLength(2);
    await other.stop();
  });

  it('links to where people work, when that is configured', async () => {
    const siteUrl = 'https://jira.contoso.example';
    expect(await scene.tracker({ siteUrl }).create(scene.draft('a1'))).toMatchObject({
      ticket: { url: `${siteUrl}/browse/SOC-1` },
    });
  });

  it('puts an issue into a project configured by its id', async () => {
    const project = scene.sim.site.project('SOC')?.id ?? '';
    const draft = scene.draft('a1', { route: { ...scene.draft('a1').route, project } });
    expect(await scene.tracker().create(draft)).toMatchObject({ outcome: 'created', ticket: { key: 'SOC-1' } });
  });
});
