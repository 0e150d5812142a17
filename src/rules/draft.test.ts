import { describe, expect, it } from 'vitest';
import { anAlert } from '../../test/builders.ts';
import type { Alert } from '../domain/alert.ts';
import type { Block, Inline } from '../domain/document.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { SiteId } from '../domain/ticket.ts';
import { classify } from './categories/classify.ts';
import { decide } from './decide.ts';
import { draftTicket } from './draft.ts';
import type { TicketPolicy } from './policy.ts';
import type { Rule } from './rule.ts';

const policy: TicketPolicy = {
  site: 'default' as SiteId,
  project: 'SOC',
  issueType: 'Task',
  priority: { high: 'High' },
  priorityIs: 'configured',
  labels: ['defender'],
  fields: {
    'Alert URI': '{{ alert.url }}',
    'Affected User': "{{ alert.users | map: 'name' | join: ', ' | default: 'User has not been found' }}",
    Addresses: "{{ alert.ips | map: 'address' | join: ', ' }}",
  },
};

const checked: IpFinding = {
  checked: true,
  address: '150.129.8.24',
  lookedUpAt: Date.parse('2026-11-23T07:00:00Z'),
  report: {
    score: 87,
    reports: 261,
    reporters: 40,
    windowDays: 90,
    countryCode: 'NL',
    usageType: 'Commercial',
    isp: 'A B.V.',
  },
};
const unchecked: IpFinding = { checked: false, address: '10.1.2.3', why: 'private address' };

const draft = (alert: Alert, findings: IpFinding[] = [], rules: readonly Rule[] = []) => {
  const tenant = { tenant: alert.tenant, ticket: policy, rules, newTicketsPerHour: 0 };
  const judgement = decide(alert, tenant, { now: 0, category: classify(alert), findings, groups: new Map() });
  return draftTicket({ alert, findings, site: policy.site, judgement, why: judgement.decision.why });
};

function words(blocks: readonly Block[]): string {
  const inline = (content: readonly Inline[]) => content.map(({ text }) => text).join('');
  const said = (block: Block): string => {
    if (block.kind === 'heading' || block.kind === 'verbatim') return block.text;
    if (block.kind === 'list') return block.items.map(inline).join('\n');
    if (block.kind === 'table') return block.rows.map((row) => row.map(inline).join(' | ')).join('\n');
    return inline(block.content);
  };
  return blocks.map(said).join('\n');
}

describe('the ticket of an alert', () => {
  it('goes where the policy says, with its priority, labels and rendered fields', () => {
    const ticket = draft(anAlert({ severity: 'high' }), [checked, unchecked]);
    expect(ticket).toMatchObject({
      route: { site: 'default', project: 'SOC', issueType: 'Task' },
      priority: 'High',
      labels: ['defender'],
      fields: { 'Affected User': 'jane@contoso.com', Addresses: '150.129.8.24, 10.1.2.3' },
    });
    expect(ticket.fields['Alert URI']).toContain('https://contoso.portal.cloudappsecurity.com/');
  });

  it('goes where rules say, and says which rule said what and which could not', () => {
    const rules: Rule[] = [
      {
        name: 'Red team',
        when: 'tenant == "contoso"',
        // biome-ignore lint/suspicious/noThenProperty: the word of the configuration; nobody awaits a rule.
        then: {
          project: 'RED',
          assignee: 'ann@contoso.com',
          components: ['Mail'],
          fields: { Team: 'red {{ tenant }}' },
        },
      },
      {
        name: 'Staff',
        when: 'alert.users[5].name != ""',
        // biome-ignore lint/suspicious/noThenProperty: as above.
        then: { labels: ['vip'] },
      },
    ];
    const ticket = draft(anAlert(), [], rules);
    expect(ticket).toMatchObject({
      route: { project: 'RED', issueType: 'Task' },
      assignee: 'ann@contoso.com',
      components: ['Mail'],
      fields: { Team: 'red contoso', 'Affected User': 'jane@contoso.com' },
    });
    const said = words(ticket.description.blocks);
    expect(said).toContain('Rule Red team: project RED, assignee ann@contoso.com, component Mail, field Team');
    expect(said).toContain('Rule Staff undecided: ');
  });

  it('leaves the priority to the project where the policy names none', () => {
    expect(draft(anAlert({ severity: 'low' }))).not.toHaveProperty('priority');
  });

  it('says what happened, whom it affects, what is known of each address and why not', () => {
    const said = words(draft(anAlert(), [checked, unchecked]).description.blocks);
    expect(said).toContain('signed in from two countries');
    expect(said).toContain('jane@contoso.com (Jane Doe)');
    expect(said).toContain(
      '150.129.8.24 | 87 strong | 261 by 40 within 90 days | NL | Commercial, A B.V. | 2026-11-23 07:00:00 UTC',
    );
    expect(said).toContain('10.1.2.3 | not checked: private address');
    expect(said).toContain('Open the alert in Defender');
    expect(said).toContain('"_id"');
  });

  it('fills a user field with words when the alert names nobody', () => {
    const ticket = draft(anAlert({ users: [] }));
    expect(ticket.fields['Affected User']).toBe('User has not been found');
    expect(words(ticket.description.blocks)).toContain('The alert names no user.');
  });

  it.each([
    ['a title', 'Odd\n login', 'Mass download', 'Odd login'],
    ['its detection when it has no title', '', 'Mass download', 'Mass download'],
    ['words when it has neither', '', ' ', '(alert without a title)'],
  ])('is headed by %s, on one line', (_, title, type, summary) => {
    expect(draft(anAlert({ title, type })).summary).toBe(summary);
  });

  it('says what kind of incident is suspected, with ATT&CK and the phase', () => {
    const said = words(draft(anAlert()).description.blocks);
    expect(said).toContain(
      'Suspected: Intrusions > Unprivileged Account Compromise intrusions/unprivileged-account-compromise',
    );
    expect(said).toContain('ATT&CK tactics: TA0001 Initial Access');
    expect(said).toContain('ATT&CK techniques: T1078 Valid Accounts, T1078.004 Cloud Accounts');
    expect(said).toContain('NIST SP 800-61 phase: Detection and Analysis');
    const links = JSON.stringify(draft(anAlert()).description.blocks);
    expect(links).toContain('https://attack.mitre.org/techniques/T1078/004/');
  });

  it('says that nothing is known of an alert that no row of the table matches', () => {
    const said = words(draft(anAlert({ title: 'ACME', type: 'ACME' })).description.blocks);
    expect(said).toContain('Not categorised');
    expect(said).not.toContain('ATT&CK');
  });

  it('marks an incomplete alert', () => {
    const [first] = draft(anAlert({ incomplete: ['timestamp'] })).description.blocks;
    expect(first).toMatchObject({ kind: 'notice', tone: 'warning' });
  });

  it('is the same for the same alert and findings', () => {
    expect(draft(anAlert(), [checked])).toEqual(draft(anAlert(), [checked]));
  });
});
