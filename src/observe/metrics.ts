import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock, EpochMs } from '../domain/time.ts';
import type { Standing } from '../domain/vitals.ts';
import type { ApiCall } from './meter.ts';
import { countsOf, roundOf } from './metric-events.ts';
import { COUNTERS, GAUGES, type GaugeName, HISTOGRAMS, type HistogramName } from './metric-names.ts';
import type { ProgressEvent } from './progress.ts';

export interface MetricsParts {
  clock: Clock;
  version: string;
  /** Reads how things stand; asked at most once in five seconds. */
  look: () => Promise<Standing>;
  /** Bytes of memory in use. */
  memory: () => number;
}

/** What the program counts of itself, in Prometheus form; docs/metrics.md has the names. */
export interface Metrics {
  note(event: ProgressEvent): void;
  called(call: ApiCall): void;
  /** The answer to a scrape. Gauges that cannot be read are left out, and `casewire_up_to_date` is 0. */
  text(): Promise<string>;
}

/** A scrape within this time of another gets the same gauges. */
const FRESH_MS = 5_000;

export function createMetrics(parts: MetricsParts): Metrics {
  return new PromMetrics(parts);
}

class PromMetrics implements Metrics {
  readonly #parts: MetricsParts;
  readonly #registry = new Registry();
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #gauges: ReadonlyMap<string, Gauge>;
  readonly #histograms: ReadonlyMap<string, Histogram>;
  /** When rounds began that have not ended. */
  readonly #begun = new Map<string, EpochMs>();
  #looked: { at: EpochMs; done: Promise<void> } | undefined;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    const registers = [this.#registry];
    this.#counters = make(
      COUNTERS,
      (name, { help, labels }) => new Counter({ name, help, labelNames: labels, registers }),
    );
    this.#gauges = make(GAUGES, (name, { help, labels }) => new Gauge({ name, help, labelNames: labels, registers }));
    this.#histograms = make(
      HISTOGRAMS,
      (name, { help, labels, buckets }) =>
        new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
    );
    this.#set('casewire_build_info', { version: parts.version }, 1);
    this.#set('casewire_start_time_seconds', {}, parts.clock.now() / 1000);
  }

  called({ service, status, ms }: ApiCall): void {
    this.#observe('casewire_api_call_seconds', { service, status: classOf(status) }, ms);
  }

  note(event: ProgressEvent): void {
    for (const { name, labels, by } of countsOf(event)) if (by > 0) this.#counters.get(name)?.inc(labels, by);
    const now = this.#parts.clock.now();
    const round = roundOf(event);
    if (round?.begins) this.#begun.set(round.of, now);
    if (round && !round.begins) {
      this.#took(round.job, now - (this.#begun.get(round.of) ?? now));
      this.#begun.delete(round.of);
    }
    if (event.event === 'settled' && event.line.outcome === 'raised')
      this.#observe('casewire_alert_to_issue_seconds', {}, now - event.line.createdAt);
  }

  async text(): Promise<string> {
    const now = this.#parts.clock.now();
    if (!this.#looked || Math.abs(now - this.#looked.at) >= FRESH_MS) this.#looked = { at: now, done: this.#look() };
    await this.#looked.done;
    return this.#registry.metrics();
  }

  async #look(): Promise<void> {
    this.#set('casewire_memory_bytes', {}, this.#parts.memory());
    try {
      const seen = await this.#parts.look();
      this.#forget();
      this.#tell(seen);
      this.#set('casewire_up_to_date', {}, 1);
    } catch {
      // The ledger did not answer: /readyz and the log say why; stale numbers would say that all is well.
      this.#forget();
      this.#set('casewire_up_to_date', {}, 0);
    }
  }

  /** `reset` alone leaves a 0 where there are no labels, and 0 look-ups left is something else than not known. */
  #forget(): void {
    for (const name of FROM_LEDGER) {
      this.#gauges.get(name)?.reset();
      this.#gauges.get(name)?.remove({});
    }
  }

  #tell({ vitals, warnings }: Standing): void {
    const { at, quota, deliveries } = vitals;
    const age = (instant: EpochMs | undefined) =>
      instant === undefined ? undefined : Math.max(0, at - instant) / 1000;
    for (const own of vitals.tenants) {
      const { tenant } = own;
      this.#set('casewire_open_alerts', { tenant }, own.open);
      this.#set('casewire_oldest_open_alert_seconds', { tenant }, age(own.oldestOpen) ?? 0);
      this.#set('casewire_unknown_creates', { tenant }, own.unknown);
      this.#set('casewire_watermark_age_seconds', { tenant }, age(own.watermark));
      this.#set('casewire_last_poll_age_seconds', { tenant }, age(own.polledAt));
      this.#set('casewire_notes_open', { tenant }, own.notesOpen);
      this.#set('casewire_hints_waiting', { tenant }, own.hintsWaiting);
      for (const [kind, n] of Object.entries(own.auditDifferences ?? {}))
        this.#set('casewire_audit_differences', { tenant, kind }, n);
      for (const [reason, n] of Object.entries(own.heldBy)) this.#set('casewire_held_alerts', { tenant, reason }, n);
    }
    for (const { site, at: sweptAt } of vitals.sweeps)
      this.#set('casewire_last_sweep_age_seconds', { site }, age(sweptAt));
    for (const { subject, endsAt } of vitals.credentials)
      this.#set('casewire_credential_end_time_seconds', { subject }, endsAt / 1000);
    this.#set('casewire_reports_failed', {}, deliveries?.failed);
    this.#set('casewire_look_ups_left', {}, quota?.left);
    for (const { kind, tenant } of warnings) this.#set('casewire_warning', { kind, tenant: tenant ?? '' }, 1);
  }

  #set(name: GaugeName, labels: Readonly<Record<string, string>>, value: number | undefined): void {
    if (value !== undefined) this.#gauges.get(name)?.set(labels, value);
  }

  #took(job: string, ms: number): void {
    this.#observe('casewire_job_seconds', { job }, ms);
  }

  #observe(name: HistogramName, labels: Readonly<Record<string, string>>, ms: number): void {
    this.#histograms.get(name)?.observe(labels, Math.max(0, ms) / 1000);
  }
}

const FROM_LEDGER = Object.entries(GAUGES).flatMap(([name, { ledger }]) => (ledger ? [name] : []));

function make<D, T>(definitions: Readonly<Record<string, D>>, of: (name: string, definition: D) => T): Map<string, T> {
  return new Map(Object.entries(definitions).map(([name, definition]) => [name, of(name, definition)]));
}

function classOf(status: number | undefined): string {
  if (status === undefined) return 'none';
  return status === 429 ? '429' : `${Math.floor(status / 100)}xx`;
}
