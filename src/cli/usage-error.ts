/** A person asked for something that cannot be: told in one line, with exit code 2. */
export class UsageError extends Error {
  /** What to do instead. */
  readonly mend: string | undefined;

  constructor(message: string, mend?: string) {
    super(message);
    this.name = 'UsageError';
    this.mend = mend;
  }
}
