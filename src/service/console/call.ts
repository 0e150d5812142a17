import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { ServiceConfig } from '../../config/config.ts';
import { isLoopback } from '../../config/loopback.ts';
import type { Cookies } from './cookies.ts';
import type { Page, Viewer } from './page.ts';
import { type Origins, ownPath, PAGE_HEADERS } from './safety.ts';

/** Who came in, and what their forms are bound to. */
export interface Entrance {
  viewer: Viewer;
  binding: string;
  /** Whether the session has ended meanwhile. */
  isOver(): Promise<boolean>;
}

/** What each request carries through the console. */
export type Env = {
  Bindings: HttpBindings;
  Variables: { cookies: Cookies; service: ServiceConfig; entrance?: Entrance };
};
export type Call = Context<Env>;

export function entranceOf(call: Call): Entrance {
  const entrance = call.get('entrance');
  if (!entrance) throw new Error('a page was asked for by nobody');
  return entrance;
}

export function originsOf({ req, env }: Call): Origins {
  return {
    host: req.header('host') ?? 'localhost',
    origin: req.header('origin'),
    site: req.header('sec-fetch-site'),
    forwarded: isForwarded(env.incoming),
  };
}

/**
 * Headers that proxies add: RFC 7239 (`Forwarded`), RFC 9110 §7.6.3 (`Via`), the customary `X-Forwarded-*`,
 * `X-Original-*` and `X-Real-IP`, and those of Cloudflare (`CF-*`) and of other networks (`…-Client-IP`).
 */
const ADDED_BY_PROXIES = /^(forwarded|via|x-real-ip|x-forwarded(-.*)?|x-original-.*|cf-.*|(.*-)?client-ip)$/;

/**
 * Whether a proxy says that it passed a request on. No browser speaks HTTP/1.0, and nginx does by default
 * (`proxy_http_version`). A proxy that says nothing cannot be told from a browser.
 */
function isForwarded({ httpVersion, headers }: HttpBindings['incoming']): boolean {
  return httpVersion === '1.0' || Object.keys(headers).some((name) => ADDED_BY_PROXIES.test(name));
}

/** Where this console is to be opened instead. */
export function sayWhere({ publicUrl, auth, listen }: ServiceConfig): string {
  if (auth !== undefined && publicUrl !== undefined) return `Open ${publicUrl} instead.`;
  return `Open it on that machine, at http://${listen.host}:${listen.port}; for others, set service.auth in the configuration.`;
}

/** Where a form was sent from, if that was a page of this console. */
export function backTo(call: Call, page?: Page): string {
  const from = URL.parse(call.req.header('referer') ?? '');
  const host = call.req.header('host');
  if (from && from.host === host) return ownPath(`${from.pathname}${from.search}`);
  return page === undefined || page.path.includes(':') ? '/' : page.path;
}

/** A page's own answer, with the headers of all pages. */
export function withHeaders(answer: Response): Response {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) if (!headers.has(name)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/** Where the browser reaches this console. */
export function baseOf(call: Call): string {
  return call.get('service').publicUrl ?? `http://${originsOf(call).host}`;
}

/** Who asks: the address connected from, or as a proxy on this machine, which alone is believed, names it. */
export function addressOf(call: Call): string {
  const peer = call.env.incoming.socket.remoteAddress ?? '';
  const named = call.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return named && isLoopback(peer.replace(/^::ffff:/, '')) ? named : peer;
}
