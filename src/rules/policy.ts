import type { Severity, TenantId } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';

/** How one tenant's tickets are made: the configuration's `ticket`, with the tenant's own parts laid over it. */
export interface TicketPolicy {
  site: SiteId;
  project: string;
  issueType: string;
  /** Priority name or id by severity; a severity left out gets the project's default. */
  priority: Readonly<Partial<Record<Severity, string>>>;
  labels: readonly string[];
  /** Field name or id → Liquid template text, checked at load. */
  fields: Readonly<Record<string, string>>;
}

/** What the rules need to know of one tenant. */
export interface TenantPolicy {
  tenant: TenantId;
  ticket: TicketPolicy;
  /** New tickets within any hour; 0 is no limit. */
  newTicketsPerHour: number;
}
