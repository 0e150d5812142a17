import { closeRecord, type Resolution, reopenRecord } from './scene/alert-acts.ts';
import { graphState } from './scene/graph-state.ts';
import { noteTouched } from './scene/listed-at.ts';
import { readObject, unknownKeys } from './wire.ts';

type AlertRecord = Record<string, unknown>;

const CHANGES = ['status', 'classification', 'determination', 'assignedTo'] as const;
const STATUSES = ['new', 'inProgress', 'resolved'];
const RESOLUTIONS: Readonly<Record<string, Resolution>> = {
  unknown: 2,
  falsePositive: 3,
  informationalExpectedActivity: 4,
  truePositive: 5,
};
/** Those that "Update alert" and the resource type both list. */
const DETERMINATIONS = [
  'unknown',
  'apt',
  'malware',
  'securityPersonnel',
  'securityTesting',
  'unwantedSoftware',
  'other',
  'multiStagedAttack',
  'phishing',
  'maliciousUserActivity',
  'lineOfBusinessApplication',
];

/** Changes an alert as "Update alert" says (v1.0, read 2026-11); a sentence when Graph would refuse it. */
export function updateRecord(record: AlertRecord, text: string, at: number): string | undefined {
  const body = readObject(text);
  if (!body) return 'the body is not a JSON object';
  const [strange] = unknownKeys(body, CHANGES);
  if (strange !== undefined) return `The property '${strange}' cannot be updated`;
  const { status, classification, determination, assignedTo } = body;
  const wrong = (known: readonly string[], value: unknown) => value !== undefined && !known.includes(value as string);
  if (wrong(STATUSES, status)) return `Invalid status ${status}`;
  if (wrong(Object.keys(RESOLUTIONS), classification)) return `Invalid classification ${classification}`;
  if (wrong(DETERMINATIONS, determination)) return `Invalid determination ${determination}`;
  const state = graphState(record);
  if (typeof determination === 'string') state.determination = determination;
  if (typeof assignedTo === 'string') record.handledByUser = assignedTo;
  const isResolved = Number(record.resolutionStatusValue ?? 0) > 0;
  const resolution = typeof classification === 'string' ? RESOLUTIONS[classification] : undefined;
  if (status === 'resolved' || (isResolved && status === undefined)) {
    closeRecord(record, resolution ?? ((isResolved ? record.resolutionStatusValue : 2) as Resolution), { at });
  } else if (status !== undefined) {
    reopenRecord(record, at);
    state.status = status as 'new' | 'inProgress';
  }
  noteTouched(record, at);
  return undefined;
}

/** Adds a comment as "Create comment for alert" says, and lists all; a sentence when Graph would refuse it. */
export function commentOn(
  record: AlertRecord,
  text: string,
  { at, by }: { at: number; by: string },
): readonly object[] | string {
  const body = readObject(text);
  const comment = body?.comment;
  if (body?.['@odata.type'] !== 'microsoft.graph.security.alertComment') return 'the body is no alertComment';
  if (typeof comment !== 'string' || comment === '') return 'comment is empty';
  const { comments } = graphState(record);
  comments.push({ comment, createdByDisplayName: by, createdDateTime: new Date(at).toISOString() });
  noteTouched(record, at);
  return comments;
}
