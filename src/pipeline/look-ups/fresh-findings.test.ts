import { describe, expect, it } from 'vitest';
import { type CheckedFinding, FreshFindings } from './fresh-findings.ts';

const report = { score: 0, reports: 0, reporters: 0, windowDays: 90 };
const finding = (address: string, lookedUpAt = 0): CheckedFinding => ({ checked: true, address, report, lookedUpAt });

describe('the findings in memory', () => {
  it('are never more than they may be, and lose the one that was not asked for longest', () => {
    const fresh = new FreshFindings({ most: 2, freshMs: 100 });
    fresh.add(finding('203.0.113.1'));
    fresh.add(finding('203.0.113.2'));
    fresh.get('203.0.113.1', 0);
    fresh.add(finding('203.0.113.3'));
    const known = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].filter((address) => fresh.get(address, 0));
    expect(known).toEqual(['203.0.113.1', '203.0.113.3']);
  });

  it('are forgotten when they are no longer fresh', () => {
    const fresh = new FreshFindings({ most: 2, freshMs: 100 });
    fresh.add(finding('203.0.113.1', 50));
    expect(fresh.get('203.0.113.1', 149)).toMatchObject({ lookedUpAt: 50 });
    expect(fresh.get('203.0.113.1', 150)).toBeUndefined();
    fresh.add(finding('203.0.113.1', 150));
    expect(fresh.get('203.0.113.1', 151)).toMatchObject({ lookedUpAt: 150 });
  });
});
