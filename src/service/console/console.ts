import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ServiceConfig } from '../../config/config.ts';
import { Cookies } from './cookies.ts';
import { type ErrorPage, errorPage, type Trouble } from './error-pages.ts';
import { carriesToken, tokenField } from './form-token.ts';
import { layout } from './layout.ts';
import { assets } from './look/assets.ts';
import {
  type Act,
  type Ask,
  CannotDo,
  type ConsoleParts,
  NothingHere,
  type Page,
  type Section,
  type Viewer,
} from './page.ts';
import { PAGES } from './pages/pages.ts';
import { isOwnForm, type Origins, ownPath, PAGE_HEADERS, refusalOfHost } from './safety.ts';
import { readTold, type Told, writeTold } from './told.ts';

/** Who came in, and what their forms are bound to. */
export interface Entrance {
  viewer: Viewer;
  binding: string;
}

type Env = { Bindings: HttpBindings; Variables: { cookies: Cookies; service: ServiceConfig; entrance?: Entrance } };
type Call = Context<Env>;

/** A form has names of alerts and a reason in it. */
const MOST_FORM_BYTES = 256 * 1024;

/** What is told waits no longer for the next page. */
const TOLD_SECONDS = 60;

/** Who looks at a console on the machine that it runs on, where nobody signs in. */
const AT_THE_MACHINE: Viewer = { name: 'on this machine', account: 'console: on this machine', may: 'act' };

/** The console as an application of Hono, to be asked last of all. `closing` aborts when the server ends. */
export function consoleApp(parts: ConsoleParts, closing: AbortSignal, pages: readonly Page[] = PAGES): Hono<Env> {
  return new Shell(parts, closing).app(pages);
}

class Shell {
  readonly #parts: ConsoleParts;
  readonly #closing: AbortSignal;
  readonly #key = randomBytes(32);

  constructor(parts: ConsoleParts, closing: AbortSignal) {
    this.#parts = parts;
    this.#closing = closing;
  }

