import { assemble } from '../src/assembly/assemble.ts';
import type { Casewire } from '../src/assembly/casewire.ts';
import type { AuditReport } from '../src/domain/audit.ts';
import type { ProgressEvent } from '../src/observe/progress.ts';
import { Engine } from '../src/service/engine.ts';
import { openFront } from '../src/service/front.ts';
import { Live } from '../src/service/live.ts';
import { Seeing } from '../src/service/seeing.ts';
import { Standings } from '../src/service/standings.ts';
import type { Web } from '../src/service/web.ts';
import { faults } from '../src/simulators/fault.ts';
import { manyAlerts } from '../src/simulators/scene/many-alerts.ts';
import { HOOK_SECRET } from './jira-hooks.ts';
import { People } from './month-people.ts';
import { World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const CREATE = { path: /\/issue(\?|$)/, method: 'POST' };

export interface MonthOptions {
  tenants: number;
  /** How often each is polled. */
  every: string;
  /** Of each tenant, every so many days. */
  daysBetweenAlerts: number;
  /** How often alerts and issues are kept in step. */
  syncEvery: string;
}

/** What a scraper saw on one day. */
export interface Scrape {
  health: number;
  ready: number;
  /** `casewire_up_to_date` and how many warnings there were. */
  upToDate: boolean;
  warnings: number;
  bytes: number;
}

/** Something breaks each day, for some hours; `undo` lets it be well again. */
type Trouble = (world: World, tenants: readonly string[]) => void;

/** One a day, in turn. Each strikes as long as it is there. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  'sources throttle': ({ scene }, tenants) => {
    const wait = faults.status(429, { headers: { 'Retry-After': '900' }, body: {} });
    for (const tenant of tenants.slice(0, 20)) scene.cloudApps.fault({ path: `/${tenant}/` }, wait, { every: 1 });
  },
  'sources fail': ({ scene }) => scene.cloudApps.fault({ path: '/' }, faults.status(500), { every: 1 }),
  'tokens are refused': ({ scene }, tenants) => {
    const refused = faults.status(401, { body: { detail: 'Invalid token' } });
    for (const tenant of tenants.slice(10, 25)) scene.cloudApps.fault({ path: `/${tenant}/` }, refused, { every: 1 });
  },
  'Jira fails before its work': ({ scene }) => scene.jira.fault(CREATE, faults.status(503), { every: 1 }),
  'Jira loses answers': ({ scene }) => scene.jira.fault(CREATE, faults.loseAnswer(), { every: 2 }),
  'Jira is down': ({ scene }) => scene.jira.fault({ path: '/' }, faults.reset(), { every: 1 }),
  'AbuseIPDB is down': ({ scene }) => scene.abuseipdb.fault({ path: '/' }, faults.status(521), { every: 1 }),
  'Jira fails after its work': ({ scene }) => scene.jira.fault(CREATE, faults.failAfterCommit(500), { every: 1 }),
  'sources hang': ({ scene }, tenants) => {
    for (const tenant of tenants.slice(0, 5))
      scene.cloudApps.fault({ path: `/${tenant}/` }, faults.hang(), { every: 1 });
  },
  'Jira refuses us': ({ scene }) => scene.jira.fault({ path: '/' }, faults.status(401, { body: {} }), { every: 1 }),
};

/** A service looks every minute how things stand; so often in a month would be most of its work here. */
const WATCH_MS = HOUR;

/** Those whose time comes within this long of each other go on together. */
const STEP_MS = 2 * MINUTE;

/**
 * Many tenants, a trouble every day, people on both sides, Jira's webhooks on every other day, and a service that works
 * through it all; time is moved by hand.
 */
export class Month {
  readonly world: World;
  /** Every alert that was ever raised at a source, as `TENANT/ID`. */
  readonly alerts: string[] = [];
  readonly failures: string[] = [];
  /** The latest recount of each tenant. */
  readonly audits = new Map<string, AuditReport>();
  /** What a scraper saw at the end of each day. */
  readonly scrapes: Scrape[] = [];
  readonly #options: MonthOptions;
  readonly #tenants: readonly string[];
  readonly people: People;
  #seeing: Seeing | undefined;
  #web: Web | undefined;
  #casewire: Casewire | undefined;
  #engine: Engine | undefined;
  #day = 0;

  private constructor(world: World, options: MonthOptions) {
    this.world = world;
    this.#options = options;
    this.people = new People(world);
    this.#tenants = Array.from({ length: options.tenants }, (_, i) => `tenant-${i + 1}`);
  }

  static async start(options: MonthOptions): Promise<Month> {
    const world = await World.start({ at: '2026-11-01T00:00:00Z', inMemory: true });
    const month = new Month(world, options);
    await month.#begin();
    return month;
  }

  /** The troubles by name, in the order of their days. */
  static readonly troubles = Object.keys(TROUBLES);

  /** One day: alerts and people over the day, a trouble from 2 to 12 o'clock. */
  async day(): Promise<void> {
    const { scene } = this.world;
    const trouble = Month.troubles[this.#day % Month.troubles.length] ?? '';
    const hooks = { url: `${this.#web?.origin}/webhooks/jira`, secret: HOOK_SECRET, filter: 'labels = casewire' };
    scene.jira.webhook = this.#day % 2 === 1 ? hooks : undefined;
    for (let hour = 0; hour < 24; hour++) {
      if (hour === 2) TROUBLES[trouble]?.(this.world, this.#tenants);
      if (hour === 12) for (const sim of [scene.cloudApps, scene.jira, scene.abuseipdb]) sim.heal();
      this.#raise(hour);
      this.people.act(this.#day, hour);
      await this.pass(HOUR);
    }
    await scene.jira.webhooks.settled();
    scene.jira.webhook = undefined;
    this.scrapes.push(await this.#scrape());
    this.#day += 1;
  }

  async pass(ms: number): Promise<void> {
    await this.world.drive(this.world.clock.sleep(ms), STEP_MS);
  }

  /** Ends the service, not the world. */
  async end(): Promise<void> {
    const closing = [this.#web?.close(MINUTE), this.#engine?.stop()];
    await this.world.drive(Promise.all(closing));
    await this.#casewire?.close();
  }

  async #begin(): Promise<void> {
    const { world } = this;
    const { scene } = world;
    for (const sim of [scene.cloudApps, scene.jira, scene.abuseipdb]) sim.keepBodies = false;
    const token = scene.env.CONTOSO_TOKEN ?? '';
    for (const tenant of this.#tenants) scene.cloudApps.addTenant(tenant, { token, alerts: [] });
    world.editConfig = (yaml) =>
      yaml.replace(/tenants:\n[\s\S]*$/, `tenants:\n${this.#tenants.map(this.#yaml).join('')}${this.#both()}`);
    world.write('hook-secret', HOOK_SECRET);
    const note = (event: ProgressEvent) => {
      if (event.event === 'audited') this.audits.set(event.report.tenant, event.report);
      if (event.event === 'job-failed') this.failures.push(`${event.job}: ${event.why}`);
    };
    const { clock } = world;
    const progress = (event: ProgressEvent) => {
      seeing.note(event);
      note(event);
    };
    const seeing = new Seeing({ clock, version: '1.2.3', progress, memory: () => process.memoryUsage.rss() });
    const config = world.config();
    const random = seeded(1);
    const onCall = (call: Parameters<Seeing['called']>[0]) => seeing.called(call);
    const casewire = await assemble(config, { clock, random, progress, store: 'make', onCall });
    const parts = casewire.engine();
    const watch = { ...seeing.job(), everyMs: WATCH_MS, spreadMs: WATCH_MS };
    const engine = new Engine({ config, parts, random, beside: [watch] });
    const { ledger } = parts;
    const standings = new Standings(clock, () => casewire.standing());
    this.#web = await openFront({
      clock,
      version: '1.2.3',
      progress,
      live: new Live(clock),
      operatorToken: 'nobody acts',
      standings,
      seeing,
      atWork: () => ({ config, casewire, ledger, engine }),
    });
    seeing.follow({ standings, jobs: () => engine.jobs(), storeTrouble: () => undefined, sites: () => engine.sites() });
    engine.start();
    [this.#casewire, this.#engine, this.#seeing] = [casewire, engine, seeing];
  }

  /** As Prometheus and a person's monitor do, over HTTP. */
  async #scrape(): Promise<Scrape> {
    await this.#seeing?.job().run(new AbortController().signal);
    const get = async (path: string) => {
      const answer = await fetch(`${this.#web?.origin}${path}`);
      return { status: answer.status, text: await answer.text() };
    };
    const [health, ready, metrics] = [await get('/healthz'), await get('/readyz'), await get('/metrics')];
    return {
      health: health.status,
      ready: ready.status,
      upToDate: metrics.text.includes('casewire_up_to_date 1'),
      warnings: metrics.text.match(/^casewire_warning\{/gm)?.length ?? 0,
      bytes: metrics.text.length,
    };
  }

  #both(): string {
    return `
sync:
  every: ${this.#options.syncEvery}
  fromJira: { verdict: { "Won't Do": benign, default: true_positive } }
  fromDefender: { transitionTo: Done }
service: { listen: "127.0.0.1:0", publicUrl: https://casewire.acme.example, webhookSecret: "\${file:hook-secret}" }
`;
  }

  readonly #yaml = (tenant: string): string =>
    `  ${tenant}: { source: defender-cloud-apps, url: '${this.world.scene.cloudApps.urlOf(tenant)}', auth: { token: '\${env:CONTOSO_TOKEN}' }, every: ${this.#options.every} }\n`;

  #raise(hour: number): void {
    const { scene, clock } = this.world;
    for (const [i, tenant] of this.#tenants.entries()) {
      if (i % 24 !== hour || (this.#day + i) % this.#options.daysBetweenAlerts !== 0) continue;
      const [alert] = manyAlerts(1, { tenant, before: clock.now(), seed: this.#day * 1_000 + i + 1 });
      scene.cloudApps.addAlert(tenant, alert);
      this.alerts.push(`${tenant}/${alert?._id}`);
    }
  }
}

/** A number in [0, 1) after another, the same each time (Numerical Recipes' linear congruence). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
