import type { TenantId } from '../domain/alert.ts';
import type { SyncPolicy } from '../domain/link.ts';
import type { GraphService } from '../domain/service.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { EpochMs } from '../domain/time.ts';
import type { TenantPolicy } from '../rules/policy.ts';
import type { ReportsConfig } from './reports-config.ts';

/** Credentials for one Jira site, resolved. */
export type JiraAuth =
  | { kind: 'email-token'; email: string; token: string }
  | { kind: 'personal-access-token'; token: string }
  | { kind: 'password'; username: string; password: string };

export interface SiteConfig {
  site: SiteId;
  edition: 'cloud' | 'datacenter';
  /** Where the REST API is: the site itself, with its context path, or the gateway `https://api.atlassian.com/ex/jira/CLOUD_ID`. No trailing slash. */
  url: string;
  /** Base of the links people open, when it is not `url` (gateway). Absent: asked from the site. */
  siteUrl?: string;
  auth: JiraAuth;
  reconcileWindowMs: number;
}

export interface AbuseIpDbConfig {
  key: string;
  /** No trailing slash. */
  url: string;
  /** 1–365. */
  maxAgeInDays: number;
  /** Look-ups a day, shared by all tenants. */
  dailyBudget: number;
  /** Own ranges in CIDR form or single addresses, never sent. */
  neverSend: readonly string[];
}

/** How a tenant is signed in to, resolved; `pem` holds one RSA key and its certificate. */
export type TenantAuth =
  | { kind: 'token'; token: string }
  | {
      kind: 'entra';
      /** Where tokens are issued; no trailing slash. */
      authority: string;
      /** Where group membership is asked; no trailing slash. */
      graph: string;
      tenantId: string;
      clientId: string;
      credential: { kind: 'secret'; secret: string } | { kind: 'certificate'; pem: string };
    };

export interface TenantConfig {
  tenant: TenantId;
  source: 'defender-cloud-apps' | 'graph';
  /** Whose alerts are read over Graph. */
  services: readonly GraphService[];
  /** Base URL of the tenant's API, or of its cloud's Graph, with its path kept, no trailing slash. */
  url: string;
  auth: TenantAuth;
  everyMs: number;
  lookbackMs: number;
  policy: TenantPolicy;
}

/** Keeping alert and issue in step. */
export interface SyncConfig extends SyncPolicy {
  /** How often `serve` looks. */
  everyMs: number;
}

/** How people sign in to the console: OpenID Connect. */
export interface ConsoleAuth {
  /** As the provider's discovery document names it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Groups or roles of the token whose members may look, and those whose members may look and act. */
  viewers: readonly string[];
  operators: readonly string[];
}

/** What `serve` offers over HTTP. */
export interface ServiceConfig {
  /** Address and port; a loopback address as long as nobody signs in (`auth`). */
  listen: { host: string; port: number };
  /** Where people and Jira reach it from outside; no trailing slash. */
  publicUrl?: string;
  /** Absent: nobody signs in, and the console is for this machine alone. */
  auth?: ConsoleAuth;
  /** Without it every webhook is refused. */
  webhookSecret?: string;
  /** 0: never. */
  silenceAfterMs: number;
}

/** Where the ledger lies. `name` is how people are told of it, without a secret: two that are the same store have one name. */
export type StoreConfig = { kind: 'sqlite'; path: string; name: string } | PostgresConfig;

export interface PostgresConfig {
  kind: 'postgres';
  name: string;
  /** A name or address; one that begins with a slash is the folder of a Unix socket. */
  host: string;
  port: number;
  user: string;
  password?: string;
  database: string;
  /** Present: encrypted, with the certificate and its name verified, against `ca` (PEM) or what the machine trusts. */
  tls?: { ca?: string } | undefined;
}

/** A configuration that was checked whole. Frozen; secrets are resolved. */
export interface Config {
  /** Absolute path of the file it was read from. */
  file: string;
  store: StoreConfig;
  sites: readonly SiteConfig[];
  abuseipdb?: AbuseIpDbConfig;
  /** Absent: alert and issue are not kept in step. */
  sync?: SyncConfig;
  reports: ReportsConfig;
  service: ServiceConfig;
  tenants: readonly TenantConfig[];
  /** Every secret value that was resolved, for redaction. */
  secrets: readonly string[];
  /** Absent where no secret comes from a vault. */
  vault?: VaultUse;
}

/** What came from Azure Key Vault. */
export interface VaultUse {
  /** Which identity it was read with, for people. */
  identity: string;
  /** How many secrets it gave. */
  secrets: number;
  /** Reads a secret again by its former value; `undefined` when it is the same, or did not come from a vault. */
  newer(value: string): Promise<string | undefined>;
  /** When a secret ends, by its value; `undefined` when it has no date, or did not come from a vault. */
  endsAt(value: string): EpochMs | undefined;
}

/** One thing that is wrong with a configuration file. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** `tenants.contoso.every` */
  key: string;
  /** What was found, and what is allowed. */
  says: string;
  /** How to mend it, or the nearest known key. */
  mend?: string;
}
