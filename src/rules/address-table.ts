import type { IpAddress } from '../domain/alert.ts';
import { type Block, code, type Inline, strong, text } from '../domain/document.ts';
import { bandOf, type IpFinding } from '../domain/finding.ts';
import { sayInstant } from '../domain/time.ts';

/** What is known of addresses, a row each, in the order given; `ips` says which of them were found in text alone. */
export function addressTable(findings: readonly IpFinding[], ips: readonly IpAddress[]): Block {
  const fromText = new Set(ips.filter(({ origin }) => origin === 'text').map(({ address }) => address));
  return {
    kind: 'table',
    header: ['Address', 'AbuseIPDB', 'Reports', 'Country', 'Usage and ISP', 'Looked up'],
    rows: findings.map((finding) => row(finding, fromText.has(finding.address))),
  };
}

function row(finding: IpFinding, fromText: boolean): Inline[][] {
  const address: Inline[] = [code(finding.address), ...(fromText ? [text(' (in the text)')] : [])];
  if (!finding.checked) return [address, [text(`not checked: ${finding.why}`)], [], [], [], []];
  const { score, reports, reporters, windowDays, countryCode, usageType, isp, isTor } = finding.report;
  return [
    address,
    [strong(String(score)), text(` ${bandOf(score)}${isTor ? ', Tor exit' : ''}`)],
    [text(`${reports} by ${reporters} within ${windowDays} days`)],
    [text(countryCode ?? 'unknown')],
    [text([usageType, isp].filter(Boolean).join(', ') || 'unknown')],
    [text(sayInstant(finding.lookedUpAt))],
  ];
}
