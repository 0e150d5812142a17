import type { Clock } from '../../domain/time.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import type { Redactor } from '../../observe/redact.ts';
import { eventLine, verboseLine } from '../render/event-line.ts';
import type { Screen } from '../screen.ts';
import { clean } from '../text/clean.ts';
import { version } from '../version.ts';

export interface ServeReportParts {
  out: Screen;
  clock: Clock;
  redactor: Redactor;
  verbose: boolean;
  /** One JSON document a line instead of words. */
  json: boolean;
}

/** Tells what a service does, as it happens; nothing is kept. */
export class ServeReport {
  readonly #parts: ServeReportParts;

  constructor(parts: ServeReportParts) {
    this.#parts = parts;
  }

  note(event: ProgressEvent): void {
    const line = eventLine(event) ?? serviceLine(event) ?? (this.#parts.verbose ? verboseLine(event) : undefined);
    if (line === undefined) return;
    this.#tell(line, this.#parts.json ? event : undefined);
  }

  stopping(): void {
    this.#tell('stopping: the step in hand is being finished; again to leave at once', undefined);
  }

  #tell(line: string, event: ProgressEvent | undefined): void {
    const { out, clock, redactor, json } = this.#parts;
    const at = new Date(clock.now()).toISOString();
    const text = json ? JSON.stringify({ at, says: line, ...event }) : `${at} ${line}`;
    out.write(`${redactor.clean(text)}\n`);
  }
}

/** What only a service tells. */
function serviceLine(event: ProgressEvent): string | undefined {
  switch (event.event) {
    case 'serving':
    case 'reloaded': {
      const { tenants, sites, store } = event;
      const what = event.event === 'serving' ? `casewire ${version()} serves` : 'the configuration was read again:';
      const many = tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`;
      return `${what} ${many} (${few(tenants)}) for ${sites.map(clean).join(', ')}, store ${clean(store)}`;
    }
    case 'reload-refused':
      return `the configuration is kept as it was: ${event.why.map(clean).join('; ')}`;
    case 'job-failed':
      return `a fault of Casewire itself in "${event.job}", tried again: ${clean(event.why)}`;
    default:
      return undefined;
  }
}

const MOST_NAMED = 10;

function few(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
