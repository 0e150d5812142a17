import type { ChildProcess } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliScene } from '../cli-scene.ts';

/** The lines of a log, as they come. */
class Lines {
  readonly #child: ChildProcess;
  readonly #waiting: { text: string; times: number; resolve: () => void }[] = [];
  #all = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#child.stdout?.on('data', (text: string) => {
      this.#all += text;
      for (const { text: wanted, times, resolve } of this.#waiting)
        if (this.#all.split(wanted).length > times) resolve();
    });
  }

  /** Resolves once the text has been written so often; fails when the process ends before. */
  async heard(text: string, times = 1): Promise<void> {
    if (this.#all.split(text).length > times) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text, times, resolve });
      this.#child.once('close', () => reject(new Error(`it ended before it said ${text}: ${this.#all}`)));
    });
  }

  last(event: string): Record<string, unknown> {
    const lines = this.#all.split('\n').filter((line) => line.includes(`"event":"${event}"`));
    return JSON.parse(lines.at(-1) ?? '{}');
  }
}

describe('casewire serve', () => {
  let scene: CliScene;
  let config: string;

  beforeEach(async () => {
    scene = await CliScene.start(2);
    config = join(scene.folder, 'casewire.yaml');
    appendFileSync(config, '\nservice: { listen: "127.0.0.1:0" }\n');
  });

  afterEach(() => scene.stop());

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('serves until %s, and ends with %i', async (signal, code) => {
    const child = scene.start('serve');
    const said = new Lines(child);
    await said.heard('"outcome":"raised"', 4);
    child.kill(signal);
    expect((await child.ended).code).toBe(code);
    expect(scene.creates()).toBe(4);
  });

  it('says what it serves and where, and answers there', async () => {
    const child = scene.start('serve');
    const said = new Lines(child);
    await said.heard('"event":"serving"');
    const { listens, tenants } = said.last('serving');
    expect(tenants).toBe(2);
    const health = await fetch(`${listens}/healthz`);
    expect([health.status, (await health.json()) as object]).toEqual([200, expect.objectContaining({ ok: true })]);
    expect(await (await fetch(`${listens}/metrics`)).text()).toContain('casewire_build_info');
    child.kill('SIGTERM');
    const { stdout, stderr } = await child.ended;
    const link = /^To act in the console, open (http:\S+\/operate\?token=([\w-]{22}))$/m.exec(stderr);
    expect(link?.[1]).toContain(`${listens}/`);
    expect(stdout).not.toContain(link?.[2]);
  });

  it('reads its configuration again on SIGHUP, and keeps the old one where the new one has mistakes', async () => {
    const child = scene.start('serve');
    const said = new Lines(child);
    await said.heard('"outcome":"raised"', 4);
    child.kill('SIGHUP');
    await said.heard('"event":"reloaded"');
    writeFileSync(config, readFileSync(config, 'utf8').replace('edition: cloud', 'edition: server'));
    child.kill('SIGHUP');
    await said.heard('"event":"reload-refused"');
    expect(said.last('reload-refused').why).toContain('jira.edition');
    child.kill('SIGTERM');
    expect((await child.ended).code).toBe(143);
  });

  it('does not begin with a mistake in its configuration, and says where it is', async () => {
    writeFileSync(config, readFileSync(config, 'utf8').replace('edition: cloud', 'edition: server'));
    const { code, stderr, stdout } = await scene.type('serve');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^casewire\.yaml:1:\d+ jira\.edition/);
  });

  it('does not begin where another program listens, or on what is no store', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace('127.0.0.1:0', `127.0.0.1:${port}`));
    const busy = await scene.type('serve');
    expect([busy.code, busy.stderr]).toEqual([2, expect.stringContaining(`127.0.0.1:${port} is in use`)]);
    writeFileSync(config, `store: ./no-store\n${text}`);
    writeFileSync(join(scene.folder, 'no-store'), 'this is no database, however long one looks at it'.repeat(100));
    const broken = await scene.type('serve');
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringMatching(/no-store.* cannot be opened/)]);
    other.close();
    expect(scene.creates()).toBe(0);
  });
});
