import { describe, expect, it } from 'vitest';
import type { Config, ServiceConfig, SiteConfig } from '../../config/config.ts';
import { checkWebhooks } from './check-webhooks.ts';

const SECRET = 'a-long-and-random-secret';
const sync: NonNullable<Config['sync']> = { fromDefender: {}, everyMs: 300_000 };

function check(service: Partial<ServiceConfig>, editions = ['cloud']) {
  return checkWebhooks({
    sync,
    service: { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 0, ...service },
    sites: editions.map((edition) => ({ edition }) as SiteConfig),
  });
}

const publicUrl = 'https://casewire.acme.example/soc';

describe('what check says of webhooks', () => {
  it('is how they are registered, once an edition', () => {
    const lines = check({ publicUrl, webhookSecret: SECRET }, ['cloud', 'cloud', 'datacenter']);
    expect(lines.map(({ level }) => level)).toEqual(['ok', 'ok']);
    expect(lines[0]?.says).toContain('Jira Cloud: Settings, System, WebHooks');
    expect(lines[1]?.says).toContain('Jira Data Center 10 and later');
    expect(lines[0]?.paste).toEqual([
      'URL     https://casewire.acme.example/soc/webhooks/jira',
      'Secret  the value of service.webhookSecret',
      'JQL     labels = casewire',
      'Events  Issue: updated, deleted (jira:issue_updated, jira:issue_deleted)',
      'Body    not excluded',
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  it('is that there are none without a secret, which is well', () => {
    expect(check({ publicUrl })).toEqual([
      {
        subject: 'webhooks',
        level: 'ok',
        says: 'none is taken, as service.webhookSecret is not set; what changes in Jira is seen within 5 min',
      },
    ]);
  });

  it('is that Jira is not told where to call', () => {
    expect(check({ webhookSecret: SECRET })).toMatchObject([
      { level: 'ok', says: expect.stringContaining('publicUrl is not set') },
    ]);
  });

  it('warns of a short secret, and of an address that only this machine reaches', () => {
    expect(check({ publicUrl: 'http://localhost:8484', webhookSecret: 'short' })).toMatchObject([
      { level: 'warning', says: 'service.webhookSecret has fewer than 16 characters, so it may be guessed' },
      { level: 'warning', says: 'Jira cannot call service.publicUrl (http://localhost:8484) from another machine' },
      { level: 'ok' },
    ]);
  });

  it('is nothing where nothing is kept in step, unless there is a secret', () => {
    const none = { sites: [], service: { listen: { host: '::1', port: 1 }, silenceAfterMs: 0 } };
    expect(checkWebhooks(none)).toEqual([]);
    expect(checkWebhooks({ ...none, service: { ...none.service, webhookSecret: SECRET } })).toMatchObject([
      { level: 'warning', says: 'webhooks have no use: nothing is kept in step' },
    ]);
  });
});
