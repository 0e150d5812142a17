import type { TenantId } from '../src/domain/alert.ts';
import { isEdgeFailure } from '../src/domain/failure.ts';
import type { ReadPosition, SourcePage } from '../src/domain/reading.ts';
import { type GraphService, USUAL_SERVICES } from '../src/domain/service.ts';
import { DAY_MS, SECOND_MS } from '../src/domain/time.ts';
import { HttpClient } from '../src/http/http-client.ts';
import { Meter } from '../src/observe/meter.ts';
import { Redactor } from '../src/observe/redact.ts';
import { CloudAppsSim, type SimAlert, type SimTenant } from '../src/simulators/cloud-apps-sim.ts';
import { GraphSim } from '../src/simulators/graph-sim.ts';
import type { SimServer } from '../src/simulators/sim-server.ts';
import type { AlertKeeper } from '../src/sources/alert-keeper.ts';
import type { Authoriser } from '../src/sources/authoriser.ts';
import { byToken } from '../src/sources/authoriser.ts';
import { MAKE_A_TOKEN } from '../src/sources/cloud-apps/cloud-apps-client.ts';
import { cloudAppsKeeper } from '../src/sources/cloud-apps/cloud-apps-keeper.ts';
import { cloudAppsSource } from '../src/sources/cloud-apps/cloud-apps-source.ts';
import { graphKeeper } from '../src/sources/graph/graph-keeper.ts';
import { graphSource } from '../src/sources/graph/graph-source.ts';
import type { AlertSource } from '../src/sources/source.ts';
import { CallBook } from '../src/sources/window/call-book.ts';
import { type HandClock, until } from './hand-clock.ts';

export const SOURCES = ['defender-cloud-apps', 'graph'] as const;
export type SourceName = (typeof SOURCES)[number];

/** What became of one pass. */
export interface SourcePass {
  read: number;
  fresh: number;
  calls: number;
  warnings: string[];
  failure?: { kind: string; message: string };
}

export interface SourcePassOptions {
  patienceMs?: number;
  lookbackMs?: number;
  /** Dies after so many stored pages. */
  pages?: number;
  signal?: AbortSignal;
}

/**
 * One tenant's alerts behind both services at once, and what a ledger would keep of its reading. `use` chooses the
 * source of the next pass, as a person does in the configuration.
 */
export class SourceRig {
  readonly clock: HandClock;
  readonly tenant: SimTenant = { token: 'token', alerts: [] };
  readonly cloudApps: CloudAppsSim;
  readonly graph: GraphSim;
  position: ReadPosition = { memo: '' };
  readonly ledger = new Map<string, number>();
  /** Tokens that the services take; the source signs in with the first. */
  readonly tokens = ['token'];
  using: SourceName;
  /** How long each call to close or to read again had to wait for its turn, as the keeper said. */
  readonly waits: number[] = [];
  readonly #clients: HttpClient[] = [];
  readonly #sources = new Map<SourceName, AlertSource>();
  readonly #keepers = new Map<SourceName, AlertKeeper>();
  #number = 0;

  private constructor(clock: HandClock, using: SourceName) {
    this.clock = clock;
    this.using = using;
    this.cloudApps = new CloudAppsSim({ clock });
    this.cloudApps.addTenant('contoso', this.tenant);
    this.graph = new GraphSim({
      clock,
      tenants: { contoso: this.tenant },
      callerOf: (header) =>
        this.tokens.some((token) => header === `Bearer ${token}`) ? { tenant: 'contoso' } : undefined,
    });
  }

  /** `closes`: alerts are closed here too, so that reading leaves a share of each minute's calls to that. */
  static async start(clock: HandClock, using: SourceName, { closes = false } = {}): Promise<SourceRig> {
    const rig = new SourceRig(clock, using);
    await Promise.all([rig.cloudApps.listen(), rig.graph.listen()]);
    const tenant = 'contoso' as TenantId;
    const onWait = (ms: number) => rig.waits.push(ms);
    const shared = { tenant, clock, random: () => 0.5, keepsForWrites: closes, onWait };
    const rest = {
      ...shared,
      book: new CallBook(),
      authoriser: byToken({ token: 'token', scheme: 'Token', mend: MAKE_A_TOKEN }),
      url: rig.cloudApps.urlOf(tenant),
      http: rig.#client('Defender for Cloud Apps', rig.cloudApps),
    };
    const graph = {
      ...shared,
      services: USUAL_SERVICES,
      book: new CallBook(),
      url: rig.graph.url,
      http: rig.#client('Microsoft Graph', rig.graph),
      authoriser: rig.authoriser,
    };
    rig.readServices = (...services) => void rig.#sources.set('graph', graphSource({ ...graph, services }));
    rig.#sources.set('defender-cloud-apps', cloudAppsSource(rest)).set('graph', graphSource(graph));
    rig.#keepers.set('defender-cloud-apps', cloudAppsKeeper(rest)).set('graph', graphKeeper(graph));
    return rig;
  }

