import type { EpochMs } from './time.ts';

/** What AbuseIPDB knows of one address, in the words of its `/check` answer (docs.abuseipdb.com, CHECK endpoint). */
export interface AbuseReport {
  /** 0–100. */
  score: number;
  /** Reports within `windowDays`. */
  reports: number;
  /** Distinct reporters within `windowDays`. */
  reporters: number;
  windowDays: number;
  countryCode?: string;
  usageType?: string;
  isp?: string;
  domain?: string;
  isTor?: boolean;
  isWhitelisted?: boolean;
  lastReportedAt?: EpochMs;
}

/** An answer on one address, or an honest "not checked: why". It is never a reason to lose a ticket. */
export type IpFinding =
  | { checked: true; address: string; report: AbuseReport; lookedUpAt: EpochMs }
  /**
   * `never`: nobody is asked about such an address, as it is not public or one's own; it has no reports to know of.
   * `later`: what kept it from being asked after passes, such as a spent quota or a service that is down.
   * `unneeded`: nobody was asked, as the alert was not to become an issue; told in reports alone.
   */
  | { checked: false; address: string; why: string; never?: true; later?: true; unneeded?: true };

/** Said of an `unneeded` look-up. */
export const NOT_NEEDED = 'the alert has no issue, so no look-up was made';

/** Said of an address that the service will not take, today or any other day. */
export const NOT_ACCEPTED = 'AbuseIPDB does not accept this address';

/** Whether an address is not checked for a reason that passes. */
export function waitsForLookUp(finding: IpFinding): boolean {
  return !finding.checked && finding.later === true;
}

/** Bands of the score (our own): 0 none · 1–24 weak · 25–74 suspicious · 75–100 strong. */
export type AbuseBand = 'none' | 'weak' | 'suspicious' | 'strong';

export function bandOf(score: number): AbuseBand {
  if (score >= 75) return 'strong';
  if (score >= 25) return 'suspicious';
  return score >= 1 ? 'weak' : 'none';
}
