import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { credentialEnds } from '../config/credential-ends.ts';
import type { Alert, AlertId, DedupKey, TenantId } from '../domain/alert.ts';
import { dedupKeyOf } from '../domain/alert.ts';
import type { AuditReport, SweepSummary } from '../domain/audit.ts';
import type { CheckLine } from '../domain/check.ts';
import type { AlertHistory, HeldAlert, PassSummary, StatusReport } from '../domain/outcome.ts';
import type { ReplayReport, RulesReport, RuleUse } from '../domain/replay.ts';
import type { SyncSummary } from '../domain/sync-outcome.ts';
import { type Clock, DAY_MS } from '../domain/time.ts';
import type { Standing, Vitals } from '../domain/vitals.ts';
import { abuseIpDbEnricher } from '../enrichers/abuseipdb/abuseipdb-enricher.ts';
import { sqlFindings } from '../ledger/look-ups/findings.ts';
import { sqlMemberships } from '../ledger/look-ups/memberships.ts';
import { sqlLedger } from '../ledger/sql-ledger.ts';
import { sqlMetadata } from '../ledger/store/metadata.ts';
import { thisOwner } from '../ledger/store/owner.ts';
import { openSqlite } from '../ledger/store/sqlite.ts';
import { audit } from '../lifecycle/recount/audit.ts';
import { sweep } from '../lifecycle/recount/sweep.ts';
import type { SyncParts } from '../lifecycle/sync/sync-parts.ts';
import { type SyncOptions, syncPass } from '../lifecycle/sync/sync-pass.ts';
import type { ApiCall } from '../observe/meter.ts';
import type { Progress } from '../observe/progress.ts';
import { traceIfAsked } from '../observe/trace.ts';
import { checkLookUps } from '../pipeline/look-ups/check-look-ups.ts';
import { createLookUps } from '../pipeline/look-ups/enrich.ts';
import { runPass } from '../pipeline/pass.ts';
import type { LookUps, PassParts } from '../pipeline/pass-parts.ts';
import { planPass } from '../pipeline/plan.ts';
import { replay } from '../pipeline/replay.ts';
import { SiteHealth } from '../pipeline/site-health.ts';
import type { Rule } from '../rules/rule.ts';
import { sayThen } from '../rules/say-rule.ts';
import { dedupLabel } from '../tracker/jira/dedup-label.ts';
import type { MetadataCache } from '../tracker/tracker.ts';
import { checkAll } from './check.ts';
import { Edges } from './edges.ts';
import { newerSecret } from './newer-secret.ts';
import { readOnly, sitesOf } from './sites.ts';
import { clocksOf, standingOf } from './standing.ts';
import { tenantsOf } from './tenants.ts';

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
  /** One pass that keeps alerts and issues in step; nothing is done where the configuration has no `sync`. */
  sync(request: Omit<SyncOptions, 'tenants'> & { tenants?: readonly TenantId[] }): Promise<SyncSummary>;
  /** Looks through all sites for second issues of an alert and closes them as duplicates of the first. */
  sweep(signal: AbortSignal): Promise<SweepSummary>;
  /** Recounts source, ledger and issues of all tenants. */
  audit(signal: AbortSignal): Promise<readonly AuditReport[]>;
  /** What a service works with as long as it runs: one set of sites, look-ups and connections for all it does. */
  engine(): SyncParts;
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
  /** How the tenants stand and what is not well; cheap enough to be asked every few seconds. */
  standing(): Promise<Standing>;
  close(): Promise<void>;
}

export interface AssembleParts {
  clock: Clock;
  /** A number in [0, 1), for jitter. */
  random: () => number;
  progress: Progress;
  /** `use`: a store that does not exist yet is not made, an empty one in memory stands in for it. */
  store: 'make' | 'use';
  /** Hears how each call to a service ended. */
  onCall?: (call: ApiCall) => void;
}

