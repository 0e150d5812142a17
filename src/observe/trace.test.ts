import { type Span, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { EdgeFailure } from '../domain/failure.ts';
import { traced, traceIfAsked } from './trace.ts';

/** What an SDK is to the API: spans are kept as they begin and end. */
function bringSdk() {
  const told: unknown[] = [];
  const tracer = {
    startActiveSpan(name: string, options: { attributes: object }, work: (span: Span) => unknown) {
      told.push([name, options.attributes]);
      const span = { setStatus: (status: object) => told.push(status), end: () => told.push('end') };
      return work(span as unknown as Span);
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer } as never);
  return told;
}

describe('traces', () => {
  afterEach(() => trace.disable());

  it('cost nothing and change nothing without an SDK, and are spans with one', async () => {
    await traceIfAsked();
    expect(await traced('casewire.poll', { tenant: 'contoso' }, async () => 1)).toBe(1);
    const told = bringSdk();
    await traceIfAsked();
    expect(await traced('casewire.poll', { tenant: 'contoso' }, async () => 2)).toBe(2);
    expect(told).toEqual([['casewire.poll', { tenant: 'contoso' }], 'end']);
  });

  it('tell of a failure its kind and none of its words, and let it pass', async () => {
    const told = bringSdk();
    await traceIfAsked();
    const failing = async () => {
      throw new EdgeFailure('refused', 'no such user: Ada');
    };
    await expect(traced('casewire.create', {}, failing)).rejects.toThrow('Ada');
    expect(told).toEqual([['casewire.create', {}], { code: 2, message: 'refused' }, 'end']);
  });
});
