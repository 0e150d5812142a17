import * as v from 'valibot';
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLSeq } from 'yaml';
import { nearest } from '../domain/nearest.ts';
import { checkExpression } from '../rules/expressions/expression.ts';
import { checkTemplate } from '../rules/templates/template.ts';
import { hasLiteralPassword, isPostgresUrl, resolveUrl } from './build/to-store.ts';
import { keyPath, type Problems } from './problems.ts';
import { offsetWithin } from './scalar-offset.ts';
import { NOT_READ_YET, REFERENCE_PATTERN, type References, resolveReferences } from './secrets/secret.ts';
import { type Marks, marksOf } from './shape/leaf.ts';
import { configSchema, type Loose, type Settings } from './shape/schema.ts';

export interface ReadParts {
  document: Document.Parsed;
  /** The file's text. */
  source: string;
  problems: Problems;
  references: References;
}

export interface ReadSettings {
  /** `undefined` when the file holds no keys and values at all. */
  settings: Loose<Settings> | undefined;
  secrets: ReadonlySet<string>;
}

/**
 * Reads a parsed file along the schema, key by key: references are resolved, values checked and converted, defaults
 * filled in. What is wrong goes to `problems`, all of it, and is left out of the settings.
 */
export function readSettings(parts: ReadParts): ReadSettings {
  const reader = new Reader(parts);
  const settings = reader.value(configSchema, { node: parts.document.contents, path: '' });
  return { settings: settings as Loose<Settings> | undefined, secrets: reader.secrets };
}

interface Place {
  node: Node | null;
  path: string;
}

interface Entry {
  key: string;
  /** Where the key stands. */
  offset: number;
  at: Place;
}

const LITERAL_PASSWORD = `write \${env:NAME} or \${file:PATH} in its place, or \${env:DATABASE_URL} for all of it`;

type Check = (text: string) => readonly { row: number; column: number; says: string; mend?: string }[];
type Schema = v.GenericSchema;
type ObjectSchema = v.StrictObjectSchema<Record<string, Schema>, undefined>;
type RecordSchema = v.RecordSchema<v.GenericSchema<string, string>, Schema, undefined>;
type ArraySchema = v.ArraySchema<Schema, undefined>;
type UnionSchema = v.UnionSchema<[ObjectSchema, RecordSchema], undefined>;
type OptionalSchema = v.OptionalSchema<Schema, unknown>;

