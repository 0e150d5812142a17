import { type Clock, type EpochMs, MINUTE_MS } from '../domain/time.ts';

export interface RenewableSecretParts {
  secret: string;
  clock: Clock;
  /** The present value of a secret that may have been changed where it is kept; `undefined` when there is no other. */
  newer?: ((secret: string) => Promise<string | undefined>) | undefined;
}

/** A secret that may be replaced where it is kept while we run; it is looked for there when a service refuses ours. */
export class RenewableSecret {
  readonly #parts: RenewableSecretParts;
  #value: string;
  #asking: Promise<boolean> | undefined;
  /** No look before this instant: the last one found nothing new. */
  #notBefore: EpochMs = 0;

  constructor(parts: RenewableSecretParts) {
    this.#parts = parts;
    this.#value = parts.secret;
  }

  get value(): string {
    return this.#value;
  }

  /** A service refused this value; whether there is another one now. All who ask at once get one answer; looked for once a minute. */
  async refused(value: string): Promise<boolean> {
    if (value !== this.#value) return true;
    if (!this.#parts.newer || this.#parts.clock.now() < this.#notBefore) return false;
    this.#asking ??= this.#look().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #look(): Promise<boolean> {
    const { newer, clock } = this.#parts;
    const found = await newer?.(this.#value);
    if (found === undefined) this.#notBefore = clock.now() + MINUTE_MS;
    else this.#value = found;
    return found !== undefined;
  }
}
