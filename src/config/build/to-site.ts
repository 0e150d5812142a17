import type { SiteId } from '../../domain/ticket.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { JiraAuth, SiteConfig } from '../config.ts';
import { keyPath, type Problems } from '../problems.ts';
import { isOneSite, type Loose, type Settings, type SiteSettings } from '../shape/schema.ts';

const RECONCILE_WINDOW_MS = { cloud: 10 * MINUTE_MS, datacenter: 2 * MINUTE_MS };

type Auth = Loose<SiteSettings['auth']>;

export interface Sites {
  /** Names that tenants may say, also of sites that have problems. */
  names: readonly string[];
  sites: readonly SiteConfig[];
}

/** Makes the sites of `jira:`, a single one under the name `default`, and checks that edition, URL and sign-in fit. */
export function toSites(jira: Loose<Settings['jira']>, problems: Problems): Sites {
  const byName: [string, string, Loose<SiteSettings> | undefined][] = isOneSite(jira)
    ? [['default', 'jira', jira]]
    : Object.entries(jira).map(([name, site]) => [name, keyPath('jira', name), site]);
  return {
    names: byName.map(([name]) => name),
    sites: byName.flatMap(([name, path, site]) => toSite(site ?? {}, name as SiteId, { path, problems }) ?? []),
  };
}

interface At {
  path: string;
  problems: Problems;
}

function toSite(settings: Loose<SiteSettings>, site: SiteId, at: At): SiteConfig | undefined {
  const { edition, url, siteUrl, reconcileWindow } = settings;
  if (url !== undefined) checkUrl(url, edition, at);
  if (edition === undefined || settings.auth === undefined) return undefined;
  const authAt = { ...at, path: keyPath(at.path, 'auth') };
  const auth = edition === 'cloud' ? toCloudAuth(settings.auth, authAt) : toDataCenterAuth(settings.auth, authAt);
  if (url === undefined || auth === undefined) return undefined;
  return {
    site,
    edition,
    url,
    ...(siteUrl === undefined ? {} : { siteUrl }),
    auth,
    reconcileWindowMs: reconcileWindow ?? RECONCILE_WINDOW_MS[edition],
  };
}

/** Atlassian's gateway for scoped tokens: `/ex/jira/CLOUD_ID` (Atlassian Support, "Manage API tokens", 2026). */
function checkUrl(url: string, edition: SiteSettings['edition'] | undefined, { path, problems }: At): void {
  const { hostname, pathname } = new URL(url);
  const refuse = (says: string, mend: string) => problems.add({ key: keyPath(path, 'url'), says, mend });
  const gateway = /\/ex\/jira(\/|$)/.test(pathname);
  if (gateway && !/\/ex\/jira\/[^/]+$/.test(pathname))
    refuse('the gateway needs the cloud id', 'write https://api.atlassian.com/ex/jira/CLOUD_ID');
  else if (/\/rest(\/|$)/.test(pathname)) refuse('carries the path of the API', 'leave out /rest and what follows');
  else if (edition === 'datacenter' && (gateway || hostname.endsWith('.atlassian.net')))
    refuse('is a site of Jira Cloud', 'write edition: cloud');
}

function toCloudAuth(auth: Auth, at: At): JiraAuth | undefined {
  const takes = 'Jira Cloud takes email and token (an API token)';
  for (const key of ['username', 'password'] as const) if (key in auth) refuseKey(at, key, 'is for Data Center', takes);
  const { email, token } = auth;
  for (const key of ['email', 'token'] as const) if (!(key in auth)) refuseKey(at, key, 'is missing', takes);
  return email === undefined || token === undefined ? undefined : { kind: 'email-token', email, token };
}

function toDataCenterAuth(auth: Auth, at: At): JiraAuth | undefined {
  const takes = 'Data Center takes token alone (a personal access token), or username and password';
  if ('email' in auth) refuseKey(at, 'email', 'is for Jira Cloud', takes);
  const named = (['username', 'password'] as const).filter((key) => key in auth);
  if ('token' in auth) {
    for (const key of named) refuseKey(at, key, 'stands beside token', takes);
    return auth.token === undefined ? undefined : { kind: 'personal-access-token', token: auth.token };
  }
  const { username, password } = auth;
  if (named.length === 0) at.problems.add({ key: at.path, says: 'holds no way to sign in', mend: takes });
  else if (named.length === 1) refuseKey(at, named[0] === 'username' ? 'password' : 'username', 'is missing', takes);
  // RFC 7617 §2: a colon would end the user's name.
  else if (username?.includes(':'))
    refuseKey(at, 'username', 'holds a colon', 'Basic sign-in cannot carry it; use a token');
  return username === undefined || password === undefined ? undefined : { kind: 'password', username, password };
}

function refuseKey({ path, problems }: At, key: string, says: string, mend: string): void {
  problems.add({ key: keyPath(path, key), says, mend });
}
