import type { Attributes, Tracer } from '@opentelemetry/api';

/** Where the OpenTelemetry API keeps what an SDK registered (its source, `internal/global-utils.ts`, version 1). */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

let tracer: Tracer | undefined;

/**
 * Lets `traced` make spans if the user has brought an SDK of OpenTelemetry into this process, as with
 * `NODE_OPTIONS=--import`; without one nothing is loaded and nothing is spent. What an SDK registers is the process's
 * own, so this is too.
 */
export async function traceIfAsked(): Promise<void> {
  if (!(REGISTERED in globalThis)) return;
  const { trace } = await import('@opentelemetry/api');
  tracer = trace.getTracer('casewire');
}

/** Does the work within a span of this name; attributes hold ids and never what people wrote. */
export function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  if (!tracer) return work();
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      // 2 is ERROR (OpenTelemetry API, `SpanStatusCode`): the enum itself would load the package. An error's message may
      // hold what people wrote, so its kind is all that is told.
      span.setStatus({ code: 2, message: kindOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function kindOf(error: unknown): string {
  const kind = (error as { kind?: unknown } | undefined)?.kind;
  return typeof kind === 'string' ? kind : error instanceof Error ? error.name : 'unknown';
}
