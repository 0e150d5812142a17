import type { DedupKey, Verdict } from '../../domain/alert.ts';
import { type Document, type Inline, link, paragraph, strong, text } from '../../domain/document.ts';
import type { TicketRef } from '../../domain/ticket.ts';
import { type EpochMs, sayInstant } from '../../domain/time.ts';

/** What is told of an alert on its issue, and of an issue on its alert. Words of alerts and people are only ever text. */

const MOST_TITLE = 120;
const MOST_NAME = 80;

/** Beyond this an address takes the room of what can be read. */
const MOST_URL = 300;

/** Longest comment put on an alert: it is to be read in a list. */
const MOST_ON_ALERT = 500;

/** An alert as a comment names it. */
export interface NamedAlert {
  key: DedupKey;
  title: string;
  /** Empty where it is not known. */
  url: string;
}

/** What one alert's news says on its issue: the alert, what happened, and what that means for the issue. */
export function issueNote(alert: NamedAlert, { head, says }: { head: string; says: string }): Document {
  return {
    blocks: [paragraph(strong(short(head, MOST_NAME)), text(': '), ...nameOf(alert), text(`. ${says}`))],
  };
}

function nameOf({ key, title, url }: NamedAlert): Inline[] {
  if (title === '') return [text(key)];
  const name = short(title, MOST_TITLE);
  return [url !== '' && url.length <= MOST_URL ? link(name, url) : text(name), text(` (${key})`)];
}

const VERDICTS: Record<Verdict, string> = {
  true_positive: 'true positive',
  false_positive: 'false positive',
  benign: 'benign',
  unspecified: 'without a verdict',
};

/** `false positive` */
export function sayVerdict(verdict: Verdict): string {
  return VERDICTS[verdict];
}

/** `closed as false positive by jane@contoso.com at 2026-11-24 07:00:00 UTC` */
export function sayClosed({ verdict, by, at }: { verdict: Verdict; by?: string; at?: EpochMs }): string {
  const as = verdict === 'unspecified' ? sayVerdict(verdict) : `as ${sayVerdict(verdict)}`;
  const who = by === undefined ? '' : ` by ${short(by, MOST_NAME)}`;
  return `closed ${as}${who}${at === undefined ? '' : ` at ${sayInstant(at)}`}`;
}

/** `SOC-1 is Done (False Positive)` */
export function sayIssue({ key }: TicketRef, { status, resolution }: { status: string; resolution?: string }): string {
  const outcome = resolution === undefined || resolution === status ? '' : ` (${short(resolution, MOST_NAME)})`;
  return `${key} is ${status === '' ? 'done' : short(status, MOST_NAME)}${outcome}`;
}

/** The comment put on an alert, one line: what of its issue made us write to it, and where the issue is. */
export function alertComment(ticket: TicketRef, says: string): string {
  const line = `Casewire: Jira issue ${says}. ${ticket.url}`.replace(/[\p{Cc}\s]+/gu, ' ');
  return line.length <= MOST_ON_ALERT
    ? line
    : `Casewire: Jira issue ${ticket.key}. ${ticket.url}`.slice(0, MOST_ON_ALERT);
}

function short(value: string, most: number): string {
  const points = [...value];
  return points.length <= most ? value : `${points.slice(0, most - 1).join('')}…`;
}
