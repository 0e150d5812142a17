import type { Severity } from '../../domain/alert.ts';

/**
 * Where a secret stands: the inner part of a reference, such as `env:JIRA_TOKEN`. The secret itself is never part of
 * the answers.
 */
export type SecretPlace = string;

export interface SiteAnswer {
  edition: 'cloud' | 'datacenter';
  /** No trailing slash. */
  url: string;
  auth:
    | { kind: 'email-token'; email: string; token: SecretPlace }
    | { kind: 'personal-access-token'; token: SecretPlace }
    | { kind: 'password'; username: string; password: SecretPlace };
}

export interface FieldAnswer {
  /** Key of the field in the file: its name, or its id where the name would not do. */
  key: string;
  template: string;
  /** Said in a comment beside it. */
  about: string;
}

export interface TicketAnswer {
  project: string;
  projectName: string;
  /** Name or id. */
  issueType: string;
  issueTypeName: string;
  /** Empty: the site's default. */
  priority: Readonly<Partial<Record<Severity, string>>>;
  fields: readonly FieldAnswer[];
  /** Those of the usual fields that the create screen has no field for. */
  unmapped: readonly string[];
}

export interface EntraAnswer {
  /** Absent: the global cloud. */
  authority?: string;
  /** Absent: the global cloud. */
  graph?: string;
  tenantId: string;
  clientId: string;
  credential: { kind: 'secret'; secret: SecretPlace } | { kind: 'certificate'; path: string };
}

export interface TenantAnswer {
  name: string;
  source: 'defender-cloud-apps' | 'graph';
  /** Always there for `defender-cloud-apps`; for `graph` only where it is not the global cloud. */
  url?: string;
  auth: { kind: 'token'; token: SecretPlace } | ({ kind: 'entra' } & EntraAnswer);
}

/** All that the configuration file is made of. */
export interface Answers {
  jira: SiteAnswer;
  ticket: TicketAnswer;
  tenants: readonly TenantAnswer[];
  abuseipdb?: { key: SecretPlace; url?: string };
}
