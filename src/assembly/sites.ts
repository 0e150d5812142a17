import type { Config, SiteConfig } from '../config/config.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { SiteParts } from '../pipeline/pass-parts.ts';
import { SiteHealth } from '../pipeline/site-health.ts';
import { jiraCloudTracker } from '../tracker/jira-cloud/jira-cloud-tracker.ts';
import { jiraDatacenterTracker } from '../tracker/jira-datacenter/jira-datacenter-tracker.ts';
import type { MetadataCache } from '../tracker/tracker.ts';
import type { Edges } from './edges.ts';
import { newerSecret } from './newer-secret.ts';

/** Most connections to a site at once; its own gate decides how many of them carry creates. */
const CONNECTIONS = 132;

/** The sites that take tickets, each with what keeps its issues; `health` begins a site's account of its troubles. */
export function sitesOf(
  config: Config,
  edges: Edges,
  metadata: MetadataCache,
  health = () => new SiteHealth(),
): ReadonlyMap<SiteId, SiteParts> {
  const newer = newerSecret(config, edges);
  return new Map(
    config.sites.map((site) => {
      const tracker = trackerOf(site, { edges, metadata, newer });
      const { keeper, watch, mover } = tracker;
      const { reconcileWindowMs } = site;
      return [site.site, { tracker, keeper, watch, mover, health: health(), reconcileWindowMs }];
    }),
  );
}

function trackerOf(
  site: SiteConfig,
  {
    edges,
    metadata,
    newer,
  }: { edges: Edges; metadata: MetadataCache; newer(secret: string): Promise<string | undefined> },
) {
  const { clock, random } = edges.outer;
  const parts = { site, http: edges.client('Jira', site.url, CONNECTIONS), clock, metadata, random, newer };
  return site.edition === 'cloud' ? jiraCloudTracker(parts) : jiraDatacenterTracker(parts);
}

/** For `plan`: what the site says is remembered for the length of the call alone. */
export function readOnly(metadata: MetadataCache): MetadataCache {
  const own = new Map<string, { json: string; storedAt: number }>();
  return {
    load: async (site, key) => own.get(`${site}\n${key}`) ?? metadata.load(site, key),
    store: async (site, key, json, at) => void own.set(`${site}\n${key}`, { json, storedAt: at }),
  };
}
