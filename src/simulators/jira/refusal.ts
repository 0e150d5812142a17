import { json, type SimAnswer } from '../wire.ts';

/** A request that Jira refuses, thrown where it is noticed and answered in one place. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: Readonly<Record<string, string>>;

  constructor(status: number, message: string, errors: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  /** Jira's error collection. */
  toAnswer(): SimAnswer {
    return json(this.status, { errorMessages: this.message === '' ? [] : [this.message], errors: this.errors });
  }
}
