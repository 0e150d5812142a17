import type { Casewire } from '../assembly/casewire.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Progress } from '../observe/progress.ts';
import type { Engine } from './engine.ts';
import type { Live } from './live.ts';
import type { Seeing } from './seeing.ts';
import type { Standings } from './standings.ts';
import type { Web } from './web.ts';

/** The configuration at work, as far as calls from outside reach it. */
export interface AtWork {
  config: Config;
  casewire: Casewire;
  ledger: Ledger;
  engine: Pick<Engine, 'hint' | 'takeUp' | 'keepInStep'>;
}

export interface FrontParts {
  clock: Clock;
  /** The program's own. */
  version: string;
  progress: Progress;
  live: Live;
  operatorToken: string;
  standings: Standings;
  seeing: Pick<Seeing, 'health' | 'ready' | 'metrics'>;
  /** It changes when the configuration is read again. */
  atWork(): AtWork;
}

/**
 * Opens what a service offers over HTTP; nothing of it is loaded before.
 * @throws Error with a sentence for people when the address cannot be listened at.
 */
export async function openFront({ seeing, ...parts }: FrontParts): Promise<Web> {
  const { clock, progress, atWork } = parts;
  const [{ startWeb }, { consoleApp }] = await Promise.all([import('./web.ts'), import('./console/console.ts')]);
  return startWeb({
    clock,
    progress,
    console: (closing) => consoleApp(parts, closing),
    health: () => seeing.health(),
    ready: () => seeing.ready(),
    metrics: () => seeing.metrics(),
    current() {
      const { config, ledger, engine } = atWork();
      return {
        service: config.service,
        sites: config.sites,
        synced: config.sync !== undefined,
        hints: ledger.hints,
        wake: (tenants) => engine.hint(tenants),
      };
    },
  });
}
