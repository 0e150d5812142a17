import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { type JiraCloudSim, startJiraCloudSim } from '../jira-cloud-sim.ts';

const SECRET = 'a secret of sixteen';

describe('a webhook of the simulated Jira', () => {
  let clock: HandClock;
  let sim: JiraCloudSim;
  let server: Server;
  let status: number;
  let got: { headers: IncomingHttpHeaders; body: string }[];

  beforeEach(async () => {
    clock = new HandClock();
    sim = await startJiraCloudSim({ clock, email: 'soc@example.com', token: 't' });
    status = 200;
    got = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        got.push({ headers: request.headers, body });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/jira`;
    for (const [n, label] of ['casewire', 'other'].entries())
      sim.site.add({
        project: sim.site.projects[0] as (typeof sim.site.projects)[number],
        text: JSON.stringify({ fields: { summary: `issue ${n}`, labels: [label] } }),
        labels: [label],
        properties: new Map(),
        reporter: sim.person().user,
      });
    sim.webhook = { url, secret: SECRET, filter: 'labels = casewire' };
  });

  afterEach(async () => {
    await sim.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const signatureOf = (body: string) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  const isSigned = ({ headers, body }: (typeof got)[number]) => headers['x-hub-signature'] === signatureOf(body);

  it('tells what changed, signed, and of those issues alone that its filter finds', async () => {
    sim.person().close('SOC-1', { resolution: 'False Positive' });
    sim.person().close('SOC-2');
    await sim.webhooks.settled();
    expect(got).toHaveLength(1);
    expect(got.every(isSigned)).toBe(true);
    expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({
      webhookEvent: 'jira:issue_updated',
      user: { displayName: 'Mira Analyst' },
      issue: { key: 'SOC-1', fields: { status: { name: 'Done' } } },
      changelog: { items: [{ field: 'status', to: '10001' }, { field: 'resolution' }] },
    });
  });

  it('tries again under the same identifier as long as the answer asks for it', async () => {
    status = 503;
    sim.person().close('SOC-1');
    await sim.webhooks.settled();
    status = 200;
    clock.advance(5 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    await sim.webhooks.settled();
    clock.advance(60 * 60_000);
    expect(got.map(({ headers }) => headers['x-atlassian-webhook-retry'])).toEqual([undefined, '1']);
    expect(new Set(got.map(({ headers }) => headers['x-atlassian-webhook-identifier'])).size).toBe(1);
  });

  it('can lose, double, forge and leave unsigned what it sends', async () => {
    const sentWith = async (mischief: typeof sim.webhooks.mischief) => {
      got = [];
      sim.webhooks.mischief = mischief;
      sim.person().comment('SOC-1', 'seen');
      await sim.webhooks.settled();
      return got.map(isSigned);
    };
    expect(await sentWith('lost')).toEqual([]);
    expect(await sentWith('duplicate')).toEqual([true, true]);
    expect(await sentWith('forged')).toEqual([false]);
    expect(await sentWith('unsigned')).toEqual([false]);
    expect(await sentWith('late')).toEqual([]);
    clock.advance(15 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    await sim.webhooks.settled();
    expect(got.map(isSigned)).toEqual([true]);
  });

  it('calls nobody beyond this machine', () => {
    expect(() => {
      sim.webhook = { url: 'https://casewire.example/webhooks/jira' };
    }).toThrow('127.0.0.1 alone');
  });
});
