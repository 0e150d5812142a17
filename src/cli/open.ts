import type { AssembleParts, Casewire } from '../assembly/casewire.ts';
import type { Config, ConfigProblem } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { formatProblem } from '../config/problems.ts';
import type { TenantId } from '../domain/alert.ts';
import { StoreFailure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { cleanLines } from '../domain/text/clean.ts';
import type { Cli } from './cli.ts';
import { sayNumber } from './render/alert-words.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError with every problem of the file, one a line. */
export async function openConfig(cli: Cli, secrets: 'needed' | 'if there' = 'needed'): Promise<Config> {
  const { configFile, env } = cli;
  const result = await loadConfig({
    cwd: process.cwd(),
    env,
    secrets,
    ...(configFile === undefined ? {} : { file: configFile }),
  });
  if (!result.ok) throw new UsageError(sayProblems(result.problems));
  for (const secret of result.config.secrets) cli.redactor.add(secret);
  return result.config;
}

/** Every problem of a configuration on a line of its own. */
export function sayProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.flatMap((problem) => cleanLines(formatProblem(problem)));
  if (problems.length > 1) lines.push(`${sayNumber(problems.length)} problems; nothing was tried.`);
  return lines.join('\n');
}

/** The tenants that `--tenant` names; all of the configuration when it names none. */
export function tenantsAsked(config: Config, names: readonly string[] | undefined): readonly TenantId[] {
  const known = config.tenants.map(({ tenant }) => tenant);
  return names === undefined || names.length === 0 ? known : tenantsAmong(known, names);
}

/** @throws UsageError for a name that is not among the known ones. */
export function tenantsAmong(known: readonly TenantId[], names: readonly string[]): readonly TenantId[] {
  return [...new Set(names.map((name) => tenantNamed(known, name)))];
}

function tenantNamed(known: readonly TenantId[], name: string): TenantId {
  // Typed or pasted with its accents apart, a name is still the same.
  const found = known.find((tenant) => tenant === name.normalize('NFC'));
  if (found === undefined) throw unknownTenant(known, name);
  return found;
}

export function unknownTenant(known: readonly TenantId[], name: string): UsageError {
  const meant = nearest(name, known);
  const few = known.length <= 10 ? ` The configuration has: ${known.join(', ')}.` : '';
  return new UsageError(
    `the configuration has no tenant "${cleanLines(name)[0]}"${meant === undefined ? `.${few}` : `; did you mean ${meant}?`}`,
  );
}

/**
 * Puts the product together.
 * @throws UsageError when the store cannot be opened.
 */
export async function openCasewire(config: Config, parts: AssembleParts): Promise<Casewire> {
  const { assemble } = await import('../assembly/assemble.ts');
  try {
    return await assemble(config, parts);
  } catch (error) {
    if (error instanceof StoreFailure) throw new UsageError(error.message, error.mend);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Opens what a command that only reads needs, hands it over, and closes it again; the ledger alone needs no secret. */
export async function withCasewire<T>(
  cli: Cli,
  use: (casewire: Casewire, config: Config) => Promise<T>,
  secrets: 'needed' | 'if there' = 'needed',
): Promise<T> {
  const config = await openConfig(cli, secrets);
  const { clock, random } = cli;
  const casewire = await openCasewire(config, { clock, random, progress: () => {}, store: 'use' });
  try {
    return await use(casewire, config);
  } finally {
    await casewire.close();
  }
}
