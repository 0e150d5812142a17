import { describe, expect, it } from 'vitest';
import { anAlert } from '../../test/builders.ts';
import type { SiteId } from '../domain/ticket.ts';
import { decide } from './decide.ts';
import type { TicketPolicy } from './policy.ts';

const policy: TicketPolicy = {
  site: 'default' as SiteId,
  project: 'SOC',
  issueType: 'Task',
  priority: { high: 'Highest' },
  priorityIs: 'configured',
  labels: [],
  fields: {},
};

describe('an alert that nothing was decided on', () => {
  it('is raised, with what gave it its priority', () => {
    expect(decide(anAlert({ severity: 'high' }), policy)).toEqual({
      action: 'raise',
      why: 'severity high gives priority Highest',
    });
  });

  it("gets the project's priority where none is configured for its severity", () => {
    expect(decide(anAlert({ severity: 'low' }), policy)).toEqual({
      action: 'raise',
      why: "severity low; the project's own priority applies",
    });
  });

  it.each([
    ['true_positive', 'as a true positive'],
    ['false_positive', 'as a false positive'],
    ['benign', 'as benign'],
    ['unspecified', 'without a verdict'],
  ] as const)('is suppressed with that reason when it was closed as %s before it was seen', (verdict, words) => {
    const decision = decide(anAlert({ state: { open: false, verdict, closedBy: 'ann@contoso.com' } }), policy);
    expect(decision).toEqual({
      action: 'suppress',
      why: `already closed in Defender ${words} by ann@contoso.com when it was first seen`,
    });
  });
});
