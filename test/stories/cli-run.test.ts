import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sqlLedger } from '../../src/ledger/sql-ledger.ts';
import { openSqlite } from '../../src/ledger/store/sqlite.ts';
import { faults } from '../../src/simulators/fault.ts';
import { CliScene, CREATE } from '../cli-scene.ts';

let scene: CliScene;
afterEach(() => scene.stop());

/** Contoso's youngest alert. */
const ALERT = '64a000000000000000000000';

const linesOf = (text: string, word: string) => text.split('\n').filter((line) => line.startsWith(`${word} `));

describe('casewire run', () => {
  it('raises each alert once, tells so in plain lines, and raises nothing the next time', async () => {
    scene = await CliScene.start(3);
    const first = await scene.type('run');
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(linesOf(first.stdout, 'raised')).toHaveLength(6);
    expect(linesOf(first.stdout, 'raised')[0]).toMatch(
      /^raised SOC-\d+ \w+ high "Impossible travel activity \d" jane@contoso\.com \d address.* http:\/\/127\.0\.0\.1:\d+\/browse\/SOC-\d+/,
    );
    expect(first.stdout).toMatch(/\ndone 6 raised · 0 already known .* API calls: /);
    const second = await scene.type('run');
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^done 0 raised · 6 already known/);
    expect(scene.jira.issues()).toHaveLength(6);
  });

  it('prints one JSON document', async () => {
    scene = await CliScene.start(2);
    const { code, stdout, stderr } = await scene.type('run', '--json', '--tenant', 'contoso');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'run',
      alerts: [{ outcome: 'raised', tenant: 'contoso', ticket: { key: 'SOC-1' } }, { outcome: 'raised' }],
      totals: { raised: 2, held: 0, waiting: 0 },
      tenants: [{ tenant: 'contoso', read: 2, fresh: 2 }],
      exitCode: 0,
    });
  });

  it('goes on when its reader goes away', async () => {
    scene = await CliScene.start(3);
    const child = scene.start('run');
    child.stdout?.destroy();
    expect(await child.ended).toMatchObject({ code: 0, stderr: '' });
    expect(scene.jira.issues()).toHaveLength(6);
  });
});

