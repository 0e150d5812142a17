import type { AttackRef } from '../../domain/category.ts';

/** MITRE ATT&CK for Enterprise, its tactics (attack.mitre.org/tactics/enterprise, version 17, April 2025). */
const TACTICS: Readonly<Record<string, string>> = {
  TA0043: 'Reconnaissance',
  TA0042: 'Resource Development',
  TA0001: 'Initial Access',
  TA0002: 'Execution',
  TA0003: 'Persistence',
  TA0004: 'Privilege Escalation',
  TA0005: 'Defense Evasion',
  TA0006: 'Credential Access',
  TA0007: 'Discovery',
  TA0008: 'Lateral Movement',
  TA0009: 'Collection',
  TA0010: 'Exfiltration',
  TA0011: 'Command and Control',
  TA0040: 'Impact',
};

/** The techniques that the table of categories names (attack.mitre.org/techniques/enterprise, version 17, April 2025). */
const TECHNIQUES: Readonly<Record<string, string>> = {
  T1036: 'Masquerading',
  'T1036.005': 'Match Legitimate Resource Name or Location',
  T1041: 'Exfiltration Over C2 Channel',
  T1046: 'Network Service Discovery',
  'T1070.008': 'Clear Mailbox Data',
  T1078: 'Valid Accounts',
  'T1078.004': 'Cloud Accounts',
  T1080: 'Taint Shared Content',
  T1087: 'Account Discovery',
  'T1087.002': 'Domain Account',
  'T1087.004': 'Cloud Account',
  'T1090.003': 'Multi-hop Proxy',
  T1098: 'Account Manipulation',
  'T1098.001': 'Additional Cloud Credentials',
  'T1098.003': 'Additional Cloud Roles',
  T1110: 'Brute Force',
  'T1110.003': 'Password Spraying',
  T1114: 'Email Collection',
  'T1114.002': 'Remote Email Collection',
  'T1114.003': 'Email Forwarding Rule',
  T1137: 'Office Application Startup',
  'T1137.005': 'Outlook Rules',
  T1190: 'Exploit Public-Facing Application',
  T1199: 'Trusted Relationship',
  'T1204.002': 'Malicious File',
  T1213: 'Data from Information Repositories',
  'T1213.002': 'Sharepoint',
  T1485: 'Data Destruction',
  T1486: 'Data Encrypted for Impact',
  T1496: 'Resource Hijacking',
  T1498: 'Network Denial of Service',
  T1528: 'Steal Application Access Token',
  T1530: 'Data from Cloud Storage',
  T1535: 'Unused/Unsupported Cloud Regions',
  T1539: 'Steal Web Session Cookie',
  'T1550.001': 'Application Access Token',
  T1562: 'Impair Defenses',
  'T1562.008': 'Disable or Modify Cloud Logs',
  'T1564.008': 'Email Hiding Rules',
  T1565: 'Data Manipulation',
  T1566: 'Phishing',
  T1567: 'Exfiltration Over Web Service',
  'T1567.002': 'Exfiltration to Cloud Storage',
  'T1578.002': 'Create Cloud Instance',
  'T1578.003': 'Delete Cloud Instance',
  'T1589.001': 'Credentials',
  T1595: 'Active Scanning',
};

const BY_TACTIC_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(TACTICS).map(([id, name]) => [name.replace(/ /g, '').toLowerCase(), id]),
);

/** The tactic or technique of an id, whether its name is known here or not. */
export function attackRef(id: string): AttackRef {
  return { id, name: TACTICS[id] ?? TECHNIQUES[id] ?? id };
}

export function isNamed(id: string): boolean {
  return Object.hasOwn(TACTICS, id) || Object.hasOwn(TECHNIQUES, id);
}

/** The tactic that Graph's `category` names, as `InitialAccess`; `undefined` for its other words. */
export function tacticNamed(name: string): AttackRef | undefined {
  const id = BY_TACTIC_NAME.get(name.replace(/[ _]/g, '').toLowerCase());
  return id === undefined ? undefined : attackRef(id);
}

/** A technique's id as ATT&CK forms it: `T1078`, `T1078.004`. */
export function isTechniqueId(text: string): boolean {
  return /^T\d{4}(\.\d{3})?$/.test(text);
}
