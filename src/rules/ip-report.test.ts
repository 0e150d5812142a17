import { describe, expect, it } from 'vitest';
import type { AbuseReport, IpFinding } from '../domain/finding.ts';
import { ipReport } from './ip-report.ts';

const found = (address: string, report: Partial<AbuseReport>): IpFinding => ({
  checked: true,
  address,
  lookedUpAt: 0,
  report: { score: 0, reports: 0, reporters: 0, windowDays: 90, ...report },
});

describe('the IP report', () => {
  it('says in two lines how often an address was reported and whose it is', () => {
    const report = {
      reports: 261,
      countryCode: 'NL',
      usageType: 'Data Center/Web Hosting/Transit',
      isp: 'LiteServer Holding B.V.',
    };
    expect(ipReport([found('150.129.8.24', report)])).toBe(
      'The IP 150.129.8.24 was reported 261 times within 90 days\n' +
        'Country code: NL - Usage Type: Data Center/Web Hosting/Transit - ISP: LiteServer Holding B.V.',
    );
  });

  it('has a block per address, in the order given, with an empty line between', () => {
    expect(
      ipReport([
        found('203.0.113.7', { reports: 1, countryCode: 'DE', windowDays: 30 }),
        { checked: false, address: '10.0.0.1', why: 'private address' },
        found('203.0.113.8', {}),
      ]).split('\n\n'),
    ).toEqual([
      'The IP 203.0.113.7 was reported 1 time within 30 days\nCountry code: DE - Usage Type: unknown - ISP: unknown',
      'The IP 10.0.0.1 was not checked: private address',
      'The IP 203.0.113.8 was not reported within 90 days\nCountry code: unknown - Usage Type: unknown - ISP: unknown',
    ]);
  });

  it('is empty without addresses', () => {
    expect(ipReport([])).toBe('');
  });
});
