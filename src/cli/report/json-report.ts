import type { PassSummary } from '../../domain/outcome.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { eventLine, verboseLine } from '../render/event-line.ts';
import { type PassKind, totalsOf } from '../render/totals.ts';
import type { Screen } from '../screen.ts';
import { toJson } from '../text/json.ts';
import type { PassReport } from './pass-report.ts';

/**
 * One JSON document on standard output (docs/json.md). The alerts are written as they settle and then forgotten, so a
 * pass over any number of them needs no more memory than a small one.
 */
export class JsonReport implements PassReport {
  readonly #out: Screen;
  readonly #err: Screen;
  readonly #verbose: boolean;
  #alerts = 0;

  constructor(parts: { out: Screen; err: Screen; kind: PassKind; verbose: boolean }) {
    const { out, err, kind, verbose } = parts;
    this.#out = out;
    this.#err = err;
    this.#verbose = verbose;
    out.write(`{"command":${toJson(kind)},\n"alerts":[`);
  }

  note(event: ProgressEvent): void {
    if (event.event === 'settled') this.#out.write(`${this.#alerts++ === 0 ? '\n' : ',\n'}${toJson(event.line)}`);
    const line = this.#verbose ? (eventLine(event) ?? verboseLine(event)) : undefined;
    if (line !== undefined) this.#err.write(`${line}\n`);
  }

  stopping(): void {
    this.#err.write('stopping: the step in hand is being finished\n');
  }

  end(summary: PassSummary, exitCode: number): void {
    const rest = toJson({ totals: totalsOf(summary), ...summary, exitCode });
    this.#out.write(`\n],\n${rest.slice(1)}\n`);
  }

  abandon(): void {}
}
