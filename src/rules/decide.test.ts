import { describe, expect, it } from 'vitest';
import { anAlert } from '../../test/builders.ts';
import type { TenantId } from '../domain/alert.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { SiteId } from '../domain/ticket.ts';
import { decide } from './decide.ts';
import type { Facts } from './expressions/rule-scope.ts';
import type { TicketPolicy } from './policy.ts';
import type { Rule, RuleThen } from './rule.ts';

const ticket: TicketPolicy = {
  site: 'default' as SiteId,
  project: 'SOC',
  issueType: 'Task',
  priority: { high: 'Highest', medium: 'Medium' },
  priorityIs: 'configured',
  labels: ['defender'],
  fields: { Team: 'blue', Customer: '{{ tenant }}' },
};

const facts: Facts = {
  now: Date.parse('2026-11-24T07:00:00Z'),
  category: {
    rsitClass: 'other',
    rsitType: 'uncategorised',
    tactics: [],
    techniques: [{ id: 'T1078', name: 'Valid Accounts' }],
    phase: 'Detection and Analysis',
  },
  findings: [],
  groups: new Map(),
};

let number = 0;

function rule(when: string, then: RuleThen, name = `rule ${++number}`): Rule {
  return { name, when, then };
}

function judged(alert: ReturnType<typeof anAlert>, rules: readonly Rule[], more: Partial<Facts> = {}) {
  const policy = { tenant: 'contoso' as TenantId, ticket, rules, newTicketsPerHour: 0 };
  return decide(alert, policy, { ...facts, ...more });
}

const jane = anAlert({ users: [{ name: 'jane@contoso.com', address: 'jane@contoso.com', origin: 'entity' }] });

function groupsOf(...entries: [string, string[]][]): Facts['groups'] {
  return new Map(
    entries.map(([user, names]) => [user, { known: true, groups: names.map((name) => ({ id: `id-${name}`, name })) }]),
  );
}

function checked(address: string, score: number, reporters = 9): IpFinding {
  return { checked: true, address, report: { score, reports: reporters, reporters, windowDays: 90 }, lookedUpAt: 0 };
}

describe('an alert that nothing was decided on', () => {
  it('is raised, with what gave it its priority', () => {
    expect(judged(anAlert({ severity: 'high' }), [])).toMatchObject({
      decision: { action: 'raise', why: 'severity high gives priority Highest' },
      priority: 'Highest',
      project: 'SOC',
      issueType: 'Task',
      labels: ['defender'],
      spoke: [],
      undecided: [],
    });
  });

  it("gets the project's priority where none is configured for its severity", () => {
    const { decision, priority } = judged(anAlert({ severity: 'low' }), []);
    expect(decision.why).toBe("severity low; the project's own priority applies");
    expect(priority).toBeUndefined();
  });

  it.each([
    ['true_positive', 'as a true positive'],
    ['false_positive', 'as a false positive'],
    ['benign', 'as benign'],
    ['unspecified', 'without a verdict'],
  ] as const)('is suppressed with that reason when it was closed as %s before it was seen', (verdict, words) => {
    const closed = anAlert({ state: { open: false, verdict, closedBy: 'ann@contoso.com' } });
    expect(judged(closed, [rule('true', { labels: ['x'] })])).toMatchObject({
      decision: {
        action: 'suppress',
        why: `already closed in Defender ${words} by ann@contoso.com when it was first seen`,
      },
      spoke: [],
    });
  });
});

