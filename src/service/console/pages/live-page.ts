import { MINUTE_MS, SECOND_MS } from '../../../domain/time.ts';
import type { Ask, Page } from '../page.ts';

/** A proxy between ends what is silent for a minute. */
const BEAT_MS = 15 * SECOND_MS;

/** A browser comes back after so long, and then has to be somebody who may look as ever. */
const LONGEST_MS = 15 * MINUTE_MS;

/** How soon a browser comes back after a restart. */
const RETRY_MS = 3 * SECOND_MS;

/** A reader that has not taken so many events is no longer there. */
const MOST_UNREAD = 20;

/** Tells an open page when to read itself again, as server-sent events (HTML Living Standard, "Server-sent events"). */
export const livePage: Page = {
  path: '/live',
  here: 'overview',
  async show(ask) {
    return new Response(streamOf(ask), {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  },
};

function streamOf({ parts: { clock, live }, now, signal, isOver }: Ask): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  const ended = new AbortController();
  let begun = false;
  const end = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (ended.signal.aborted) return;
    ended.abort();
    controller.close();
  };
  const begin = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const send = (words: string) => {
      if (ended.signal.aborted) return;
      if (clock.now() - now >= LONGEST_MS) return end(controller);
      if ((controller.desiredSize ?? 0) < -MOST_UNREAD) end(controller);
      else controller.enqueue(text.encode(words));
    };
    // Where the ledger cannot say whether the session goes on, the browser comes back and is asked anew.
    const sendOn = (words: string) =>
      isOver()
        .then((over) => (over ? end(controller) : send(words)))
        .catch(() => end(controller));
    send(`retry: ${RETRY_MS}\n\n`);
    const leave = live.listen((topics) => void sendOn(`event: changed\ndata: ${topics.join(' ')}\n\n`));
    // As many pages as may are open already: this one tries again later.
    if (!leave) return end(controller);
    ended.signal.addEventListener('abort', leave, { once: true });
    signal.addEventListener('abort', () => end(controller), { once: true });
    if (signal.aborted) return end(controller);
    void (async () => {
      while (!ended.signal.aborted) {
        await clock.sleep(BEAT_MS, ended.signal);
        await sendOn(': still here\n\n');
      }
    })();
  };
  return new ReadableStream<Uint8Array>(
    {
      // Begun when it is read: the answer to HEAD never is.
      pull(controller) {
        if (begun) return;
        begun = true;
        begin(controller);
      },
      cancel: () => ended.abort(),
    },
    { highWaterMark: 0 },
  );
}
