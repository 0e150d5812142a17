import type { EpochMs } from '../domain/time.ts';

/** One request as a simulator sees it. */
export interface SimRequest {
  method: string;
  /** Path and query as they came. */
  target: string;
  /** The path alone, without the server's context path. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** What a simulator answers. */
export interface SimAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** One request in a simulator's journal. */
export interface JournalEntry {
  at: EpochMs;
  method: string;
  /** Path and query. */
  path: string;
  /** The status that was sent; 0 when no answer left. */
  status: number;
  /** The fault that struck it. */
  fault?: string;
  /** The request's body and the answer's, kept unless `keepBodies` is off. */
  body?: string;
  contentType?: string;
  answer?: string;
}

const JSON_TYPE = 'application/json;charset=UTF-8';

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): SimAnswer {
  return { status, headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string> = {}): SimAnswer {
  return { status, headers, body: '' };
}

/** A page for people: nothing in it may run or load anything. */
export function page(html: string, status = 200): SimAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: html,
  };
}

/** Reads a body that must be a JSON object; `undefined` when it is not. */
export function readObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of `value` that are not in `known`. */
export function unknownKeys(value: Record<string, unknown>, known: readonly string[]): string[] {
  return Object.keys(value).filter((key) => !known.includes(key));
}