class Reader {
  readonly secrets = new Set<string>();
  readonly #parts: ReadParts;
  readonly #problems: Problems;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    this.#problems = parts.problems;
  }

  /** The value of a node, or `undefined` when it has none that may be used. */
  value(schema: Schema, place: Place): unknown {
    const node = isAlias(place.node) ? (place.node.resolve(this.#parts.document) ?? null) : place.node;
    if (isAlias(place.node) && node === null)
      return this.#refuse(place, 'refers to an anchor that is not set before it');
    const at = { ...place, node };
    switch (schema.type) {
      case 'optional':
        return this.value((schema as OptionalSchema).wrapped, at);
      case 'strict_object':
        return this.#object(schema as ObjectSchema, at);
      case 'record':
        return this.#record(schema as RecordSchema, at);
      case 'array':
        return this.#array(schema as ArraySchema, at);
      case 'union':
        return isLeafUnion(schema) ? this.#leaf(schema, at) : this.#either(schema as UnionSchema, at);
      default:
        return this.#leaf(schema, at);
    }
  }

  #object(schema: ObjectSchema, place: Place): unknown {
    const pairs = this.#pairs(place);
    if (!pairs) return undefined;
    const known = Object.keys(schema.entries);
    const value: Record<string, unknown> = {};
    const given = new Set<string>();
    for (const { key, offset, at } of pairs) {
      const entry = Object.hasOwn(schema.entries, key) ? schema.entries[key] : undefined;
      given.add(key);
      if (!entry) this.#unknownKey(at.path, offset, nearest(key, known) ?? known);
      else value[key] = this.value(entry, at);
    }
    for (const [key, entry] of Object.entries(schema.entries)) {
      if (given.has(key)) continue;
      const fallback = entry.type === 'optional' ? v.getDefault(entry as OptionalSchema) : undefined;
      if (entry.type !== 'optional') this.#missing(key, entry, place.path);
      else if (fallback !== undefined) value[key] = v.parse(entry, fallback);
    }
    return value;
  }

  #record(schema: RecordSchema, place: Place): unknown {
    const pairs = this.#pairs(place);
    if (!pairs) return undefined;
    const entries: [string, unknown][] = [];
    for (const { key, offset, at } of pairs) {
      const issue = v.safeParse(schema.key, key).issues?.[0];
      if (issue) this.#problems.add({ key: at.path, offset, says: withValue(issue.message, JSON.stringify(key)) });
      entries.push([key, this.value(schema.value, at)]);
    }
    return Object.fromEntries(entries);
  }

  #array(schema: ArraySchema, place: Place): unknown {
    if (isNothing(place.node)) return [];
    if (!isSeq(place.node))
      return this.#refuse(place, `${kindOf(place.node)} stands where a list belongs`, 'write [ONE, TWO]');
    return (place.node as YAMLSeq<Node>).items.map((node, index) => {
      const path = keyPath(place.path, index);
      this.#problems.place(path, node.range?.[0] ?? 0);
      return this.value(schema.item, { node, path });
    });
  }

  /** One thing, or a map of names to such things: it is the map when no key of it is a key of the thing. */
  #either({ options: [one, many] }: UnionSchema, place: Place): unknown {
    const keys = isMap(place.node) ? place.node.items.map((pair) => String((pair.key as Scalar).value)) : [];
    const named = keys.length > 0 && isMap(place.node) && !keys.some((key) => Object.hasOwn(one.entries, key));
    const nested = isMap(place.node) && place.node.items.every((pair) => isMap(pair.value) || isAlias(pair.value));
    return this.value(named && nested ? many : one, place);
  }

  #leaf(schema: Schema, place: Place): unknown {
    const { node } = place;
    if (isNothing(node)) return this.#refuse(place, 'has no value', 'give one, or leave the key out');
    if (!isScalar(node)) return this.#refuse(place, `${kindOf(node)} stands where a single value belongs`);
    const marks = marksOf(schema);
    const written = node.value;
    if (marks.secret && !(typeof written === 'string' && REFERENCE_PATTERN.test(written)))
      return this.#literalSecret(place);
    if (marks.store && typeof written === 'string' && hasLiteralPassword(written))
      return this.#refuse(place, 'a password must not stand in this file', LITERAL_PASSWORD);
    const value = typeof written === 'string' ? this.#resolve(written, marks, place) : written;
    if (value === undefined) return undefined;
    if (marks.pem && String(written).includes('${keyvault:') && !isPem(String(value)))
      return this.#refuse(
        place,
        'the secret in the vault is no PEM text',
        'give the certificate the content type application/x-pem-file',
      );
    const parsed = v.safeParse(schema, fitting(schema, value, value !== written));
    if (!parsed.success) return this.#refuse(place, withValue(parsed.issues[0].message, shown(node)));
    if (marks.template) this.#within(checkTemplate, { text: String(value), asWritten: value === written }, place);
    if (marks.expression) this.#within(checkExpression, { text: String(value), asWritten: value === written }, place);
    if (marks.secret) this.secrets.add(String(value));
    return parsed.output;
  }

  #resolve(written: string, { secret = false, pem = false, store = false }: Marks, place: Place): string | undefined {
    if (!written.includes('${')) return written;
    const { vault: asked, secrets, ...references } = this.#parts.references;
    const unneeded = secrets === 'if there' && !store;
    const vault = unneeded && asked ? () => NOT_READ_YET : asked;
    const resolve = store && isPostgresUrl(written) ? resolveUrl : resolveReferences;
    const { text, values, refusals } = resolve(written, secret || pem || store ? { ...references, vault } : references);
    if (unneeded && (secret || pem) && refusals.length > 0) return NOT_READ_YET;
    for (const refusal of refusals) this.#refuse(place, refusal.says, refusal.mend);
    if (secret || (pem && written.includes('${keyvault:'))) for (const value of values) this.secrets.add(value);
    return refusals.length === 0 ? text : undefined;
  }

  /** What a check finds within a text, told where it stands in the file. */
  #within(check: Check, { text, asWritten }: { text: string; asWritten: boolean }, place: Place): void {
    const node = place.node as Scalar;
    for (const { row, column, says, mend } of check(text)) {
      const offset = asWritten ? offsetWithin(this.#parts.source, node, { text, row, column }) : node.range?.[0];
      this.#problems.add({ key: place.path, offset, says, mend });
    }
  }

  /** A map's keys with their values; nothing at all counts as an empty map, `undefined` as something else than a map. */
  #pairs(place: Place): Entry[] | undefined {
    if (isNothing(place.node)) return [];
    if (!isMap(place.node)) {
      this.#refuse(place, `${kindOf(place.node)} stands where keys and values belong`);
      return undefined;
    }
    const first = new Map<string, number>();
    const pairs: Entry[] = [];
    for (const { key: keyNode, value } of place.node.items as Pair<Node, Node | null>[]) {
      const offset = keyNode.range?.[0] ?? 0;
      if (!isScalar(keyNode)) {
        this.#problems.add({ key: place.path, offset, says: 'a key must be a single word or text' });
        continue;
      }
      const key = keyOf(keyNode);
      const path = keyPath(place.path, key);
      const before = first.get(key);
      if (before !== undefined) {
        const says = `given twice, first in line ${this.#problems.lineOf(before)}`;
        this.#problems.add({ key: path, offset, says, mend: 'leave one out' });
        continue;
      }
      first.set(key, offset);
      this.#problems.place(path, isScalar(value) && !isNothing(value) ? (value.range?.[0] ?? offset) : offset);
      pairs.push({ key, offset, at: { node: value, path } });
    }
    return pairs;
  }

  #unknownKey(path: string, offset: number, meant: string | readonly string[]): void {
    const mend = typeof meant === 'string' ? `did you mean "${meant}"?` : `allowed: ${meant.join(', ')}`;
    this.#problems.add({ key: path, offset, says: 'unknown key', mend });
  }

  #missing(key: string, entry: Schema, parent: string): void {
    const about = v.getDescription(entry as Parameters<typeof v.getDescription>[0]);
    const says = about === undefined ? 'is missing' : `is missing (${about.replace(/\.$/, '')})`;
    this.#problems.add({ key: keyPath(parent, key), says });
  }

  #literalSecret(place: Place): undefined {
    const name = place.path.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
    const written = isScalar(place.node) ? String(place.node.value) : '';
    if (/^\$\{[^{}]*\}$/.test(written)) return void this.#resolve(written, {}, place);
    return this.#refuse(place, 'a secret must not stand in this file', `write \${env:${name}} or \${file:PATH}`);
  }

  #refuse(place: Place, says: string, mend?: string): undefined {
    this.#problems.add({ key: place.path, offset: place.node?.range?.[0], says, mend });
    return undefined;
  }
}

function isLeafUnion(schema: Schema): boolean {
  return (schema as unknown as v.UnionSchema<Schema[], undefined>).options.every(
    ({ type }) => type !== 'strict_object',
  );
}

function isPem(value: string): boolean {
  return value === NOT_READ_YET || value.includes('-----BEGIN ');
}

function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function kindOf(node: Node | null): string {
  return isMap(node) ? 'a map' : isSeq(node) ? 'a list' : 'a single value';
}

/** A key as it is written: `2024` stays `2024`, and never becomes a number. */
function keyOf(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** What came by reference is text; where a number, or true or false, belongs it is read as such. */
function fitting(schema: Schema, value: unknown, referred: boolean): unknown {
  if (!referred || typeof value !== 'string') return value;
  if (schema.type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  if (schema.type !== 'number') return value;
  return /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function withValue(message: string, value: string): string {
  return message.replaceAll('%s', () => value);
}

/** The value as it stands in the file, shortened: a resolved reference is never shown. */
function shown({ value }: Scalar): string {
  const written = typeof value === 'string' ? value : String(value);
  const short = written.length > 60 ? `${written.slice(0, 57)}…` : written;
  return typeof value === 'string' ? JSON.stringify(short) : short;
}
