import type { Alert, TenantId } from '../../domain/alert.ts';
import { EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import type { PageReceipt, SourcePage, UnreadableRecord } from '../../domain/reading.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { AlertSource, ReadStart } from '../source.ts';
import { CloudAppsClient, type CloudAppsParts, type PageWire } from './cloud-apps-client.ts';
import { Pace } from './pace.ts';
import { toAlert } from './to-alert.ts';

/** Alerts are raised hours after the events they tell of, and some turn up late: how far each pass looks back again. */
const OVERLAP_MS = 48 * HOUR_MS;

/** Most records of a page ("REST API", limits). */
const PAGE = 100;

/** More pages than this are a fault of the answers, not alerts. */
const MOST_PAGES = 2_000;

/** Pages asked for ahead of the one being stored. */
const AHEAD = 4;

/** A creation time may be this far ahead of our clock. */
const SKEW_MS = 10 * MINUTE_MS;

/** What the source notes for its next read. */
interface Memo {
  /** Times of the calls of the last minute. */
  calls: readonly EpochMs[];
  /** A window that was not read to its end. */
  window?: { from: EpochMs; skip: number; newest: EpochMs };
}

/** One tenant of Defender for Cloud Apps, REST API v1. */
export function cloudAppsSource(parts: CloudAppsParts & { tenant: TenantId }): AlertSource {
  const { tenant } = parts;
  const client = new CloudAppsClient(parts);
  return {
    tenant,
    async check() {
      const subject = `tenant ${tenant}`;
      try {
        await client.list({ from: parts.clock.now(), skip: 0, limit: 1 });
        return [{ subject, level: 'ok', says: 'the alerts can be read' }];
      } catch (error) {
        if (!isEdgeFailure(error)) throw error;
        const { mend } = error.details;
        return [{ subject, level: 'error', says: error.message, ...(mend ? { mend } : {}) }];
      }
    },
    read: (start) => new WindowRead(client, parts, start).pages(),
    reread(raw, seenAt) {
      let record: unknown;
      try {
        record = JSON.parse(raw);
      } catch {
        record = raw;
      }
      return toAlert(record, tenant, seenAt);
    },
  };
}

/**
 * Reads one window, oldest first. The watermark moves with the last page of the window only; a window left half-read
 * is taken up one page before the place it was left at.
 *
 * A pass with nothing new costs one call however many alerts the overlap holds: when the first page is wholly known
 * and the count of all matches equals what the ledger holds of the window, the rest is known too. When the count is
 * larger, the new alerts are looked for at the window's end first, and in the middle only if they do not add up.
 * Where counts cannot be trusted, every page is read.
 */
class WindowRead {
  readonly #client: CloudAppsClient;
  readonly #parts: CloudAppsParts & { tenant: TenantId };
  readonly #start: ReadStart;
  readonly #pace: Pace;
  readonly #from: EpochMs;
  readonly #firstSkip: number;
  readonly #until: EpochMs;
  #newest: EpochMs;
  #previous = '';

  constructor(client: CloudAppsClient, parts: CloudAppsParts & { tenant: TenantId }, start: ReadStart) {
    this.#client = client;
    this.#parts = parts;
    this.#start = start;
    const memo = parseMemo(start.position.memo);
    const { watermark } = start.position;
    this.#pace = new Pace(parts.clock, memo.calls);
    this.#from = memo.window?.from ?? (watermark === undefined ? start.now - start.lookbackMs : watermark - OVERLAP_MS);
    this.#firstSkip = Math.max(0, (memo.window?.skip ?? 0) - PAGE);
    this.#newest = memo.window?.newest ?? 0;
    this.#until = start.now + start.patienceMs;
  }

  async *pages(): AsyncGenerator<SourcePage, void, PageReceipt> {
    const known = this.#firstSkip === 0 ? await this.#start.knownSince(this.#from) : 0;
    const first = await this.#fetch(this.#firstSkip);
    const receipt = yield this.#toPage(first, first.hasNext ? this.#firstSkip + PAGE : 'end');
    if (!first.hasNext) return;
    const settled = this.#firstSkip === 0 && receipt.fresh === 0 && first.total !== undefined && first.total >= known;
    const missing = settled ? (first.total ?? 0) - known : undefined;
    if (missing === undefined) {
      yield* this.#run(PAGE + this.#firstSkip, { stopAt: Number.POSITIVE_INFINITY, counts: true });
      return;
    }
    if (missing > 0) {
      const jump = Math.max(PAGE, (Math.floor(known / PAGE) - 1) * PAGE);
      const found = yield* this.#run(jump, { stopAt: Number.POSITIVE_INFINITY, counts: false });
      if (found !== missing && jump > PAGE) yield* this.#run(PAGE, { stopAt: jump, counts: false });
    }
    yield { alerts: [], unreadable: [], warnings: [], position: this.#position('end') };
  }

  /**
   * Reads pages from `skip` on, some ahead of time; returns how many records were new. With `counts` each page moves
   * the place at which a broken window is taken up again, and the last one ends the window.
   */
  async *#run(
    skip: number,
    { stopAt, counts }: { stopAt: number; counts: boolean },
  ): AsyncGenerator<SourcePage, number, PageReceipt> {
    const ahead: Promise<PageWire>[] = [];
    let asked = skip;
    let fresh = 0;
    try {
      for (let at = skip; at < stopAt; at += PAGE) {
        while (ahead.length < AHEAD && asked < stopAt && (asked === at || this.#mayHold(asked))) {
          const fetching = this.#fetch(asked);
          fetching.catch(() => undefined);
          ahead.push(fetching);
          asked += PAGE;
        }
        const page = await (ahead.shift() as Promise<PageWire>);
        const last = !page.hasNext || page.records.length === 0;
        const place = counts ? (last ? 'end' : at + PAGE) : 'unchanged';
        fresh += (yield this.#toPage(page, place)).fresh;
        if (last) break;
      }
      return fresh;
    } finally {
      await Promise.allSettled(ahead);
    }
  }

  /** Whether a page is worth asking for before the one ahead of it has come. */
  #mayHold(skip: number): boolean {
    return this.#total !== undefined && skip < this.#total;
  }

  #total: number | undefined;

  async #fetch(skip: number): Promise<PageWire> {
    if (skip >= MOST_PAGES * PAGE)
      throw new EdgeFailure('malformed', `Defender for Cloud Apps does not come to an end after ${MOST_PAGES} pages`);
    const page = await this.#fetchPatiently(skip);
    this.#total = page.total;
    return page;
  }

  /** Waits for a throttled service as long as the pass allows; a read that failed is tried once more. */
  async #fetchPatiently(skip: number): Promise<PageWire> {
    const { clock, random } = this.#parts;
    const { signal } = this.#start;
    let again = 1;
    for (;;) {
      await this.#pace.take(this.#until, signal);
      try {
        return await this.#client.list({ from: this.#from, skip, limit: PAGE, ...(signal ? { signal } : {}) });
      } catch (error) {
        if (!isEdgeFailure(error) || signal?.aborted) throw error;
        const pauseMs =
          error.kind === 'rate-limited'
            ? (error.details.retryAfterMs ?? MINUTE_MS)
            : error.kind === 'unavailable' && again-- > 0
              ? 300 + 400 * random()
              : Number.POSITIVE_INFINITY;
        if (clock.now() + pauseMs > this.#until) throw error;
        await clock.sleep(pauseMs, signal);
      }
    }
  }

  #toPage({ records }: PageWire, next: number | 'end' | 'unchanged'): SourcePage {
    const { tenant, clock } = this.#parts;
    const seenAt = clock.now();
    const alerts: Alert[] = [];
    const unreadable: UnreadableRecord[] = [];
    for (const record of records) {
      const read = toAlert(record, tenant, seenAt);
      if ('tenant' in read) alerts.push(read);
      else unreadable.push(read);
    }
    this.#refuseRepetition(alerts);
    for (const { createdAt } of alerts)
      if (createdAt <= seenAt + SKEW_MS) this.#newest = Math.max(this.#newest, createdAt);
    return { alerts: distinct(alerts), unreadable, warnings: [], position: this.#position(next) };
  }

  /** The same full page twice would go on for ever. */
  #refuseRepetition(alerts: readonly Alert[]): void {
    const page = alerts.length < PAGE ? '' : alerts.map(({ id }) => id).join('\n');
    if (page !== '' && page === this.#previous)
      throw new EdgeFailure('malformed', 'Defender for Cloud Apps answered the same page of alerts twice in a row');
    this.#previous = page;
  }

  #position(next: number | 'end' | 'unchanged'): SourcePage['position'] {
    const { watermark } = this.#start.position;
    const calls = this.#pace.calls();
    if (next === 'end') {
      const reached = this.#newest > 0 ? this.#newest : this.#parts.clock.now();
      return { watermark: Math.max(reached, watermark ?? 0), memo: JSON.stringify({ calls } satisfies Memo) };
    }
    const skip = next === 'unchanged' ? 0 : next;
    const memo: Memo = { calls, window: { from: this.#from, skip, newest: this.#newest } };
    return { memo: JSON.stringify(memo), ...(watermark === undefined ? {} : { watermark }) };
  }
}

function distinct(alerts: readonly Alert[]): Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()];
}

function parseMemo(text: string): Memo {
  if (text === '') return { calls: [] };
  const { calls, window } = JSON.parse(text) as Partial<Memo>;
  return { calls: calls ?? [], ...(window ? { window } : {}) };
}
