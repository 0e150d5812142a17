import { existsSync } from 'node:fs';
import { assemble } from '../assembly/assemble.ts';
import type { AssembleParts, Casewire } from '../assembly/casewire.ts';
import type { Config } from '../config/config.ts';
import type { LoadResult } from '../config/load-config.ts';
import { formatProblem } from '../config/problems.ts';
import { watchedFiles } from '../config/watched-files.ts';
import { StoreFailure } from '../domain/failure.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ApiCall } from '../observe/meter.ts';
import type { Progress } from '../observe/progress.ts';
import type { PeriodAsk } from '../reports/make-report.ts';
import { atMost } from './at-most.ts';
import { newOperatorToken, operatorLink } from './console/operator-link.ts';
import { reportJob } from './delivery/report-job.ts';
import { Engine } from './engine.ts';
import { FileWatch } from './file-watch.ts';
import { openFront } from './front.ts';
import { Live } from './live.ts';
import { Seeing } from './seeing.ts';
import { Standings } from './standings.ts';

export interface ServeParts extends Omit<AssembleParts, 'store' | 'onCall'> {
  /** The program's own, as health and metrics tell it. */
  version: string;
  /** Already loaded and checked. */
  config: Config;
  /** Reads the configuration again. */
  load(): Promise<LoadResult>;
  /** Ends the service. */
  signal: AbortSignal;
  /** Shows a person the link by which their browser may act in the console; called where nobody signs in. */
  showLink(link: string): void;
  /** Calls back whenever a person asks for the configuration to be read again. */
  onReload(listener: () => void): void;
}

/** The service cannot begin; the message says why, for people. */
export class CannotServe extends Error {}

/** How often the files of the configuration are looked at. */
const LOOK_MS = 5 * SECOND_MS;

/** Closing may not hold up an ending: connections, calls in hand and the ledger's last commits get this long. */
const CLOSING_MS = 2 * SECOND_MS;

type SeenParts = ServeParts & { seeing: Seeing; standings: Standings };

interface Generation {
  config: Config;
  casewire: Casewire;
  engine: Engine;
  ledger: Ledger;
}

/**
 * Serves until `signal` aborts, and reads its configuration again when a person asks or a file of it changes.
 * @throws CannotServe when its store cannot be used.
 */
export async function serve(outer: ServeParts): Promise<void> {
  const { config, signal } = outer;
  const progress: Progress = (event) => {
    seeing.note(event);
    live.note(event);
    outer.progress(event);
  };
  const { clock, version } = outer;
  const live = new Live(clock);
  const seeing = new Seeing({ clock, version, progress, memory: () => process.memoryUsage.rss() });
  const standings = new Standings(clock, () => serving.casewire.standing());
  const parts: SeenParts = { ...outer, progress, seeing, standings };
  const cannot = (error: unknown): never => {
    throw new CannotServe(sayWhy(error), { cause: error });
  };
  let serving = await begin(parts, config).catch(cannot);
  const operatorToken = newOperatorToken();
  const front = { clock, version, progress, live, operatorToken, standings, seeing, atWork: () => serving };
  const web = await openFront(front).catch(async (error: unknown) => {
    await end(parts, serving);
    return cannot(error);
  });
  const showLink = ({ service }: Config) => {
    if (!service.auth) outer.showLink(operatorLink(web.origin, operatorToken));
  };
  const watch = new FileWatch(watchedFiles(config.file));
  const next = reasonsOf(parts, watch);
  progress({ event: 'serving', ...wordsOf(serving.config), listens: web.origin });
  showLink(serving.config);
  follow(parts, serving);
  while ((await next()) === 'reload') {
    // Before it is read, so that a change that comes after the reading counts; and of the file as it is now, valid or
    // not: a mistake is mended in it or in what it names.
    watch.watch(watchedFiles(serving.config.file));
    const loaded = await parts.load().catch((error: unknown) => ({ unreadable: sayWhy(error) }));
    if (signal.aborted) break;
    if ('unreadable' in loaded) {
      progress({ event: 'reload-refused', why: [loaded.unreadable] });
      continue;
    }
    const { auth } = serving.config.service;
    serving = await replace(parts, serving, loaded);
    if (auth) showLink(serving.config);
  }
  progress({ event: 'stopping' });
  await Promise.all([web.close(CLOSING_MS), end(parts, serving)]);
}

