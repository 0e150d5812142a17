import type { ServiceConfig } from '../../config/config.ts';
import { isLoopback } from '../../config/loopback.ts';
import { isOwnHost } from '../hosts.ts';

/**
 * What a browser may do with a page: run and show what this program serves, and nothing else (OWASP, "HTTP Headers
 * Cheat Sheet", 2026). Forms carry an `Origin` only because the referrer policy is not `no-referrer` (Fetch,
 * "append a request Origin header").
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/** The headers of a request that say where it comes from. */
export interface Origins {
  host: string;
  origin?: string | undefined;
  /** `Sec-Fetch-Site`. */
  site?: string | undefined;
  /** A proxy passed it on. */
  forwarded: boolean;
}

/** Why a request is not for this console, in words; `undefined` when it is. */
export function refusalOfHost({ host, forwarded }: Origins, service: ServiceConfig): string | undefined {
  if (!isOwnHost(host, service)) return `This program does not serve the name ${host}.`;
  const isLocal = isLoopback(URL.parse(`http://${host}/`)?.hostname ?? '') && !forwarded;
  if (service.auth !== undefined || isLocal) return undefined;
  return 'As long as nobody signs in, the console is for the machine that it runs on, and a proxy is no part of that.';
}

/** Whether a form was sent by a page of this console: browsers say so, and a page cannot forge it. */
export function isOwnForm({ host, origin, site }: Origins, { publicUrl }: ServiceConfig): boolean {
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site === 'same-origin';
  if (publicUrl !== undefined && origin === URL.parse(publicUrl)?.origin) return true;
  // In the clear only on this machine: elsewhere whoever is on the way could have made that page.
  return origin === `http://${host}` && isLoopback(URL.parse(origin)?.hostname ?? '');
}

/** A path of this console, for a redirect; `/` in place of anything that may lead elsewhere. */
export function ownPath(path: string | undefined): string {
  const url = URL.parse(path ?? '', 'http://console.invalid');
  if (!path?.startsWith('/') || url?.origin !== 'http://console.invalid') return '/';
  // `/.//evil.example` is a path of ours only until its dots are taken out.
  if (url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
