import type { AlertLine } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip } from '../../domain/text/width.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { count, countAddresses, sayTitle, sayUsers } from './alert-words.ts';
import { syncLine } from './render-sync.ts';

const WORDS: Record<AlertLine['outcome'], string> = {
  raised: 'raised',
  adopted: 'adopted',
  attached: 'attached',
  suppressed: 'suppressed',
  held: 'held',
  waiting: 'waiting',
  'would-raise': 'would raise',
  'would-attach': 'would attach',
  'would-suppress': 'would suppress',
  'would-hold': 'would hold',
};

/** Columns of a field's text that are shown; `--json` has all of it. */
const MOST_OF_A_FIELD = 300;

/**
 * One event as one plain line that people and `grep` read; `undefined` for events that only `--verbose` tells.
 * `raised SOC-12 contoso high "Impossible travel" jane@contoso.com 1 address (max score 87) https://…/browse/SOC-12`
 */
export function eventLine(event: ProgressEvent): string | undefined {
  switch (event.event) {
    case 'settled':
      return alertLine(event.line);
    case 'poll-failed':
      return `${event.waiting ? 'delayed' : 'failed'} tenant ${event.tenant}: ${clean(event.why)}${sayMend(event.mend)}`;
    case 'warning':
      return `warning ${event.tenant ? `${event.tenant}: ` : ''}${clean(event.says)}`;
    case 'alert-closed':
    case 'alert-reopened':
    case 'issue-moved':
    case 'issue-moved-back':
    case 'sync-left':
      return syncLine(event.line);
    default:
      return undefined;
  }
}

/** What each mapped field of a planned ticket would hold, one line each, for `--verbose`. */
export function fieldLines({ key, fields = {} }: AlertLine): string[] {
  return Object.entries(fields).map(([name, text]) => `field ${clean(key)} ${sayField(name, text)}`);
}

/** `"Affected users": "ada@contoso.com"`, or that it would be left empty. */
export function sayField(name: string, text: string): string {
  const shown = clip(clean(text), MOST_OF_A_FIELD);
  return `${JSON.stringify(clean(name))}: ${shown === '' ? '(empty)' : JSON.stringify(shown)}`;
}

/** An event that only `--verbose` tells. */
export function verboseLine(event: ProgressEvent): string | undefined {
  switch (event.event) {
    case 'poll-started':
      return `reading ${event.tenant}`;
    case 'page-admitted':
      return `read ${event.tenant} ${count(event.read, 'record')}, ${event.fresh} new`;
    case 'poll-ended':
      return `read ${event.tenant} to the end`;
    case 'leased':
      return `took ${event.tenant} ${count(event.alerts, 'alert')} in hand`;
    case 'looked-up':
      return event.finding.checked
        ? `looked up ${event.finding.address}: score ${event.finding.report.score}`
        : `not checked ${event.finding.address}: ${clean(event.finding.why)}`;
    case 'drafted':
      return `drafted ${clean(event.key)}`;
    case 'intent-committed':
      return `intends ${clean(event.key)} (attempt ${event.attempt})`;
    case 'create-answered':
      return `answered ${clean(event.key)}: ${event.outcome}${event.why ? `: ${clean(event.why)}` : ''}`;
    case 'looked-for':
      return `looked for ${clean(event.key)}: ${event.found} found`;
    case 'joined':
      return `joined ${clean(event.key)}: ${event.leads ? 'it opens its group' : "it goes to its group's issue"}`;
    case 'comment-intended':
      return `intends a comment on ${clean(event.issue)} that lists ${count(event.alerts, 'alert')}`;
    case 'comment-answered':
      return `answered comment on ${clean(event.issue)}: ${event.outcome}${event.why ? `: ${clean(event.why)}` : ''}`;
    case 'issue-told':
      return `told ${clean(event.issue)} how its group stands`;
    case 'sync-started':
      return `keeping ${event.tenant} in step`;
    case 'sync-read':
      return `compared ${event.tenant}: ${count(event.watched, 'pair')}, ${event.changed} changed`;
    case 'issue-told-note':
      return `told ${clean(event.issue)} ${event.notes === 1 ? 'one thing' : `${event.notes} things`}`;
    case 'note-waits':
      return `waits to tell ${clean(event.issue)}: ${clean(event.why)}`;
    default:
      return undefined;
  }
}

function alertLine(line: AlertLine): string {
  const { tenant, severity, ticket } = line;
  const title = JSON.stringify(sayTitle(line.title));
  const who = `${sayUsers(line.users)} ${countAddresses(line.findings)}`;
  const notes = line.notes.length === 0 ? '' : ` (${line.notes.map(clean).join('; ')})`;
  if (ticket)
    return `${WORDS[line.outcome]} ${clean(ticket.key)} ${tenant} ${severity} ${title} ${who} ${clean(ticket.url)}${notes}`;
  const target = line.outcome === 'would-raise' ? ` in ${sayTarget(line)}` : '';
  return `${WORDS[line.outcome]} ${clean(line.key)} ${severity} ${title} ${who}${target}: ${clean(line.why)}${notes}`;
}

/** Where the ticket would be, and how urgent: `SOC / IT Help, priority High`. */
export function sayTarget({ project, issueType, priority }: AlertLine): string {
  const place = [project, issueType].filter((part) => part !== undefined).map((part) => clean(part));
  return `${place.join(' / ')}${priority === undefined ? '' : `, priority ${clean(priority)}`}`;
}

/** ` Mend: …`, or nothing. */
export function sayMend(mend: string | undefined): string {
  return mend === undefined ? '' : ` Mend: ${clean(mend)}`;
}