describe('rules that match', () => {
  it('all speak, and a later one wins key by key', () => {
    const rules = [
      rule('alert.severity == "high"', { priority: 'High', project: 'RED', labels: ['vip'], assignee: 'ann' }, 'first'),
      rule('alert.severity == "low"', { priority: 'Lowest' }, 'silent'),
      rule('tenant == "contoso"', { priority: 'Blocker', labels: ['vip', 'second'], fields: { Team: 'red' } }, 'last'),
    ];
    expect(judged(anAlert(), rules)).toMatchObject({
      decision: { action: 'raise', why: 'rule "last" gives priority Blocker' },
      priority: 'Blocker',
      project: 'RED',
      assignee: 'ann',
      labels: ['defender', 'vip', 'second'],
      fields: { Team: 'red', Customer: '{{ tenant }}' },
      spoke: [
        { rule: 'first', said: 'priority High, label vip, project RED, assignee ann' },
        { rule: 'last', said: 'priority Blocker, labels vip, second, field Team' },
      ],
    });
  });

  it('raise the priority that the severity or a rule gave', () => {
    const up = rule('true', { raisePriorityBy: 1 }, 'up');
    expect(judged(anAlert({ severity: 'medium' }), [up])).toMatchObject({
      priority: 'High',
      decision: { why: 'severity medium gives priority Medium; rule "up" makes it High' },
    });
    expect(judged(anAlert({ severity: 'high' }), [up]).decision.why).toBe(
      'severity high gives priority Highest; rule "up" leaves it there',
    );
  });

  it('give a category of their own and leave the techniques', () => {
    const { category } = judged(anAlert(), [rule('"T1078" in alert.techniques', { category: 'fraud/phishing' })]);
    expect(category).toMatchObject({ rsitClass: 'fraud', rsitType: 'phishing', techniques: [{ id: 'T1078' }] });
  });

  it('suppress by name and reason, whatever later ones say', () => {
    const rules = [
      rule('tenant == "contoso"', { suppress: 'Alerts of the lab are not ticketed' }, 'Lab'),
      rule('true', { priority: 'High' }, 'later'),
    ];
    expect(judged(anAlert(), rules)).toMatchObject({
      decision: { action: 'suppress', why: 'by rule "Lab": Alerts of the lab are not ticketed', rule: 'Lab' },
      spoke: [{ rule: 'Lab', said: 'no ticket: Alerts of the lab are not ticketed' }, { rule: 'later' }],
    });
  });
});

describe('a rule that needs what is not known', () => {
  const busy = rule('alert.ips.exists(ip, ip.score >= 75 && ip.reporters >= 3)', { raisePriorityBy: 1 }, 'busy');
  const staff = rule('alert.users.exists(u, "Staff" in u.groups)', { labels: ['vip'] }, 'staff');
  const two = anAlert({
    ips: [
      { address: '203.0.113.1', origin: 'entity' },
      { address: '203.0.113.2', origin: 'entity' },
    ],
  });

  it('waits for the addresses while they were not asked after', () => {
    const { findings: _, ...unasked } = facts;
    const policy = { tenant: 'contoso' as TenantId, ticket, rules: [busy], newTicketsPerHour: 0 };
    expect(decide(two, policy, unasked)).toMatchObject({ needs: { findings: true }, spoke: [], undecided: [] });
  });

  it('matches by one address that was checked although another was not', () => {
    const findings = [
      { checked: false, address: '203.0.113.1', why: 'quota spent' } as const,
      checked('203.0.113.2', 80),
    ];
    expect(judged(two, [busy], { findings }).spoke).toHaveLength(1);
  });

  it('is undecided, with the reason, where only the unchecked address could match', () => {
    const findings = [
      { checked: false, address: '203.0.113.1', why: 'quota spent' } as const,
      checked('203.0.113.2', 10),
    ];
    expect(judged(two, [busy], { findings })).toMatchObject({
      decision: { action: 'raise' },
      spoke: [],
      undecided: [{ rule: 'busy', why: 'address 203.0.113.1 not checked: quota spent' }],
    });
  });

  it('knows that an address that is never looked up has no reports', () => {
    const findings = [
      { checked: false, address: '203.0.113.1', why: 'private address', never: true } as const,
      checked('203.0.113.2', 10),
    ];
    expect(judged(two, [busy], { findings })).toMatchObject({ spoke: [], undecided: [] });
    const unchecked = rule('alert.ips.exists(ip, !ip.checked)', {});
    expect(judged(two, [unchecked], { findings }).spoke).toHaveLength(1);
  });

  it('asks for groups only where the rest of it leaves the answer to them', () => {
    const narrow = rule('alert.users.exists(u, "Staff" in u.groups) && alert.title.contains("Leaked")', {});
    expect(judged(jane, [narrow]).needs.groupsOf).toEqual([]);
    expect(judged({ ...jane, title: 'Leaked credentials' }, [narrow]).needs.groupsOf).toEqual(jane.users);
  });

  it('knows groups by id and by name', () => {
    const groups = groupsOf(['jane@contoso.com', ['Staff']]);
    const byId = rule('alert.users.exists(u, "id-Staff" in u.groups)', { labels: ['by-id'] });
    expect(judged(jane, [staff, byId], { groups }).labels).toEqual(['defender', 'vip', 'by-id']);
  });

  it('takes a group that the alert itself names, and asks for what that leaves open', () => {
    const tagged = { ...jane, entities: [{ type: 'groupTag', id: 'tag-1', label: 'Staff' }] };
    const nobodyElse = rule('alert.users.all(u, "Guests" in u.groups)', { labels: ['guest'] });
    const stranger = rule('alert.users.exists(u, !("Staff" in u.groups))', { labels: ['stranger'] });
    expect(judged(tagged, [staff])).toMatchObject({ labels: ['defender', 'vip'], needs: { groupsOf: [] } });
    for (const open of [nobodyElse, stranger])
      expect(judged(tagged, [open])).toMatchObject({ spoke: [], needs: { groupsOf: tagged.users } });
    const two = { ...tagged, users: [...tagged.users, { name: 'bob', origin: 'text' as const }] };
    expect(judged(two, [staff])).toMatchObject({ spoke: [], needs: { groupsOf: two.users } });
  });

  it('is undecided, with the reason, where groups cannot be asked for', () => {
    const groups: Facts['groups'] = new Map([['jane@contoso.com', { known: false, why: 'consent is missing' }]]);
    expect(judged(jane, [staff], { groups })).toMatchObject({
      needs: { groupsOf: [] },
      undecided: [{ rule: 'staff', why: 'groups of jane@contoso.com not checked: consent is missing' }],
    });
  });

  it('is undecided where a list has no such element', () => {
    const third = rule('alert.users[3].name == "x"', { labels: ['x'] }, 'third');
    expect(judged(jane, [third, staff], { groups: groupsOf(['jane@contoso.com', ['Staff']]) })).toMatchObject({
      labels: ['defender', 'vip'],
      undecided: [{ rule: 'third', why: expect.stringContaining('index out of bounds') }],
    });
  });
});

