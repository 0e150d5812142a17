/** What may be said on the command line instead of being asked; each question has one. */
export interface InitFlags {
  jiraUrl?: string | undefined;
  edition?: 'cloud' | 'datacenter' | undefined;
  email?: string | undefined;
  username?: string | undefined;
  jiraSecretFrom?: string | undefined;
  project?: string | undefined;
  issueType?: string | undefined;
  /** SEVERITY=NAME */
  priority?: readonly string[] | undefined;
  /** NAME=TEMPLATE */
  field?: readonly string[] | undefined;
  mapping?: boolean | undefined;
  /** NAME=WHERE */
  tenant?: readonly string[] | undefined;
  source?: 'defender-cloud-apps' | 'graph' | undefined;
  /** NAME=PLACE */
  tokenFrom?: readonly string[] | undefined;
  /** NAME=TENANT_ID */
  tenantId?: readonly string[] | undefined;
  clientId?: string | undefined;
  clientSecretFrom?: string | undefined;
  certificate?: string | undefined;
  authority?: string | undefined;
  graph?: string | undefined;
  abuseipdbKeyFrom?: string | undefined;
  abuseipdbUrl?: string | undefined;
  secretsStdin?: boolean | undefined;
  envFile?: boolean | undefined;
  overwrite?: boolean | undefined;
  json?: boolean | undefined;
}

/**
 * Flags without which nothing can be written where nobody can be asked, each with what it says. What only Jira knows
 * (a required field) is found later.
 */
export function missingFlags(flags: InitFlags): string[] {
  const missing: string[] = [];
  const want = (given: unknown, flag: string) => {
    if (given === undefined || (Array.isArray(given) && given.length === 0)) missing.push(flag);
  };
  want(flags.jiraUrl, '--jira-url URL');
  const edition = flags.edition ?? (flags.jiraUrl === undefined ? undefined : editionOf(flags.jiraUrl));
  if (flags.jiraUrl !== undefined) want(edition, '--edition cloud|datacenter');
  if (edition === 'cloud') want(flags.email, '--email ADDRESS');
  want(flags.jiraSecretFrom, '--jira-secret-from env:NAME');
  want(flags.project, '--project KEY');
  want(flags.issueType, '--issue-type NAME');
  const byApp = signsInByApp(flags);
  const where = flags.source === 'graph' ? 'TENANT_ID' : 'URL';
  want(flags.tenant, `--tenant NAME=${where}`);
  if (!byApp) for (const name of lacking(flags.tenant, flags.tokenFrom)) missing.push(`--token-from ${name}=env:NAME`);
  else {
    want(flags.clientId, '--client-id ID');
    want(flags.clientSecretFrom ?? flags.certificate, '--client-secret-from env:NAME (or --certificate FILE)');
    if (flags.source !== 'graph')
      for (const name of lacking(flags.tenant, flags.tenantId)) missing.push(`--tenant-id ${name}=TENANT_ID`);
  }
  return missing;
}

/** Whether tenants are signed in to by an app of Entra rather than by tokens that people made. */
export function signsInByApp(flags: InitFlags): boolean {
  return flags.source === 'graph' || flags.clientId !== undefined || (flags.tenantId ?? []).length > 0;
}

/** `NAME=REST` in two; `undefined` when either is empty. */
export function inTwo(written: string): [name: string, rest: string] | undefined {
  const [, name, rest] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(written) ?? [];
  return name && rest ? [name, rest] : undefined;
}

/** What `NAME=REST` flags say by name. */
export function byName(written: readonly string[] | undefined): ReadonlyMap<string, string> {
  return new Map((written ?? []).map(inTwo).filter((pair) => pair !== undefined));
}

/** The edition that a URL gives away: only Cloud has these hosts (Atlassian Support, "Manage API tokens", 2026). */
export function editionOf(url: string): 'cloud' | undefined {
  const { hostname = '', pathname = '' } = URL.parse(url) ?? {};
  return /\.(atlassian\.net|jira\.com)$/.test(hostname) || /\/ex\/jira\//.test(pathname) ? 'cloud' : undefined;
}

function lacking(tenants: readonly string[] | undefined, written: readonly string[] | undefined): string[] {
  const given = byName(written);
  return [...byName(tenants).keys()].filter((name) => !given.has(name));
}
