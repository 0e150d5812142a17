import type { AlertId, DedupKey, TenantId } from '../src/domain/alert.ts';
import type { IpFinding } from '../src/domain/finding.ts';
import type { AlertLine, PassSummary, TenantSummary } from '../src/domain/outcome.ts';

/** A raised alert of contoso as the summary shows it; a test names only what it is about. */
export function anAlertLine(
  more: Partial<Omit<AlertLine, 'tenant' | 'alertId' | 'key'>> & { tenant?: string; alertId?: string } = {},
): AlertLine {
  const { tenant = 'contoso', alertId = '64a0000000000000000000a1', ...rest } = more;
  return {
    tenant: tenant as TenantId,
    alertId: alertId as AlertId,
    key: `${tenant}/${alertId}` as DedupKey,
    title: 'Impossible travel activity',
    severity: 'high',
    createdAt: Date.parse('2026-11-22T03:04:05Z'),
    outcome: 'raised',
    why: 'priority from severity high',
    ticket: { id: '10012', key: 'SOC-12', url: 'https://acme.example/browse/SOC-12' },
    project: 'SOC',
    issueType: 'IT Help',
    priority: 'High',
    users: ['jane@contoso.com'],
    findings: [scored('203.0.113.7', 87)],
    notes: [],
    ...rest,
  };
}

/** The same without an issue. */
export function anUnraisedLine(more: Parameters<typeof anAlertLine>[0]): AlertLine {
  const { ticket: _, ...line } = anAlertLine(more);
  return line;
}

export function scored(address: string, score: number): IpFinding {
  const report = { score, reports: score, reporters: 3, windowDays: 90, countryCode: 'NL', isp: 'Example Hosting' };
  return { checked: true, address, report, lookedUpAt: Date.parse('2026-11-23T07:00:00Z') };
}

export function unchecked(address: string, why = 'the daily budget is spent'): IpFinding {
  return { checked: false, address, why };
}

export function aTenantSummary(more: Partial<Omit<TenantSummary, 'tenant'>> & { tenant?: string } = {}): TenantSummary {
  const { tenant = 'contoso', ...rest } = more;
  return {
    tenant: tenant as TenantId,
    read: 0,
    fresh: 0,
    raised: 0,
    attached: 0,
    suppressed: 0,
    held: 0,
    waiting: 0,
    ...rest,
  };
}

export function aPassSummary(tenants: TenantSummary[], more: Partial<PassSummary> = {}): PassSummary {
  return {
    tenants,
    siteFailures: [],
    warnings: [],
    calls: { Jira: 18, 'Defender for Cloud Apps': 3, AbuseIPDB: 12 },
    startedAt: Date.parse('2026-11-23T07:00:00Z'),
    durationMs: 523,
    stopped: false,
    ...more,
  };
}
