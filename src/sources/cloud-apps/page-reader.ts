import type { EpochMs } from '../../domain/time.ts';
import { endless, refuseRepetition } from '../window/endless.ts';
import type { CallLimit, Pace } from '../window/pace.ts';
import { callPatiently } from '../window/patient-call.ts';
import type { CloudAppsClient, PageWire } from './cloud-apps-client.ts';

/** The whole API allows so many calls a minute and tenant, shared by all its clients ("REST API", limits). */
export const LIMIT: CallLimit = { service: 'Defender for Cloud Apps', callsAMinute: 30, forWrites: 10 };

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
        refuseRepetition(page.records, previous?.records, LIMIT.service);
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
    if (skip >= MOST_PAGES * PAGE) throw endless(LIMIT.service, MOST_PAGES);
    const again = () => pace.take(signal);
    return callPatiently(() => client.list({ from, skip, limit: PAGE, again, signal }), { pace, random, signal });
  }
}

async function drop(calls: readonly Promise<PageWire>[]): Promise<void> {
  await Promise.allSettled(calls);
}
