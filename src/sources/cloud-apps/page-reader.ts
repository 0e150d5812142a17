import { EdgeFailure, isEdgeFailure } from '../../domain/failure.ts';
import { type EpochMs, MINUTE_MS } from '../../domain/time.ts';
import type { CloudAppsClient, PageWire } from './cloud-apps-client.ts';
import type { Pace } from './pace.ts';

/** Most records of a page ("REST API", limits). */
export const PAGE = 100;

/** More pages than this are a fault of the answers, not alerts. */
const MOST_PAGES = 2_000;

/** Pages asked for before the one ahead of them has come: with fewer, reading would be slower than raising. */
const AHEAD = 2;

export interface PageReaderParts {
  client: CloudAppsClient;
  pace: Pace;
  random: () => number;
  from: EpochMs;
  signal: AbortSignal | undefined;
}

export interface NumberedPage extends PageWire {
  skip: number;
  /** Nothing comes after it. */
  last: boolean;
}

/** Reads the pages of one window in order, several in flight, each as patiently as the pass allows. */
export class PageReader {
  readonly #parts: PageReaderParts;

  constructor(parts: PageReaderParts) {
    this.#parts = parts;
  }

  /**
   * The pages from `skip` to the end of the window.
   * @throws EdgeFailure after the pages before the failing one; `malformed` when the window does not come to an end.
   */
  async *from(skip: number): AsyncGenerator<NumberedPage, void, undefined> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, ...(this.#parts.signal ? [this.#parts.signal] : [])]);
    let ahead: Promise<PageWire>[] = [];
    let previous: PageWire | undefined;
    try {
      for (let at = skip; ; ) {
        const page = await (ahead.shift() ?? this.#fetch(at, signal));
        refuseRepetition(page, previous);
        const { length } = page.records;
        const last = !page.hasNext || length === 0;
        if (last || length !== PAGE) await drop(ahead.splice(0));
        else ahead = this.#ask(ahead, { next: at + PAGE, total: page.total, signal });
        yield { ...page, skip: at, last };
        if (last) return;
        previous = page;
        at += length;
      }
    } finally {
      stop.abort();
      await drop(ahead);
    }
  }

  /** Adds calls to those in flight, as far as the count of matches says that there is something to be read. */
  #ask(
    ahead: readonly Promise<PageWire>[],
    { next, total, signal }: { next: number; total: number | undefined; signal: AbortSignal },
  ): Promise<PageWire>[] {
    const asked = [...ahead];
    for (let skip = next + ahead.length * PAGE; asked.length < AHEAD && skip < (total ?? 0); skip += PAGE) {
      const call = this.#fetch(skip, signal);
      // Its failure is met when its turn comes.
      call.catch(() => undefined);
      asked.push(call);
    }
    return asked;
  }

  /** One page; a throttled service is waited for, a read that failed is tried once more. */
  async #fetch(skip: number, signal: AbortSignal): Promise<PageWire> {
    const { client, pace, from, random } = this.#parts;
    if (skip >= MOST_PAGES * PAGE)
      throw new EdgeFailure(
        'malformed',
        `Defender for Cloud Apps comes to no end after ${MOST_PAGES} pages of alerts`,
        {
          mend: 'shorten the tenant’s lookback; if it is short already, tell Microsoft',
        },
      );
    for (let mayRetry = true; ; ) {
      await pace.take(signal);
      try {
        return await client.list({ from, skip, limit: PAGE, again: () => pace.take(signal), signal });
      } catch (error) {
        if (!isEdgeFailure(error) || signal.aborted) throw error;
        if (error.kind === 'rate-limited') {
          const waitMs = error.details.retryAfterMs ?? MINUTE_MS;
          pace.holdOff(waitMs);
          if (!(await pace.pause(waitMs, signal))) throw error;
        } else if (error.kind === 'unavailable' && mayRetry) {
          mayRetry = false;
          if (!(await pace.pause(300 + 400 * random(), signal))) throw error;
        } else throw error;
      }
    }
  }
}

async function drop(calls: readonly Promise<PageWire>[]): Promise<void> {
  await Promise.allSettled(calls);
}

/** The same page twice in a row would go on for ever. */
function refuseRepetition(page: PageWire, previous: PageWire | undefined): void {
  if (previous === undefined || page.records.length === 0 || page.records.length !== previous.records.length) return;
  if (JSON.stringify(page.records[0]) !== JSON.stringify(previous.records[0])) return;
  if (JSON.stringify(page.records.at(-1)) !== JSON.stringify(previous.records.at(-1))) return;
  throw new EdgeFailure('malformed', 'Defender for Cloud Apps answered with the same page of alerts twice in a row', {
    mend: 'what was read is kept; if it lasts, a proxy may answer from its memory',
  });
}