  /** Reads the alerts of these services over Graph from now on. */
  readServices: (...services: GraphService[]) => void = () => undefined;

  authoriser: Authoriser = byToken({ token: 'token', scheme: 'Bearer', mend: 'make a new API token' });

  #client(service: string, sim: SimServer): HttpClient {
    const parts = { service, origin: sim.origin, clock: this.clock, meter: new Meter(), redactor: new Redactor() };
    const client = new HttpClient({ ...parts, connections: 2 });
    this.#clients.push(client);
    return client;
  }

  get sim(): CloudAppsSim | GraphSim {
    return this.using === 'graph' ? this.graph : this.cloudApps;
  }

  get source(): AlertSource {
    return this.#sources.get(this.using) as AlertSource;
  }

  get keeper(): AlertKeeper {
    return this.#keepers.get(this.using) as AlertKeeper;
  }

  /** Runs a pass; the clock moves on whenever all that goes on is waiting, no call (30 s) being under way. */
  async passing(options: SourcePassOptions): Promise<SourcePass & { slept: readonly number[] }> {
    const clock = this.clock;
    let ended = false;
    const running = this.pass(options).finally(() => {
      ended = true;
    });
    const slept: number[] = [];
    for (;;) {
      await until(() => ended || (clock.sleeping().length > 0 && !clock.sleeping().includes(30 * SECOND_MS)));
      if (ended) return { ...(await running), slept };
      const [ms = 0] = clock.sleeping();
      slept.push(ms);
      clock.advance(ms);
    }
  }

  async pass(options: SourcePassOptions = {}): Promise<SourcePass> {
    const { patienceMs = 5_000, lookbackMs = 7 * DAY_MS, pages = 1_000, signal } = options;
    const before = this.sim.journal.length;
    const done: SourcePass = { read: 0, fresh: 0, calls: 0, warnings: [] };
    const reading = this.source.read({
      position: this.position,
      now: this.clock.now(),
      lookbackMs,
      patienceMs,
      knownSince: async (from) => [...this.ledger.values()].filter((at) => at >= from).length,
      ...(signal ? { signal } : {}),
    });
    try {
      let step = await reading.next({ fresh: 0 });
      for (let stored = 1; !step.done; stored++) {
        const fresh = this.#store(step.value);
        done.read += step.value.alerts.length + step.value.unreadable.length;
        done.fresh += fresh;
        done.warnings.push(...step.value.warnings);
        step = stored === pages ? await reading.return() : await reading.next({ fresh });
      }
    } catch (error) {
      if (!isEdgeFailure(error)) throw error;
      done.failure = { kind: error.kind, message: error.message };
    }
    done.calls = this.sim.journal.length - before;
    return done;
  }

  #store(page: SourcePage): number {
    let fresh = 0;
    for (const { id, createdAt } of [...page.alerts, ...page.unreadable]) {
      if (this.ledger.has(id)) continue;
      fresh += 1;
      this.ledger.set(id, createdAt);
    }
    this.position = page.position;
    return fresh;
  }

  /** Raises alerts, the newest `agoMs` ago; they are listed from now on. */
  raise(count: number, { agoMs = 0 }: { agoMs?: number } = {}): string[] {
    return Array.from({ length: count }, (_, n) => {
      const _id = (0x64a0n * 2n ** 80n + BigInt(this.#number++)).toString(16);
      const timestamp = this.clock.now() - agoMs - (count - n - 1) * 10;
      const alert: SimAlert = { _id, timestamp, title: _id, description: '', severityValue: 1, entities: [] };
      this.cloudApps.addAlert('contoso', { ...alert, URL: `https://contoso.example/${_id}` });
      return _id;
    });
  }

  /** Alerts that no pass has read. */
  missing(): string[] {
    return (this.tenant.alerts as { _id: string }[]).map(({ _id }) => _id).filter((id) => !this.ledger.has(id));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all([this.cloudApps.stop(), this.graph.stop()]);
  }
}
