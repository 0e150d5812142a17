import { html } from 'hono/html';
import { bandOf, type IpFinding } from '../../../../domain/finding.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { Html } from '../../page.ts';
import { pathWith } from '../parts/places.ts';
import { instant, sayNumber } from '../parts/words.ts';

/** Addresses that are shown; a record may name thousands. */
const MOST = 100;

/** The addresses of an alert with what AbuseIPDB knew of each, the worst first. */
export function findingsTable(findings: readonly IpFinding[]): Html {
  if (findings.length === 0) return html`<p class="quiet">No address was found.</p>`;
  const sorted = [...findings].sort((a, b) => scoreOf(b) - scoreOf(a));
  const more = sorted.length - MOST;
  return html`<div class="scroll"><table class="list findings">
<thead><tr><th scope="col">Address</th><th scope="col">Score</th><th scope="col">Reports</th><th scope="col">Where</th><th scope="col">Whose</th><th scope="col">Asked</th></tr></thead>
<tbody>${sorted.slice(0, MOST).map(row)}</tbody></table></div>${more > 0 ? html`<p class="quiet">and ${sayNumber(more)} more addresses</p>` : ''}`;
}

function scoreOf(finding: IpFinding): number {
  return finding.checked ? finding.report.score : -1;
}

const TONES = { none: '', weak: '', suspicious: 'attention', strong: 'bad' } as const;

function row(finding: IpFinding): Html {
  const address = html`<th scope="row"><a href="${pathWith('/alerts', { address: finding.address })}" title="All alerts with this address">${clean(finding.address)}</a></th>`;
  if (!finding.checked)
    return html`<tr>${address}<td colspan="5" data-name="Not checked" class="quiet">not checked: ${clean(finding.why)}</td></tr>`;
  const { score, reports, reporters, windowDays, countryCode, usageType, isp, isTor } = finding.report;
  const band = bandOf(score);
  return html`<tr>${address}
<td data-name="Score"><span class="standing ${TONES[band]}">${score}</span> <span class="quiet">${band}</span></td>
<td data-name="Reports">${sayNumber(reports)} by ${sayNumber(reporters)} within ${windowDays} days</td>
<td data-name="Where">${clean(countryCode ?? '') || html`<span class="quiet">unknown</span>`}${isTor ? ' (Tor)' : ''}</td>
<td data-name="Whose">${[isp, usageType].flatMap((part) => (part ? [clean(part)] : [])).join(', ') || html`<span class="quiet">unknown</span>`}</td>
<td data-name="Asked">${instant(finding.lookedUpAt)}</td></tr>
`;
}
