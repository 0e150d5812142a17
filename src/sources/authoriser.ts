import type { CheckLine } from '../domain/check.ts';

/** Where the client of a service gets its `Authorization` header from. */
export interface Authoriser {
  /** The header's value. @throws EdgeFailure with the mend when there is none to be had. */
  authorise(signal?: AbortSignal): Promise<string>;
  /** The service answered 401 to this value; whether a fresh one is there to be had, so that a read is worth a second try. */
  refused(header: string): Promise<boolean>;
  /** What a person can do when the service refuses the sign-in for good. */
  readonly mend: string;
  /** Which identity signs in, and what it lacks; an `error` among the lines says that nothing can be read. */
  check(subject: string): Promise<readonly CheckLine[]>;
}

export interface TokenParts {
  token: string;
  /** What stands before it in the header: `Token`, `Bearer`. */
  scheme: string;
  mend: string;
  /** The present value of a token that may have been changed where it is kept; `undefined` when there is no other. */
  newer?(token: string): Promise<string | undefined>;
}

/** Signs in by a token that a person made. */
export function byToken({ token, scheme, mend, newer }: TokenParts): Authoriser {
  let present = token;
  return {
    mend,
    authorise: async () => `${scheme} ${present}`,
    async refused(header) {
      if (header !== `${scheme} ${present}`) return true;
      const other = await newer?.(present);
      if (other === undefined) return false;
      present = other;
      return true;
    },
    check: async () => [],
  };
}
