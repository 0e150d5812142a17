/** One of the fields that a help desk for alerts has, with what fills it. */
export interface UsualField {
  name: string;
  template: string;
  /** Words of a field's name that say it is this one; see `propose-mapping.ts`. */
  must: readonly string[];
  /** Words that may stand beside them. */
  may: readonly string[];
  /** Words of which at least one has to stand beside them, where `must` alone is too common a name. */
  beside?: readonly string[];
  /** Kinds of Jira fields that take such a text, the best first. */
  kinds: readonly string[];
}

/** The six fields of an alert's ticket that teams ask for by these names. */
export const USUAL_FIELDS: readonly UsualField[] = [
  {
    name: 'Alert URL',
    template: '{{ alert.url }}',
    must: ['url'],
    may: ['alert'],
    kinds: ['url', 'text', 'textarea'],
  },
  {
    name: 'Alert summary',
    template: '{{ alert.title }}',
    must: ['summary'],
    may: ['alert'],
    beside: ['alert'],
    kinds: ['text', 'textarea'],
  },
  {
    name: 'Alert description',
    template: '{{ alert.description }}',
    must: ['description'],
    may: ['alert'],
    beside: ['alert'],
    kinds: ['textarea', 'text'],
  },
  {
    name: 'Affected user',
    template: "{{ alert.users | map: 'name' | join: ', ' | default: 'User has not been found' }}",
    must: ['user'],
    may: ['affected', 'alert'],
    kinds: ['text', 'textarea'],
  },
  {
    name: 'IP',
    template: "{{ alert.ips | map: 'address' | join: ', ' }}",
    must: ['ip'],
    may: ['alert', 'affected'],
    kinds: ['text', 'textarea', 'labels'],
  },
  {
    name: 'Reported IPs',
    template: '{{ alert.ipReport }}',
    must: ['ip', 'reported'],
    may: ['alert'],
    kinds: ['textarea', 'text'],
  },
];

/** Other words for the same, in the singular. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  uri: 'url',
  link: 'url',
  hyperlink: 'url',
  href: 'url',
  title: 'summary',
  name: 'summary',
  headline: 'summary',
  subject: 'summary',
  detail: 'description',
  body: 'description',
  text: 'description',
  account: 'user',
  person: 'user',
  victim: 'user',
  identity: 'user',
  upn: 'user',
  username: 'user',
  impacted: 'affected',
  involved: 'affected',
  compromised: 'affected',
  targeted: 'affected',
  source: 'affected',
  detection: 'alert',
  defender: 'alert',
  incident: 'alert',
  mcas: 'alert',
  mda: 'alert',
  report: 'reported',
  reputation: 'reported',
  abuse: 'reported',
  abuseipdb: 'reported',
  ipdb: 'reported',
};

/** Words that say nothing of what a field holds. */
export const FILLERS: ReadonlySet<string> = new Set(['a', 'the', 'of', 'in', 'for', 'list', 'field', 'all', 'address']);