/** Answers again and again why the service should look up: to reload, or to stop. */
function reasonsOf({ clock, signal, onReload }: ServeParts, watch: FileWatch): () => Promise<'reload' | 'stop'> {
  let asked = false;
  let pause = new AbortController();
  onReload(() => {
    asked = true;
    pause.abort();
  });
  signal.addEventListener('abort', () => pause.abort(), { once: true });
  return async () => {
    for (;;) {
      if (signal.aborted) return 'stop';
      if (asked) {
        asked = false;
        return 'reload';
      }
      pause = new AbortController();
      await clock.sleep(LOOK_MS, pause.signal);
      if (!signal.aborted && watch.changed()) return 'reload';
    }
  };
}

async function begin(parts: SeenParts, config: Config): Promise<Generation> {
  const { clock, random, progress, seeing, version } = parts;
  const onCall = (call: ApiCall) => seeing.called(call);
  const casewire = await assemble(config, { clock, random, progress, store: 'make', onCall });
  const works = casewire.engine();
  const { ledger, owner } = works;
  try {
    // Before any job begins: what an ended process had in hand would count towards the hourly limit.
    await ledger.leases.reclaim(owner, clock.now());
  } catch (error) {
    await casewire.close();
    throw error;
  }
  const periods = (ask: PeriodAsk) => casewire.reports({ ...ask, version });
  const reports = reportJob({ config, ledger, owner, clock, progress, reports: periods });
  const engine = new Engine({ config, parts: works, random, beside: [seeing.job(), ...reports] });
  return { config, casewire, engine, ledger };
}

function follow({ seeing, standings }: SeenParts, { casewire, engine }: Generation): void {
  standings.follow(() => casewire.standing());
  seeing.follow({
    standings,
    jobs: () => engine.jobs(),
    sites: () => engine.sites(),
    storeTrouble: () => casewire.storeTrouble(),
  });
  engine.start();
}

/** The old generation ends before the new one begins, so that no tenant is in the hands of both. */
async function replace(parts: SeenParts, old: Generation, loaded: LoadResult): Promise<Generation> {
  const { progress } = parts;
  const refuse = (why: readonly string[]): Generation => {
    progress({ event: 'reload-refused', why });
    return old;
  };
  if (!loaded.ok) return refuse(loaded.problems.map(formatProblem));
  const fixed = needsRestart(old.config, loaded.config);
  if (fixed.length > 0) return refuse(fixed);
  const { store } = loaded.config;
  if (store.kind === 'sqlite' && !existsSync(store.path))
    return refuse([`the file of the store ${store.name} is gone: put it back, or restart for a new ledger`]);
  let fresh: Generation;
  try {
    fresh = await begin(parts, loaded.config);
  } catch (error) {
    return refuse([sayWhy(error)]);
  }
  await end(parts, old);
  progress({ event: 'reloaded', ...wordsOf(fresh.config) });
  follow(parts, fresh);
  return fresh;
}

function sayWhy(error: unknown): string {
  if (error instanceof StoreFailure) return error.words;
  return error instanceof Error ? error.message : String(error);
}

/** What cannot change under a running service. */
function needsRestart(old: Config, fresh: Config): string[] {
  const says: string[] = [];
  if (old.store.name !== fresh.store.name)
    says.push(`store: another store (${fresh.store.name}) is taken up by a restart, not by a reload`);
  const [was, is] = [old.service.listen, fresh.service.listen].map(({ host, port }) => `${host}:${port}`);
  if (was !== is) says.push(`service.listen: another address (${is}) is taken up by a restart, not by a reload`);
  return says;
}

async function end({ clock }: Pick<ServeParts, 'clock'>, { engine, casewire }: Generation): Promise<void> {
  await engine.stop();
  await atMost(CLOSING_MS, casewire.close(), clock);
}

function wordsOf({ tenants, sites, store }: Config) {
  return { tenants: tenants.map(({ tenant }) => tenant), sites: sites.map(({ url }) => url), store: store.name };
}
