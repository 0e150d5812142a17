import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manyAlerts } from '../../src/simulators/scene/many-alerts.ts';
import { Serving } from '../serving.ts';
import { World } from '../world.ts';

const SECOND = 1_000;
const EVERY = 5 * 60 * SECOND;

/** Two looks at the files and a little: a change counts once it has settled. */
const NOTICED = 11 * SECOND;

describe('serve, whose configuration changes', () => {
  let world: World;
  let serving: Serving;

  beforeEach(async () => {
    world = await World.start();
  });

  afterEach(async () => {
    await serving.stop();
    expect(world.scene.jira.twins()).toEqual([]);
    await world.stop();
  });

  const write = (change: (yaml: string) => string) => world.write('casewire.yaml', change(world.configText()));
  const issues = () => [...world.issuesByAlert().keys()];

  function anAlert(tenant: string): string {
    const [alert] = manyAlerts(1, { before: world.clock.now(), tenant, seed: 7 });
    world.scene.cloudApps.addAlert(tenant, alert);
    return `${tenant}/${alert?._id}`;
  }

  const withoutNorthwind = (yaml: string) => yaml.replace(/ {2}northwind:\n( {4}.*\n)+/, '');

  it('takes up a tenant that is added to the file', async () => {
    world.editConfig = withoutNorthwind;
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    expect(issues()).toHaveLength(10);
    world.editConfig = (yaml) => yaml;
    write((yaml) => yaml);
    await serving.pass(NOTICED + 10 * SECOND);
    expect(serving.of('reloaded')).toMatchObject([{ tenants: ['contoso', 'fabrikam', 'northwind'] }]);
    expect(issues()).toHaveLength(15);
  });

  it('polls a tenant no more that is taken out', async () => {
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    write(withoutNorthwind);
    await serving.pass(NOTICED);
    const calls = world.scene.cloudApps.callsOf('northwind').length;
    await serving.pass(3 * EVERY);
    expect(world.scene.cloudApps.callsOf('northwind')).toHaveLength(calls);
  });

  it('keeps the old one where the new one has mistakes, and says every one with its line', async () => {
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    write((yaml) => yaml.replace('edition: cloud', 'edition: server').replace('lookback: 14d', 'lookback: soon'));
    await serving.pass(NOTICED);
    expect(serving.of('reloaded')).toEqual([]);
    const [refused, ...more] = serving.of('reload-refused');
    expect(more).toEqual([]);
    expect(refused?.why).toHaveLength(2);
    expect(refused?.why.join('\n')).toMatch(/casewire\.yaml:4:\d+ .*edition[\s\S]*lookback/);
    const alert = anAlert('contoso');
    await serving.pass(EVERY + SECOND);
    expect(issues()).toContain(alert);
  });

  it('takes up the mended file after a mistake', async () => {
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    write((yaml) => `${yaml}\nnonsense: true\n`);
    await serving.pass(NOTICED);
    write((yaml) => yaml.replace('labels: [defender]', 'labels: [mended]'));
    await serving.pass(NOTICED);
    expect([serving.of('reload-refused').length, serving.of('reloaded').length]).toEqual([1, 1]);
    const alert = anAlert('contoso');
    await serving.pass(EVERY + SECOND);
    const issue = world.scene.jira.issues().find(({ key }) => key === world.issuesByAlert().get(alert)?.[0]);
    expect(issue?.fields.labels).toContain('mended');
  });

  it('refuses another store, in words, and goes on', async () => {
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    write((yaml) => yaml.replace('casewire.db', 'other.db'));
    await serving.pass(NOTICED);
    expect(serving.of('reload-refused')[0]?.why[0]).toMatch(/store: another store .*other\.db.* restart/);
    expect(serving.of('reloaded')).toEqual([]);
  });

  it('reads it again at once when a person asks, changed or not', async () => {
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    serving.reload();
    await serving.pass(SECOND);
    expect(serving.of('reloaded')).toHaveLength(1);
    await serving.pass(NOTICED);
    expect(serving.of('reloaded')).toHaveLength(1);
  });

  it('takes up a secret that was changed in its file', async () => {
    world.write('contoso.token', 'simulated-contoso-token\n');
    world.editConfig = (yaml) => yaml.replace(`\${env:CONTOSO_TOKEN}`, `\${file:contoso.token}`);
    serving = new Serving(world);
    await serving.pass(20 * SECOND);
    Object.assign(world.scene.cloudApps.tenants.get('contoso') ?? {}, { token: 'a-newer-token' });
    await serving.pass(EVERY);
    expect(serving.of('poll-failed').at(-1)).toMatchObject({ tenant: 'contoso' });
    const alert = anAlert('contoso');
    world.write('contoso.token', 'a-newer-token\n');
    await serving.pass(NOTICED + 10 * SECOND);
    expect(issues()).toContain(alert);
  });

  it('finishes what is in hand before the newer one begins, and nothing twice', async () => {
    serving = new Serving(world);
    let asked = 0;
    serving.onEvent = ({ event }) => {
      if (event === 'intent-committed' && asked++ === 3) serving.reload();
    };
    await serving.pass(30 * SECOND);
    expect(serving.of('reloaded')).toHaveLength(1);
    expect(issues()).toHaveLength(15);
    expect(world.creates()).toHaveLength(15);
    const reloadedAt = serving.events.findIndex(({ event }) => event === 'reloaded');
    const intended = serving.events.slice(0, reloadedAt).filter(({ event }) => event === 'intent-committed');
    const answered = serving.events.slice(0, reloadedAt).filter(({ event }) => event === 'create-answered');
    expect(answered).toHaveLength(intended.length);
  });
});
