import type { EpochMs } from '../../domain/time.ts';

/**
 * Which calls of one tenant were sent when, and until when its service wants none: one book for all who call that
 * service for that tenant within this process.
 */
export class CallBook {
  calls: EpochMs[] = [];
  /** Those of them, sent by this process, that leave a share of the minute to others. */
  sparing: EpochMs[] = [];
  notBefore: EpochMs = 0;

  /** Takes over what another run or process noted; what this book has already counts once. */
  add(calls: readonly EpochMs[], notBefore: EpochMs): void {
    const known = new Map<EpochMs, number>();
    for (const at of this.calls) known.set(at, (known.get(at) ?? 0) + 1);
    for (const at of calls) {
      const left = known.get(at) ?? 0;
      if (left > 0) known.set(at, left - 1);
      else this.calls.push(at);
    }
    this.calls.sort((a, b) => a - b);
    this.notBefore = Math.max(this.notBefore, notBefore);
  }
}
