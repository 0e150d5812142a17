/**
 * How a call to another service failed, sorted by what the caller does next.
 *
 * - `rate-limited`     wait as told, keep the work
 * - `unavailable`      nothing was changed (refused before sending, or a failed read): back off, try again
 * - `unknown-outcome`  a write left and its answer was lost or unreadable: look first, then maybe write again
 * - `unauthorised`     401, 403, or an answer served as anonymous: pause this tenant or site, tell a person
 * - `refused`          the service understood and said no: hold, with its own words
 * - `malformed`        an answer that is not as documented: hold or stop, with the raw text
 */
export type FailureKind = 'rate-limited' | 'unavailable' | 'unknown-outcome' | 'unauthorised' | 'refused' | 'malformed';

export interface FailureDetails {
  /** HTTP status, where an answer came. */
  status?: number;
  /** How long the service asked us to wait, in milliseconds from now. */
  retryAfterMs?: number;
  /** The vendor's own words, shortened and free of secrets. */
  vendorSays?: string;
  /** What a person can do about it. */
  mend?: string;
  /** The vendor's complaints by field id (Jira's `errors`). */
  fields?: Readonly<Record<string, string>>;
}

/** The one error that the edges throw; anything else thrown is a bug. `message` says what happened, to what, and why. */
export class EdgeFailure extends Error {
  readonly kind: FailureKind;
  readonly details: FailureDetails;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EdgeFailure';
    this.kind = kind;
    this.details = details;
  }
}

export function isEdgeFailure(error: unknown): error is EdgeFailure {
  return error instanceof EdgeFailure;
}

/**
 * The store is well, and refuses the values of one entry: a text too long for an index, a number out of its range, a
 * field that is missing. It concerns that entry alone.
 */
export class StoreRefusal extends Error {}

/**
 * The ledger's store was not to be had. What was asked of it took hold wholly or not at all, and where that is not
 * known the message says so; as after a crash, the next pass goes on from what the store holds. It is not an
 * `EdgeFailure`: nothing may be concluded from it about a service that is written to.
 */
export class StoreFailure extends Error {
  readonly mend: string | undefined;

  constructor(message: string, mend?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreFailure';
    this.mend = mend;
  }

  /** What happened, and what to do. */
  get words(): string {
    return this.mend === undefined ? this.message : `${this.message}; ${this.mend}`;
  }
}