describe('the exit code', () => {
  it('is 1 when one tenant failed, and the other was raised', async () => {
    scene = await CliScene.start(2);
    scene.cloudApps.fault({ path: '/fabrikam/' }, faults.status(401), { times: 100 });
    const { code, stdout } = await scene.type('run');
    expect(linesOf(stdout, 'raised')).toHaveLength(2);
    expect(linesOf(stdout, 'failed')[0]).toMatch(/^failed tenant fabrikam: .* Mend: /);
    expect(code).toBe(1);
  });

  it('is 1 on a quiet run while an earlier one left something held, and 0 once it is dropped', async () => {
    scene = await CliScene.start(1);
    const refusal = { body: { errorMessages: [], errors: { customfield_1: 'Team is required.' } } };
    scene.jira.fault({ method: 'POST', path: CREATE }, faults.status(400, refusal), { times: 1 });
    await scene.type('run');
    const quiet = await scene.type('run', '--json');
    const { held, attention } = JSON.parse(quiet.stdout);
    expect(quiet.code).toBe(1);
    expect(held ?? []).toEqual([]);
    expect(attention).toMatchObject([
      { kind: 'held', says: expect.stringMatching(/^1 held: /), mend: 'casewire held' },
    ]);
    expect((await scene.type('status')).code).toBe(1);
    const { key } = JSON.parse((await scene.type('held', '--json')).stdout).held[0];
    await scene.type('held', 'drop', key, '--why', 'a test');
    expect((await scene.type('run')).code).toBe(0);
    expect((await scene.type('status')).code).toBe(0);
  });

  it('is 1 on a quiet run while something else needs attention, which is named with its mend', async () => {
    scene = await CliScene.start(1);
    await scene.type('run');
    const config = readFileSync(join(scene.folder, 'casewire.yaml'), 'utf8');
    writeFileSync(join(scene.folder, 'casewire.yaml'), config.replace(/^ {2}fabrikam: .*$/m, ''));
    const quiet = await scene.type('run');
    expect(linesOf(quiet.stdout, 'attention')).toEqual([expect.stringMatching(/^attention fabrikam: .* Mend: /)]);
    expect(quiet.code).toBe(1);
    expect((await scene.type('status')).code).toBe(1);
  });

  it('is 3 when every tenant failed', async () => {
    scene = await CliScene.start(1);
    scene.cloudApps.fault({}, faults.status(401), { times: 100 });
    expect((await scene.type('run')).code).toBe(3);
  });

  it('is 3 when Jira refuses us and there was something to raise', async () => {
    scene = await CliScene.start(1);
    scene.jira.credentials.token = 'another-token';
    const { code, stdout } = await scene.type('run');
    expect(linesOf(stdout, 'waiting')).toEqual([expect.stringMatching(/^waiting 2 alerts: /)]);
    expect(code).toBe(3);
    expect(scene.jira.issues()).toHaveLength(0);
  });

  it('is 2 when the configuration is wrong, and nothing was tried', async () => {
    scene = await CliScene.start(1);
    const { code, stdout, stderr } = await scene.type('run', '--tenant', 'contso');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('did you mean contoso?');
    expect(scene.cloudApps.journal).toHaveLength(0);
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (name, code) => {
  it('finishes the step in hand, loses nothing and says so', async () => {
    scene = await CliScene.start(40);
    scene.jira.latencyMs = 50;
    const asked = scene.jiraIsAsked(CREATE);
    const child = scene.start('run');
    await asked;
    child.kill(name);
    const { code: ended, stdout } = await child.ended;
    expect(ended).toBe(code);
    expect(stdout).toMatch(/stopping: /);
    expect(linesOf(stdout, 'stopped')).toHaveLength(1);
    scene.jira.latencyMs = 0;
    await scene.type('run', '--wait', '30s');
    expect(scene.jira.issues()).toHaveLength(80);
    expect(scene.jira.twins()).toEqual([]);
  });

  it('given twice ends at once', async () => {
    scene = await CliScene.start(1);
    const asked = scene.jiraIsAsked(/./);
    scene.jira.fault({}, faults.hang(), { times: 100 });
    const child = scene.start('run');
    await asked;
    child.kill(name);
    await new Promise((resolve) => child.stdout?.on('data', (text) => /stopping/.test(text) && resolve(text)));
    child.kill(name);
    expect((await child.ended).code).toBe(code);
  });
});

describe('the commands that only look', () => {
  it('write nothing: plan', async () => {
    scene = await CliScene.start(2);
    const { code, stdout } = await scene.type('plan');
    expect(code).toBe(0);
    expect(stdout.match(/^would raise /gm)).toHaveLength(4);
    expect(stdout).toMatch(/in SOC \/ Task, priority High: severity high/);
    expect(scene.creates()).toBe(0);
    expect(scene.abuse.asked()).toEqual([]);
    expect(existsSync(join(scene.folder, 'casewire.db'))).toBe(false);
  });

  it('say how things stand before the first run: check, status, held', async () => {
    scene = await CliScene.start(1);
    expect(await scene.type('check')).toMatchObject({ code: 0, stderr: '' });
    expect((await scene.type('status')).stdout).toMatch(/contoso +never/);
    expect((await scene.type('held')).stdout).toBe('Nothing is held.\n');
  });

  it('say what was done after it: status, explain', async () => {
    scene = await CliScene.start(1);
    await scene.type('run');
    expect((await scene.type('status')).stdout).toMatch(/contoso +(just now|.* ago) +– +0 +1 +0 +0/);
    expect((await scene.type('explain', 'contoso', `ca${ALERT}`)).stdout).toMatch(/State +raised/);
    expect(JSON.parse((await scene.type('explain', `contoso/${ALERT}`, '--json')).stdout)).toMatchObject({
      command: 'explain',
      line: { state: 'raised', key: `contoso/${ALERT}` },
    });
    expect((await scene.type('explain', 'contso', ALERT)).stderr).toMatch(/did you mean contoso\?/);
  });

  it('say 1 when check finds an error', async () => {
    scene = await CliScene.start(1);
    scene.jira.credentials.token = 'another-token';
    const { code, stdout } = await scene.type('check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ERROR jira default: .* Mend: /m);
  });
});

describe('the commands that only read the ledger', () => {
  it('need no secret', async () => {
    scene = await CliScene.start(1);
    await scene.type('run');
    unlinkSync(join(scene.folder, '.env'));
    for (const words of [['status'], ['explain', 'contoso', ALERT], ['held'], ['rules'], ['report', 'daily']])
      expect(await scene.type(...words), words[0]).toMatchObject({ code: 0, stderr: '' });
    expect((await scene.type('run')).stderr).toContain('environment variable JIRA is not set');
  });
});

describe('a title of thousands of characters', () => {
  it('is cut in each line of plan, run, explain and held, and whole in --json', async () => {
    scene = await CliScene.start(1);
    const title = `Mass download ${'x'.repeat(5_000)}`;
    for (const alert of scene.cloudApps.tenants.get('contoso')?.alerts ?? []) Object.assign(alert as object, { title });
    const refusal = { body: { errorMessages: [], errors: { customfield_1: 'Team is required.' } } };
    for (const words of [['plan'], ['run'], ['explain', 'contoso', ALERT], ['held']]) {
      if (words[0] === 'run')
        scene.jira.fault({ method: 'POST', path: CREATE }, faults.status(400, refusal), { times: 2 });
      const { stdout } = await scene.type(...words);
      expect(stdout.split('x').length, words[0]).toBeLessThan(200);
      expect(stdout).toContain('x…');
    }
    const told = JSON.parse((await scene.type('held', '--json')).stdout).held.map(
      (one: { title: string }) => one.title,
    );
    expect(told).toContain(title);
    expect(JSON.parse((await scene.type('explain', 'contoso', ALERT, '--json')).stdout).line.title).toBe(title);
  });
});

describe('held alerts', () => {
  it('are listed with the vendor’s words, put back, and dropped with a reason', { timeout: 120_000 }, async () => {
    scene = await CliScene.start(1);
    const refusal = { body: { errorMessages: [], errors: { customfield_1: 'Team is required.' } } };
    scene.jira.fault({ method: 'POST', path: CREATE }, faults.status(400, refusal), { times: 2 });
    const { code } = await scene.type('run');
    expect(code).toBe(1);
    const { held } = JSON.parse((await scene.type('held', '--json')).stdout) as {
      held: { key: string; why: string }[];
    };
    expect(held).toHaveLength(2);
    expect(held[0]?.why).toContain('Team is required.');
    const [first = { key: '' }, second = { key: '' }] = held;
    expect((await scene.type('held', 'retry', first.key)).stdout).toMatch(`back in the queue ${first.key}`);
    expect((await scene.type('status')).code).toBe(1);
    const mistyped = await scene.type('held', 'drop', second.key, 'contoso/none', '--why', 'a test');
    expect([mistyped.code, mistyped.stdout]).toEqual([2, '']);
    const drop = await scene.type('held', 'drop', second.key, second.key, '--why', 'a test', '--json');
    expect(JSON.parse(drop.stdout)).toMatchObject({ command: 'held drop', dropped: [second.key], notHeld: [] });
    expect((await scene.type('held', 'drop', second.key, '--why', 'again')).code).toBe(2);
    expect((await scene.type('run')).code).toBe(0);
    expect(scene.jira.issues()).toHaveLength(1);
    const who = `cli: ${userInfo().username}`;
    expect(await acts(scene)).toMatchObject([
      { who, what: 'drop a held alert', subject: second.key, detail: 'a test', end: { outcome: 'done' } },
      { who, what: 'retry held alerts', subject: first.key, end: { says: '1 alert back in the queue' } },
    ]);
  });

  async function acts(scene: CliScene) {
    const ledger = sqlLedger(await openSqlite(join(scene.folder, 'casewire.db')));
    try {
      return await ledger.acts.page({ most: 10 });
    } finally {
      await ledger.close();
    }
  }
});
