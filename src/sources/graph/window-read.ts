import type { TenantId } from '../../domain/alert.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import type { PageReceipt, ReadPosition, SourcePage } from '../../domain/reading.ts';
import type { GraphService } from '../../domain/service.ts';
import { type Clock, type EpochMs, HOUR_MS } from '../../domain/time.ts';
import { isObject, textOf, timeOf } from '../record/wire-values.ts';
import type { ReadStart } from '../source.ts';
import type { CallBook } from '../window/call-book.ts';
import { endless, refuseRepetition } from '../window/endless.ts';
import { Pace } from '../window/pace.ts';
import { notesOnly, toPage } from '../window/page-of.ts';
import { callPatiently } from '../window/patient-call.ts';
import { isWholeDue, nextWatermark, reachOf } from '../window/reach.ts';
import { GRAPH, type GraphClient, LIMIT, type PageWire, SERVICE_SOURCES } from './graph-client.ts';
import { type Memo, type OpenWindow, parseMemo } from './memo.ts';
import { toAlert } from './to-alert.ts';

/** As in the example of "List alerts_v2"; a greatest page is not documented. */
const PAGE = 100;

/** More pages than this are a fault of the answers, not alerts. */
const MOST_PAGES = 2_000;

/** An alert is stamped when Defender files it and may be listed some minutes later: how far each pass looks back again. */
const OVERLAP_MS = HOUR_MS;

/** Service sources that do not contradict what was asked for, whatever that was. */
const UNTOLD = ['unknownFutureValue', 'unknown'];

export interface WindowReadParts {
  client: GraphClient;
  tenant: TenantId;
  services: readonly GraphService[];
  clock: Clock;
  random: () => number;
  book?: CallBook | undefined;
  keepsForWrites?: boolean | undefined;
}

type Pages = AsyncGenerator<SourcePage, void, PageReceipt>;

/**
 * Reads what was updated since the last pass and one hour before it, newest first. The last window's end was counted,
 * so that as soon as the new alerts explain what Graph counts now, the rest is known and not read: a pass with nothing
 * new is one call however many alerts the hour holds. Every six hours it reads all, from 48 hours before the watermark,
 * for what was stamped early and listed late, or hidden from the count by another that vanished. Alerts from before the
 * tenant's first window are never asked for, whichever source read that.
 *
 * The place in the list is noted after each page; a window left half-read goes on with the page that was read last, and
 * begins anew if Graph no longer knows that place. Watermark and tail move with the end of the window only.
 */
export class WindowRead {
  readonly #parts: WindowReadParts;
  readonly #start: ReadStart;
  readonly #memo: Memo;
  readonly #pace: Pace;
  readonly #floor: EpochMs;
  readonly #ours: ReadonlySet<string>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  /** A window of which no page was read yet. */
  #opening: Pick<OpenWindow, 'since' | 'whole'> = { since: 0, whole: false };
  /** Alerts seen that the next window will hold; `undefined` when only a part of this one is read. */
  #ofTail: Set<string> | undefined;

