import { parseDuration } from '../../domain/time.ts';

export interface JsonFlags {
  json?: boolean | undefined;
}

export interface TenantFlags extends JsonFlags {
  tenant?: readonly string[] | undefined;
}

/** The flags of every command; they may stand before it too. */
export const ALSO = 'Also: --config FILE (else casewire.yaml, else $CASEWIRE_CONFIG), --verbose';

/** A command's documentation; its help ends with what holds everywhere. */
export function docs(brief: string, ...lines: string[]) {
  return { brief, fullDescription: [...lines, '', ALSO].join('\n') };
}

/** Takes a word as it is. */
export function text(input: string): string {
  return input;
}

/** A flag that takes a word. */
export function word(brief: string, placeholder: string) {
  return { kind: 'parsed', parse: text, brief, placeholder, optional: true } as const;
}

/** A flag that takes a word and may be repeated. */
export function words(brief: string, placeholder: string) {
  return { ...word(brief, placeholder), variadic: true } as const;
}

/** A flag that is there or not. */
export function toggle(brief: string) {
  return { kind: 'boolean', brief, optional: true, withNegated: false } as const;
}

export const json = toggle('Print one JSON document (docs/json.md)');

export const tenant = words('Only this tenant; may be repeated', 'NAME');

/** Reads one of these words. */
export function oneOf<const T extends readonly string[]>(...words: T): (input: string) => T[number] {
  return (input) => {
    if (!words.includes(input)) throw new Error(`it is ${words.join(' or ')}`);
    return input;
  };
}

/** Completes to those of these words that begin as typed. */
export function among(words: readonly string[]): (partial: string) => readonly string[] {
  return (partial) => words.filter((word) => word.startsWith(partial));
}

/** Reads a duration such as `15m`, in milliseconds. */
export function duration(input: string): number {
  const ms = parseDuration(input);
  if (ms === undefined) throw new Error('a duration is a number and a unit, such as 90s, 15m or 2h');
  return ms;
}

/** Reads the number of a port. */
export function port(input: string): number {
  const value = Number(input);
  if (!/^\d{1,5}$/.test(input) || value > 65_535) throw new Error('a port is a number from 0 to 65535');
  return value;
}

/** Reads a reason, which may not be empty. */
export function reason(input: string): string {
  if (input.trim() === '') throw new Error('say why in a few words');
  return input.trim();
}
