import { whyNoId } from '../record/unreadable.ts';
import { FieldReader, isObject, listOf, textOf, timeOf, whyNoRecord } from '../record/wire-values.ts';

/** The fields of an alert that we use (Graph v1.0, "alert resource type" of the security namespace); absent ones are null. */
export interface AlertWire {
  id: string;
  createdDateTime?: number | undefined;
  firstActivityDateTime?: number | undefined;
  title?: string | undefined;
  description?: string | undefined;
  severity?: string | undefined;
  status?: string | undefined;
  classification?: string | undefined;
  determination?: string | undefined;
  resolvedDateTime?: number | undefined;
  assignedTo?: string | undefined;
  tenantId?: string | undefined;
  alertPolicyId?: string | undefined;
  alertWebUrl?: string | undefined;
  evidence: readonly unknown[];
  /** Fields that are missing though a whole record has them, or that are not as documented; by the record's own names. */
  odd: string[];
}

/**
 * Reads a record, lenient about all but its id. Hand-written instead of a schema, as for the REST API: it names each
 * field that is odd and goes on. @returns why the record cannot be read, as a sentence's end, when it cannot.
 */
export function parseAlert(record: unknown): AlertWire | { unreadable: string } {
  const unreadable = whyNoRecord(record);
  if (unreadable !== undefined || !isObject(record)) return { unreadable: unreadable ?? '' };
  const id = textOf(record.id);
  const whyNot = whyNoId(id, 'id');
  if (id === undefined || whyNot !== undefined) return { unreadable: whyNot ?? '' };
  const fields = new FieldReader(record);
  const { odd } = fields;
  return {
    id,
    createdDateTime: fields.needed('createdDateTime', dateOf),
    firstActivityDateTime: fields.optional('firstActivityDateTime', dateOf),
    title: fields.needed('title', textOf),
    description: record.description === '' ? '' : fields.needed('description', textOf),
    severity: fields.needed('severity', textOf),
    status: fields.needed('status', textOf),
    evidence: fields.needed('evidence', listOf)?.filter((item) => isEvidence(item, odd)) ?? [],
    alertWebUrl: fields.needed('alertWebUrl', textOf),
    classification: fields.optional('classification', textOf),
    determination: fields.optional('determination', textOf),
    resolvedDateTime: fields.optional('resolvedDateTime', dateOf),
    assignedTo: record.assignedTo === '' ? undefined : fields.optional('assignedTo', textOf),
    tenantId: fields.optional('tenantId', textOf),
    alertPolicyId: record.alertPolicyId === '' ? undefined : fields.optional('alertPolicyId', textOf),
    odd,
  };
}

/** A date as Graph writes it, up to seven digits after the second; a bare number is none. */
function dateOf(value: unknown): number | undefined {
  return typeof value === 'string' && /\d-\d/.test(value) ? timeOf(value) : undefined;
}

function isEvidence(item: unknown, odd: string[]): boolean {
  const whole = isObject(item) && !Array.isArray(item);
  if (!whole && !odd.includes('evidence')) odd.push('evidence');
  return whole;
}
