import type { TenantId } from '../../domain/alert.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import type { PageReceipt, ReadPosition, SourcePage } from '../../domain/reading.ts';
import type { Clock, EpochMs } from '../../domain/time.ts';
import type { ReadStart } from '../source.ts';
import type { CallBook } from '../window/call-book.ts';
import { Pace } from '../window/pace.ts';
import { notesOnly, toPage } from '../window/page-of.ts';
import { isWholeDue, nextWatermark, reachOf } from '../window/reach.ts';
import type { CloudAppsClient } from './cloud-apps-client.ts';
import { type Memo, parseMemo } from './memo.ts';
import { LIMIT, type NumberedPage, PAGE, PageReader } from './page-reader.ts';
import { toAlert } from './to-alert.ts';

/** How many known alerts the short way reads again before the place where new ones begin. */
const KNOWN_AGAIN = PAGE / 2;

export interface WindowReadParts {
  client: CloudAppsClient;
  tenant: TenantId;
  clock: Clock;
  random: () => number;
  book?: CallBook | undefined;
  keepsForWrites?: boolean | undefined;
}

type Pages = AsyncGenerator<SourcePage, void, PageReceipt>;

/**
 * Reads one window, from 48 hours before the watermark to the present, oldest first. The watermark moves with the last
 * page only; a window left half-read is taken up one page before the place it was left at.
 *
 * The long way reads every page. The short way begins at the window's end: the ledger knows how many alerts of the
 * window it holds, so what comes after that many is new. It is taken only if the service's own count then agrees with
 * what is known and what was found; else the long way follows. So a pass with nothing new is one call however many
 * alerts the window holds. An alert that turns up late in its middle changes the count, and so does one that vanishes;
 * should both happen between two passes, the long way finds it within six hours.
 */
export class WindowRead {
  readonly #parts: WindowReadParts;
  readonly #start: ReadStart;
  readonly #memo: Memo;
  readonly #pace: Pace;
  readonly #reader: PageReader;
  readonly #from: EpochMs;
  readonly #floor: EpochMs;
  #window: Memo['window'];
  #newest: EpochMs;

  constructor(parts: WindowReadParts, start: ReadStart) {
    const { clock, client, random, book } = parts;
    const { position, patienceMs, signal } = start;
    const memo = parseMemo(position.memo);
    const reach = reachOf(start, memo);
    this.#parts = parts;
    this.#start = start;
    this.#memo = memo;
    this.#floor = memo.floor ?? reach;
    this.#from = memo.window?.from ?? Math.max(reach, this.#floor);
    this.#window = memo.window;
    this.#newest = memo.window?.newest ?? 0;
    const { calls, notBefore } = memo;
    this.#pace = new Pace({
      limit: LIMIT,
      clock,
      calls,
      patienceMs,
      book,
      keepsForWrites: parts.keepsForWrites,
      ...(notBefore === undefined ? {} : { notBefore }),
    });
    this.#reader = new PageReader({ client, pace: this.#pace, random, from: this.#from, signal });
  }

  async *pages(): Pages {
    try {
      yield* this.#read();
    } catch (error) {
      // Calls that brought no page count too, and so does what the service asked to wait for.
      if (isEdgeFailure(error)) yield notesOnly(this.#position());
      throw error;
    }
  }

  async *#read(): Pages {
    if (this.#window) return yield* this.#longWay(Math.max(0, this.#window.skip - PAGE));
    const { watermark } = this.#start.position;
    const known = watermark === undefined ? 0 : await this.#expected();
    if (known < PAGE || isWholeDue(this.#start.now, this.#memo)) return yield* this.#longWay(0);
    const settled = yield* this.#shortWay(known);
    if (!settled) yield* this.#longWay(0);
  }

  /** How many alerts of the window the service ought to count if there are no new ones. */
  async #expected(): Promise<number> {
    return (await this.#start.knownSince(this.#from)) - (this.#memo.surplus ?? 0);
  }

  /** Reads what comes after the known alerts; returns whether all figures agree, so that nothing can be missing. */
  async *#shortWay(known: number): AsyncGenerator<SourcePage, boolean, PageReceipt> {
    let fresh = 0;
    for await (const page of this.#reader.from(known - KNOWN_AGAIN)) {
      fresh += (yield { ...this.#toPage(page), position: this.#position() }).fresh;
      if (page.total === undefined) return false;
      if (!page.last) continue;
      if (page.total !== known + fresh) return false;
      if (fresh > 0 || this.#newest > (this.#start.position.watermark ?? 0)) yield notesOnly(this.#end());
      return true;
    }
    return false;
  }

  async *#longWay(skip: number): Pages {
    for await (const page of this.#reader.from(skip)) {
      const next = page.skip + page.records.length;
      const converted = this.#toPage(page);
      if (!page.last) this.#window = { from: this.#from, skip: next, newest: this.#newest };
      if (page.last) this.#memo.wholeAt = this.#start.now;
      const position = page.last ? this.#end() : this.#position();
      yield { ...converted, position, warnings: warningsOf(page) };
      if (page.last) yield* this.#remark(page);
    }
  }

  /** Notes by how much the ledger's count and the service's differ, now that every alert of the window is known. */
  async *#remark({ total }: NumberedPage): Pages {
    const surplus = total === undefined ? 0 : (await this.#start.knownSince(this.#from)) - total;
    if (surplus === (this.#memo.surplus ?? 0)) return;
    this.#memo.surplus = surplus;
    yield notesOnly(this.#end());
  }

  #toPage({ records }: NumberedPage): Omit<SourcePage, 'position'> {
    const { tenant, clock } = this.#parts;
    const seenAt = clock.now();
    const { newest, ...page } = toPage(records, (record) => toAlert(record, tenant, seenAt), 'timestamp');
    this.#newest = Math.max(this.#newest, newest);
    return page;
  }

  /** The position while the window is not at its end: the watermark stays. */
  #position(): ReadPosition {
    const { watermark } = this.#start.position;
    return { memo: this.#writeMemo(this.#window), ...(watermark === undefined ? {} : { watermark }) };
  }

  /** The position at the window's end. A window without alerts leaves the watermark, and sets it where there is none. */
  #end(): ReadPosition {
    const now = this.#parts.clock.now();
    this.#window = undefined;
    const watermark = nextWatermark(this.#start.position.watermark, { newest: this.#newest, now });
    return { watermark, memo: this.#writeMemo(undefined) };
  }

  #writeMemo(window: Memo['window']): string {
    const notBefore = this.#pace.notBefore();
    const { surplus, wholeAt } = this.#memo;
    return JSON.stringify({
      source: 'defender-cloud-apps',
      calls: this.#pace.calls(),
      floor: this.#floor,
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(surplus ? { surplus } : {}),
      ...(wholeAt === undefined ? {} : { wholeAt }),
      ...(window ? { window } : {}),
    } satisfies Memo);
  }
}

function warningsOf({ last, skip, records, contradictoryTotal }: NumberedPage): string[] {
  if (!last || contradictoryTotal === undefined) return [];
  const listed = skip + records.length;
  return [
    `Defender for Cloud Apps counts ${contradictoryTotal} alerts but listed ${listed}; all that it listed was read`,
  ];
}
