import type { Alert } from '../../domain/alert.ts';
import { isTechniqueId } from '../categories/attack.ts';

/** What an alert's record says of its kind beyond title and policy name. */
export interface Marks {
  /** Alert type, detector and policy, in capitals and without `MCAS_` in front. */
  ids: readonly string[];
  /** `type:`, `policy:`, `story:` and `category:` with what the record has there. */
  words: readonly string[];
  /** Tactics by Microsoft's names, and technique ids, as the record names them. */
  tactics: readonly string[];
  techniques: readonly string[];
  /** The record says that the user is an administrator. */
  administrator: boolean;
}

/**
 * Intents of the REST API by number (Defender for Cloud Apps, "Alerts API", property table). 0 is unknown; 1 is
 * PRE-ATT&CK, which ATT&CK split in two in October 2020, so that it names no tactic any more.
 */
const INTENTS: readonly (string | undefined)[] = [
  undefined,
  undefined,
  'InitialAccess',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Execution',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
];

/** A technique in a description, as alerts of Defender for Identity end: `Account Discovery (T1087)`. */
const IN_TEXT = /\((T\d{4}(?:\.\d{3})?)\)/g;

/** How the text of a file policy's alert begins in both services; Graph's record has no type of policy. */
const FILE_POLICY = /^\s*File policy ['"‘“]/;

/**
 * Reads an alert's record for what tells its kind, whichever service it came from: `idValue`, `intent`, `stories`,
 * `isSystemAlert`, the policy and the evidence of REST records; `detectorId`, `alertPolicyId`, `category` and
 * `mitreTechniques` of Graph's (type `alert` of the security API, v1.0). A record that is no JSON says nothing.
 */
export function marksOf(alert: Alert): Marks {
  const record = parse(alert.raw);
  const policies = [record.policy, ...listOf(record.entities)].filter(isObject);
  const types = [record.idValue, record.alertType, record.detectorId].flatMap(textOf).map(plainId);
  const categories = [record.category, ...listOf(record.categories)].flatMap(textOf);
  const named = [...listOf(record.mitreTechniques).flatMap(textOf), ...techniquesIn(alert.description)];
  return {
    ids: [
      ...types,
      ...[record.alertPolicyId, record.category].flatMap(textOf).map(plainId),
      ...(record.isSystemAlert === true ? ['SYSTEM_ALERT'] : []),
    ],
    words: [
      ...types.map((type) => `type:${type}`),
      ...policies.flatMap(({ policyType }) => textOf(policyType)).map((type) => `policy:${type.toUpperCase()}`),
      ...(FILE_POLICY.test(alert.description) ? ['policy:FILE'] : []),
      ...categories.map((word) => `category:${word.toLowerCase()}`),
      ...categories.map((word) => `type:${plainId(word)}`),
      ...listOf(record.stories).map((story) => `story:${String(story)}`),
    ],
    tactics: [...listOf(record.intent).flatMap((intent) => INTENTS[Number(intent)] ?? []), ...categories],
    techniques: [...new Set(named.map((id) => id.toUpperCase()).filter(isTechniqueId))],
    administrator: saysAdministrator(record),
  };
}

/** Ids are compared without the prefix that some services put before them, and without regard to case. */
export function plainId(id: string): string {
  return id.toUpperCase().replace(/^MCAS_/, '');
}

function techniquesIn(description: string): string[] {
  return [...description.matchAll(IN_TEXT)].map(([, id = '']) => id);
}

/** The template of an evidence that is given for administrators (seen in published records), or the story 1. */
function saysAdministrator(record: Record<string, unknown>): boolean {
  if (listOf(record.stories).includes(1)) return true;
  return listOf(record.evidence).some(
    (item) => isObject(item) && isObject(item.title) && item.title.template === 'ANUBIS_ADMIN_USER_FEATURE',
  );
}

function parse(raw: string): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(raw);
    return isObject(record) ? record : {};
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return {};
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string[] {
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}