  app(pages: readonly Page[]): Hono<Env> {
    const app = new Hono<Env>();
    app.use((call, next) => this.#guard(call, next));
    for (const asset of Object.values(assets()))
      app.get(asset.path, (call) =>
        call.body(asset.content, 200, {
          'content-type': asset.type,
          'cache-control': 'public, max-age=31536000, immutable',
        }),
      );
    app.use((call, next) => this.#enter(call, next));
    app.post(
      '*',
      bodyLimit({
        maxSize: MOST_FORM_BYTES,
        onError: (call) => this.#trouble(call as Call, 413, ['The form is larger than any of ours.']),
      }),
    );
    for (const page of pages) {
      app.get(page.path, (call) => this.#show(call, page));
      for (const act of page.acts ?? []) app.post(act.path, (call) => this.#perform(call, page, act));
    }
    app.notFound((call) => this.#trouble(call, 404, [`No page of this console is at ${call.req.path}.`], '/'));
    app.onError((error, call) => this.#failed(error, call));
    return app;
  }

  async #guard(call: Call, next: () => Promise<void>): Promise<Response | undefined> {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) call.header(name, value);
    const { service } = this.#parts.atWork().config;
    call.set('service', service);
    call.set('cookies', new Cookies(call, service));
    const refusal = refusalOfHost(originsOf(call), service);
    if (refusal !== undefined) return this.#trouble(call, 421, [refusal, sayWhere(service)]);
    if (call.req.method === 'POST' && !isOwnForm(originsOf(call), service))
      return this.#trouble(call, 403, ['This form was not sent by a page of this console, so nothing was done.'], '/');
    await next();
    return undefined;
  }

  async #enter(call: Call, next: () => Promise<void>): Promise<Response | undefined> {
    const cookies = call.get('cookies');
    let binding = cookies.read('visit');
    if (binding === undefined) {
      binding = randomBytes(18).toString('base64url');
      cookies.write('visit', binding);
    }
    call.set('entrance', { viewer: AT_THE_MACHINE, binding });
    await next();
    return undefined;
  }

  async #show(call: Call, page: Page): Promise<Response> {
    const shown = await page.show(this.#ask(call));
    if (shown instanceof Response) return withHeaders(shown);
    return this.#page(call, { ...shown, here: page.here });
  }

  async #perform(call: Call, page: Page, act: Act): Promise<Response> {
    const { viewer, binding } = entranceOf(call);
    const form = new URLSearchParams(await call.req.text());
    if (!carriesToken(form, binding, this.#key)) return this.#stale(call, page);
    if (act.may === 'act' && viewer.may !== 'act')
      return this.#trouble(
        call,
        403,
        [`${viewer.name} may look and not act; an operator may do this.`],
        backTo(call, page),
      );
    const record = { who: viewer.account, ...act.says(form, call.req.param()) };
    const work = () => act.run(this.#ask(call), form);
    const { casewire } = this.#parts.atWork();
    const done = await casewire
      .onRecord(record, work, ({ says }) => says)
      .catch((error: unknown) => {
        if (error instanceof CannotDo) return { to: backTo(call, page), says: error.message, mood: 'bad' as const };
        throw error;
      });
    call.get('cookies').write('told', writeTold(done, this.#key), { seconds: TOLD_SECONDS });
    return call.redirect(ownPath(done.to), 303);
  }

  /** The program was started anew since the page was made, or the session is another one. */
  #stale(call: Call, page: Page): Response | Promise<Response> {
    const says = [
      'Casewire was started again, or you signed in again, since the page with this form was shown. Nothing was done.',
      'Look again, and if it is still to be done, repeat it there.',
    ];
    return this.#trouble(call, 419, says, backTo(call, page));
  }

  #ask(call: Call): Ask {
    const { viewer, binding } = entranceOf(call);
    return {
      parts: this.#parts,
      viewer,
      now: this.#parts.clock.now(),
      path: call.req.path,
      params: call.req.param(),
      query: new URL(call.req.url).searchParams,
      signal: AbortSignal.any([call.req.raw.signal, this.#closing]),
      csrf: tokenField(binding, this.#key),
    };
  }

  #trouble(call: Call, trouble: Trouble, says: readonly string[], back?: string): Response | Promise<Response> {
    return this.#page(call, { ...errorPage(trouble, says, back), status: trouble === 419 ? 403 : trouble });
  }

  #failed(error: Error, call: Call): Response | Promise<Response> {
    if (error instanceof NothingHere) return this.#trouble(call, 404, [error.message], '/');
    const { progress } = this.#parts;
    progress({ event: 'warning', says: `console: ${call.req.method} ${call.req.path} failed: ${error.message}` });
    return this.#trouble(call, 500, ['The page could not be made; the log of Casewire says why.'], call.req.path);
  }

  #page(call: Call, page: ErrorPage & { here?: Section; status?: number }): Response | Promise<Response> {
    const { clock, version } = this.#parts;
    const entrance = call.get('entrance');
    const told = entrance && this.#told(call);
    const whole = layout({
      title: page.title,
      body: page.body,
      version,
      now: clock.now(),
      ...(page.here === undefined ? {} : { here: page.here }),
      ...(entrance === undefined ? {} : { viewer: entrance.viewer }),
      ...(told === undefined ? {} : { told }),
    });
    return call.html(whole, (page.status ?? 200) as 200);
  }

  #told(call: Call): Told | undefined {
    const cookies = call.get('cookies');
    const value = cookies.read('told');
    if (value === undefined) return undefined;
    cookies.drop('told');
    return readTold(value, this.#key);
  }
}

function entranceOf(call: Call): Entrance {
  const entrance = call.get('entrance');
  if (!entrance) throw new Error('a page was asked for by nobody');
  return entrance;
}

function originsOf({ req }: Call): Origins {
  return {
    host: req.header('host') ?? 'localhost',
    origin: req.header('origin'),
    site: req.header('sec-fetch-site'),
    forwarded: ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].some(
      (name) => req.header(name) !== undefined,
    ),
  };
}

function sayWhere({ publicUrl, auth, listen }: ServiceConfig): string {
  if (auth !== undefined && publicUrl !== undefined) return `Open ${publicUrl} instead.`;
  return `Open it on that machine, at http://${listen.host}:${listen.port}; for others, set service.auth in the configuration.`;
}

/** Where a form was sent from, if that was a page of this console. */
function backTo(call: Call, page: Page): string {
  const from = URL.parse(call.req.header('referer') ?? '');
  const host = call.req.header('host');
  if (from && from.host === host) return ownPath(`${from.pathname}${from.search}`);
  return page.path.includes(':') ? '/' : page.path;
}

/** A page's own answer, with the headers of all pages. */
function withHeaders(answer: Response): Response {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) if (!headers.has(name)) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}