  constructor(parts: WindowReadParts, start: ReadStart) {
    const { position, patienceMs, signal } = start;
    const memo = parseMemo(position.memo, servicesOf(parts));
    this.#ours = new Set([...parts.services.map((service) => SERVICE_SOURCES[service]), ...UNTOLD]);
    this.#parts = parts;
    this.#start = start;
    this.#memo = memo;
    this.#floor = memo.floor ?? reachOf(start, memo);
    this.#signal = AbortSignal.any([this.#stop.signal, ...(signal ? [signal] : [])]);
    const { calls, notBefore } = memo;
    const held = notBefore === undefined ? {} : { notBefore };
    const { clock, book, keepsForWrites } = parts;
    this.#pace = new Pace({ limit: LIMIT, clock, calls, patienceMs, book, keepsForWrites, ...held });
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
    let page = (await this.#resumed()) ?? (await this.#begun());
    let previous: readonly unknown[] | undefined;
    const unexplained = this.#unexplained(page);
    let fresh = 0;
    let ahead: Promise<LinkedPage> | undefined;
    try {
      for (let read = 1; ; read++) {
        refuseRepetition(page.records, previous, GRAPH);
        // Where all has to be read, the next page is on its way while this one is stored.
        ahead = unexplained === undefined && page.next !== undefined ? this.#fetch(page.next) : undefined;
        // Its failure is met when its turn comes.
        ahead?.catch(() => undefined);
        fresh += (yield this.#toSourcePage(page)).fresh;
        if (page.next === undefined) return;
        if (fresh === unexplained) {
          const { tail = { from: 0 } } = this.#memo;
          yield notesOnly(this.#end({ from: tail.from, ...(page.count === undefined ? {} : { count: page.count }) }));
          return;
        }
        if (read === MOST_PAGES) throw endless(GRAPH, MOST_PAGES);
        previous = page.records;
        page = await (ahead ?? this.#fetch(page.next));
      }
    } finally {
      this.#stop.abort();
      await ahead?.catch(() => undefined);
    }
  }

  /** The page at which a half-read window goes on; `undefined` when there is none, or its place is no longer known. */
  async #resumed(): Promise<LinkedPage | undefined> {
    const { window } = this.#memo;
    if (!window) return undefined;
    try {
      return await this.#fetch(window.link);
    } catch (error) {
      if (!isEdgeFailure(error) || error.kind !== 'refused') throw error;
      return undefined;
    }
  }

  #begun(): Promise<LinkedPage> {
    const { client, clock } = this.#parts;
    const { tail } = this.#memo;
    const whole = tail === undefined || isWholeDue(this.#start.now, this.#memo);
    const updatedFrom = Math.max(whole ? reachOf(this.#start, this.#memo) : tail.from, this.#floor);
    const link = client.firstPage({ updatedFrom, createdFrom: this.#floor, top: PAGE });
    delete this.#memo.window;
    this.#opening = { since: clock.now(), whole };
    this.#ofTail = new Set();
    return this.#fetch(link);
  }

  /** How many alerts of the window cannot be known yet; `undefined` when that cannot be said and all has to be read. */
  #unexplained({ count }: LinkedPage): number | undefined {
    const { tail, window } = this.#memo;
    if (window || this.#opening.whole || tail?.count === undefined || count === undefined) return undefined;
    return count - tail.count;
  }

  async #fetch(link: string): Promise<LinkedPage> {
    const { client, random } = this.#parts;
    const [pace, signal] = [this.#pace, this.#signal];
    const again = () => pace.take(signal);
    const page = await callPatiently(() => client.list({ link, again, signal }), { pace, random, signal });
    return { ...page, link };
  }

  #toSourcePage({ records, link, next }: LinkedPage): SourcePage {
    const { tenant, clock, client } = this.#parts;
    const seenAt = clock.now();
    const { wanted = [], strangers = [] } = Object.groupBy(records, (record) =>
      isStranger(record, this.#ours) ? 'strangers' : 'wanted',
    );
    const { newest, ...page } = toPage(wanted, (record) => toAlert(record, tenant, seenAt), 'createdDateTime');
    const window = this.#memo.window ?? { ...this.#opening, newest: 0 };
    this.#memo.window = { ...window, link, newest: Math.max(window.newest, newest) };
    const from = window.since - OVERLAP_MS;
    for (const record of records) if (updatedAt(record) >= from) this.#ofTail?.add(JSON.stringify(idOf(record)));
    const last = next === undefined;
    const position = last
      ? this.#end({ from, ...(this.#ofTail ? { count: this.#ofTail.size } : {}) })
      : this.#position();
    return { ...page, position, warnings: client.choosesServices ? warn(strangers) : [] };
  }

  /** The position while the window is not at its end: the watermark stays. */
  #position(): ReadPosition {
    const { watermark } = this.#start.position;
    return { memo: this.#writeMemo(), ...(watermark === undefined ? {} : { watermark }) };
  }

  /** The position at the window's end. A window without alerts leaves the watermark, and sets it where there is none. */
  #end(tail: NonNullable<Memo['tail']>): ReadPosition {
    const now = this.#parts.clock.now();
    const { since = now, newest = 0, whole = false } = this.#memo.window ?? {};
    delete this.#memo.window;
    this.#memo.tail = tail;
    if (whole) this.#memo.wholeAt = since;
    return { watermark: nextWatermark(this.#start.position.watermark, { newest, now }), memo: this.#writeMemo() };
  }

  #writeMemo(): string {
    const notBefore = this.#pace.notBefore();
    const { notBefore: _over, ...memo } = this.#memo;
    return JSON.stringify({
      ...memo,
      calls: this.#pace.calls(),
      floor: this.#floor,
      services: servicesOf(this.#parts),
      ...(notBefore === undefined ? {} : { notBefore }),
    } satisfies Memo);
  }
}

type LinkedPage = PageWire & { link: string };

/** A filter that a service passes over in silence must not raise the alerts of others. */
function isStranger(record: unknown, ours: ReadonlySet<string>): boolean {
  const source = isObject(record) ? textOf(record.serviceSource) : undefined;
  return source !== undefined && !ours.has(source);
}

function servicesOf({ services }: WindowReadParts): string {
  return services.toSorted().join();
}

/** A record without a date is counted wherever it turns up. */
function updatedAt(record: unknown): EpochMs {
  return (isObject(record) ? timeOf(record.lastUpdateDateTime) : undefined) ?? Number.POSITIVE_INFINITY;
}

function idOf(record: unknown): unknown {
  return isObject(record) ? (record.id ?? record) : record;
}

function warn(strangers: readonly unknown[]): string[] {
  if (strangers.length === 0) return [];
  const [first] = strangers as { serviceSource: string }[];
  const source = JSON.stringify(String(first?.serviceSource).slice(0, 80));
  return [`${GRAPH} listed ${strangers.length} alerts that were not asked for, such as of ${source}; none was read`];
}
