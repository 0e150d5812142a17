import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ServiceConfig } from '../../config/config.ts';
import { isLoopback } from '../../config/loopback.ts';

export type CookieName = 'visit' | 'told' | 'session' | 'sign-in' | 'operator';

/**
 * The console's cookies: never for scripts, never sent by other sites' pages, and bound to this host alone where
 * everything is reached by https (RFC 6265bis §4.1.3, `__Host-`).
 */
export class Cookies {
  readonly #ask: Context;
  readonly #secure: boolean;

  constructor(ask: Context, { publicUrl, auth }: ServiceConfig) {
    this.#ask = ask;
    const host = URL.parse(`http://${ask.req.header('host') ?? ''}/`)?.hostname ?? '';
    // Where nobody signs in, the console is looked at on this machine, and not through the proxy that publicUrl names.
    this.#secure = publicUrl?.startsWith('https:') === true && (auth !== undefined || !isLoopback(host));
  }

  read(name: CookieName): string | undefined {
    return getCookie(this.#ask, this.#name(name));
  }

  /** `lax` is for what has to be there when another site leads back to this one. */
  write(name: CookieName, value: string, { seconds, lax }: { seconds?: number; lax?: true } = {}): void {
    setCookie(this.#ask, this.#name(name), value, {
      path: '/',
      httpOnly: true,
      secure: this.#secure,
      sameSite: lax ? 'Lax' : 'Strict',
      ...(seconds === undefined ? {} : { maxAge: seconds }),
    });
  }

  drop(name: CookieName): void {
    deleteCookie(this.#ask, this.#name(name), { path: '/', secure: this.#secure });
  }

  #name(name: CookieName): string {
    return `${this.#secure ? '__Host-' : ''}casewire-${name}`;
  }
}
