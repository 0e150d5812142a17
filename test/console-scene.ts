import { assemble } from '../src/assembly/assemble.ts';
import type { Casewire } from '../src/assembly/casewire.ts';
import type { Config } from '../src/config/config.ts';
import type { TenantId } from '../src/domain/alert.ts';
import type { Ledger, Owner } from '../src/ledger/ledger.ts';
import { consoleApp } from '../src/service/console/console.ts';
import { operatorLink } from '../src/service/console/operator-link.ts';
import type { ConsoleParts } from '../src/service/console/page.ts';
import { Live } from '../src/service/live.ts';
import { Standings } from '../src/service/standings.ts';
import { startWeb, type Web } from '../src/service/web.ts';
import { Visit } from './console-visit.ts';
import { World, type WorldOptions } from './world.ts';

/** The token of the link that `serve` would print. */
const OPERATOR = 'the-token-of-the-link';

export const me = 'here/1/me' as Owner;

/** The console on a world's ledger, over HTTP, without the clocks of a service. */
export class ConsoleScene {
  readonly world: World;
  readonly casewire: Casewire;
  readonly ledger: Ledger;
  readonly parts: ConsoleParts;
  /** Tenants that an act had taken up at once. */
  readonly takenUp: TenantId[] = [];
  /** What the console had written into the log. */
  readonly warnings: string[] = [];
  #web: Web | undefined;

  private constructor(world: World, casewire: Casewire, config: Config) {
    this.world = world;
    this.casewire = casewire;
    const { ledger } = casewire.engine();
    this.ledger = ledger;
    const engine = {
      hint: () => {},
      takeUp: (tenants: readonly TenantId[]) => void this.takenUp.push(...tenants),
      keepInStep: () => {},
    };
    this.parts = {
      clock: world.clock,
      version: '1.2.3',
      live: new Live(world.clock),
      operatorToken: OPERATOR,
      standings: new Standings(world.clock, () => casewire.standing()),
      progress: (event) => void (event.event === 'warning' && this.warnings.push(event.says)),
      atWork: () => ({ config, casewire, ledger, engine }),
    };
  }

  /** A Monday morning after its first pass, unless told otherwise. */
  static async start({
    pass = true,
    more = 0,
    ...options
  }: WorldOptions & {
    pass?: boolean;
    /** So many tenants besides, without alerts. */
    more?: number;
  } = {}): Promise<ConsoleScene> {
    const world = await World.start(options);
    if (pass) await world.run();
    const config = withMore(world.config(), more);
    const { clock } = world;
    const casewire = await assemble(config, { clock, random: () => 0.5, progress: () => {}, store: 'make' });
    const scene = new ConsoleScene(world, casewire, config);
    await scene.#listen();
    return scene;
  }

  async #listen(): Promise<void> {
    const { parts } = this;
    const { config } = parts.atWork();
    this.#web = await startWeb({
      current: () => ({
        service: config.service,
        sites: config.sites,
        synced: false,
        hints: this.ledger.hints,
        wake: () => {},
      }),
      health: () => ({ status: 200, body: { ok: true } }),
      ready: () => ({ status: 200, body: { ok: true } }),
      metrics: () => '',
      clock: parts.clock,
      progress: parts.progress,
      console: (closing) => consoleApp(parts, closing),
    });
  }

  get origin(): string {
    return this.#web?.origin ?? '';
  }

  /** The link by which a browser may act. */
  get link(): string {
    return operatorLink(this.origin, OPERATOR);
  }

  /** Somebody who opened the console by its link. */
  visit(): Visit {
    const visit = new Visit(this.origin);
    visit.cookies.set('casewire-operator', OPERATOR);
    return visit;
  }

  async stop(): Promise<void> {
    await this.#web?.close(0);
    await this.casewire.close();
    await this.world.stop();
  }
}

function withMore(config: Config, more: number): Config {
  const [first] = config.tenants;
  if (!first) return config;
  const others = Array.from({ length: more }, (_, i) => {
    const tenant = `t${String(i).padStart(4, '0')}` as TenantId;
    return { ...first, tenant, policy: { ...first.policy, tenant } };
  });
  return { ...config, tenants: [...config.tenants, ...others] };
}
