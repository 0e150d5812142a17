/** Milliseconds since 1970-01-01T00:00:00Z, as the alert sources and the ledger count them. */
export type EpochMs = number;

/** The flow of time as an argument: `now` for stamps, `sleep` for every wait, so that a test moves both by hand. */
export interface Clock {
  now(): EpochMs;
  /** Resolves after `ms`, or at once when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const UNITS_MS: Record<string, number> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** Reads a duration such as `90s`, `10m`, `48h` or `7d`; `undefined` when the text is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * (UNITS_MS[match[2] ?? ''] ?? Number.NaN);
}

/** Writes a span for people: `850 ms`, `12 s`, `4 min`, `2 h 05 min`, `3 d 4 h`. */
export function sayDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 2 * MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) {
    const minutes = Math.round(ms / MINUTE_MS);
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  }
  const hours = Math.round(ms / HOUR_MS);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Writes an instant in UTC to the second: `2026-11-24 07:00:00 UTC`. */
export function sayInstant(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
