import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Config, SiteConfig, TenantAuth, TenantConfig } from './config/config.ts';
import type { Alert, AlertId, DedupKey, TenantId } from './domain/alert.ts';
import { dedupKeyOf } from './domain/alert.ts';
import type { CheckLine } from './domain/check.ts';
import type { AlertHistory, HeldAlert, PassSummary, StatusReport } from './domain/outcome.ts';
import type { ReplayReport, RulesReport, RuleUse } from './domain/replay.ts';
import type { SiteId } from './domain/ticket.ts';
import { type Clock, DAY_MS } from './domain/time.ts';
import { abuseIpDbEnricher } from './enrichers/abuseipdb/abuseipdb-enricher.ts';
import { EntraGroups, GROUPS_NEEDS } from './enrichers/entra-groups/entra-groups.ts';
import { HttpClient } from './http/http-client.ts';
import { sqlFindings } from './ledger/findings.ts';
import { sqlMemberships } from './ledger/memberships.ts';
import { sqlMetadata } from './ledger/metadata.ts';
import { thisOwner } from './ledger/owner.ts';
import { sqlLedger } from './ledger/sql-ledger.ts';
import { openSqlite } from './ledger/sqlite.ts';
import { Meter } from './observe/meter.ts';
import type { Progress } from './observe/progress.ts';
import { Redactor } from './observe/redact.ts';
import { GroupDesk } from './pipeline/group-desk.ts';
import { checkLookUps } from './pipeline/look-ups/check-look-ups.ts';
import { createLookUps } from './pipeline/look-ups/enrich.ts';
import { runPass } from './pipeline/pass.ts';
import type { LookUps, PassParts, SiteParts, TenantParts } from './pipeline/pass-parts.ts';
import { planPass } from './pipeline/plan.ts';
import { replay } from './pipeline/replay.ts';
import { allNeeds } from './pipeline/route-needs.ts';
import { SiteHealth } from './pipeline/site-health.ts';
import type { TenantPolicy } from './rules/policy.ts';
import type { Rule } from './rules/rule.ts';
import { sayThen } from './rules/say-rule.ts';
import { rulesWithGroups } from './rules/uses-groups.ts';
import { type Authoriser, byToken } from './sources/authoriser.ts';
import { MAKE_A_TOKEN } from './sources/cloud-apps/cloud-apps-client.ts';
import { CLOUD_APPS_NEEDS, CLOUD_APPS_SCOPE, cloudAppsSource } from './sources/cloud-apps/cloud-apps-source.ts';
import { entraTokens } from './sources/entra/access-token.ts';
import { byEntra, type EntraNeeds } from './sources/entra/by-entra.ts';
import { GRAPH_NEEDS, graphScope, graphSource } from './sources/graph/graph-source.ts';
import type { AlertSource } from './sources/source.ts';
import { dedupLabel } from './tracker/jira/dedup-label.ts';
import { jiraCloudTracker } from './tracker/jira-cloud/jira-cloud-tracker.ts';
import { jiraDatacenterTracker } from './tracker/jira-datacenter/jira-datacenter-tracker.ts';
import type { MetadataCache, RouteNeeds } from './tracker/tracker.ts';

/** What a caller may ask of one pass. */
export interface PassRequest {
  /** Only these tenants; all when absent. */
  tenants?: readonly TenantId[];
  /** Go on until nothing is pending, at most for this long; 0 leaves what has to wait for the next pass. */
  waitMs: number;
  signal: AbortSignal;
}

/** The whole product behind one door: each command of the command line is one call. */
export interface Casewire {
  run(request: PassRequest): Promise<PassSummary>;
  plan(request: PassRequest): Promise<PassSummary>;
  /** What the present rules say of the alerts of the last `pastMs`, next to what was said then. */
  replay(request: Omit<PassRequest, 'waitMs'> & { pastMs: number }): Promise<ReplayReport>;
  /** How much each rule was heard in the last 30 days. */
  rules(): Promise<RulesReport>;
  check(tenants?: readonly TenantId[]): Promise<readonly CheckLine[]>;
  explain(tenant: TenantId, alert: AlertId): Promise<AlertHistory | undefined>;
  held(): Promise<readonly HeldAlert[]>;
  /** Puts held alerts back into the queue (all of them when `keys` is absent); returns those put back. */
  retryHeld(keys?: readonly DedupKey[]): Promise<readonly DedupKey[]>;
  /** Drops one held alert for good, with a person's reason; false when it is not held. */
  dropHeld(key: DedupKey, why: string): Promise<boolean>;
  status(): Promise<StatusReport>;
  close(): Promise<void>;
}

