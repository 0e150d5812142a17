import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import { openSurvey } from '../../assembly/survey.ts';
import type { Config } from '../../config/config.ts';
import { loadSource } from '../../config/load-config.ts';
import type { CheckLine } from '../../domain/check.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { configText } from '../init/config-text.ts';
import { type InitFlags, missingFlags } from '../init/init-flags.ts';
import { interview } from '../init/interview.ts';
import { type Asker, Cancelled } from '../init/questions/asker.ts';
import type { Interview } from '../init/questions/interview-parts.ts';
import { nobody } from '../init/questions/nobody.ts';
import { sayRefusals } from '../init/questions/say-fault.ts';
import { Secrets } from '../init/secrets.ts';
import { chooseTarget, type Target } from '../init/target.ts';
import { addToEnvFile, writeWhole } from '../init/write-files.ts';
import { openCasewire } from '../open.ts';
import { renderCheck } from '../render/render-check.ts';
import { stopOnSignals } from '../signals.ts';
import { toJson } from '../text/json.ts';
import { UsageError } from '../usage-error.ts';

/** Asks, or reads flags where nobody can be asked; writes the configuration, and ends with what `check` says of it. */
export async function init(this: Cli, flags: InitFlags): Promise<void> {
  const stop = stopOnSignals(() => {});
  try {
    const asked = process.stdin.isTTY === true && this.stdout.isTerminal && !flags.json && !flags.secretsStdin;
    const asker = asked
      ? (await import('../init/questions/clack-asker.ts')).clackAsker(stop.signal, this.stdout.columns)
      : nobody((text) => flags.json || this.stdout.write(`${text}\n`));
    await initWith(this, flags, asker, stop.signal);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    const { written } = error;
    this.stderr.writeLines([
      '',
      written === undefined ? 'Stopped. Nothing was written.' : `Stopped. Written: ${written}`,
    ]);
    this.exitCode = stop.exitCode ?? EXIT.interrupted;
  } finally {
    stop.release();
  }
}

/** The same with whoever answers. @throws Cancelled when they, or the signal, end it. */
export async function initWith(cli: Cli, flags: InitFlags, asker: Asker, signal: AbortSignal): Promise<void> {
  const plan = await unlessStopped(prepare(cli, flags, asker), signal);
  // All at once, without a turn of the event loop: no signal comes between the two files.
  if (plan.envFile !== undefined) addToEnvFile(plan.envFile, plan.values);
  const { keptAs } = writeWhole(plan.target.path, plan.text, plan.target.how);
  const written = { file: plan.target.path, keptAs, envFile: plan.envFile };
  const unset = plan.envFile === undefined ? [...plan.values.keys()] : [];
  if (!flags.json) {
    sayWritten(asker, written, unset);
    // The check is told in the manner of `casewire check`.
    cli.stdout.write('\n');
  }
  const lines = await unlessStopped(check(cli, plan.config), signal, plan.target.path);
  const errors = lines.filter(({ level }) => level === 'error').length;
  const warnings = lines.filter(({ level }) => level === 'warning').length;
  cli.exitCode = errors > 0 ? EXIT.unfinished : EXIT.well;
  if (flags.json)
    return cli.stdout.write(`${toJson({ command: 'init', ...written, unset, errors, warnings, checks: lines })}\n`);
  cli.stdout.writeLines([...renderCheck(lines, cli.stdout.paper()), ...(errors > 0 ? [] : ['', NEXT])]);
}

/** All that is to be written, and where. */
interface Prepared {
  target: Target;
  text: string;
  config: Config;
  /** Secrets that are set nowhere yet, by variable. */
  values: ReadonlyMap<string, string>;
  /** Where they are kept, if they are. */
  envFile: string | undefined;
}

