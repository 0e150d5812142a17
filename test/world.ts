import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../src/assembly/assemble.ts';
import type { Casewire } from '../src/assembly/casewire.ts';
import type { Config } from '../src/config/config.ts';
import { parseConfig } from '../src/config/parse-config.ts';
import { formatProblem } from '../src/config/problems.ts';
import type { AlertLine, PassSummary } from '../src/domain/outcome.ts';
import type { ProgressEvent } from '../src/observe/progress.ts';
import { type Scene, startScene } from '../src/simulators/scene.ts';
import type { SimServer } from '../src/simulators/sim-server.ts';
import { HandClock } from './hand-clock.ts';

export interface WorldOptions {
  edition?: 'cloud' | 'datacenter';
  /** Start of the clock. */
  at?: string;
  /** Keeps the store in memory where the machine has such a folder: tens of thousands of commits would wait for the disk. */
  inMemory?: boolean;
  /** Changes the configuration's text. */
  config?: (yaml: string, scene: Scene) => string;
}

/** What a pass said besides its summary. */
export interface PassReport extends PassSummary {
  lines: readonly AlertLine[];
  events: readonly ProgressEvent[];
}

/** Turns of the event loop without anything happening after which nobody but the clock can go on. */
const QUIET_TURNS = 60;

/**
 * The whole product on Monday morning: simulated services over real HTTP, a real ledger file, a clock moved by hand.
 * Each `run` opens the ledger anew, as a new process does.
 */
export class World {
  readonly clock: HandClock;
  readonly scene: Scene;
  readonly folder: string;
  /** Simulators besides the scene's: while they are asked, time stands still, and they end with the world. */
  readonly beside: SimServer[] = [];
  /** Changes the configuration's text from the next pass on. */
  editConfig: (yaml: string) => string = (yaml) => yaml;
  readonly #options: WorldOptions;
  readonly #seen: { calls: number; status: number | undefined }[] = [];
  #changes = 0;

  private constructor(clock: HandClock, scene: Scene, options: WorldOptions) {
    this.clock = clock;
    this.scene = scene;
    const parent = options.inMemory && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    this.folder = mkdtempSync(join(parent, 'casewire-world-'));
    this.#options = options;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const clock = new HandClock(options.at);
    const scene = await startScene({ clock, edition: options.edition ?? 'cloud' });
    return new World(clock, scene, options);
  }

  get storePath(): string {
    return join(this.folder, 'casewire.db');
  }

  /** Writes a file beside the configuration. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  configText(): string {
    const yaml = this.scene.configYaml();
    const text = this.editConfig(this.#options.config?.(yaml, this.scene) ?? yaml);
    // Worlds run beside each other: each takes a free port.
    return /^service:/m.test(text) ? text : `${text}service: { listen: "127.0.0.1:0" }\n`;
  }

  config(): Config {
    const path = join(this.folder, 'casewire.yaml');
    const result = parseConfig({ source: this.configText(), path, file: 'casewire.yaml', env: this.scene.env });
    if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
    return result.config;
  }

  async open(progress: (event: ProgressEvent) => void = () => {}, store: 'make' | 'use' = 'make'): Promise<Casewire> {
    return assemble(this.config(), { clock: this.clock, random: () => 0.5, progress, store });
  }

  /** One pass, from opening the ledger to closing it; time moves only when nothing else can go on. */
  async run(
    options: { waitMs?: number; signal?: AbortSignal; onEvent?: (event: ProgressEvent) => void } = {},
  ): Promise<PassReport> {
    return this.#pass('run', options);
  }

  async plan(): Promise<PassReport> {
    return this.#pass('plan', {});
  }

  async #pass(
    what: 'run' | 'plan',
    { waitMs = 0, signal = new AbortController().signal, onEvent = () => {} }: Parameters<World['run']>[0] & object,
  ): Promise<PassReport> {
    const events: ProgressEvent[] = [];
    const casewire = await this.open(
      (event) => {
        events.push(event);
        onEvent(event);
      },
      what === 'run' ? 'make' : 'use',
    );
    try {
      const summary = await this.drive(casewire[what]({ waitMs, signal }));
      const lines = events.flatMap((event) => (event.event === 'settled' ? [event.line] : []));
      return { ...summary, lines, events };
    } finally {
      await casewire.close();
    }
  }

  /**
   * Lets real input and output go on, and moves time to the next who waits for it whenever all is quiet; `leastStepMs`
   * has those who wait shortly after the first one go on together with it.
   */
  async drive<T>(work: Promise<T>, leastStepMs = 0): Promise<T> {
    let done = false;
    const finished = work.finally(() => {
      done = true;
    });
    finished.catch(() => {});
    let quiet = 0;
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#stirred() ? 0 : quiet + 1;
      const next = quiet >= QUIET_TURNS ? this.clock.first().inMs : undefined;
      if (next !== undefined) {
        this.clock.advance(Math.max(next, leastStepMs));
        quiet = 0;
      }
    }
    return finished;
  }

  /** Whether anything happened since it was last asked: a call came or was answered, or somebody waits or no longer does. */
  #stirred(): boolean {
    let stirred = false;
    const { cloudApps, jira, abuseipdb } = this.scene;
    for (const [i, { journal }] of [cloudApps, jira, abuseipdb, ...this.beside].entries()) {
      const { status } = journal.at(-1) ?? { status: undefined };
      const before = this.#seen[i];
      if (before?.calls === journal.length && before.status === status) continue;
      this.#seen[i] = { calls: journal.length, status };
      stirred = true;
    }
    const { changes } = this.clock;
    if (changes !== this.#changes) stirred = true;
    this.#changes = changes;
    return stirred;
  }

  /** Issues that exist in Jira, by the alert that each names in its property. */
  issuesByAlert(): Map<string, string[]> {
    const byAlert = new Map<string, string[]>();
    for (const { key, properties } of this.scene.jira.issues()) {
      const { tenant, alert } = properties['casewire.alert'] as { tenant: string; alert: string };
      byAlert.set(`${tenant}/${alert}`, [...(byAlert.get(`${tenant}/${alert}`) ?? []), key]);
    }
    return byAlert;
  }

  /** Where Jira names each alert: `SOC-1` for an issue of its own, `SOC-1#10004` for a comment that lists it. */
  placesByAlert(): Map<string, string[]> {
    const places = this.issuesByAlert();
    const { jira } = this.scene;
    for (const { key } of jira.issues())
      for (const { id, properties } of jira.commentsOf(key))
        for (const { value } of properties)
          for (const alert of (value as { alerts: string[] }).alerts)
            places.set(alert, [...(places.get(alert) ?? []), `${key}#${id}`]);
    return places;
  }

  /** Everything that is open at the source, as `TENANT/ID`. */
  openAlerts(): string[] {
    return [...this.scene.cloudApps.tenants].flatMap(([tenant, { alerts }]) =>
      alerts
        .filter((alert): alert is { _id: string } => typeof (alert as { _id?: unknown })?._id === 'string')
        .filter((alert) => !(alert as { resolutionStatusValue?: number }).resolutionStatusValue)
        .map(({ _id }) => `${tenant}/${_id}`),
    );
  }

  /** Creates that Jira saw, whatever it answered. */
  creates() {
    return this.scene.jira.requests(/\/issue(\?|$)/, 'POST');
  }

  ledgerText(): string {
    return readFileSync(this.storePath, 'latin1');
  }

  async stop(): Promise<void> {
    await Promise.all([this.scene.stop(), ...this.beside.map((sim) => sim.stop())]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
