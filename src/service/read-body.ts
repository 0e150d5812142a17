import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/time.ts';

export interface BodyLimits {
  mostBytes: number;
  withinMs: number;
  clock: Clock;
}

/** Reads a request's body whole, or says why it is not; nothing beyond the limits is kept. */
export async function readBody(
  incoming: IncomingMessage,
  { mostBytes, withinMs, clock }: BodyLimits,
): Promise<Buffer | 'too-large' | 'too-slow' | 'cut-off'> {
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (length > mostBytes) return 'too-large';
  const over = new AbortController();
  try {
    return await Promise.race([
      gather(incoming, mostBytes, over.signal),
      clock.sleep(withinMs, over.signal).then(() => 'too-slow' as const),
    ]);
  } finally {
    over.abort();
  }
}

function gather(
  incoming: IncomingMessage,
  mostBytes: number,
  over: AbortSignal,
): Promise<Buffer | 'too-large' | 'cut-off'> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) resolve('too-large');
      else chunks.push(chunk);
    };
    const end = () => resolve(Buffer.concat(chunks));
    const cut = () => resolve('cut-off');
    incoming.on('data', take).once('end', end).once('error', cut).once('close', cut);
    over.addEventListener('abort', () => {
      incoming.off('data', take).off('end', end).off('close', cut).pause();
      chunks = [];
    });
  });
}