async function prepare(cli: Cli, flags: InitFlags, asker: Asker): Promise<Prepared> {
  if (!asker.canAnswer) refuseMissing(flags);
  const wish = { file: cli.configFile, cwd: process.cwd(), overwrite: flags.overwrite === true };
  const target = await chooseTarget(asker, wish);
  const secrets = await openSecrets(cli, target, flags);
  const parts: Interview = {
    flags,
    asker,
    secrets,
    load: (answers) => load(configText(answers), target, secrets),
    openSurvey: (site) => openSurvey(site, cli),
    check: (config) => check(cli, config),
  };
  const text = configText(await interview(parts));
  const loaded = await load(text, target, secrets);
  if ('problems' in loaded) throw new UsageError(sayRefusals(loaded.problems), 'Nothing was written.');
  const values = secrets.unsetIn(text);
  const envFile = await chooseEnvFile(asker, { flags, values, path: envFileOf(target) });
  return { target, text, config: loaded.config, values, envFile };
}

const NEXT = 'Next: casewire plan shows what would be raised; casewire run raises it.';

/** @throws UsageError that names all that is missing at once. */
function refuseMissing(flags: InitFlags): void {
  const missing = missingFlags(flags);
  if (missing.length > 0)
    throw new UsageError(
      ['Nobody can be asked here, and these flags are missing:', ...missing.map((flag) => `  ${flag}`)].join('\n'),
      'Nothing was written. casewire init --help shows them all.',
    );
}

function envFileOf({ path }: Target): string {
  return join(dirname(path), '.env');
}

async function openSecrets(cli: Cli, target: Target, { secretsStdin }: InitFlags): Promise<Secrets> {
  const beside = await readEnvFile(envFileOf(target));
  const env = { ...beside, ...Object.fromEntries(Object.entries(cli.env).filter(([, value]) => value !== undefined)) };
  const given = secretsStdin ? (parseEnv(await textOf(cli.stdin)) as Record<string, string>) : {};
  const other = Object.keys(given).find((name) => env[name] && env[name] !== given[name]);
  if (other !== undefined)
    throw new UsageError(`${other} is set already, to something else`, 'Give it another name, or unset it.');
  return new Secrets({ env, given, folder: dirname(target.path), redactor: cli.redactor });
}

async function readEnvFile(path: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new UsageError(`${path} cannot be read: ${message}`);
  }
}

async function load(source: string, { path }: Target, secrets: Secrets): ReturnType<Interview['load']> {
  const result = await loadSource({ source, path, file: path, env: secrets.env });
  if (!result.ok) return { problems: result.problems };
  secrets.hide(result.config.secrets);
  return { config: result.config };
}

async function check(cli: Cli, config: Config): Promise<readonly CheckLine[]> {
  const { clock, random } = cli;
  const casewire = await openCasewire(config, { clock, random, progress: () => {}, store: 'use' });
  try {
    return await casewire.check();
  } finally {
    await casewire.close();
  }
}

/** Where typed secrets are kept; where they are not, a person has to set the variables. */
async function chooseEnvFile(
  asker: Asker,
  { flags, values, path }: { flags: InitFlags; values: ReadonlyMap<string, string>; path: string },
): Promise<string | undefined> {
  if (values.size === 0) return undefined;
  const question = `Keep ${[...values.keys()].join(', ')} in ${path}? (readable by you alone)`;
  const ask = () => asker.canAnswer && asker.confirm({ flag: '--env-file', question, initial: true });
  return (flags.envFile ?? (await ask())) ? path : undefined;
}

function sayWritten(
  asker: Asker,
  { file, keptAs, envFile }: { file: string; keptAs: string | undefined; envFile: string | undefined },
  unset: readonly string[],
): void {
  asker.say('good', `Written: ${file}${keptAs === undefined ? '' : ` (the one before is ${keptAs})`}`);
  if (envFile !== undefined) asker.say('good', `Secrets kept in ${envFile}: keep it out of version control`);
  if (unset.length > 0) asker.say('plain', `Before the next command, set: ${unset.join(', ')}`);
}

/** What the work gives, unless a signal comes first. */
function unlessStopped<T>(work: Promise<T>, signal: AbortSignal, written?: string): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, refuse) => {
      const stop = () => refuse(new Cancelled(written));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
  ]);
}
