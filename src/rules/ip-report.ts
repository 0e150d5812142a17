import type { IpFinding } from '../domain/finding.ts';

/** The findings as text for a Jira field: one block per address, in the order given, an empty line between. */
export function ipReport(findings: readonly IpFinding[]): string {
  return findings.map(block).join('\n\n');
}

function block(finding: IpFinding): string {
  if (!finding.checked) return `The IP ${finding.address} was not checked: ${finding.why}`;
  const { reports, windowDays, countryCode, usageType, isp } = finding.report;
  const times = `${reports} ${reports === 1 ? 'time' : 'times'}`;
  const first =
    reports === 0
      ? `The IP ${finding.address} was not reported within ${windowDays} days`
      : `The IP ${finding.address} was reported ${times} within ${windowDays} days`;
  const unknown = 'unknown';
  return `${first}\nCountry code: ${countryCode ?? unknown} - Usage Type: ${usageType ?? unknown} - ISP: ${isp ?? unknown}`;
}
