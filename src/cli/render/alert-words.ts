import { bandOf, type IpFinding } from '../../domain/finding.ts';
import type { AlertLine, RuleCount, RuleWords } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip } from '../../domain/text/width.ts';
import type { Tone } from '../text/paper.ts';

/** Columns of a title in a line; `--json` has it whole. */
const LONGEST_TITLE = 100;

/** An alert's title in a line: its text is foreign, and may be thousands of characters long. */
export function sayTitle(title: string): string {
  return clip(clean(title), LONGEST_TITLE);
}

/** The users of an alert in one phrase: the first by name, the others counted. */
export function sayUsers(users: readonly string[]): string {
  const [first, ...others] = users;
  if (first === undefined) return 'no user';
  return others.length === 0 ? clean(first) : `${clean(first)} +${others.length}`;
}

/** The addresses of an alert counted, with the highest score: `2 addresses (max score 87, 1 not checked)`. */
export function countAddresses(findings: readonly IpFinding[]): string {
  if (findings.length === 0) return 'no address';
  const scores = findings.flatMap((finding) => (finding.checked ? [finding.report.score] : []));
  const unchecked = findings.find((finding) => !finding.checked);
  const said = [
    ...(scores.length > 0 ? [`max score ${Math.max(...scores)}`] : []),
    ...(unchecked && scores.length > 0 ? [`${findings.length - scores.length} not checked`] : []),
    ...(unchecked && scores.length === 0 ? [`not checked: ${clean(unchecked.why)}`] : []),
  ];
  return `${findings.length} ${findings.length === 1 ? 'address' : 'addresses'} (${said.join(', ')})`;
}

/** Each address with its score, the worst first: `203.0.113.7 score 87, 198.51.100.3 not checked`. */
export function listAddresses(findings: readonly IpFinding[]): string[] {
  return [...findings].sort((a, b) => scoreOf(b) - scoreOf(a)).map(sayAddress);
}

export function sayAddress(finding: IpFinding): string {
  return `${clean(finding.address)} ${finding.checked ? `score ${finding.report.score}` : 'not checked'}`;
}

export function scoreOf(finding: IpFinding): number {
  return finding.checked ? finding.report.score : -1;
}

export function toneOfFinding(finding: IpFinding): Tone {
  if (!finding.checked) return 'dim';
  const band = bandOf(finding.report.score);
  return band === 'strong' ? 'bad' : band === 'suspicious' ? 'odd' : 'dim';
}

export function toneOfSeverity(severity: AlertLine['severity']): Tone {
  return severity === 'high' ? 'bad' : severity === 'medium' ? 'odd' : 'dim';
}

/** Severity and, where the ticket's priority is another word, the priority: `high`, `high/Highest`. */
export function sayUrgency({ severity, priority }: Pick<AlertLine, 'severity' | 'priority'>): string {
  const short = severity === 'informational' ? 'info' : severity;
  if (priority === undefined || priority.toLowerCase() === severity) return short;
  return `${short}/${clean(priority)}`;
}

/** A count and its noun: `1 issue`, `2,960 issues`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${sayNumber(n)} ${n === 1 ? one : many}`;
}

/** `2,960` */
export function sayNumber(n: number): string {
  return n.toLocaleString('en-US');
}

/** What each rule had to say of an alert, one phrase each. */
export function sayRules({ spoke, undecided }: RuleWords): string[] {
  return [
    ...spoke.map(({ rule, said }) => `${clean(rule)}: ${clean(said)}`),
    ...undecided.map(({ rule, why }) => `${clean(rule)} undecided: ${clean(why)}`),
  ];
}

/** How often a rule was heard: `Lab tenant: spoke on 5 alerts, suppressed 5`. */
export function sayRuleCount({ rule, spoke, suppressed, undecided }: RuleCount): string {
  const said = [
    ...(spoke > 0 || undecided === 0 ? [`spoke on ${count(spoke, 'alert')}`] : []),
    ...(suppressed > 0 ? [`suppressed ${sayNumber(suppressed)}`] : []),
    ...(undecided > 0 ? [`undecided on ${sayNumber(undecided)} (casewire explain says why)`] : []),
  ];
  return `${clean(rule)}: ${said.join(', ')}`;
}
