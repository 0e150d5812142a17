import type { Config } from '../config/config.ts';
import { credentialEnds } from '../config/credential-ends.ts';
import type { Alert, DedupKey, TenantId } from '../domain/alert.ts';
import { dedupKeyOf } from '../domain/alert.ts';
import type { Standing, Vitals } from '../domain/vitals.ts';
import { abuseIpDbEnricher } from '../enrichers/abuseipdb/abuseipdb-enricher.ts';
import { sqlFindings } from '../ledger/look-ups/findings.ts';
import { sqlMemberships } from '../ledger/look-ups/memberships.ts';
import { sqlLedger } from '../ledger/sql-ledger.ts';
import { sqlMetadata } from '../ledger/store/metadata.ts';
import { thisOwner } from '../ledger/store/owner.ts';
import { audit } from '../lifecycle/recount/audit.ts';
import { sweep } from '../lifecycle/recount/sweep.ts';
import { syncPass } from '../lifecycle/sync/sync-pass.ts';
import { traceIfAsked } from '../observe/trace.ts';
import { checkLookUps } from '../pipeline/look-ups/check-look-ups.ts';
import { createLookUps } from '../pipeline/look-ups/enrich.ts';
import { runPass } from '../pipeline/pass.ts';
import type { LookUps, PassParts } from '../pipeline/pass-parts.ts';
import { planPass } from '../pipeline/plan.ts';
import { replay } from '../pipeline/replay.ts';
import { SiteHealth } from '../pipeline/site-health.ts';
import { dedupLabel } from '../tracker/jira/dedup-label.ts';
import type { MetadataCache } from '../tracker/tracker.ts';
import type { AssembleParts, Casewire } from './casewire.ts';
import { checkAll } from './check/check.ts';
import { checkSignIn } from './check/check-sign-in.ts';
import { Edges } from './edges.ts';
import { newerSecret } from './newer-secret.ts';
import { onRecord } from './on-record.ts';
import { checkStore, openStore } from './open-store.ts';
import { reportParts } from './report-parts.ts';
import { rulesReport } from './rules-report.ts';
import { readOnly, sitesOf } from './sites.ts';
import { standingOf } from './standing.ts';
import { statusReport } from './status-report.ts';
import { tenantsOf } from './tenants.ts';

/** Most connections to AbuseIPDB at once. */
const LOOK_UP_CONNECTIONS = 20;

/**
 * Puts the product together from a checked configuration: which adapter serves which port is decided in this room alone.
 * @throws Error with a sentence for people when the store cannot be opened.
 */
export async function assemble(config: Config, outer: AssembleParts): Promise<Casewire> {
  const { clock, progress } = outer;
  await traceIfAsked();
  const db = await openStore(config.store, outer.store);
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

    rules: () => rulesReport(config, ledger.rulings, clock.now()),

    check: (names) =>
      checkAll({
        config,
        now: clock.now(),
        sites: sitesOf(config, edges, metadata),
        tenants: chosen(names).flatMap((name) => tenants.get(name) ?? []),
        checkStore: () => checkStore(config.store),
        checkSignIn: () => checkSignIn(config, (issuer) => edges.client('the sign-in', issuer, 1)),
        checkLookUps: async () =>
          enricher && abuseipdb ? checkLookUps({ enricher, findings, clock, ...abuseipdb }) : [],
      }),

    async explain(tenant, alert) {
      const key = dedupKeyOf(tenant, alert);
      const history = await ledger.overview.history(key);
      if (!history) return undefined;
      const timeline = (await ledger.factLog.of([key])).get(key) ?? [];
      return { ...history, ...(timeline.length > 0 ? { timeline } : {}), label: dedupLabel(key) };
    },

    onRecord: onRecord(ledger.acts, clock),

    held: () => ledger.held.list(),

    async retryHeld(keys) {
      const asked = keys ?? (await ledger.held.list()).map(({ key }) => key);
      const reread = new Map<DedupKey, Alert>();
      for (const { key, tenant, raw, seenAt } of await ledger.held.unreadable(asked)) {
        const alert = tenants.get(tenant)?.source.reread(raw, seenAt);
        if (alert && 'tenant' in alert) reread.set(key, alert);
      }
      return ledger.held.retry(asked, reread, clock.now());
    },

    dropHeld: (key, why) => ledger.held.drop(key, why, clock.now()),

    standing,

    async report({ version, ...ask }) {
      const { openReport } = await import('../reports/make-report.ts');
      return openReport(reportParts({ config, ledger, clock, version }), ask);
    },

    status: async () => statusReport(config, ledger, await standing()),

    async close() {
      await edges.close();
      // A look-up that missed its ticket still records how it ended; the ledger has to be there for it.
      await Promise.all(idle.map((settled) => settled()));
      await ledger.close();
    },
  };
}
