import type { Config } from '../../config/config.ts';
import { SECOND_MS, sayInstant } from '../../domain/time.ts';
import { lastSaturday } from '../../simulators/scene/monday.ts';
import type { PastClock } from '../../simulators/scene/past-clock.ts';
import type { Scene } from '../../simulators/scene.ts';
import type { Cli } from '../cli.ts';
import { openCasewire } from '../open.ts';
import { LiveView } from '../report/live-view.ts';
import { firstDayBefore, playWeeksBefore } from './weeks-before.ts';

/** A demo at work: what it plays with and on. */
export interface Playing {
  scene: Scene;
  config: Config;
  /** Of scene and product alike. */
  clock: PastClock;
  signal: AbortSignal;
}

/** Lets the weeks before the weekend pass in a few seconds, with one line that counts; the clock is the present afterwards. */
export async function showWeeks(cli: Cli, playing: Playing): Promise<void> {
  const { clock, config, signal, scene } = playing;
  const [from, to] = [firstDayBefore(cli.clock.now()), lastSaturday(cli.clock.now())];
  const told = new Counter(cli, `${dayOf(from)} to ${dayOf(to - SECOND_MS)}`);
  clock.goBack(from);
  try {
    const { random } = cli;
    const casewire = await openCasewire(config, { clock, random, progress: () => {}, store: 'make' });
    try {
      await playWeeksBefore({
        ...{ casewire, scene, clock, from, to, signal },
        onAlert: (come, all) => told.alert(come, all),
      });
    } finally {
      await casewire.close();
    }
  } finally {
    clock.comeBack();
    told.end(signal.aborted);
  }
}

/** On a terminal a line that counts, in place; without one a single line when all is over. */
class Counter {
  readonly #cli: Cli;
  readonly #when: string;
  readonly #view: LiveView | undefined;
  #come = 0;
  #all = 0;

  constructor(cli: Cli, when: string) {
    this.#cli = cli;
    this.#when = when;
    const { stdout: screen, clock } = cli;
    if (screen.isTerminal) this.#view = new LiveView({ screen, clock, lines: () => [this.#line()] });
  }

  alert(come: number, all: number): void {
    [this.#come, this.#all] = [come, all];
    this.#view?.changed();
  }

  end(stopped: boolean): void {
    if (this.#view) this.#view.end();
    else if (!stopped) this.#cli.stdout.write(`${this.#line()}\n`);
  }

  #line(): string {
    const counted =
      this.#come < this.#all || this.#all === 0 ? `${this.#come} of ${this.#all || '…'} alerts` : `${this.#all} alerts`;
    return `${this.#when}: ${counted}`;
  }
}

function dayOf(at: number): string {
  return sayInstant(at).slice(0, 10);
}
