import type { Severity, TenantId } from '../domain/alert.ts';
import type { SiteId } from '../domain/ticket.ts';
import type { Rule } from './rule.ts';

/** How one tenant's tickets are made: the configuration's `ticket`, with the tenant's own parts laid over it. */
export interface TicketPolicy {
  site: SiteId;
  project: string;
  issueType: string;
  /** Priority name or id by severity; a severity left out gets the project's default. */
  priority: Readonly<Partial<Record<Severity, string>>>;
  /** `wished`: nobody configured the priorities; one that the project does not have is left to its default. */
  priorityIs: 'configured' | 'wished';
  labels: readonly string[];
  /** Field name or id → Liquid template text, checked at load. */
  fields: Readonly<Record<string, string>>;
}

/** Priorities by severity where none are configured, by the names that Jira gives a new site. */
export const USUAL_PRIORITIES: TicketPolicy['priority'] = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Lowest',
};

/** What the rules need to know of one tenant. */
export interface TenantPolicy {
  tenant: TenantId;
  ticket: TicketPolicy;
  /** In order; all tenants have the same. */
  rules: readonly Rule[];
  /** New tickets within any hour; 0 is no limit. */
  newTicketsPerHour: number;
}
