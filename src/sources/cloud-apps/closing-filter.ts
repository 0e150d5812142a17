import type { AlertId } from '../../domain/alert.ts';

/** An id of this service's alerts: 24 hexadecimal digits ("Alerts API", samples, read 2026-11), or a GUID as Graph's documents have it. */
const ID = /^(?:[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Most ids of one closing; the service takes no more in one call (Microsoft's own PowerShell module, Set-MCASAlert). */
const MOST_IDS = 100;

/**
 * Names the alerts that a closing is about. The service closes whatever matches the filter it gets, and all alerts where
 * the filter is empty; so a closing takes this and nothing else, and `of` alone makes one: at least one id, each whole.
 */
export class ClosingFilter {
  readonly #ids: readonly string[];

  private constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  /** A filter for exactly these alerts, or why there can be none. */
  static of(ids: readonly AlertId[]): ClosingFilter | { why: string } {
    const distinct = [...new Set<unknown>(ids)];
    if (distinct.length === 0) return { why: 'no alert is named' };
    if (distinct.length > MOST_IDS) return { why: `more than ${MOST_IDS} alerts are named` };
    const whole = distinct.filter((id): id is string => typeof id === 'string' && ID.test(id));
    const odd = distinct.find((id) => !whole.includes(id as string));
    if (whole.length !== distinct.length)
      return { why: `${JSON.stringify(odd)} is no alert id of Defender for Cloud Apps` };
    return new ClosingFilter(whole);
  }

  /** How many alerts it names; never 0. */
  get size(): number {
    return this.#ids.length;
  }

  /** As the service reads it. Private state is read, so that nothing else can pass for a filter. */
  static toWire(filter: ClosingFilter): { id: { eq: readonly string[] } } {
    return { id: { eq: [...filter.#ids] } };
  }
}