export interface AssembleParts {
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  progress: Progress;
  /** `use`: a store that does not exist yet is not made, an empty one in memory stands in for it. */
  store: 'make' | 'use';
}

/** How far back `status` looks for alerts without a category: what was mended since then is soon gone from it. */
const RECENT_DAYS = 30;

/** Most connections to one service at once; the tracker's own gate decides how many of them carry creates. */
const CONNECTIONS = { jira: 132, source: 2, abuseipdb: 20, entra: 16, graph: 16 };

/**
 * Puts the product together from a checked configuration: which adapter serves which port is decided here alone.
 * @throws Error with a sentence for people when the store cannot be opened.
 */
export async function assemble(config: Config, outer: AssembleParts): Promise<Casewire> {
  const { clock, random, progress } = outer;
  const missing = outer.store === 'use' && !existsSync(config.storePath);
  const db = await openSqlite(missing ? ':memory:' : config.storePath);
  const redactor = new Redactor();
  for (const secret of config.secrets) redactor.add(secret);
  const meter = new Meter();
  const clients: HttpClient[] = [];
  const client = (service: string, url: string, connections: number) => {
    const http = new HttpClient({ service, origin: new URL(url).origin, clock, meter, redactor, connections });
    clients.push(http);
    return http;
  };
  const owner = thisOwner();
  const ledger = sqlLedger(db);
  const findings = sqlFindings(db);
  const metadata = sqlMetadata(db);

  const trackerOf = (site: SiteConfig, cache: MetadataCache) => {
    const parts = { site, http: client('Jira', site.url, CONNECTIONS.jira), clock, metadata: cache, random };
    return site.edition === 'cloud' ? jiraCloudTracker(parts) : jiraDatacenterTracker(parts);
  };
  const sitesWith = (cache: MetadataCache): ReadonlyMap<SiteId, SiteParts> =>
    new Map(
      config.sites.map((site) => {
        const tracker = trackerOf(site, cache);
        const { keeper } = tracker;
        return [site.site, { tracker, keeper, health: new SiteHealth(), reconcileWindowMs: site.reconcileWindowMs }];
      }),
    );
  const newer = async (secret: string) => {
    const found = await config.vault?.newer(secret);
    if (found !== undefined) redactor.add(found);
    return found;
  };
  const tokensOf = entraTokens({
    httpOf: (origin) => client('Entra', origin, CONNECTIONS.entra),
    clock,
    redactor,
    newer,
  });
  const authoriserOf = (auth: TenantAuth, scope: string, needs: EntraNeeds): Authoriser =>
    auth.kind === 'token'
      ? byToken({ token: auth.token, scheme: 'Token', mend: MAKE_A_TOKEN, newer })
      : byEntra({ tokens: tokensOf(auth), scope, needs, clock });
  const stored = sqlMemberships(db);
  // A command that only reads asks for groups, and keeps nothing of the answers.
  const cache = outer.store === 'make' ? stored : { recall: stored.recall, record: async () => {} };
  const graphs = new Map<string, HttpClient>();
  const graphAt = (url: string): HttpClient => {
    const known = graphs.get(url) ?? client('Microsoft Graph', url, CONNECTIONS.graph);
    graphs.set(url, known);
    return known;
  };
  const membershipOf = (tenant: TenantId, auth: TenantAuth): EntraGroups | { why: string } => {
    if (auth.kind === 'token') return { why: NO_GROUPS };
    const { graph: url } = auth;
    const signIn = byEntra({ tokens: tokensOf(auth), scope: `${url}/.default`, needs: GROUPS_NEEDS, clock });
    return new EntraGroups({ tenant, cache, url, signIn, http: graphAt(url), clock });
  };
  const memberships = new Map<TenantId, EntraGroups | { why: string }>();
  const tenants = new Map(config.tenants.map((tenant) => [tenant.tenant, tenantParts(tenant)]));
  function tenantParts(config: TenantConfig): TenantParts {
    const { tenant, auth, policy, lookbackMs } = config;
    const membership = membershipOf(tenant, auth);
    memberships.set(tenant, membership);
    const groups = new GroupDesk({ membership, clock, progress });
    return { source: sourceOf(config), policy, lookbackMs, groups, fingerprint: fingerprintOf(policy) };
  }
  function sourceOf({ source, tenant, url, auth }: TenantConfig): AlertSource {
    const shared = { tenant, url, clock, random };
    if (source === 'graph') {
      const authoriser = authoriserOf(auth, graphScope(url), GRAPH_NEEDS);
      return graphSource({ ...shared, authoriser, http: client('Microsoft Graph', url, CONNECTIONS.source) });
    }
    const authoriser = authoriserOf(auth, CLOUD_APPS_SCOPE, CLOUD_APPS_NEEDS);
    return cloudAppsSource({
      ...shared,
      authoriser,
      http: client('Defender for Cloud Apps', url, CONNECTIONS.source),
    });
  }
  const { abuseipdb } = config;
  const enricher =
    abuseipdb &&
    abuseIpDbEnricher({ ...abuseipdb, http: client('AbuseIPDB', abuseipdb.url, CONNECTIONS.abuseipdb), clock });
  const idle: (() => Promise<void>)[] = [];
  const lookUpsWith = (mode: 'ask' | 'recall'): LookUps => {
    const lookUps = createLookUps({
      enricher,
      findings,
      clock,
      progress,
      owner,
      mode,
      windowDays: abuseipdb?.maxAgeInDays ?? 90,
      dailyBudget: abuseipdb?.dailyBudget ?? 0,
    });
    idle.push(() => lookUps.idle());
    return lookUps;
  };
  const partsWith = (cache: MetadataCache, mode: 'ask' | 'recall'): PassParts => ({
    ledger,
    owner,
    tenants,
    sites: sitesWith(cache),
    lookUps: lookUpsWith(mode),
    clock,
    progress,
  });
  const chosen = (names?: readonly TenantId[]) => names ?? [...tenants.keys()];
  const withCalls = (summary: PassSummary): PassSummary => ({ ...summary, calls: Object.fromEntries(meter.calls()) });

  return {
    run: async (request) =>
      withCalls(await runPass(partsWith(metadata, 'ask'), { ...request, tenants: chosen(request.tenants) })),

    plan: async (request) =>
      withCalls(
        await planPass(partsWith(readOnly(metadata), 'recall'), { ...request, tenants: chosen(request.tenants) }),
      ),

    replay: ({ tenants: names, pastMs, signal }) =>
      replay(partsWith(readOnly(metadata), 'recall'), {
        tenants: chosen(names),
        from: clock.now() - pastMs,
        signal,
      }),

    async rules() {
      const at = clock.now();
      const from = at - RECENT_DAYS * DAY_MS;
      // Every tenant has the same.
      const configured = config.tenants[0]?.policy.rules ?? [];
      return { from, at, rules: rulesHeard(configured, await ledger.facts.rulesHeard(from)) };
    },

    async check(names) {
      const asked = chosen(names).flatMap((name) => tenants.get(name) ?? []);
      const used = new Set(asked.map(({ policy }) => policy.ticket.site));
      const groups = await Promise.all([
        ...[...sitesWith(metadata)]
          .filter(([site]) => used.has(site))
          .map(([site, { tracker }]) =>
            tracker.check(
              distinct(
                asked.filter(({ policy }) => policy.ticket.site === site).flatMap(({ policy }) => allNeeds(policy)),
              ),
            ),
          ),
        ...asked.map(({ source }) => source.check()),
        ...asked.map(({ policy }) => checkGroups(policy, memberships.get(policy.tenant))),
        ...(enricher && abuseipdb ? [checkLookUps({ enricher, findings, clock, ...abuseipdb })] : []),
      ]);
      return distinct([...checkVault(config), ...groups.flat()]);
    },

    async explain(tenant, alert) {
      const key = dedupKeyOf(tenant, alert);
      const history = await ledger.overview.history(key);
      return history && { ...history, label: dedupLabel(key) };
    },

    held: () => ledger.held.list(),

    async retryHeld(keys) {
      const asked = keys ?? (await ledger.held.list()).map(({ key }) => key);
      const reread = new Map<DedupKey, Alert>();
      for (const { key, tenant, raw, seenAt } of await ledger.held.unreadable(asked)) {
        const alert = tenants.get(tenant)?.source.reread(raw, seenAt);
        if (alert && 'tenant' in alert) reread.set(key, alert);
      }
      return ledger.held.retry(asked, reread);
    },

    dropHeld: (key, why) => ledger.held.drop(key, why, clock.now()),

    async status() {
      const quota = abuseipdb && (await findings.quotaView({ dailyBudget: abuseipdb.dailyBudget, now: clock.now() }));
      return {
        store: config.storePath,
        at: clock.now(),
        tenants: await ledger.overview.status([...tenants.keys()]),
        uncategorised: {
          days: RECENT_DAYS,
          types: (await ledger.overview.uncategorised(clock.now() - RECENT_DAYS * DAY_MS)).filter(({ tenant }) =>
            tenants.has(tenant),
          ),
        },
        ...(quota ? { quota } : {}),
      };
    },

    async close() {
      await Promise.all(clients.map((http) => http.close()));
      // A look-up that missed its ticket still records how it ended; the ledger has to be there for it.
      await Promise.all(idle.map((settled) => settled()));
      await ledger.close();
    },
  };
}

