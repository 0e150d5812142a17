import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../src/rules/categories/classify.ts';
import { toTemplateScope } from '../../src/rules/expressions/scope.ts';
import { compileTemplate } from '../../src/rules/templates/template.ts';
import { DEFAULT_SETUP, type FieldSetup, type JiraSetup } from '../../src/simulators/jira/setup.ts';
import { anAlert } from '../builders.ts';
import { TrackerScene } from '../tracker-scene.ts';

/** A template for each kind of field that can carry a category, and what the field takes for failed sign-ins. */
const FIELDS: readonly (FieldSetup & { template: string; sends: unknown })[] = [
  {
    ...{ id: 'customfield_10201', name: 'Class and type', type: 'cascadingselect' },
    options: [{ value: 'intrusion-attempts', children: ['login-attempts'] }],
    template: '{{ alert.category }}',
    sends: { parent: 'intrusion-attempts', child: 'login-attempts' },
  },
  {
    ...{ id: 'customfield_10202', name: 'By name', type: 'cascadingselect' },
    options: [{ value: 'Intrusion Attempts', children: ['Login Attempts'] }],
    template: '{{ alert.categoryName }}',
    sends: { parent: 'Intrusion Attempts', child: 'Login Attempts' },
  },
  {
    ...{ id: 'customfield_10203', name: 'One list', type: 'select' },
    options: ['intrusion-attempts/login-attempts'],
    template: '{{ alert.category }}',
    sends: { parent: 'intrusion-attempts/login-attempts' },
  },
  {
    ...{ id: 'customfield_10204', name: 'Tactics', type: 'multiselect' },
    options: ['Credential Access', 'Impact'],
    template: "{{ alert.tactics | map: 'name' | join: ', ' }}",
    sends: [{ parent: 'Credential Access' }],
  },
  {
    ...{ id: 'customfield_10205', name: 'ATT&CK', type: 'labels' },
    template: "{{ alert.techniques | map: 'id' | join: ', ' }}",
    sends: ['T1110'],
  },
  {
    ...{ id: 'customfield_10206', name: 'Kind', type: 'labels' },
    template: '{{ alert.category }}',
    sends: ['intrusion-attempts/login-attempts'],
  },
  {
    ...{ id: 'customfield_10207', name: 'Tag', type: 'textfield' },
    template: '{{ alert.rsitTag }}',
    sends: 'intrusion-attempts:brute-force',
  },
  {
    ...{ id: 'customfield_10208', name: 'Phase', type: 'radiobuttons' },
    options: ['Preparation', 'Detection and Analysis'],
    template: '{{ alert.phase }}',
    sends: { parent: 'Detection and Analysis' },
  },
];

const SETUP: JiraSetup = {
  fields: FIELDS,
  projects: [
    {
      key: 'SOC',
      name: 'Security Operations',
      issueTypes: [{ name: 'IT Help', screen: ['summary', 'description', 'labels', ...FIELDS.map(({ id }) => id)] }],
    },
  ],
  priorities: DEFAULT_SETUP.priorities ?? [],
};

describe.each(['cloud', 'datacenter'] as const)('the category of an alert in the fields of Jira %s', (edition) => {
  let scene: TrackerScene;

  beforeEach(async () => {
    scene = await TrackerScene.start(edition, SETUP);
  });
  afterEach(async () => {
    expect(scene.sim.unexpected).toEqual([]);
    await scene.stop();
  });

  const alert = anAlert({ title: 'Multiple failed login attempts', type: 'Multiple failed login attempts' });
  const scope = toTemplateScope(alert, [], { summary: alert.title, category: classify(alert) });

  it('is taken by a select, a multi-select, a cascading select, labels and text', async () => {
    const fields = Object.fromEntries(
      FIELDS.map(({ name, template }) => [name, compileTemplate(template).render(scope)]),
    );
    const outcome = await scene.tracker().create(scene.draft('a1', { fields }));
    expect(outcome).toMatchObject({ outcome: 'created', notes: [] });
    const names = await optionNames();
    const inWords = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(inWords);
      if (typeof value !== 'object' || value === null) return value;
      const { id = '', child } = value as { id?: string; child?: { id?: string } };
      return { parent: names.get(id), ...(child ? { child: names.get(child.id ?? '') } : {}) };
    };
    const sent = scene.sent()[0]?.fields ?? {};
    expect(Object.fromEntries(FIELDS.map(({ id }) => [id, inWords(sent[id])]))).toEqual(
      Object.fromEntries(FIELDS.map(({ id, sends }) => [id, sends])),
    );
  });

  it('is missed where an option is: each is told once, in the form of its template', async () => {
    const fields = [
      { name: 'Class and type', texts: ['intrusion-attempts/login-attempts', 'fraud/phishing', 'fraud/masquerade'] },
      { name: 'By name', texts: ['Intrusion Attempts > Exploits', 'Fraud > Phishing'] },
      { name: 'One list', texts: ['intrusion-attempts/login-attempts', 'fraud/phishing'] },
      { name: 'Tactics', texts: ['Impact, Collection', 'Collection, Credential Access'] },
      { name: 'Kind', texts: ['fraud/phishing'] },
    ];
    const problems = await scene.tracker().examine(scene.needs(fields));
    expect(problems.map(({ level, paste }) => ({ level, paste }))).toEqual([
      { level: 'warning', paste: ['fraud', '  phishing', '  masquerade'] },
      { level: 'warning', paste: ['Intrusion Attempts', '  Exploits', 'Fraud', '  Phishing'] },
      { level: 'warning', paste: ['fraud/phishing'] },
      { level: 'warning', paste: ['Collection'] },
    ]);
    expect(problems[2]?.says).toContain('field "One list" (customfield_10203) lacks an option');
    const lines = await scene.tracker().check([scene.needs(fields)]);
    expect(lines.filter(({ paste }) => paste)).toHaveLength(4);
  });

  /** The names of all options by id, as the create screen tells them. */
  async function optionNames(): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { id, value: name } = value as { id?: unknown; value?: unknown };
      if (typeof id === 'string' && typeof name === 'string') names.set(id, name);
      for (const inner of Object.values(value)) walk(inner);
    };
    for (const kept of scene.kept()) walk(JSON.parse(kept));
    return names;
  }
});
