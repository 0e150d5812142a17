import { type Category, categoryPath, UNCATEGORISED } from '../../domain/category.ts';
import type { Fact } from '../../domain/facts.ts';
import type { IpFinding } from '../../domain/finding.ts';
import type { AlertHistory } from '../../domain/outcome.ts';
import { clean, cleanLines } from '../../domain/text/clean.ts';
import { pad, wrap, wrapIndented } from '../../domain/text/width.ts';
import { sayInstant } from '../../domain/time.ts';
import { linked, type Paper } from '../text/paper.ts';
import { count, sayRules, sayTitle, sayUrgency, toneOfFinding } from './alert-words.ts';

const LABEL_WIDTH = 11;
const MOST_DESCRIPTION_LINES = 12;

/** Everything known of one alert, from the source to the issue, in the order in which it happened. */
export function renderHistory(history: AlertHistory, paper: Paper): string[] {
  const { line, attempts } = history;
  const { style } = paper;
  const field = (label: string, text: string) => fieldLines(label, text, paper);
  return [
    ...wrap(sayTitle(line.title) || '(no title)', paper.columns).map((text) => style('bold', text)),
    '',
    ...field('Alert', clean(line.key)),
    ...field('In Defender', clean(history.url) || 'no link'),
    ...field('Severity', sayUrgency(line)),
    ...categoryLines(history, paper),
    ...(history.activityAt === undefined
      ? []
      : field('Activity', `${sayInstant(history.activityAt)} is when it began`)),
    ...field('Raised', `${sayInstant(line.createdAt)} by the source`),
    ...field('First seen', sayInstant(history.seenAt)),
    ...field('Users', line.users.map(clean).join(', ') || 'none found'),
    ...line.findings.flatMap((finding, i) =>
      fieldLines(i === 0 ? 'Addresses' : '', sayFinding(finding), paper).map((text) =>
        style(toneOfFinding(finding), text),
      ),
    ),
    ...(line.findings.length === 0 ? field('Addresses', 'none found') : []),
    ...(history.incomplete.length > 0 ? field('Incomplete', history.incomplete.map(clean).join(', ')) : []),
    '',
    ...field('State', `${line.state}${line.reason === undefined ? '' : ` (${clean(line.reason)})`}`),
    ...field('Why', clean(line.why) || 'nothing was decided yet'),
    ...(history.settledAt === undefined ? [] : field('Since', sayInstant(history.settledAt))),
    ...(history.retryAt === undefined ? [] : field('Tried again', sayInstant(history.retryAt))),
    ...ruleLines(history, paper),
    ...issueLines(history, paper),
    ...line.notes.flatMap((note) => field('Note', clean(note))),
    ...inStepLines(history, paper),
    ...newsLines(history, paper),
    ...timelineLines(history, paper),
    '',
    ...(attempts.length === 0 ? ['No create was sent.'] : attempts.flatMap((attempt) => attemptLines(attempt, paper))),
    ...description(history, paper),
  ];
}

function ruleLines({ line: { rules } }: AlertHistory, paper: Paper): string[] {
  if (!rules) return [];
  return [
    ...sayRules(rules).flatMap((said, i) => fieldLines(i === 0 ? 'Rules' : '', said, paper)),
    ...(rules.group ? fieldLines('Grouped by', clean(rules.group.words), paper) : []),
  ];
}

function categoryLines({ line: { type, category } }: AlertHistory, paper: Paper): string[] {
  if (!category) return type ? fieldLines('Detection', sayTitle(type), paper) : [];
  const refs = (list: Category['tactics']) =>
    list.map(({ id, name }) => (id === name ? id : `${id} ${name}`)).join(', ');
  const { tactics, techniques, phase } = category;
  const path = categoryPath(category);
  const attack = [refs(tactics), refs(techniques)].filter((words) => words !== '').join('; ');
  return [
    ...(type ? fieldLines('Detection', sayTitle(type), paper) : []),
    ...fieldLines('Category', path === UNCATEGORISED ? `${path}: no row of the table matches` : path, paper),
    ...(attack === '' ? [] : fieldLines('ATT&CK', clean(attack), paper)),
    ...fieldLines('Phase', `${phase} (NIST SP 800-61)`, paper),
  ];
}

function issueLines({ line, label }: AlertHistory, paper: Paper): string[] {
  const { ticket } = line;
  const place = [line.project, line.issueType].filter((part) => part !== undefined).map((part) => clean(part));
  return [
    ...(ticket ? fieldLines('Issue', linked(clean(ticket.key), ticket.url, paper), paper) : []),
    ...(ticket ? fieldLines('', clean(ticket.url), paper) : []),
    ...(place.length > 0 ? fieldLines('Goes to', place.join(' / '), paper) : []),
    ...fieldLines('Jira label', clean(label), paper),
  ];
}

