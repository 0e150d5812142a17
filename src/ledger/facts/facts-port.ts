import type { Alert, AlertId, DedupKey, Severity, TenantId } from '../../domain/alert.ts';
import type { AuditReport } from '../../domain/audit.ts';
import type { AlertFacts, Fact, ReadingGap, ReadingHour } from '../../domain/facts.ts';
import type { HistoryRead } from '../../domain/link.ts';
import type { EpochMs } from '../../domain/time.ts';

/** A span [`from`, `to`) of one tenant's facts, as this ledger knew them at `asOf`. */
export interface FactsAsk {
  tenant: TenantId;
  from: EpochMs;
  to: EpochMs;
  asOf: EpochMs;
}

/** What happened, for reports. Every answer is the same whenever it is asked, as long as `asOf` is. */
export interface Facts {
  /**
   * Alerts of the tenant created in the span, and those created before it whose issue was open at its beginning, that
   * were held then, or to which anything happened in it; by creation and key, page by page. `only` for figures: what an
   * alert is called and whom it names may be left out or be as it was first read, which is had for half the time.
   */
  between(ask: FactsAsk & { only?: 'figures' }): AsyncGenerator<readonly AlertFacts[], void, void>;
  /** How many alerts were created in each of the spans [edge, next edge), by severity; for trends. */
  volumes(ask: {
    tenants: readonly TenantId[];
    edges: readonly EpochMs[];
    asOf: EpochMs;
  }): Promise<readonly Readonly<Record<Severity, number>>[]>;
  /** How the tenant was read in the span. */
  readings(ask: FactsAsk): Promise<{ hours: readonly ReadingHour[]; gaps: readonly ReadingGap[] }>;
  /** Recounts of the tenant recorded by `asOf` that concern the span, oldest first. */
  recounts(ask: FactsAsk): Promise<readonly AuditReport[]>;
  /** When anything of these tenants was last recorded; absent while nothing was. */
  latest(tenants: readonly TenantId[]): Promise<EpochMs | undefined>;
}

/** Takes up facts that others than the ledger's own flows learn of, such as an issue's history. */
export interface FactLog {
  /** Facts of these alerts that are stored, corrected ones left out. */
  of(keys: readonly DedupKey[]): Promise<ReadonlyMap<DedupKey, readonly Fact[]>>;
  /**
   * Stores facts. What may happen again is counted on each alert: `turn` n says that this is its n-th `resolved` (or
   * `reopened`, `closed` …), from 1, and takes the place of what was stored as the n-th before, such as a time that was
   * only inferred. Without `turn` it is the next one; `acknowledged` is always the first. One that is stored already,
   * word for word with the same time, changes nothing. `histories`: how far the issues of these alerts were read for
   * that, stored with it.
   */
  record(
    facts: readonly { key: DedupKey; fact: Fact; turn?: number }[],
    histories?: readonly { key: DedupKey; read: HistoryRead }[],
  ): Promise<void>;
}

/**
 * Alerts that have no issue, or whose issue is deleted: suppressed, held, dropped, under way. What becomes of them in
 * Defender is learnt wherever their records come by; links tell it of all others.
 */
export interface UnlinkedAlerts {
  /** Ids of those created at or after `since`, newest first. */
  list(ask: { tenant: TenantId; since: EpochMs; most: number }): Promise<readonly AlertId[]>;
  /**
   * Takes up how these alerts stand at the source: which were closed, got another verdict, or were opened again. Of one
   * that has an issue nothing is taken up. One that is held and was closed waits for nobody any more.
   */
  saw(alerts: readonly Alert[], now: EpochMs): Promise<void>;
}

/** What the sides say of when they changed; absent: when it was agreed on. */
export interface ChangeTimes {
  /** The alert's closing. */
  closedAt?: EpochMs;
  /** The becoming done, and its resolution's name. */
  doneAt?: EpochMs;
  resolution?: string;
  /** The becoming open again. */
  reopenedAt?: EpochMs;
}

/** As of when an ended period is told, in all of its reports. A correction is a new revision; an older one stays as it is. */
export interface Edition {
  kind: 'daily' | 'weekly' | 'monthly';
  /** First instant of the period in the report's zone. */
  from: EpochMs;
  to: EpochMs;
  revision: number;
  asOf: EpochMs;
  /** By which targets and of which tenants it is counted, and of which of them not all is known, as its maker wrote it down. */
  counting: string;
}

/** Which periods are fixed, as of when. */
export interface Editions {
  /** The newest revision; absent while there is none. */
  find(ask: Pick<Edition, 'kind' | 'from' | 'to'>): Promise<Edition | undefined>;
  /**
   * Fixes as of when an ended period is told, under the revision given; the first one of two at once wins, and both are
   * told which. Whatever is recorded after this is recorded later than its `asOf`.
   */
  freeze(edition: Edition): Promise<Edition>;
}

/** Of which time a tenant's alerts and issues are known. */
export interface TenantCoverage {
  tenant: TenantId;
  /** From when on anything is known: its first reading to the end, or its first alert where that is earlier. */
  since?: EpochMs;
  /** When the last reading that came to its end began: alerts raised before are known. */
  readTo?: EpochMs;
  /** When the last whole look at its issues began: what people did before is known. */
  syncedTo?: EpochMs;
  /** It was read in the span that was asked about, or an alert of it was raised in it. */
  present: boolean;
}

/** Of which time the ledger knows, for every tenant that it ever read, configured or not. */
export interface Coverage {
  /** Their names, sorted. */
  tenants(): Promise<readonly TenantId[]>;
  /** By name; the span is half-open. */
  of(span: { from: EpochMs; to: EpochMs }): Promise<readonly TenantCoverage[]>;
}
