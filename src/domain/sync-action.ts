import type { Verdict } from './alert.ts';
import type { ClosingVerdict } from './link.ts';
import type { EpochMs } from './time.ts';

/** Something of an alert that its issue is told. */
export type SyncNews =
  | { kind: 'alert-closed'; verdict: Verdict; by?: string; at?: EpochMs }
  | { kind: 'alert-reopened' }
  | { kind: 'verdict-changed'; from?: Verdict; verdict: Verdict; by?: string; at?: EpochMs }
  /** The source no longer knows it. */
  | { kind: 'alert-gone' }
  /** The issue was reopened, and the source's API knows no way to open an alert again. */
  | { kind: 'alert-stays-closed' }
  /** Alert and issue changed apart; `winner` is the side that counts, and why. */
  | { kind: 'disputed'; winner: 'alert' | 'issue'; why: string; verdict?: Verdict; by?: string }
  /** What was to be done was refused; it is tried again each hour. */
  | { kind: 'refused'; what: Exclude<SyncAction['do'], 'tell-issue'>; why: string; mend?: string };

/** What is to be done to one side of a pair, as data. */
export type SyncAction =
  | { do: 'close-alert'; verdict: ClosingVerdict; because: string }
  | { do: 'reopen-alert'; because: string }
  /** `to`: the status or transition that the configuration names. */
  | { do: 'move-issue'; to: string; because: string }
  | { do: 'reopen-issue'; because: string }
  | { do: 'tell-issue'; news: SyncNews };
