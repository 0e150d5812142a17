import { createHash } from 'node:crypto';
import { NOT_READ_YET, resolveReferences } from '../../config/secrets/secret.ts';
import type { Redactor } from '../../observe/redact.ts';
import { UsageError } from '../usage-error.ts';
import type { SecretPlace } from './answers.ts';
import type { Asker } from './questions/asker.ts';

const PLACE = /^(env|file|keyvault):\s*\S/;

export interface SecretQuestion {
  flag: string;
  question: string;
  /** The variable that it is kept in, unless that is taken. */
  variable: string;
}

export interface SecretParts {
  /** Variables that are set already, those of `.env` among them. */
  env: Readonly<Record<string, string | undefined>>;
  /** Those that were given on standard input. */
  given: Readonly<Record<string, string>>;
  /** Where `file:` places go from. */
  folder: string;
  redactor: Redactor;
}

/** Knows where each secret stands, and holds the values that were typed until they are written or forgotten. */
export class Secrets {
  readonly #parts: SecretParts;
  readonly #typed = new Map<string, string>();

  constructor(parts: SecretParts) {
    this.#parts = parts;
    for (const value of Object.values(parts.given)) parts.redactor.add(value);
    for (const [name, value] of Object.entries(parts.given)) this.#typed.set(name, value);
  }

  /** Values by variable that a file's text refers to, not in a comment, and that are set nowhere yet. */
  unsetIn(text: string): ReadonlyMap<string, string> {
    const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
    const wanted = ([name]: [string, string]) =>
      lines.some((line) => line.includes(`\${env:${name}}`)) && !this.#parts.env[name];
    return new Map([...this.#typed].filter(wanted));
  }

  /** Variables as they will be. */
  get env(): Readonly<Record<string, string | undefined>> {
    return { ...this.#parts.env, ...Object.fromEntries(this.#typed) };
  }

  /**
   * The place that a flag names, once its secret is found there.
   * @throws UsageError that never shows what was given, as it may be the secret itself.
   */
  placeOf(flag: string, given: string): SecretPlace {
    if (!PLACE.test(given))
      throw new UsageError(
        `${flag} takes the place of a secret, never the secret itself`,
        'Write env:NAME, file:PATH or keyvault:URL. What stood there may be in your shell history now.',
      );
    const refusal = this.#refusalOf(given);
    if (refusal !== undefined) throw new UsageError(`${flag}: ${refusal}`);
    return given;
  }

  /** Keeps resolved secrets out of all that is said. */
  hide(values: readonly string[]): void {
    for (const value of values) this.#parts.redactor.add(value);
  }

  /** Asks for a secret, or for its place. */
  async ask(asker: Asker, { flag, question, variable }: SecretQuestion): Promise<SecretPlace> {
    if (this.env[variable]) {
      const use = { flag, question: `${variable} is set. Is it the ${question}?`, initial: true };
      if (await asker.confirm(use)) return `env:${variable}`;
    }
    const answer = await asker.secret({
      flag,
      question: `${question}\nIt is not shown. Where it stands already, say so: env:NAME, file:PATH, keyvault:URL`,
      refuse: (typed) => (PLACE.test(typed) ? this.#refusalOf(typed) : refusalOfValue(typed)),
    });
    if (PLACE.test(answer)) return answer;
    const name = this.#freeName(variable);
    this.#typed.set(name, answer);
    this.#parts.redactor.add(answer);
    return `env:${name}`;
  }

  /** Forgets a secret that turned out to be wrong. */
  forget(place: SecretPlace): void {
    this.#typed.delete(place.replace(/^env:/, ''));
  }

  #freeName(variable: string): string {
    for (let number = 2, name = variable; ; name = `${variable}_${number++}`) if (!this.env[name]) return name;
  }

  #refusalOf(place: SecretPlace): string | undefined {
    const [refusal] = this.#resolve(place).refusals;
    return refusal && [refusal.says, refusal.mend].filter(Boolean).join('; ');
  }

  #resolve(place: SecretPlace) {
    // A vault is asked by the loader, once the rest is right.
    const from = { env: this.env, folder: this.#parts.folder, vault: () => NOT_READ_YET };
    return resolveReferences(`\${${place}}`, from);
  }
}

function refusalOfValue(typed: string): string | undefined {
  return /[\p{Cc}\u2028\u2029]/u.test(typed) ? 'It holds a line break or a control character' : undefined;
}

/** A variable's name for a tenant's secret: `lab-7` and `TOKEN` give `LAB_7_TOKEN`, `Zürich` gives `ZURICH_TOKEN`. */
export function variableFor(tenant: string, what: string): string {
  const letters = tenant.normalize('NFKD').replace(/\p{M}+/gu, '');
  const plain = letters.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  // Names in other scripts have few such letters in common with a variable's name, and each needs one of its own.
  const word = /^[A-Za-z0-9._-]+$/.test(letters) ? plain : `TENANT_${hashOf(tenant)}`;
  return `${/^\d/.test(word) ? 'TENANT_' : ''}${word}_${what}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}
