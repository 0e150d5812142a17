import { type Clock, SECOND_MS } from '../domain/time.ts';
import type { ProgressEvent } from '../observe/progress.ts';

/** In what something changed, as the console's sections are named. */
export type LiveTopic = 'overview' | 'alerts' | 'held' | 'tenants' | 'rules' | 'reports' | 'settings';

/** Pages that are held open at once. */
const MOST_LISTENERS = 64;

/** A storm of alerts makes a page read again once in this time. */
const AT_MOST_EVERY_MS = SECOND_MS;

const TOPICS: Readonly<Partial<Record<ProgressEvent['event'], readonly LiveTopic[]>>> = {
  'poll-ended': ['overview', 'tenants'],
  'poll-failed': ['overview', 'tenants'],
  'page-admitted': ['overview', 'tenants', 'alerts'],
  settled: ['overview', 'tenants', 'alerts', 'held', 'rules'],
  agreed: ['alerts'],
  'sync-ended': ['overview', 'tenants'],
  'sync-stopped': ['overview', 'tenants'],
  'news-written': ['alerts'],
  swept: ['overview'],
  audited: ['overview', 'tenants'],
  reloaded: ['overview', 'tenants', 'rules', 'reports', 'settings'],
  'reload-refused': ['overview', 'settings'],
  'report-delivered': ['reports'],
  'report-failed': ['overview', 'reports'],
  'trouble-began': ['overview', 'tenants'],
  'trouble-ended': ['overview', 'tenants'],
};

/** Tells open pages that something changed, and in what; what it is they read themselves. */
export class Live {
  readonly #clock: Clock;
  readonly #listeners = new Set<(topics: readonly LiveTopic[]) => void>();
  readonly #changed = new Set<LiveTopic>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note({ event, ...more }: ProgressEvent): void {
    // A page that brought nothing new changes nothing that is shown.
    if (event === 'page-admitted' && 'fresh' in more && more.fresh === 0) return;
    this.changed(TOPICS[event] ?? []);
  }

  /** Something changed by a person's hand. */
  changed(topics: readonly LiveTopic[]): void {
    if (this.#listeners.size === 0 || topics.length === 0) return;
    const waits = this.#changed.size > 0;
    for (const topic of topics) this.#changed.add(topic);
    if (!waits) void this.#clock.sleep(AT_MOST_EVERY_MS).then(() => this.#tell());
  }

  /** Calls back from now on, until what it answers is called; `undefined` when as many listen as may. */
  listen(listener: (topics: readonly LiveTopic[]) => void): (() => void) | undefined {
    if (this.#listeners.size >= MOST_LISTENERS) return undefined;
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(): void {
    const topics = [...this.#changed];
    this.#changed.clear();
    for (const listener of this.#listeners) listener(topics);
  }
}
