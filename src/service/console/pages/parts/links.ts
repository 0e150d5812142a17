import { html } from 'hono/html';
import type { Config } from '../../../../config/config.ts';
import { isLoopback } from '../../../../config/loopback.ts';
import type { AlertId, DedupKey, TenantId } from '../../../../domain/alert.ts';
import { clean } from '../../../../domain/text/clean.ts';
import type { TicketRef } from '../../../../domain/ticket.ts';
import type { Html } from '../../page.ts';

/** The console's page of one alert. */
export function alertPath({ tenant, alertId }: { tenant: TenantId; alertId: AlertId }): string {
  return `/alerts/${encodeURIComponent(tenant)}/${encodeURIComponent(alertId.toWellFormed())}`;
}

/** The same by the alert's key, `TENANT/ALERT`. */
export function keyPath(key: DedupKey): string {
  const slash = key.indexOf('/');
  return alertPath({ tenant: key.slice(0, slash) as TenantId, alertId: key.slice(slash + 1) as AlertId });
}

export function tenantLink(tenant: TenantId): Html {
  return html`<a href="/tenants/${encodeURIComponent(tenant)}">${tenant}</a>`;
}

/** Where Defender's portals are: today's, that of Defender for Cloud Apps with a host for each tenant, and of national clouds. */
const PORTALS = /(^|\.)(security\.microsoft\.(com|us)|cloudappsecurity\.(com|us)|cloudappsecurity\.azure\.us)$/;

/**
 * A link out of the console, to be followed only where it is known whose it is: a portal of Defender, a host of the
 * configuration, or a Jira in the cloud. A record's own link may lead anywhere; `undefined` for such a one.
 */
export function knownLink(url: string, { tenants, sites }: Pick<Config, 'tenants' | 'sites'>): string | undefined {
  const link = URL.parse(url);
  if (link?.username !== '' || link.password !== '') return undefined;
  if (link.protocol !== 'https:' && !(link.protocol === 'http:' && isLoopback(link.hostname))) return undefined;
  const { hostname } = link;
  const own = (base: string | undefined) => base !== undefined && URL.parse(base)?.hostname === hostname;
  const known =
    PORTALS.test(hostname) ||
    hostname.endsWith('.atlassian.net') ||
    tenants.some((tenant) => own(tenant.url)) ||
    sites.some((site) => own(site.url) || own(site.siteUrl));
  return known ? link.href : undefined;
}

/** An issue's key, as a link where it is known whose it is. */
export function issueLink({ key, url }: TicketRef, config: Pick<Config, 'tenants' | 'sites'>): Html {
  const to = knownLink(url, config);
  return to === undefined ? html`<span>${clean(key)}</span>` : html`<a href="${to}" rel="noreferrer">${clean(key)}</a>`;
}
