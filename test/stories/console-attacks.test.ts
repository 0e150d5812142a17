import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/alert.ts';
import { HOUR_MS } from '../../src/domain/time.ts';
import { PAGES } from '../../src/service/console/pages/pages.ts';
import { faults } from '../../src/simulators/fault.ts';
import { anAlert } from '../builders.ts';
import { ConsoleScene, me } from '../console-scene.ts';
import type { Seen } from '../console-visit.ts';

const contoso = 'contoso' as TenantId;

/** An id that would end a header's line, its quotes and a path. */
const ID = '../../"\r\nSet-Cookie: evil=1\r\n\r\n<b>';

let scene: ConsoleScene;

beforeEach(async () => {
  scene = await ConsoleScene.start();
});
afterEach(() => scene.stop());

/** A request whose path no client has tidied up. */
function raw(method: string, path: string): Promise<Pick<Seen, 'status' | 'headers'>> {
  const { hostname, port } = new URL(scene.origin);
  return new Promise((resolve, reject) => {
    request({ hostname, port, method, path, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the console, attacked', () => {
  it('has no act that a viewer may do, and does none without its form', async () => {
    const acts = PAGES.flatMap((page) => page.acts ?? []);
    expect(acts.length).toBeGreaterThan(6);
    expect(acts.filter(({ may }) => may !== 'act')).toEqual([]);
    const visit = scene.visit();
    await visit.get('/');
    for (const { path } of acts) {
      const at = path.replaceAll(/:\w+/g, 'contoso');
      expect({ path, status: (await visit.post(at, {})).status }).toEqual({ path, status: 403 });
      expect({ path, status: (await raw('GET', at)).status }).not.toEqual({ path, status: 500 });
    }
    expect(await scene.ledger.acts.page({ most: 1 })).toEqual([]);
  });

  it('answers no other method, and tells no other site anything', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      for (const path of ['/', '/held/retry', '/alerts']) {
        const { status, headers } = await raw(method, path);
        expect({ method, path, status }).toEqual({ method, path, status: 404 });
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
  });

  it.each([
    '/alerts/%E0%A4%A/x',
    '/alerts/contoso/%00',
    '/reports/..%2f..%2fcasewire.yaml/daily/2026-11-22/html',
    '/reports/contoso/daily/..%2f2026-11-22/html',
    '/reports/contoso/daily/2026-11-22/..%2fhtml',
    '/reports/__proto__/constructor/2026-11-22/html',
    '/assets/..%2f..%2fpackage.json',
    '/../../etc/passwd',
    '/tenants/%2e%2e%2f',
    '/held/__proto__',
  ])('finds nothing at %s', async (path) => {
    const { status, headers } = await raw('GET', path);
    expect(status).toBe(404);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('lets no name of an alert into a header or out of a file name', async () => {
    const now = scene.world.clock.now();
    const ask = { tenant: contoso, owner: me, now, until: now + HOUR_MS };
    await scene.ledger.reading.begin(ask);
    const page = { alerts: [anAlert({ id: ID })], unreadable: [], warnings: [], position: { memo: '' } };
    await scene.ledger.reading.admit({ ...ask, page });
    const { status, headers } = await raw('GET', `/alerts/contoso/${encodeURIComponent(ID)}/record`);
    expect(status).toBe(200);
    expect(String(headers['set-cookie'] ?? '')).not.toContain('evil');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-type']).not.toContain('html');
  });

  it('writes no more than a few words of a form onto the record of acts', async () => {
    const visit = scene.visit();
    await visit.submit('/held/drop', { key: 'x'.repeat(100_000), why: 'y'.repeat(100_000) });
    const [act] = await scene.ledger.acts.page({ most: 1 });
    expect(act?.what).toBe('drop held alerts');
    expect(JSON.stringify(act).length).toBeLessThan(5_000);
  });

  it('shows no secret of the configuration on any page', async () => {
    const visit = scene.visit();
    const secrets = Object.values(scene.world.scene.env);
    expect(secrets.length).toBeGreaterThan(3);
    for (const path of ['/', '/settings', '/settings/check', '/settings/acts', '/tenants/contoso', '/rules', '/alerts'])
      for (const secret of secrets) expect((await visit.get(path)).text).not.toContain(secret);
  });

  it.each([200, 302, 403])('stores and shows no token that an answer of %i echoes', async (status) => {
    const { world } = scene;
    const secrets = Object.values(world.scene.env);
    const html = `<html><body><h1>Blocked</h1><p>${secrets.join(' ')}</p></body></html>`;
    const headers = { location: `/login?sent=${secrets[0]}` };
    for (const sim of [world.scene.cloudApps, world.scene.jira, world.scene.abuseipdb])
      sim.fault({ path: '/' }, faults.status(status, { html, headers }), { every: 1 });
    world.clock.advance(HOUR_MS);
    await world.run();
    const visit = scene.visit();
    for (const path of ['/', '/tenants/contoso', '/held', '/settings'])
      for (const secret of secrets) expect((await visit.get(path)).text).not.toContain(secret);
    expect((await visit.get('/tenants/contoso')).text).toContain(`answered ${status}`);
    const stored = readdirSync(world.folder).filter((name) => name.startsWith(basename(world.storePath)));
    expect(stored).not.toEqual([]);
    for (const name of stored)
      for (const secret of secrets) expect(readFileSync(join(world.folder, name), 'latin1')).not.toContain(secret);
  });

  it('reads no form that is slow or endless without a bound', async () => {
    const visit = scene.visit();
    const token = await visit.token('/settings');
    expect((await visit.post('/held/retry', { token, key: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await visit.get(`/alerts?text=${'x'.repeat(10_000)}`)).status).toBe(200);
    expect((await raw('GET', `/alerts?text=${'x'.repeat(20_000)}`)).status).toBe(431);
  });
});
