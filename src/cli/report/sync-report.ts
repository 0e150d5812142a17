import type { SyncLine, SyncSummary } from '../../domain/sync-outcome.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { eventLine, verboseLine } from '../render/event-line.ts';
import { renderSyncEnd } from '../render/render-sync.ts';
import type { Screen } from '../screen.ts';
import { toJson } from '../text/json.ts';

export interface SyncReportParts {
  out: Screen;
  err: Screen;
  json: boolean;
  verbose: boolean;
  dryRun: boolean;
}

/** Tells a `sync`: each deed as a line when it is done, or all in one JSON document at the end. */
export class SyncReport {
  readonly #parts: SyncReportParts;
  readonly #lines: SyncLine[] = [];

  constructor(parts: SyncReportParts) {
    this.#parts = parts;
  }

  note(event: ProgressEvent): void {
    const { out, err, json, verbose } = this.#parts;
    if ('line' in event && event.event !== 'settled' && (json || event.event === 'sync-planned'))
      this.#lines.push(event.line);
    const line = eventLine(event);
    if (line !== undefined && !json) out.writeLines([line]);
    const quiet = verbose ? (json ? (line ?? verboseLine(event)) : verboseLine(event)) : undefined;
    if (quiet !== undefined) err.writeLines([quiet]);
  }

  stopping(): void {
    const { out, err, json } = this.#parts;
    (json ? err : out).writeLines(['stopping: the step in hand is being finished']);
  }

  end(summary: SyncSummary, exitCode: number): void {
    const { out, json, dryRun } = this.#parts;
    if (json) out.write(`${toJson({ command: 'sync', dryRun, lines: this.#lines, ...summary, exitCode })}\n`);
    else out.writeLines(renderSyncEnd({ summary, planned: this.#lines, dryRun }, out.paper()));
  }
}
