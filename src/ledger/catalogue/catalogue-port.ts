import type { AlertId, DedupKey, Severity, TenantId } from '../../domain/alert.ts';
import type { CategoryPath } from '../../domain/category.ts';
import type { HoldReason } from '../../domain/decision.ts';
import type { HeldAlert } from '../../domain/outcome.ts';
import type { TicketRef } from '../../domain/ticket.ts';
import type { EpochMs } from '../../domain/time.ts';

/** How an alert stands, in the words people look for it by. `waiting`: it has not come to an end yet. */
export type AlertStanding = 'waiting' | 'raised' | 'attached' | 'suppressed' | 'held' | 'dropped';

export const STANDINGS: readonly AlertStanding[] = ['waiting', 'raised', 'attached', 'suppressed', 'held', 'dropped'];

/** What an alert has to be to be shown; all that is named has to hold. */
export interface CatalogueFilter {
  tenant?: TenantId;
  standing?: AlertStanding;
  severity?: Severity;
  category?: CategoryPath;
  /** A user whom its record names or once named: by name, address or display name, whole; case does not matter. */
  user?: string;
  /** An IP address in canonical form. */
  address?: string;
  /** Created within [`since`, `until`). */
  since?: EpochMs;
  until?: EpochMs;
  /** Part of its title or id; case does not matter. */
  text?: string;
}

/** A place in the order of alerts: newest first, and by key among those of one instant. */
export interface CataloguePlace {
  createdAt: EpochMs;
  key: DedupKey;
}

/** One alert in a list. */
export interface CatalogueLine {
  key: DedupKey;
  tenant: TenantId;
  alertId: AlertId;
  title: string;
  severity: Severity;
  createdAt: EpochMs;
  standing: AlertStanding;
  /** In words; empty while nothing was decided. */
  why: string;
  category?: CategoryPath;
  users: readonly string[];
  ticket?: TicketRef;
}

export interface CataloguePage {
  /** Newest first. */
  lines: readonly CatalogueLine[];
  /** From where to go on; absent where nothing can be there. */
  older?: CataloguePlace;
  newer?: CataloguePlace;
  /** The look stopped at this alert's instant before it had found enough: few alerts are as the filter wants them. */
  lookedTo?: EpochMs;
}

/** Alerts that are held for the same reason in the same words. */
export interface HeldCause {
  reason: Exclude<HoldReason, 'dropped'>;
  /** The vendor's own words, or the program's. */
  why: string;
  alerts: number;
  tenants: number;
  /** When the first of them was held. */
  since: EpochMs;
  /** When the first of them is tried again by itself; absent: only by hand. */
  nextRetry?: EpochMs;
}

/** Lists for people who look through alerts. What an answer costs does not grow with the ledger. */
export interface Catalogue {
  /** The first `most` alerts as the filter wants them, from the newest or from a place on in either direction. */
  page(ask: {
    filter: CatalogueFilter;
    from?: { place: CataloguePlace; towards: 'older' | 'newer' };
    most: number;
  }): Promise<CataloguePage>;
  /** Users or addresses in the ledger that begin so, in order; for those who do not know one whole. */
  named(ask: { kind: 'user' | 'address'; begins: string; most: number }): Promise<readonly string[]>;
  /** How many alerts were created in each of the spans [edge, next edge), by severity. */
  volumes(ask: {
    tenant?: TenantId;
    edges: readonly EpochMs[];
  }): Promise<readonly Readonly<Record<Severity, number>>[]>;
  /** How many alerts of each of these tenants were created at or after `since`. */
  createdSince(tenants: readonly TenantId[], since: EpochMs): Promise<ReadonlyMap<TenantId, number>>;
  /** Why alerts are held: most alerts first, and how many causes there are besides the first `most`. */
  causes(ask: { tenant?: TenantId; most: number }): Promise<{ causes: readonly HeldCause[]; more: number }>;
  /** Held alerts of one cause, newest first. */
  heldFor(ask: {
    cause: Pick<HeldCause, 'reason' | 'why'>;
    after?: CataloguePlace;
    most: number;
  }): Promise<{ alerts: readonly HeldAlert[]; next?: CataloguePlace }>;
}
