import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';

const SHARED = new URL('../../../shared/design/casewire.example.yaml', import.meta.url);

/** Every key that the contract knows. */
const EXAMPLE = `store: ./state/ledger.db
jira:
  edition: cloud
  url: https://tailspin.atlassian.net
  auth: { email: soc@tailspin.example, token: "\${env:JIRA_TOKEN}" }
  reconcileWindow: 12m
abuseipdb:
  key: \${env:ABUSEIPDB_KEY}
  url: https://api.abuseipdb.com/
  maxAgeInDays: 30
  dailyBudget: 5000
  neverSend: [203.0.113.0/24, 198.51.100.7]
ticket:
  project: OPS
  issueType: Incident
  priority: { high: P1, medium: P2, low: P3, informational: P4 }
  labels: [mdca]
  fields:
    Alert link: "{{ alert.url }}"
    Who: "{{ alert.users | map: 'name' | join: '; ' | default: 'unknown' }}"
    customfield_20001: "{{ alert.ipReport }}"
tenants:
  contoso:
    source: defender-cloud-apps
    url: https://contoso.eu2.portal.cloudappsecurity.com/base/
    auth: { token: "\${env:CONTOSO_TOKEN}" }
    every: 3m
    lookback: 14d
    jira: default
    ticket: { project: CON, labels: [contoso], priority: { low: P5 } }
  fabrikam:
    source: graph
    services: [entra-id-protection, defender-xdr]
    url: https://graph.microsoft.com
    auth:
      authority: https://login.microsoftonline.com
      graph: https://graph.microsoft.com
      tenantId: 00000000-0000-4000-8000-000000000001
      clientId: 00000000-0000-4000-8000-000000000002
      clientSecret: \${env:FABRIKAM_SECRET}
rules:
  - name: Loud
    when: alert.ips.size() > 3
    then: { priority: P1, raisePriorityBy: 1, labels: [loud], category: fraud/phishing, project: RED, issueType: 7 }
  - name: Others
    when: tenant != "contoso"
    then:
      assignee: ann@tailspin.example
      components: [Mail, 4]
      fields: { Team: "red {{ tenant }}" }
      group: { by: [tenant, user], within: 24h, whenDone: reopen }
  - { name: Lab, when: tenant == "lab", then: { suppress: Alerts of the lab are not ticketed } }
limits:
  newTicketsPerTenantPerHour: 50
sync:
  fromJira: { closeAlert: true, verdict: { Not An Incident: false_positive, "Won't Fix": benign, default: benign } }
  fromDefender: { transitionTo: Closed }
  every: 90s
reports:
  timezone: Europe/Vienna
  sla: { high: { acknowledge: 30m, resolve: 4h }, low: { resolve: 14d } }
  businessHours: { days: [fri, mon, mon], from: 07:30, to: "24:00" }
  deliver:
    when: [weekly]
    formats: [csv]
    folder: out/reports
    pseudonymise: true
    mail: { server: "\${env:SMTP_URL}", from: SOC <soc@tailspin.example>, to: [ann@tailspin.example] }
service:
  listen: "[::1]:9090"
  publicUrl: https://soc.tailspin.example/
  auth:
    issuer: https://login.tailspin.example/oidc/
    clientId: casewire
    clientSecret: "\${env:OIDC_SECRET}"
    viewers: [soc-readers]
    operators: [soc-leads, soc-admins]
  webhookSecret: "\${env:WEBHOOK}"
  silenceAfter: 36h
`;

const env = {
  JIRA_TOKEN: 'jira-value',
  ABUSEIPDB_KEY: 'abuse-value',
  CONTOSO_TOKEN: 'contoso-value',
  FABRIKAM_SECRET: 'fabrikam-value',
  WEBHOOK: 'webhook-value',
  JIRA_WEBHOOK_SECRET: 'webhook-value',
  OIDC_SECRET: 'oidc-value',
  SMTP_URL: 'smtps://soc:smtp%2Dvalue@mail.tailspin.example:465',
};

function parse(source: string) {
  return parseConfig({ source, path: '/etc/casewire/casewire.yaml', file: 'casewire.yaml', env });
}

function saidOf(source: string): string[] {
  const result = parse(source);
  return result.ok ? [] : result.problems.map(({ key, says }) => `${key}: ${says}`);
}