function inStepLines({ inStep }: AlertHistory, paper: Paper): string[] {
  if (!inStep) return [];
  const { agreed, told } = inStep;
  const verdict = agreed.verdict === undefined ? '' : ` (${agreed.verdict.replaceAll('_', ' ')})`;
  const stands = `alert ${agreed.alert}${verdict}, issue ${agreed.issue}, since ${sayInstant(agreed.at)}`;
  const left = agreed.left ? [`could not ${agreed.left.what.replace('-', ' the ')}: ${clean(agreed.left.why)}`] : [];
  const comments = told.map(({ notedAt, writtenAt, why }) =>
    writtenAt === undefined
      ? `its issue is not told yet of what was found ${sayInstant(notedAt)}${why === undefined ? '' : `: ${clean(why)}`}`
      : `its issue was told in a comment ${sayInstant(writtenAt)}`,
  );
  return [stands, ...left, ...comments].flatMap((words, i) => fieldLines(i === 0 ? 'In step' : '', words, paper));
}

function newsLines({ news = [] }: AlertHistory, paper: Paper): string[] {
  return news.flatMap(({ at, words, says }, i) =>
    fieldLines(i === 0 ? 'Since then' : '', `${sayInstant(at)}: ${clean(words)}; ${clean(says)}`, paper),
  );
}

function timelineLines({ timeline = [] }: AlertHistory, paper: Paper): string[] {
  const said = timeline.flatMap((fact) => {
    const words = sayFact(fact);
    return words === undefined ? [] : [`${sayInstant(fact.at)}  ${words}`];
  });
  return said.flatMap((words, i) => fieldLines(i === 0 ? 'Timeline' : '', words, paper));
}

/** What became of alert and issue; how it was raised or held stands elsewhere. */
function sayFact(fact: Fact): string | undefined {
  switch (fact.fact) {
    case 'raised':
    case 'adopted':
    case 'attached':
      return `issue ${clean(fact.ticket.key)} ${fact.fact}`;
    case 'acknowledged':
      return fact.by === 'assignee' ? 'acknowledged: the issue was assigned' : 'acknowledged: its status was changed';
    case 'resolved':
      return `issue resolved${fact.resolution === undefined ? '' : `: ${clean(fact.resolution)}`}`;
    case 'reopened':
      return 'issue reopened';
    case 'closed':
      return `alert closed in Defender: ${fact.verdict.replaceAll('_', ' ')}`;
    case 'alert-reopened':
      return 'alert reopened in Defender';
    default:
      return undefined;
  }
}

function attemptLines(
  { attempt, sentAt, outcome, outcomeAt, detail }: AlertHistory['attempts'][number],
  paper: Paper,
): string[] {
  const end = outcomeAt === undefined ? '' : ` at ${sayInstant(outcomeAt)}`;
  const said = outcome === undefined ? 'no answer is known yet' : `${clean(outcome)}${end}`;
  return [
    ...fieldLines(`Attempt ${attempt}`, `sent at ${sayInstant(sentAt)}: ${said}`, paper),
    ...(detail === undefined ? [] : fieldLines('', clean(detail), paper)),
  ];
}

function description({ description }: AlertHistory, paper: Paper): string[] {
  const lines = cleanLines(description).flatMap((line) => wrapIndented(line, 2, paper.columns));
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) return [];
  const more = lines.length - MOST_DESCRIPTION_LINES;
  return [
    '',
    paper.style('dim', "The source's own words:"),
    ...lines.slice(0, MOST_DESCRIPTION_LINES),
    ...(more > 0 ? [`  (${more} more lines: casewire explain --json)`] : []),
  ];
}

function fieldLines(label: string, text: string, { columns, style }: Paper): string[] {
  const indent = LABEL_WIDTH + 2;
  // A clickable text holds escape sequences, which must not be measured or broken; it is short by its nature.
  const lines = text.includes('\u001b') ? [text] : wrap(text, columns - indent);
  return lines.map((line, i) => `${style('dim', pad(i === 0 ? label : '', LABEL_WIDTH))}  ${line}`);
}

function sayFinding(finding: IpFinding): string {
  const address = clean(finding.address);
  if (!finding.checked) return `${address}  not checked: ${clean(finding.why)}`;
  const { score, reports, reporters, windowDays, countryCode, usageType, isp } = finding.report;
  const about = [countryCode, usageType, isp]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => clean(part ?? ''));
  const said = `score ${score}, ${count(reports, 'report')} by ${count(reporters, 'reporter')} within ${windowDays} days`;
  return `${address}  ${said}${about.length > 0 ? `; ${about.join(', ')}` : ''} (asked ${sayInstant(finding.lookedUpAt)})`;
}
