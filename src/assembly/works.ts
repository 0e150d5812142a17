import type { Config } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import type { StoreFailure } from '../domain/failure.ts';
import type { Clock } from '../domain/time.ts';
import { abuseIpDbEnricher } from '../enrichers/abuseipdb/abuseipdb-enricher.ts';
import type { Enricher } from '../enrichers/enricher.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { sqlFindings } from '../ledger/look-ups/findings.ts';
import type { Findings } from '../ledger/look-ups/findings-port.ts';
import { sqlMemberships } from '../ledger/look-ups/memberships.ts';
import { sqlLedger } from '../ledger/sql-ledger.ts';
import { sqlMetadata } from '../ledger/store/metadata.ts';
import { thisOwner } from '../ledger/store/owner.ts';
import { StoreHealth } from '../ledger/store/store-health.ts';
import { createLookUps } from '../pipeline/look-ups/enrich.ts';
import type { LookUps, PassParts } from '../pipeline/pass-parts.ts';
import type { SiteHealth } from '../pipeline/site-health.ts';
import type { MetadataCache } from '../tracker/tracker.ts';
import type { AssembleParts } from './casewire.ts';
import { Edges } from './edges.ts';
import { newerSecret } from './newer-secret.ts';
import { openStore } from './open-store.ts';
import { sitesOf } from './sites.ts';
import { type Tenant, tenantsOf } from './tenants.ts';

/** Most connections to AbuseIPDB at once. */
const LOOK_UP_CONNECTIONS = 20;

/** Everything behind the ports that a configuration names, opened once and shared by all that is done with it. */
export interface Works {
  config: Config;
  clock: Clock;
  edges: Edges;
  ledger: Ledger;
  findings: Findings;
  metadata: MetadataCache;
  tenants: ReadonlyMap<TenantId, Tenant>;
  /** Absent: addresses are not looked up. */
  enricher: Enricher | undefined;
  /** What a pass works with; `recall` looks nothing up. */
  partsWith(cache: MetadataCache, mode: LookUpMode, health?: () => SiteHealth): PassParts;
  /** Why the store did not do what it was last asked; absent when it did. */
  storeTrouble(): StoreFailure | undefined;
  close(): Promise<void>;
}

type LookUpMode = 'ask' | 'recall';

/** @throws Error with a sentence for people when the store cannot be opened. */
export async function openWorks(config: Config, outer: AssembleParts): Promise<Works> {
  const { clock, progress } = outer;
  const health = new StoreHealth();
  const db = await openStore(config.store, outer.store, { now: clock.now(), health });
  const edges = new Edges(outer, config.secrets);
  const owner = thisOwner();
  const ledger = sqlLedger(db);
  const findings = sqlFindings(db);
  const tenants = tenantsOf(config, edges, sqlMemberships(db));
  const enricher = enricherOf(config, { edges, clock });
  const { abuseipdb } = config;
  const idle: (() => Promise<void>)[] = [];
  const lookUpsWith = (mode: LookUpMode): LookUps => {
    const windowDays = abuseipdb?.maxAgeInDays ?? 90;
    const dailyBudget = abuseipdb?.dailyBudget ?? 0;
    const lookUps = createLookUps({ enricher, findings, clock, progress, owner, mode, windowDays, dailyBudget });
    idle.push(() => lookUps.idle());
    return lookUps;
  };
  return {
    config,
    clock,
    edges,
    ledger,
    findings,
    metadata: sqlMetadata(db),
    tenants,
    enricher,
    partsWith(cache, mode, health) {
      const sites = sitesOf(config, edges, cache, health);
      return { ledger, owner, tenants, sites, lookUps: lookUpsWith(mode), clock, progress };
    },
    storeTrouble: () => health.trouble,
    async close() {
      await edges.close();
      // A look-up that missed its ticket still records how it ended; the ledger has to be there for it.
      await Promise.all(idle.map((settled) => settled()));
      await ledger.leases.giveBack(owner, clock.now()).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        const says = `what this process had in hand is free only when its leases end, within the hour: ${why}`;
        progress({ event: 'warning', says });
      });
      await ledger.close();
    },
  };
}

function enricherOf(config: Config, { edges, clock }: Pick<Works, 'edges' | 'clock'>): Enricher | undefined {
  const { abuseipdb } = config;
  if (!abuseipdb) return undefined;
  const http = edges.client('AbuseIPDB', abuseipdb.url, LOOK_UP_CONNECTIONS);
  return abuseIpDbEnricher({ ...abuseipdb, http, clock, newer: newerSecret(config, edges) });
}
