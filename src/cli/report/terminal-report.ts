import type { TenantId } from '../../domain/alert.ts';
import type { AlertLine, PassSummary } from '../../domain/outcome.ts';
import type { Clock } from '../../domain/time.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { eventLine, verboseLine } from '../render/event-line.ts';
import { renderPass } from '../render/render-pass.ts';
import type { PassKind } from '../render/totals.ts';
import { WaitingCauses } from '../render/waiting-causes.ts';
import type { Screen } from '../screen.ts';
import type { Paper } from '../text/paper.ts';
import { LiveFrame } from './live-frame.ts';
import { LiveView } from './live-view.ts';
import type { PassReport } from './pass-report.ts';

/** How many alerts of each outcome the summary shows in full; the rest are counted. */
const KEPT: Record<AlertLine['outcome'], number> = {
  raised: 40,
  adopted: 10,
  attached: 10,
  held: 10,
  waiting: 10,
  suppressed: 5,
  'would-raise': 100,
  'would-attach': 20,
  'would-hold': 20,
  'would-suppress': 20,
};

/** A line that fills the last column leaves the cursor between two lines, where terminals differ. */
function framePaper(out: Screen): Paper {
  const paper = out.paper();
  return { ...paper, columns: paper.columns - 1 };
}

/** For a person: live progress while the pass goes on, then a table of what was done. */
export class TerminalReport implements PassReport {
  readonly #out: Screen;
  readonly #kind: PassKind;
  readonly #verbose: Screen | undefined;
  readonly #frame: LiveFrame;
  readonly #view: LiveView | undefined;
  readonly #kept: AlertLine[] = [];
  readonly #waiting = new WaitingCauses();
  readonly #counts = new Map<AlertLine['outcome'], number>();

  constructor(parts: {
    out: Screen;
    kind: PassKind;
    clock: Clock;
    tenants: readonly TenantId[];
    verbose: Screen | undefined;
  }) {
    const { out, kind, clock, tenants, verbose } = parts;
    this.#out = out;
    this.#kind = kind;
    this.#verbose = verbose;
    this.#frame = new LiveFrame(tenants, kind);
    // Verbose lines go to the same terminal: they and a frame that is drawn in place would write over each other.
    if (!verbose) this.#view = new LiveView({ screen: out, clock, lines: () => this.#frame.lines(framePaper(out)) });
  }

  note(event: ProgressEvent): void {
    this.#frame.note(event);
    this.#view?.changed();
    if (event.event === 'settled') this.#keep(event.line);
    const line = this.#verbose && (eventLine(event) ?? verboseLine(event));
    if (line !== undefined) this.#verbose?.write(`${line}\n`);
  }

  stopping(): void {
    const text = 'Stopping: the step in hand is being finished. Again to leave at once.';
    if (this.#view) this.#view.say(text);
    else this.#out.write(`${text}\n`);
  }

  end(summary: PassSummary): void {
    this.#view?.end();
    this.#out.writeLines(
      renderPass(
        {
          summary,
          kind: this.#kind,
          kept: this.#kept,
          waiting: this.#waiting.list(),
          counts: this.#counts,
          showsFields: this.#verbose !== undefined,
        },
        this.#out.paper(),
      ),
    );
  }

  abandon(): void {
    this.#view?.end();
  }

  #keep(line: AlertLine): void {
    const seen = this.#counts.get(line.outcome) ?? 0;
    this.#counts.set(line.outcome, seen + 1);
    if (line.outcome === 'waiting') this.#waiting.note(line);
    if (seen < KEPT[line.outcome]) this.#kept.push(line);
  }
}
