import type { PassSummary } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import type { ProgressEvent } from '../../observe/progress.ts';
import { count, sayRuleCount } from '../render/alert-words.ts';
import { eventLine, fieldLines, sayMend, verboseLine } from '../render/event-line.ts';
import { attentionBesides, attentionLine } from '../render/render-warnings.ts';
import { type PassKind, sayCost, sayTotals, totalsOf } from '../render/totals.ts';
import { upkeepLines } from '../render/upkeep-lines.ts';
import { sayFirst, WaitingCauses } from '../render/waiting-causes.ts';
import type { Screen } from '../screen.ts';
import type { PassReport } from './pass-report.ts';

/** For a pipe or a file: one plain line per event, in the order in which things happen; of what waits one line per cause, at the end. */
export class LineReport implements PassReport {
  readonly #out: Screen;
  readonly #kind: PassKind;
  readonly #verbose: Screen | undefined;
  readonly #told = new Set<string>();
  readonly #waiting = new WaitingCauses();

  constructor({ out, kind, verbose }: { out: Screen; kind: PassKind; verbose: Screen | undefined }) {
    this.#out = out;
    this.#kind = kind;
    this.#verbose = verbose;
  }

  note(event: ProgressEvent): void {
    if (event.event === 'poll-failed') this.#told.add(event.tenant);
    if (this.#kind === 'run' && event.event === 'settled' && event.line.outcome === 'waiting')
      this.#waiting.note(event.line);
    else this.#tell(event);
  }

  #tell(event: ProgressEvent): void {
    const line = eventLine(event);
    if (line !== undefined) this.#out.write(`${line}\n`);
    // Not a step that was taken but part of what was asked for: it goes where the alert's own line goes.
    if (this.#verbose && event.event === 'settled') this.#out.writeLines(fieldLines(event.line));
    const quiet = this.#verbose && verboseLine(event);
    if (quiet !== undefined) this.#verbose?.write(`${quiet}\n`);
  }

  stopping(): void {
    this.#out.write('stopping: the step in hand is being finished\n');
  }

  end(summary: PassSummary): void {
    const lines: string[] = [];
    for (const { tenant, failure } of summary.tenants)
      if (failure && !this.#told.has(tenant))
        lines.push(
          `${failure.waiting ? 'delayed' : 'failed'} tenant ${tenant}: ${clean(failure.why)}${sayMend(failure.mend)}`,
        );
    for (const { site, why, mend, waiting } of summary.siteFailures)
      lines.push(`${waiting ? 'delayed' : 'failed'} jira ${site}: ${clean(why)}${sayMend(mend)}`);
    const causes = this.#waiting.list();
    for (const cause of causes)
      lines.push(`waiting ${count(cause.alerts, 'alert')}: ${clean(cause.why)} (${clean(sayFirst(cause))})`);
    const others = totalsOf(summary).waiting - causes.reduce((sum, { alerts }) => sum + alerts, 0);
    if (causes.length > 0 && others > 0) lines.push(`waiting ${count(others, 'more alert')}`);
    for (const rule of summary.rules ?? []) lines.push(`rule ${sayRuleCount(rule)}`);
    lines.push(...upkeepLines(summary.upkeep ?? {}));
    lines.push(...attentionBesides(summary).map(attentionLine));
    const word = summary.stopped ? 'stopped' : this.#kind === 'run' ? 'done' : 'planned';
    lines.push(`${word} ${sayTotals(totalsOf(summary), this.#kind)} ${sayCost(summary)}`);
    this.#out.writeLines(lines);
  }

  abandon(): void {}
}
