import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../src/config/parse-config.ts';
import { formatProblem } from '../src/config/problems.ts';
import type { ProgressEvent } from '../src/observe/progress.ts';
import { serve } from '../src/service/serve.ts';
// Loaded here, so that no time of the world passes while it is.
import '../src/service/web.ts';
import type { World } from './world.ts';

/** A running service in a world whose time a test moves. */
export class Serving {
  readonly events: ProgressEvent[] = [];
  readonly #world: World;
  readonly #stop = new AbortController();
  readonly #begun = Promise.withResolvers<void>();
  readonly ended: Promise<void>;
  /** The link by which a browser may act, as `serve` prints it. */
  link = '';
  #reload: () => void = () => {};
  /** Called with each event, after it was kept. */
  onEvent: (event: ProgressEvent) => void = () => {};

  constructor(world: World, { random = () => 0.5 }: { random?: () => number } = {}) {
    this.#world = world;
    world.write('casewire.yaml', world.configText());
    const first = this.#load();
    if (!first.ok) throw new Error(first.problems.map(formatProblem).join('\n'));
    this.ended = serve({
      config: first.config,
      load: async () => this.#load(),
      clock: world.clock,
      version: '1.2.3',
      random,
      signal: this.#stop.signal,
      progress: (event) => {
        this.events.push(event);
        if (event.event === 'serving') this.#begun.resolve();
        this.onEvent(event);
      },
      showLink: (link) => {
        this.link = link;
      },
      onReload: (listener) => {
        this.#reload = listener;
      },
    });
    this.ended.catch(() => {});
  }

  /** Lets so much time pass, and everything happen that is due in it; none passes before it serves. */
  async pass(ms: number): Promise<void> {
    await Promise.race([this.#begun.promise, this.ended]);
    await this.#world.drive(this.#world.clock.sleep(ms));
  }

  /** Asks for the configuration to be read again, as SIGHUP does. */
  reload(): void {
    this.#reload();
  }

  /** Asks for the end, as SIGTERM does, without waiting for it. */
  terminate(): void {
    this.#stop.abort();
  }

  /** Ends it; answers how long that took by the clock. */
  async stop(): Promise<number> {
    const { clock } = this.#world;
    const from = clock.now();
    this.terminate();
    await this.#world.drive(this.ended);
    return clock.now() - from;
  }

  of<E extends ProgressEvent['event']>(event: E): Extract<ProgressEvent, { event: E }>[] {
    return this.events.filter((one): one is Extract<ProgressEvent, { event: E }> => one.event === event);
  }

  #load() {
    const path = join(this.#world.folder, 'casewire.yaml');
    const { env } = this.#world.scene;
    return parseConfig({ source: readFileSync(path, 'utf8'), path, file: 'casewire.yaml', env });
  }
}