/** The rules of the configuration, heard or not, then those that only the ledger knows. */
function rulesHeard(configured: readonly Rule[], uses: readonly RuleUse[]): RulesReport['rules'] {
  const silent = { spoke: 0, suppressed: 0, undecided: 0 };
  const names = new Set(configured.map(({ name }) => name));
  return [
    ...configured.map(({ name, when, then }) => ({
      ...(uses.find(({ rule }) => rule === name) ?? { rule: name, ...silent }),
      configured: true,
      when,
      says: sayThen(then),
    })),
    ...uses.filter(({ rule }) => !names.has(rule)).map((use) => ({ ...use, configured: false })),
  ];
}

/** Whether groups can be asked for where a rule needs them. */
async function checkGroups(
  { tenant, rules }: TenantPolicy,
  membership: EntraGroups | { why: string } | undefined,
): Promise<readonly CheckLine[]> {
  const names = rulesWithGroups(rules);
  const subject = `tenant ${tenant}`;
  if (names.length === 0 || !membership) return [];
  if (membership instanceof EntraGroups) return membership.check(subject);
  const says = `rules that need groups are undecided here (${names.join(', ')}): ${membership.why}`;
  return [{ subject, level: 'warning', says }];
}

const NO_GROUPS = 'a legacy API token cannot ask for groups; sign the tenant in through Entra';

function checkVault({ vault }: Config): CheckLine[] {
  if (!vault) return [];
  const count = vault.secrets === 1 ? '1 secret was' : `${vault.secrets} secrets were`;
  return [{ subject: 'key vault', level: 'ok', says: `${count} read as ${vault.identity}` }];
}

function fingerprintOf(policy: object): string {
  return createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 16);
}

/** For `plan`: what the site says is remembered for the length of the call alone. */
function readOnly(metadata: MetadataCache): MetadataCache {
  const own = new Map<string, { json: string; storedAt: number }>();
  return {
    load: async (site, key) => own.get(`${site}\n${key}`) ?? metadata.load(site, key),
    store: async (site, key, json, at) => void own.set(`${site}\n${key}`, { json, storedAt: at }),
  };
}

/** Tenants and rules mostly ask the same of a project, and get the same answer: each once. */
function distinct<T extends RouteNeeds | CheckLine>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
