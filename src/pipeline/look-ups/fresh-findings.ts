import type { IpFinding } from '../../domain/finding.ts';
import type { EpochMs } from '../../domain/time.ts';

export type CheckedFinding = Extract<IpFinding, { checked: true }>;

/** The findings of this process, so that an address that a thousand alerts name is recalled once; bounded. */
export class FreshFindings {
  readonly #most: number;
  readonly #freshMs: number;
  /** Least recently used first. */
  readonly #byAddress = new Map<string, CheckedFinding>();

  constructor({ most, freshMs }: { most: number; freshMs: number }) {
    this.#most = most;
    this.#freshMs = freshMs;
  }

  get(address: string, now: EpochMs): CheckedFinding | undefined {
    const finding = this.#byAddress.get(address);
    if (!finding) return undefined;
    this.#byAddress.delete(address);
    if (now - finding.lookedUpAt >= this.#freshMs) return undefined;
    this.#byAddress.set(address, finding);
    return finding;
  }

  add(finding: CheckedFinding): void {
    this.#byAddress.delete(finding.address);
    this.#byAddress.set(finding.address, finding);
    if (this.#byAddress.size <= this.#most) return;
    for (const oldest of this.#byAddress.keys()) {
      this.#byAddress.delete(oldest);
      break;
    }
  }
}