describe('a regular expression of a rule', () => {
  const matching = (pattern: string, description: string) =>
    judged(anAlert({ description }), [
      rule(`alert.description.matches(${JSON.stringify(pattern)})`, { labels: ['hit'] }),
    ]).spoke.length;

  it.each([
    ['password.*reset.*admin', 'the password was reset by an admin', 1],
    ['^the', 'not the first word', 0],
    ['(?i)PASSWORD', 'the password', 1],
    ['gr(ü|u)n$', 'grün', 1],
  ])('is of the syntax of RE2 and found anywhere: %s in "%s"', (pattern, text, found) => {
    expect(matching(pattern, text)).toBe(found);
  });

  it.each(['password.*reset.*admin', '(a+)+!$', '(p|pa|pas)*word (reset )*X'])(
    'needs time that grows with the text alone: %s in a description of 150,000 characters',
    (pattern) => {
      expect(matching(pattern, 'password reset a'.repeat(9_400))).toBe(0);
    },
  );
});

describe('a rule that groups', () => {
  const group = { by: ['user', 'type'], withinMs: 86_400_000, whenDone: 'raise' } as const;
  const grouping = rule('true', { group }, 'one a day');
  const [ada, bob] = ['ada', 'bob'].map((name) => ({
    name,
    address: `${name}@contoso.com`,
    origin: 'entity' as const,
  }));

  it('wishes the same for alerts that are alike, whatever the order of their users', () => {
    const users = [ada, bob].flatMap((user) => user ?? []);
    const first = judged(anAlert({ users }), [grouping]).decision;
    const other = judged(anAlert({ users: users.toReversed(), id: '64a0000000000000000000b2' }), [grouping]).decision;
    expect(first).toMatchObject({
      group: {
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
        words: 'user ada@contoso.com and bob@contoso.com, type Impossible travel',
        rule: 'one a day',
        withinMs: 86_400_000,
        whenDone: 'raise',
      },
    });
    expect(other).toEqual(first);
  });

  it('wishes something else for another user, another rule, another project', () => {
    const keyOf = (rules: readonly Rule[], users = jane.users) => {
      const { decision } = judged({ ...jane, users }, rules);
      return decision.action === 'raise' ? decision.group?.key : undefined;
    };
    const keys = [
      keyOf([grouping]),
      keyOf([grouping], ada ? [ada] : []),
      keyOf([{ ...grouping, name: 'other' }]),
      keyOf([grouping, rule('true', { project: 'RED' })]),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(keys).not.toContain(undefined);
  });

  it('does not group alerts that lack what it groups by', () => {
    const { decision, spoke } = judged(anAlert({ users: [] }), [grouping]);
    expect(decision).not.toHaveProperty('group');
    expect(spoke).toEqual([
      { rule: 'one a day', said: expect.stringContaining('not grouped: the alert names no user') },
    ]);
  });
});
