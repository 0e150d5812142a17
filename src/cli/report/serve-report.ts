import { clean } from '../../domain/text/clean.ts';
import type { Clock } from '../../domain/time.ts';
import type { Log } from '../../observe/log.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import type { Redactor } from '../../observe/redact.ts';
import { eventLine, verboseLine } from '../render/event-line.ts';
import type { Screen } from '../screen.ts';
import { version } from '../version.ts';

export interface ServeReportParts {
  out: Screen;
  clock: Clock;
  redactor: Redactor;
  verbose: boolean;
  /** Takes each event instead of words. */
  log?: Log;
}

/** Tells what a service does, as it happens; nothing is kept. */
export class ServeReport {
  readonly #parts: ServeReportParts;

  constructor(parts: ServeReportParts) {
    this.#parts = parts;
  }

  note(event: ProgressEvent): void {
    const { log } = this.#parts;
    if (log) {
      log.note(event);
      return;
    }
    const line = eventLine(event) ?? serviceLine(event) ?? (this.#parts.verbose ? verboseLine(event) : undefined);
    if (line !== undefined) this.#tell(line);
  }

  stopping(): void {
    if (!this.#parts.log) this.#tell('stopping: the step in hand is being finished; again to leave at once');
  }

  #tell(line: string): void {
    const { out, clock, redactor } = this.#parts;
    out.write(`${redactor.clean(`${new Date(clock.now()).toISOString()} ${line}`)}\n`);
  }
}

/** What only a service tells. */
function serviceLine(event: ProgressEvent): string | undefined {
  switch (event.event) {
    case 'serving':
    case 'reloaded': {
      const { tenants, sites, store, listens } = event;
      const what = event.event === 'serving' ? `casewire ${version()} serves` : 'the configuration was read again:';
      const many = tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`;
      return `${what} ${many} (${few(tenants)}) for ${sites.map(clean).join(', ')}, store ${clean(store)}${listens === undefined ? '' : `, listens at ${listens}`}`;
    }
    case 'reload-refused':
      return `the configuration is kept as it was: ${event.why.map(clean).join('; ')}`;
    case 'report-delivered':
      return `${event.kind} report ${sayScope(event)}: ${event.channel === 'mail' ? 'mailed' : 'put into the folder'}`;
    case 'report-failed':
      return event.final
        ? `${event.kind} report ${sayScope(event)}: not mailed to everyone: ${clean(event.why)}`
        : `${event.kind} report ${sayScope(event)}: not ${event.channel === 'mail' ? 'mailed' : 'put into the folder'}, tried again: ${clean(event.why)}`;
    case 'trouble-began':
      return `not well ${event.tenant ? `${event.tenant}: ` : ''}${clean(event.says)} → ${clean(event.mend)}`;
    case 'trouble-ended':
      return `well again ${event.tenant ? `${event.tenant}: ` : ''}${event.kind}`;
    case 'job-failed':
      return `"${event.job}" broke off and is tried again: ${clean(event.why)}`;
    default:
      return undefined;
  }
}

function sayScope({ scope, period }: { scope: string; period: string }): string {
  return `${scope === 'all' ? 'of all tenants' : `of ${scope}`} from ${period}`;
}

const MOST_NAMED = 10;

function few(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
