import { createHash } from 'node:crypto';
import type { Config, TenantAuth, TenantConfig } from '../config/config.ts';
import type { TenantId } from '../domain/alert.ts';
import { EntraGroups, GROUPS_NEEDS } from '../enrichers/entra-groups/entra-groups.ts';
import type { MembershipCache } from '../enrichers/entra-groups/membership-cache.ts';
import type { HttpClient } from '../http/http-client.ts';
import { GroupDesk } from '../pipeline/groups/group-desk.ts';
import type { TenantParts } from '../pipeline/pass-parts.ts';
import { type Authoriser, byToken } from '../sources/authoriser.ts';
import { MAKE_A_TOKEN } from '../sources/cloud-apps/cloud-apps-client.ts';
import { CLOUD_APPS_CLOSING_NEEDS, cloudAppsKeeper } from '../sources/cloud-apps/cloud-apps-keeper.ts';
import { CLOUD_APPS_NEEDS, CLOUD_APPS_SCOPE, cloudAppsSource } from '../sources/cloud-apps/cloud-apps-source.ts';
import { entraTokens } from '../sources/entra/access-token.ts';
import { byEntra, type EntraNeeds } from '../sources/entra/by-entra.ts';
import { GRAPH_CLOSING_NEEDS, graphKeeper } from '../sources/graph/graph-keeper.ts';
import { GRAPH_NEEDS, graphScope, graphSource } from '../sources/graph/graph-source.ts';
import { CallBook } from '../sources/window/call-book.ts';
import type { Edges } from './edges.ts';
import { newerSecret } from './newer-secret.ts';

/** Who can be asked for the groups of a tenant's users, or why nobody can. */
export type Membership = EntraGroups | { why: string };

/** One tenant with what only `check` asks besides. */
export interface Tenant extends TenantParts {
  membership: Membership;
  /** What closing is signed in with. */
  closing: Authoriser;
}

/** Most connections to one service at once. */
const CONNECTIONS = { source: 2, entra: 16, graph: 16 };

const SERVICES: Record<TenantConfig['source'], string> = {
  graph: 'Microsoft Graph',
  'defender-cloud-apps': 'Defender for Cloud Apps',
};

const NO_GROUPS = 'a legacy API token cannot ask for groups; sign the tenant in through Entra';

/** The tenants of a configuration with their sources; tokens and connections are shared where they can be. */
export function tenantsOf(config: Config, edges: Edges, stored: MembershipCache): ReadonlyMap<TenantId, Tenant> {
  const { clock, random, progress } = edges.outer;
  const newer = newerSecret(config, edges);
  const tokensOf = entraTokens({
    httpOf: (origin) => edges.client('Entra', origin, CONNECTIONS.entra),
    clock,
    redactor: edges.redactor,
    newer,
  });
  const authoriserOf = (auth: TenantAuth, scope: string, needs: EntraNeeds): Authoriser =>
    auth.kind === 'token'
      ? byToken({ token: auth.token, scheme: 'Token', mend: MAKE_A_TOKEN, newer })
      : byEntra({ tokens: tokensOf(auth), scope, needs });
  // A command that only reads asks for groups, and keeps nothing of the answers.
  const cache = edges.outer.store === 'make' ? stored : { recall: stored.recall, record: async () => {} };
  const graphs = new Map<string, HttpClient>();
  const graphAt = (url: string): HttpClient => {
    const known = graphs.get(url) ?? edges.client(SERVICES.graph, url, CONNECTIONS.graph);
    graphs.set(url, known);
    return known;
  };
  const membershipOf = (tenant: TenantId, auth: TenantAuth): Membership => {
    if (auth.kind === 'token') return { why: NO_GROUPS };
    const { graph: url } = auth;
    const signIn = byEntra({ tokens: tokensOf(auth), scope: `${url}/.default`, needs: GROUPS_NEEDS });
    return new EntraGroups({ tenant, cache, url, signIn, http: graphAt(url), clock });
  };
  const alertsOf = ({
    source,
    services,
    tenant,
    url,
    auth,
  }: TenantConfig): Pick<Tenant, 'source' | 'keeper' | 'closing'> => {
    const shared = {
      ...{ tenant, url, clock, random, book: new CallBook() },
      keepsForWrites: config.sync?.fromJira?.closeAlert === true,
      onWait: (waitMs: number) => progress({ event: 'call-waits', tenant, service: SERVICES[source], waitMs }),
    };
    if (source === 'graph') {
      const scope = graphScope(url);
      const parts = { ...shared, services, http: edges.client(SERVICES[source], url, CONNECTIONS.source) };
      const authoriser = authoriserOf(auth, scope, GRAPH_NEEDS);
      const closing = authoriserOf(auth, scope, GRAPH_CLOSING_NEEDS);
      const keeper = graphKeeper({ ...parts, authoriser: closing });
      return { source: graphSource({ ...parts, authoriser }), keeper, closing };
    }
    const parts = { ...shared, http: edges.client(SERVICES[source], url, CONNECTIONS.source) };
    const authoriser = authoriserOf(auth, CLOUD_APPS_SCOPE, CLOUD_APPS_NEEDS);
    // A token that was replaced is replaced for both.
    const closing = auth.kind === 'token' ? authoriser : authoriserOf(auth, CLOUD_APPS_SCOPE, CLOUD_APPS_CLOSING_NEEDS);
    const keeper = cloudAppsKeeper({ ...parts, authoriser: closing });
    return { source: cloudAppsSource({ ...parts, authoriser }), keeper, closing };
  };
  return new Map(
    config.tenants.map((tenant) => {
      const { policy, lookbackMs, everyMs } = tenant;
      const membership = membershipOf(tenant.tenant, tenant.auth);
      const groups = new GroupDesk({ membership, clock, progress });
      const fingerprint = fingerprintOf(policy);
      return [tenant.tenant, { ...alertsOf(tenant), policy, lookbackMs, everyMs, groups, fingerprint, membership }];
    }),
  );
}

function fingerprintOf(policy: object): string {
  return createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 16);
}
