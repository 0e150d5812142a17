/**
 * The options of the field that carries the kind of incident, as an administrator copied them from `casewire check`:
 * names of the Reference Security Incident Taxonomy (version 1003, CC0).
 */
export const CATEGORY_OPTIONS: readonly { value: string; children: readonly string[] }[] = [
  { value: 'Availability', children: ['Misconfiguration', 'Sabotage'] },
  { value: 'Intrusions', children: ['Unprivileged Account Compromise', 'Privileged Account Compromise'] },
  {
    value: 'Information Content Security',
    children: [
      'Leak of Confidential Information',
      'Unauthorised Modification of Information',
      'Unauthorised Access to Information',
    ],
  },
  { value: 'Intrusion Attempts', children: ['Login Attempts'] },
  { value: 'Other', children: ['Undetermined', 'Uncategorised'] },
  { value: 'Information Gathering', children: ['Scanning'] },
  { value: 'Vulnerable', children: ['Vulnerable System', 'Information Disclosure'] },
  { value: 'Malicious Code', children: ['Infected System'] },
  { value: 'Fraud', children: ['Unauthorised Use of Resources', 'Masquerade', 'Phishing'] },
];
