import type { Config } from '../../config/config.ts';
import type { CheckLine } from '../../domain/check.ts';
import type { SiteId } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';
import { EntraGroups } from '../../enrichers/entra-groups/entra-groups.ts';
import type { SiteParts } from '../../pipeline/pass-parts.ts';
import { allNeeds } from '../../pipeline/route-needs.ts';
import { rulesWithGroups } from '../../rules/groups/uses-groups.ts';
import type { TenantPolicy } from '../../rules/policy.ts';
import type { RouteNeeds } from '../../tracker/tracker.ts';
import type { Membership, Tenant } from '../tenants.ts';
import { checkCredentials } from './check-credentials.ts';
import { checkOwnerAlone } from './check-owner-alone.ts';
import { checkReports } from './check-reports.ts';
import { checkWebhooks } from './check-webhooks.ts';

export interface CheckParts {
  config: Config;
  sites: ReadonlyMap<SiteId, SiteParts>;
  /** Those that are asked about. */
  tenants: readonly Tenant[];
  checkLookUps(): Promise<readonly CheckLine[]>;
  checkStore(): Promise<readonly CheckLine[]>;
  checkSignIn(): Promise<readonly CheckLine[]>;
  now: EpochMs;
}

/** Asks every site and service that the tenants use; each finding stands once. */
export async function checkAll({
  config,
  sites,
  tenants,
  checkLookUps,
  checkStore,
  checkSignIn,
  now,
}: CheckParts): Promise<readonly CheckLine[]> {
  const { transitionTo } = config.sync?.fromDefender ?? {};
  const moves = transitionTo === undefined ? {} : { transitionTo };
  const needsAt = (site: SiteId) =>
    tenants
      .filter(({ policy }) => policy.ticket.site === site)
      .flatMap(({ policy }) => allNeeds(policy).map((needs) => ({ ...needs, ...moves })));
  const groups = await Promise.all([
    ...[...sites].flatMap(([site, { tracker }]) => {
      const needs = needsAt(site);
      return needs.length === 0 ? [] : [tracker.check(distinct(needs))];
    }),
    ...tenants.map(({ source }) => source.check()),
    ...tenants.map(({ policy, membership }) => checkGroups(policy, membership)),
    ...(config.sync?.fromJira?.closeAlert ? tenants.map(checkClosing) : []),
    checkLookUps(),
    checkSignIn(),
  ]);
  return distinct([
    ...(await checkStore()),
    ...checkOwnerAlone(config),
    ...checkVault(config),
    ...checkCredentials(config, now),
    ...groups.flat(),
    ...checkWebhooks(config),
    ...checkReports(config),
  ]);
}

/** Whether alerts may be closed; what else is wrong with the sign-in, the source has said. Without it the rest works. */
async function checkClosing({ policy, closing }: Tenant): Promise<readonly CheckLine[]> {
  const lines = await closing.check(`tenant ${policy.tenant}`);
  if (!lines.some(({ level }) => level === 'ok')) return [];
  return lines.map(
    (line): CheckLine =>
      line.level === 'ok' ? line : { ...line, level: 'warning', says: `${line.says} (sync.fromJira)` },
  );
}

/** Whether groups can be asked for where a rule needs them. */
async function checkGroups({ tenant, rules }: TenantPolicy, membership: Membership): Promise<readonly CheckLine[]> {
  const names = rulesWithGroups(rules);
  const subject = `tenant ${tenant}`;
  if (names.length === 0) return [];
  if (membership instanceof EntraGroups) return membership.check(subject);
  const says = `rules that need groups are undecided here (${names.join(', ')}): ${membership.why}`;
  return [{ subject, level: 'warning', says }];
}

function checkVault({ vault }: Config): CheckLine[] {
  if (!vault) return [];
  const count = vault.secrets === 1 ? '1 secret was' : `${vault.secrets} secrets were`;
  return [{ subject: 'key vault', level: 'ok', says: `${count} read as ${vault.identity}` }];
}

/** Tenants and rules mostly ask the same of a project, and get the same answer: each once. */
function distinct<T extends RouteNeeds | CheckLine>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
