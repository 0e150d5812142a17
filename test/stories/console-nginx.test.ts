import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleScene } from '../console-scene.ts';
import { Visit } from '../console-visit.ts';
import { Nginx, nginxPath, withoutNginx } from '../nginx.ts';

/** What others have nginx send, each alone over HTTP/1.1, so that nothing but it tells of the proxy. */
const TELLING: readonly [string, string][] = [
  ['X-Real-IP', '$remote_addr'],
  ['X-Forwarded-For', '$proxy_add_x_forwarded_for'],
  ['X-Forwarded-Proto', '$scheme'],
  ['X-Forwarded-Host', '$host'],
  ['X-Forwarded-Port', '$server_port'],
  ['X-Forwarded-Prefix', '/casewire'],
  ['Forwarded', 'for=$remote_addr'],
  ['CF-Connecting-IP', '$remote_addr'],
  ['CF-Ray', '230b030023ae2822-SJC'],
  ['Via', '1.1 nginx'],
];

describe.skipIf(!nginxPath)(`the console where nobody signs in, behind a real nginx${withoutNginx}`, () => {
  let scene: ConsoleScene;
  let nginx: Nginx;

  beforeAll(async () => {
    scene = await ConsoleScene.start({ pass: false });
  });
  afterAll(() => scene?.stop());
  afterEach(() => nginx?.stop());

  it('is shown to nobody with the default of proxy_pass', async () => {
    nginx = await Nginx.start(scene.origin);
    const visit = new Visit(nginx.origin);
    for (const path of ['/', '/alerts', '/settings', '/nothing']) {
      const { status, text } = await visit.get(path);
      expect({ path, status }).toEqual({ path, status: 421 });
      expect(text).toContain('a proxy is no part of that');
      expect(text).not.toContain('data-key');
    }
    expect((await visit.post('/held/retry', { key: 'contoso/1' })).status).toBe(421);
    expect((await scene.visit().get('/')).status).toBe(200);
  });

  it.each(TELLING)('is shown to nobody with %s alone over HTTP/1.1', async (name, value) => {
    nginx = await Nginx.start(scene.origin, `proxy_http_version 1.1; proxy_set_header ${name} "${value}";`);
    expect((await new Visit(nginx.origin).get('/')).status).toBe(421);
  });

  it('does nothing for whoever comes through a proxy that says nothing of itself', async () => {
    nginx = await Nginx.start(scene.origin, 'proxy_http_version 1.1; proxy_set_header Host $http_host;');
    const visit = new Visit(nginx.origin);
    const page = await visit.get('/settings');
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<form method="post"');
    const direct = scene.visit();
    const token = await direct.token('/settings');
    const sent = await visit.post('/settings/check', { token });
    expect(sent.status).toBe(403);
    expect(sent.text).toContain('the link that casewire serve printed when it started');
    expect(await scene.ledger.acts.page({ most: 1 })).toEqual([]);
    expect((await direct.post('/settings/check', { token })).status).toBe(303);
  });
});
