import type { DifferenceKind } from '../../../domain/audit.ts';
import type { CategoryPath } from '../../../domain/category.ts';
import type { HoldReason } from '../../../domain/decision.ts';
import { rsitNamed } from '../../../rules/categories/rsit.ts';
import type { CompletenessDay, CompletenessState, HighRow, Incident, IncidentStep, Outcome } from '../../model.ts';
import type { Tone } from '../../paper.ts';

/** What the words of the model are called in a report. */

export const STATES: Readonly<Record<CompletenessState, { says: string; tone: Tone }>> = {
  whole: { says: 'read all through', tone: 'good' },
  differs: { says: 'a recount differs', tone: 'bad' },
  partly: { says: 'read with gaps', tone: 'attention' },
  'could-not-look': { says: 'could not look', tone: 'bad' },
  'not-read': { says: 'not read', tone: 'bad' },
};

export const READINGS: Readonly<Record<CompletenessDay['reading'], { says: string; tone: Tone }>> = {
  looked: { says: 'all through', tone: 'plain' },
  partly: { says: 'with gaps', tone: 'attention' },
  'could-not-look': { says: 'could not look', tone: 'bad' },
  'not-read': { says: 'not read', tone: 'bad' },
  ahead: { says: 'still ahead', tone: 'plain' },
};

export const RECOUNTS: Readonly<Record<CompletenessDay['recount'], { says: string; tone: Tone }>> = {
  agrees: { says: 'agrees', tone: 'good' },
  differs: { says: 'differs', tone: 'bad' },
  failed: { says: 'failed', tone: 'attention' },
  none: { says: 'none', tone: 'plain' },
};

export const DIFFERENCES: Readonly<Record<DifferenceKind, string>> = {
  missing: 'at the source and not in the ledger',
  'not-at-source': 'in the ledger and no longer at the source',
  stuck: 'without an end state for more than a day',
  'link-lacks': 'raised, and the issue is not known',
  'issue-gone': 'raised, and the issue no longer exists',
  'issue-unknown': 'an issue with an identity that the ledger does not link to it',
};

export const HOLD_REASONS: Readonly<Record<HoldReason, string>> = {
  unreadable: 'record could not be read',
  refused: 'Jira refused the issue',
  mapping: 'mapping does not fit the project',
  storm: 'hourly limit of new issues was spent',
  group: 'issue to be added to is not to be had',
  dropped: 'dropped by a person',
};

export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  'true-positive': 'true positive',
  benign: 'benign',
  'false-positive': 'false positive',
  undetermined: 'undetermined',
};

export const HIGH_STATES: Readonly<Record<HighRow['state'], { says: string; tone: Tone }>> = {
  open: { says: 'open', tone: 'attention' },
  acknowledged: { says: 'in work', tone: 'plain' },
  resolved: { says: 'done', tone: 'good' },
  gone: { says: 'its issue is no more', tone: 'attention' },
  suppressed: { says: 'suppressed', tone: 'plain' },
  held: { says: 'held', tone: 'bad' },
  dropped: { says: 'dropped', tone: 'attention' },
  'under-way': { says: 'under way', tone: 'plain' },
};

export const BECAUSE: Readonly<Record<Incident['because'][number], string>> = {
  'high-true-positive': 'a true positive of high severity',
  'sla-breached': 'it missed its target',
  longest: 'it took longest',
};

export const STEPS: Readonly<Record<IncidentStep['step'], string>> = {
  activity: 'The activity began.',
  alert: 'Defender raised the alert.',
  seen: 'Casewire read it.',
  issue: 'The issue was made.',
  held: 'The alert was held',
  released: 'The alert went back into the queue.',
  acknowledged: 'A person took it up',
  resolved: 'The issue was done',
  reopened: 'The issue was reopened.',
  closed: 'The alert was closed in Defender',
  'alert-reopened': 'The alert was reopened in Defender.',
};

/** `Intrusion Attempts: Login Attempts` of the Reference Security Incident Taxonomy. */
export function categoryName(path: CategoryPath | 'unknown'): string {
  if (path === 'unknown') return 'not known';
  const type = rsitNamed(path);
  return type ? `${type.className}: ${type.typeName}` : path;
}