/** How far back `status` looks for alerts without a category: what was mended since then is soon gone from it. */
const RECENT_DAYS = 30;

/** Most connections to AbuseIPDB at once. */
const LOOK_UP_CONNECTIONS = 20;

/**
 * Puts the product together from a checked configuration: which adapter serves which port is decided in this room alone.
 * @throws Error with a sentence for people when the store cannot be opened.
 */
export async function assemble(config: Config, outer: AssembleParts): Promise<Casewire> {
  const { clock, progress } = outer;
  await traceIfAsked();
  const missing = outer.store === 'use' && !existsSync(config.storePath);
  const db = await openSqlite(missing ? ':memory:' : config.storePath);
  const edges = new Edges(outer, config.secrets);
  const owner = thisOwner();
  const ledger = sqlLedger(db);
  const findings = sqlFindings(db);
  const metadata = sqlMetadata(db);
  const tenants = tenantsOf(config, edges, sqlMemberships(db));
  const { abuseipdb } = config;
  const enricher =
    abuseipdb &&
    abuseIpDbEnricher({
      ...abuseipdb,
      http: edges.client('AbuseIPDB', abuseipdb.url, LOOK_UP_CONNECTIONS),
      clock,
      newer: newerSecret(config, edges),
    });
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
  const partsWith = (cache: MetadataCache, mode: 'ask' | 'recall', health?: () => SiteHealth): PassParts => ({
    ledger,
    owner,
    tenants,
    sites: sitesOf(config, edges, cache, health),
    lookUps: lookUpsWith(mode),
    clock,
    progress,
  });
  const chosen = (names?: readonly TenantId[]) => names ?? [...tenants.keys()];
  const keeping = config.sync ? { sync: config.sync } : {};
  const withCalls = <T extends object>(summary: T): T => ({
    ...summary,
    calls: Object.fromEntries(edges.meter.calls()),
  });

  let credentials: Vitals['credentials'] | undefined;
  const standing = async (): Promise<Standing> => {
    // Read once: a configuration's certificates do not change while it is at work.
    credentials ??= credentialEnds(config);
    const now = clock.now();
    const quota = abuseipdb && (await findings.quotaView({ dailyBudget: abuseipdb.dailyBudget, now }));
    return standingOf({ config, ledger, now, credentials, ...(quota ? { quota } : {}) });
  };

  return {
    run: async (request) =>
      withCalls(await runPass(partsWith(metadata, 'ask'), { ...request, tenants: chosen(request.tenants) })),

    plan: async (request) =>
      withCalls(
        await planPass(partsWith(readOnly(metadata), 'recall'), { ...request, tenants: chosen(request.tenants) }),
      ),

    sweep: (signal) => sweep(partsWith(metadata, 'recall'), { signal }),

    audit: (signal) => audit(partsWith(metadata, 'recall'), { tenants: chosen(), signal }),

    sync: async (request) => {
      const parts = request.plan ? partsWith(readOnly(metadata), 'recall') : partsWith(metadata, 'ask');
      return withCalls(await syncPass({ ...parts, ...keeping }, { ...request, tenants: chosen(request.tenants) }));
    },

    engine: () => ({ ...partsWith(metadata, 'ask', () => new SiteHealth(clock)), ...keeping }),

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

    check: (names) =>
      checkAll({
        config,
        now: clock.now(),
        sites: sitesOf(config, edges, metadata),
        tenants: chosen(names).flatMap((name) => tenants.get(name) ?? []),
        checkLookUps: async () =>
          enricher && abuseipdb ? checkLookUps({ enricher, findings, clock, ...abuseipdb }) : [],
      }),

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

    standing,

    async status() {
      const { vitals, warnings } = await standing();
      const { quota } = vitals;
      return {
        store: config.storePath,
        at: vitals.at,
        warnings,
        clocks: clocksOf(vitals),
        audits: (await ledger.audits.latest()).filter(({ tenant }) => tenants.has(tenant)),
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
      await edges.close();
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
