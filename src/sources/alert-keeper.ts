import type { Alert, AlertId } from '../domain/alert.ts';
import type { ClosingVerdict } from '../domain/link.ts';
import type { EpochMs } from '../domain/time.ts';

/** How one write to an alert ended, sorted by what may be done next. */
export type AlertWrite =
  /** It is as wished; `changed` is false when it was so before. */
  | { outcome: 'done'; changed: boolean }
  /** Certain that nothing was changed, and worth another try. */
  | { outcome: 'not-sent'; why: string; retryAfterMs?: number }
  /** Certain that nothing was changed, and the same request fails again: also where the service has no such call. */
  | { outcome: 'refused'; why: string; mend?: string }
  /** Certain that nothing was changed, and no other alert is either, until a person has seen to it. */
  | { outcome: 'unauthorised'; why: string; mend?: string }
  /** The request left and its answer was lost: read the alert again before anything is sent again. */
  | { outcome: 'unknown'; why: string };

/**
 * Alerts as they are now. One that is in neither list has not changed since the time that was asked about; where no time
 * was, nothing could be learnt of it this time.
 */
export interface AlertsNow {
  alerts: readonly Alert[];
  /** The source no longer knows them. */
  gone: readonly AlertId[];
  /** When the first of the calls left: nothing is known of what happened to them since. */
  readAt: EpochMs;
}

/** An alert as it was read. */
export interface KnownAlert {
  alert: Alert;
  readAt: EpochMs;
}

/** How an alert is to be closed. The signal lets a write wait for its turn, and ends the waiting. */
export interface Closing {
  verdict: ClosingVerdict;
  /** What was read of it; where that is fresh it is not read again. */
  known?: KnownAlert;
  /** Names the issue; it has no more than one line. */
  comment: string;
  signal?: AbortSignal;
}

/** One tenant's alerts after their birth. Writes end in an outcome; only a bug is thrown. */
export interface AlertKeeper {
  /** Whether a closed alert can be opened again through the API. */
  readonly reopens: boolean;
  /**
   * Reads these alerts again, in as few calls as the service allows. With `changedSince` a service that can say what
   * changed since then is asked that alone. Of the alerts in `besides` it tells what the same calls can tell; no
   * call is made for them but one, where a service is asked by ids and there are no `ids`. With a signal it waits up to
   * two minutes for its turn, else a few seconds.
   * @throws EdgeFailure when the service cannot be asked: then nothing is known of any of them.
   */
  alertsNow(ask: {
    ids: readonly AlertId[];
    besides?: readonly AlertId[];
    changedSince?: EpochMs;
    signal?: AbortSignal;
  }): Promise<AlertsNow>;
  /** Sees to it that the alert is closed with the verdict and the comment stands on it; reads it first unless it is known, and a second call changes nothing. */
  ensureClosed(id: AlertId, closing: Closing): Promise<AlertWrite>;
  /** Sees to it that the alert is open; `refused` with why where the API knows no way. */
  ensureReopened(id: AlertId, comment: string, signal?: AbortSignal): Promise<AlertWrite>;
}