describe('a file with every key of the contract', () => {
  it('loads, and each key takes effect', () => {
    expect(saidOf(EXAMPLE)).toEqual([]);
    expect(parse(EXAMPLE)).toEqual({
      ok: true,
      config: {
        file: '/etc/casewire/casewire.yaml',
        store: { kind: 'sqlite', path: '/etc/casewire/state/ledger.db', name: '/etc/casewire/state/ledger.db' },
        sites: [
          {
            site: 'default',
            edition: 'cloud',
            url: 'https://tailspin.atlassian.net',
            auth: { kind: 'email-token', email: 'soc@tailspin.example', token: 'jira-value' },
            reconcileWindowMs: 720_000,
          },
        ],
        abuseipdb: {
          key: 'abuse-value',
          url: 'https://api.abuseipdb.com',
          maxAgeInDays: 30,
          dailyBudget: 5000,
          neverSend: ['203.0.113.0/24', '198.51.100.7'],
        },
        tenants: [
          {
            tenant: 'contoso',
            source: 'defender-cloud-apps',
            services: ['defender-cloud-apps', 'app-governance'],
            url: 'https://contoso.eu2.portal.cloudappsecurity.com/base',
            auth: { kind: 'token', token: 'contoso-value' },
            everyMs: 180_000,
            lookbackMs: 1_209_600_000,
            policy: {
              tenant: 'contoso',
              ticket: {
                site: 'default',
                project: 'CON',
                issueType: 'Incident',
                priority: { high: 'P1', medium: 'P2', low: 'P5', informational: 'P4' },
                priorityIs: 'configured',
                labels: ['contoso'],
                fields: {
                  'Alert link': '{{ alert.url }}',
                  Who: "{{ alert.users | map: 'name' | join: '; ' | default: 'unknown' }}",
                  customfield_20001: '{{ alert.ipReport }}',
                },
              },
              rules: [
                {
                  name: 'Loud',
                  when: 'alert.ips.size() > 3',
                  // biome-ignore lint/suspicious/noThenProperty: the word of the configuration; nobody awaits a rule.
                  then: {
                    priority: 'P1',
                    raisePriorityBy: 1,
                    labels: ['loud'],
                    category: 'fraud/phishing',
                    project: 'RED',
                    issueType: '7',
                  },
                },
                {
                  name: 'Others',
                  when: 'tenant != "contoso"',
                  // biome-ignore lint/suspicious/noThenProperty: as above.
                  then: {
                    assignee: 'ann@tailspin.example',
                    components: ['Mail', '4'],
                    fields: { Team: 'red {{ tenant }}' },
                    group: { by: ['tenant', 'user'], withinMs: 86_400_000, whenDone: 'reopen' },
                  },
                },
                {
                  name: 'Lab',
                  when: 'tenant == "lab"',
                  // biome-ignore lint/suspicious/noThenProperty: as above.
                  then: { suppress: 'Alerts of the lab are not ticketed' },
                },
              ],
              newTicketsPerHour: 50,
            },
          },
          {
            tenant: 'fabrikam',
            source: 'graph',
            services: ['entra-id-protection', 'defender-xdr'],
            url: 'https://graph.microsoft.com',
            auth: {
              kind: 'entra',
              authority: 'https://login.microsoftonline.com',
              graph: 'https://graph.microsoft.com',
              tenantId: '00000000-0000-4000-8000-000000000001',
              clientId: '00000000-0000-4000-8000-000000000002',
              credential: { kind: 'secret', secret: 'fabrikam-value' },
            },
            everyMs: 300_000,
            lookbackMs: 604_800_000,
            policy: expect.objectContaining({ tenant: 'fabrikam' }),
          },
        ],
        sync: {
          fromJira: {
            closeAlert: true,
            verdicts: new Map([
              ['not an incident', 'false_positive'],
              ["won't fix", 'benign'],
            ]),
            otherwise: 'benign',
          },
          fromDefender: { transitionTo: 'Closed' },
          everyMs: 90_000,
        },
        reports: {
          timezone: 'Europe/Vienna',
          sla: { high: { acknowledgeMs: 1_800_000, resolveMs: 14_400_000 }, low: { resolveMs: 1_209_600_000 } },
          businessHours: { days: [1, 5], fromMinute: 450, toMinute: 1440 },
          deliver: {
            when: ['weekly'],
            formats: ['csv'],
            folder: '/etc/casewire/out/reports',
            pseudonymise: true,
            mail: {
              server: 'smtps://soc:smtp%2Dvalue@mail.tailspin.example:465',
              from: 'SOC <soc@tailspin.example>',
              to: ['ann@tailspin.example'],
            },
          },
        },
        service: {
          listen: { host: '::1', port: 9090 },
          publicUrl: 'https://soc.tailspin.example',
          auth: {
            issuer: 'https://login.tailspin.example/oidc/',
            clientId: 'casewire',
            clientSecret: 'oidc-value',
            viewers: ['soc-readers'],
            operators: ['soc-leads', 'soc-admins'],
          },
          webhookSecret: 'webhook-value',
          silenceAfterMs: 129_600_000,
        },
        secrets: [
          'jira-value',
          'abuse-value',
          'contoso-value',
          'fabrikam-value',
          'smtps://soc:smtp%2Dvalue@mail.tailspin.example:465',
          'oidc-value',
          'webhook-value',
          'soc@tailspin.example:jira-value',
          'smtp-value',
        ],
      },
    });
  });

  describe.skipIf(!existsSync(SHARED))('as the design gives it (skipped where ../shared is absent)', () => {
    const source = existsSync(SHARED) ? readFileSync(SHARED, 'utf8') : '';

    it('loads', () => {
      const result = parse(source);
      expect(saidOf(source)).toEqual([]);
      expect(result).toMatchObject({
        ok: true,
        config: {
          abuseipdb: { key: 'abuse-value', dailyBudget: 1000 },
          sync: { fromJira: { closeAlert: true }, fromDefender: { transitionTo: 'Done' }, everyMs: 300_000 },
          reports: {
            timezone: 'Europe/Berlin',
            sla: { high: { acknowledgeMs: 3_600_000 }, medium: { resolveMs: 259_200_000 }, low: {} },
            deliver: { when: ['daily', 'weekly', 'monthly'], formats: ['html', 'pdf'], pseudonymise: false },
          },
          service: { listen: { host: '127.0.0.1', port: 8484 }, silenceAfterMs: 172_800_000 },
        },
      });
      expect(result.ok && Object.keys(result.config.tenants[0]?.policy.ticket.fields ?? {})).toHaveLength(6);
    });
  });
});
