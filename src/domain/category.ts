/** A tactic or technique of MITRE ATT&CK; `name` is the id itself where the name is not known here. */
export interface AttackRef {
  id: string;
  name: string;
}

/**
 * Phases of incident handling (NIST SP 800-61 Rev. 2, August 2012, chapter 3). The later ones are the issue's own to
 * reach; Rev. 3 (April 2025) files the first under Identify and Protect, the second under Detect (CSF 2.0, DE.AE).
 */
export type IncidentPhase = 'Preparation' | 'Detection and Analysis';

/** What kind of incident an alert is suspected to be, until an analyst knows better. */
export interface Category {
  /** Class of the Reference Security Incident Taxonomy by the words of its name, such as `intrusion-attempts`. */
  rsitClass: string;
  /** Type within the class by the words of its name, such as `login-attempts`. */
  rsitType: string;
  tactics: readonly AttackRef[];
  techniques: readonly AttackRef[];
  /** In which phase its issue begins: weak spots and failing telemetry in `Preparation`, all else as a suspicion. */
  phase: IncidentPhase;
}

/** A category as people write it: `intrusion-attempts/login-attempts`. */
export type CategoryPath = `${string}/${string}`;

/** What an alert is that no row of the table matches. */
export const UNCATEGORISED: CategoryPath = 'other/uncategorised';

export function categoryPath({ rsitClass, rsitType }: Category): CategoryPath {
  return `${rsitClass}/${rsitType}`;
}
