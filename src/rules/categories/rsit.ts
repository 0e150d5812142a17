import type { CategoryPath } from '../../domain/category.ts';

/** One type of the Reference Security Incident Taxonomy. */
export interface RsitType {
  /** By the words of its names, as it is written in a configuration: `intrusion-attempts/login-attempts`. */
  path: CategoryPath;
  /** By its names: `Intrusion Attempts`, `Login Attempts`. */
  className: string;
  typeName: string;
  /** Its machine tag: `intrusion-attempts:brute-force`. */
  tag: string;
}

/**
 * The Reference Security Incident Taxonomy, whole: class, then its types as `machine value = name` (ENISA and
 * TF-CSIRT, enisaeu/Reference-Security-Incident-Taxonomy-Task-Force, machine version 1003, CC0, commit b9ad1f8).
 * The machine values are older than the names, which is why paths are made from names.
 */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  'Abusive Content': [
    'spam = Spam',
    'harmful-speech = Harmful Speech',
    'violence = (Child) Sexual Exploitation/Sexual/Violent Content',
  ],
  'Malicious Code': [
    'infected-system = Infected System',
    'c2-server = C2 Server',
    'malware-distribution = Malware Distribution',
    'malware-configuration = Malware Configuration',
  ],
  'Information Gathering': ['scanner = Scanning', 'sniffing = Sniffing', 'social-engineering = Social Engineering'],
  'Intrusion Attempts': [
    'ids-alert = Exploitation of Known Vulnerabilities',
    'brute-force = Login Attempts',
    'exploit = New Attack Signature',
  ],
  Intrusions: [
    'privileged-account-compromise = Privileged Account Compromise',
    'unprivileged-account-compromise = Unprivileged Account Compromise',
    'application-compromise = Application Compromise',
    'system-compromise = System Compromise',
    'burglary = Burglary',
  ],
  Availability: [
    'dos = Denial of Service',
    'ddos = Distributed Denial of Service',
    'misconfiguration = Misconfiguration',
    'sabotage = Sabotage',
    'outage = Outage',
  ],
  'Information Content Security': [
    'unauthorised-information-access = Unauthorised Access to Information',
    'unauthorised-information-modification = Unauthorised Modification of Information',
    'data-loss = Data Loss',
    'data-leak = Leak of Confidential Information',
  ],
  Fraud: [
    'unauthorised-use-of-resources = Unauthorised Use of Resources',
    'copyright = Copyright',
    'masquerade = Masquerade',
    'phishing = Phishing',
  ],
  Vulnerable: [
    'weak-crypto = Weak Cryptography',
    'ddos-amplifier = DDoS Amplifier',
    'potentially-unwanted-accessible = Potentially Unwanted Accessible Services',
    'information-disclosure = Information Disclosure',
    'vulnerable-system = Vulnerable System',
  ],
  Other: ['other = Uncategorised', 'undetermined = Undetermined'],
  Test: ['test = Test'],
};

/** Every type, in the taxonomy's order. */
export const RSIT: readonly RsitType[] = Object.entries(CLASSES).flatMap(([className, types]) =>
  types.map((type) => {
    const [value = '', typeName = ''] = type.split(' = ');
    return {
      path: `${wordsOf(className)}/${wordsOf(typeName)}` as const,
      className,
      typeName,
      tag: `${wordsOf(className)}:${value}`,
    };
  }),
);

const BY_NAME: ReadonlyMap<string, RsitType> = new Map(
  RSIT.flatMap((type) => [type.path, type.tag.replace(':', '/')].map((name) => [name, type] as const)),
);

/** Finds a type by its path or its machine tag, with a slash or a colon between class and type, without regard to case. */
export function rsitNamed(text: string): RsitType | undefined {
  return BY_NAME.get(text.trim().toLowerCase().replace(':', '/'));
}

function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
