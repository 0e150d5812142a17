import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliScene } from '../cli-scene.ts';

const SYNC = `
sync:
  fromJira: { verdict: { default: benign } }
  fromDefender: { transitionTo: Done }
`;

describe('casewire sync', () => {
  let scene: CliScene;

  beforeEach(async () => {
    scene = await CliScene.start(2);
  });
  afterEach(() => scene.stop());

  const configure = (text: string) => appendFileSync(join(scene.folder, 'casewire.yaml'), text);

  it('is a usage error that says what to add where the configuration has no sync', async () => {
    const { code, stdout, stderr } = await scene.type('sync');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('has no sync');
    expect(stderr).toContain('  fromDefender:');
  });

  it('prints what it would do, does it, and then has nothing to do', async () => {
    configure(SYNC);
    await scene.type('run');
    await scene.type('sync');
    const [issue = { key: '' }] = scene.jira.issues();
    scene.jira.setStatus(issue.key, 'Done');

    const planned = await scene.type('sync', '--dry-run');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(
      new RegExp(`^would close \\S+ "Impossible travel activity \\d" with ${issue.key}: `, 'm'),
    );
    expect(planned.stdout).toContain('4 pairs watched · 1 to do');
    expect(scene.cloudApps.requests(/close_/)).toEqual([]);

    const done = await scene.type('sync', '--json');
    expect(done.code).toBe(0);
    const report = JSON.parse(done.stdout);
    expect(report).toMatchObject({ command: 'sync', dryRun: false, exitCode: 0, stopped: false });
    expect(report.lines).toMatchObject([{ deed: 'close-alert', ending: 'done', ticket: { key: issue.key } }]);
    expect(scene.cloudApps.requests(/close_benign/)).toHaveLength(1);

    const quiet = await scene.type('sync');
    expect([quiet.code, quiet.stdout]).toEqual([0, expect.stringMatching(/^4 pairs watched · nothing to do\nin /)]);
  }, 60_000);

  it('ends with 1 and names what failed when one tenant fails, and with 3 when all do', async () => {
    configure(SYNC);
    await scene.type('run');
    scene.cloudApps.fault({ path: '/contoso/' }, { kind: 'status', status: 401 }, { every: 1 });
    const one = await scene.type('sync');
    expect(one.code).toBe(1);
    expect(one.stdout).toContain('failed tenant contoso');
    scene.jira.fault({ path: /search|bulkfetch/ }, { kind: 'status', status: 401 }, { every: 1 });
    const all = await scene.type('sync', '--verbose');
    expect(all.code).toBe(3);
  }, 60_000);

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'stopped by %s leaves the rest to the next one and ends with %i',
    async (signal, code) => {
      configure(SYNC);
      await scene.type('run');
      for (const { key } of scene.jira.issues()) scene.jira.setStatus(key, 'Done');
      // Nothing is answered from here on: the signal comes while a close is under way.
      scene.cloudApps.fault({ path: /close_/ }, { kind: 'hang' }, { every: 1 });
      const asked = new Promise<void>((resolve) => {
        scene.cloudApps.onRequest = ({ target }) => {
          if (/close_/.test(target)) resolve();
        };
      });
      const child = scene.start('sync', '--json');
      await asked;
      child.kill(signal);
      const { code: ended, stdout, stderr } = await child.ended;
      expect(ended).toBe(code);
      expect(JSON.parse(stdout)).toMatchObject({ command: 'sync', exitCode: code, stopped: true });
      expect(stderr).not.toContain('    at ');

      scene.cloudApps.heal();
      expect(await scene.type('sync')).toMatchObject({ code: 0 });
      const before = scene.cloudApps.requests(/close_/).length;
      expect(await scene.type('sync')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') });
      expect(scene.cloudApps.requests(/close_/)).toHaveLength(before);
      expect(scene.jira.unexpected).toEqual([]);
    },
    60_000,
  );
});
