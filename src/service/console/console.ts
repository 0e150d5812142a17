import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { PersonsAct } from '../../domain/act.ts';
import { clean } from '../../domain/text/clean.ts';
import { sayDuration } from '../../domain/time.ts';
import {
  addressOf,
  backTo,
  baseOf,
  type Call,
  type Env,
  entranceOf,
  originsOf,
  sayWhere,
  withHeaders,
} from './call.ts';
import { Cookies } from './cookies.ts';
import { type ErrorPage, errorPage, type Trouble } from './error-pages.ts';
import { carriesToken, tokenField } from './form-token.ts';
import { layout } from './layout.ts';
import { assets } from './look/assets.ts';
import { isOperatorToken, OPERATE } from './operator-link.ts';
import {
  type Act,
  type ActWords,
  type Ask,
  CannotDo,
  type ConsoleParts,
  type Done,
  NothingHere,
  type Page,
  type Section,
  type Viewer,
} from './page.ts';
import { PAGES } from './pages/pages.ts';
import { Refusals } from './refusals.ts';
import { isOwnForm, ownPath, PAGE_HEADERS, refusalOfHost } from './safety.ts';
import { NotSignedIn } from './sign-in/provider.ts';
import { keyFrom } from './sign-in/sealed.ts';
import { BACK, BEGIN, SignIn, type SignInAsk } from './sign-in/sign-in.ts';
import { signInPage, signOutForm, strangerPage } from './sign-in/sign-in-pages.ts';
import { readTold, type Told, writeTold } from './told.ts';

/** A form has names of alerts and a reason in it. */
const MOST_FORM_BYTES = 256 * 1024;

/** Characters of a form's words that the record of acts keeps; a reason has at most half as many. */
const MOST_RECORDED = 1_000;

/** What is told waits no longer for the next page. */
const TOLD_SECONDS = 60;

/** Who uses a console on the machine that it runs on, where nobody signs in. */
const AT_THE_MACHINE: Omit<Viewer, 'may'> = { name: 'on this machine', account: 'console: on this machine' };

/** What is missing where nobody signs in and the browser was not opened by the link. */
const NO_LINK = 'To act, open the link that casewire serve printed when it started.';

/** The console as an application of Hono, to be asked last of all. `closing` aborts when the server ends. */
export function consoleApp(parts: ConsoleParts, closing: AbortSignal, pages: readonly Page[] = PAGES): Hono<Env> {
  return new Shell(parts, closing).app(pages);
}

class Shell {
  readonly #parts: ConsoleParts;
  readonly #closing: AbortSignal;
  /** Without a sign-in forms hold as long as the program runs. */
  readonly #key = randomBytes(32);
  readonly #signIn: SignIn;
  readonly #refusals = new Refusals();

  constructor(parts: ConsoleParts, closing: AbortSignal) {
    this.#parts = parts;
    this.#closing = closing;
    this.#signIn = new SignIn(parts.clock, () => parts.atWork().ledger.endedSessions);
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
    app.get(BEGIN, (call) => this.#step(call, (ask) => this.#begin(call, ask)));
    app.get(BACK, (call) => this.#step(call, (ask) => this.#comeBack(call, ask)));
    app.get(OPERATE, (call) => this.#operate(call));
    app.use((call, next) => this.#enter(call, next));
    app.post(
      '*',
      bodyLimit({
        maxSize: MOST_FORM_BYTES,
        onError: (call) => this.#trouble(call as Call, 413, ['The form is larger than any of ours.']),
      }),
    );
    app.post('/sign-out', (call) => this.#signOut(call));
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
    const { auth } = call.get('service');
    if (auth !== undefined) {
      const entrance = await this.#signIn.viewer({ auth, cookies });
      if (!entrance) return this.#page(call, signInPage(wanted(call), call.req.method === 'POST'));
      call.set('entrance', entrance);
    } else {
      const binding = cookies.read('visit') ?? randomBytes(18).toString('base64url');
      if (cookies.read('visit') === undefined) cookies.write('visit', binding);
      const may = isOperatorToken(cookies.read('operator'), this.#parts.operatorToken) ? 'act' : 'look';
      call.set('entrance', { viewer: { ...AT_THE_MACHINE, may }, binding, isOver: async () => false });
      // A proxy can be silent: whoever comes through it has no cookie, and is not put on the record of acts either.
      if (call.req.method === 'POST' && may !== 'act')
        return this.#trouble(call, 403, ['Nothing was done.', NO_LINK], backTo(call));
    }
    await next();
    return undefined;
  }

  /** Where nobody signs in: makes the browser that opens the printed link one that may act. */
  #operate(call: Call): Response | Promise<Response> {
    if (call.get('service').auth !== undefined) return this.#trouble(call, 404, ['People sign in here.'], '/');
    if (!isOperatorToken(call.req.query('token'), this.#parts.operatorToken))
      return this.#trouble(call, 403, ['This link is of an earlier start of casewire serve.', NO_LINK], '/');
    call.get('cookies').write('operator', this.#parts.operatorToken);
    return call.redirect('/', 303);
  }

  /** A step of the sign-in: counted, and where it fails a page that says why. */
  async #step(call: Call, step: (ask: SignInAsk) => Promise<Response>): Promise<Response> {
    const { auth } = call.get('service');
    if (auth === undefined) return this.#trouble(call, 404, ['Nobody signs in here.'], '/');
    const waitMs = this.#signIn.take(addressOf(call));
    if (waitMs > 0) {
      call.header('retry-after', String(Math.ceil(waitMs / 1000)));
      return this.#trouble(call, 429, [`Wait ${sayDuration(waitMs)}, then sign in again.`]);
    }
    try {
      return await step({ auth, cookies: call.get('cookies'), base: baseOf(call) });
    } catch (error) {
      if (!(error instanceof NotSignedIn)) throw error;
      const says = clean(error.message);
      this.#parts.progress({ event: 'warning', says: `console: a sign-in did not come about: ${says}` });
      return this.#trouble(call, error.isAway ? 502 : 400, ['You are not signed in.', `${says}.`], '/');
    }
  }

  async #begin(call: Call, ask: SignInAsk): Promise<Response> {
    const { to, other } = call.req.query();
    const url = await this.#signIn.begin(ask, { to: ownPath(to), another: other !== undefined });
    return call.redirect(url.href, 303);
  }

  async #comeBack(call: Call, ask: SignInAsk): Promise<Response> {
    const end = await this.#signIn.comeBack(ask, new URL(call.req.url).search);
    const from = addressOf(call);
    if (end.outcome === 'in') {
      const detail = `${end.may === 'act' ? 'operator' : 'viewer'}, from ${from}`;
      await this.#record({ who: end.session.account, what: 'sign in', detail });
      return call.redirect(ownPath(end.to), 303);
    }
    await this.#refused(
      { who: end.account, what: 'sign in', detail: `from ${from}` },
      'In none of the groups and roles.',
    );
    return this.#page(call, strangerPage(end, ask.auth));
  }

  async #signOut(call: Call): Promise<Response> {
    const form = new URLSearchParams(await call.req.text());
    const { binding, viewer } = entranceOf(call);
    if (!carriesToken(form, binding, this.#formKey(call))) return this.#stale(call, '/');
    const { auth } = call.get('service');
    if (auth === undefined) return this.#trouble(call, 404, ['Nobody signs in here.'], '/');
    await this.#signIn.leave({ auth, cookies: call.get('cookies') });
    await this.#record({ who: viewer.account, what: 'sign out' });
    return this.#tell(call, { to: '/', says: 'You are signed out of Casewire, though not of the sign-in service.' });
  }

  #formKey(call: Call): Buffer {
    const { auth } = call.get('service');
    return auth === undefined ? this.#key : keyFrom(auth.clientSecret, 'forms');
  }

  #tell(call: Call, done: Done): Response {
    call.get('cookies').write('told', writeTold(done, this.#formKey(call)), { seconds: TOLD_SECONDS });
    return call.redirect(ownPath(done.to), 303);
  }

  async #show(call: Call, page: Page): Promise<Response> {
    const shown = await page.show(this.#ask(call));
    if (shown instanceof Response) return withHeaders(shown);
    return this.#page(call, { ...shown, here: page.here });
  }

  async #perform(call: Call, page: Page, act: Act): Promise<Response> {
    const { viewer, binding } = entranceOf(call);
    const form = new URLSearchParams(await call.req.text());
    if (!carriesToken(form, binding, this.#formKey(call))) return this.#stale(call, backTo(call, page));
    const record = { who: viewer.account, ...inShort(act.says(form, call.req.param())) };
    if (act.may === 'act' && viewer.may !== 'act') {
      const says = `${viewer.name} may look and not act; an operator may do this.`;
      await this.#refused(record, says);
      return this.#trouble(call, 403, [says], backTo(call, page));
    }
    const work = () => act.run(this.#ask(call), form);
    const { casewire } = this.#parts.atWork();
    const done = await casewire
      .onRecord(record, work, ({ says }) => says)
      .catch((error: unknown) => {
        if (error instanceof CannotDo) return { to: backTo(call, page), says: error.message, mood: 'bad' as const };
        throw error;
      });
    return this.#tell(call, done);
  }

  /** Writes a refused act down, unless the account had too many of them lately. */
  async #refused(act: PersonsAct, why: string): Promise<void> {
    const taken = this.#refusals.take(act.who, this.#parts.clock.now());
    if (taken === 'leave') return;
    const says = taken === 'last' ? `${why} More of this account within the hour are not recorded.` : why;
    await this.#record(act, says);
  }

  /** Writes down what is done already, or why it is not done. */
  async #record(act: PersonsAct, refused?: string): Promise<void> {
    const work = () => (refused === undefined ? Promise.resolve() : Promise.reject(new CannotDo(refused)));
    await this.#parts
      .atWork()
      .casewire.onRecord(act, work, () => '')
      .catch((error: unknown) => {
        if (!(error instanceof CannotDo)) throw error;
      });
  }

  /** The program was started anew since the page was made, or the session is another one. */
  #stale(call: Call, back: string): Response | Promise<Response> {
    const says = [
      'Casewire was started again, or you signed in again, since the page with this form was shown. Nothing was done.',
      'Look again, and if it is still to be done, repeat it there.',
    ];
    return this.#trouble(call, 419, says, back);
  }

  #ask(call: Call): Ask {
    const { viewer, binding, isOver } = entranceOf(call);
    return {
      parts: this.#parts,
      viewer,
      now: this.#parts.clock.now(),
      path: call.req.path,
      params: call.req.param(),
      query: new URL(call.req.url).searchParams,
      signal: AbortSignal.any([call.req.raw.signal, this.#closing]),
      isOver,
      csrf: tokenField(binding, this.#formKey(call)),
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
    const told = this.#told(call);
    const leave =
      entrance && call.get('service').auth && signOutForm(tokenField(entrance.binding, this.#formKey(call)));
    const whole = layout({
      title: page.title,
      body: page.body,
      version,
      now: clock.now(),
      ...(page.here === undefined ? {} : { here: page.here }),
      ...(entrance === undefined ? {} : { viewer: entrance.viewer }),
      ...(told === undefined ? {} : { told }),
      ...(leave === undefined ? {} : { signOut: leave }),
      ...(entrance?.viewer.may === 'look' && !call.get('service').auth && !page.status ? { note: NO_LINK } : {}),
    });
    return call.html(whole, (page.status ?? 200) as 200);
  }

  #told(call: Call): Told | undefined {
    const cookies = call.get('cookies');
    const value = cookies.read('told');
    if (value === undefined) return undefined;
    cookies.drop('told');
    return readTold(value, this.#formKey(call));
  }
}

/** Nobody fills the record with what they wrote into a form. */
function inShort({ what, subject, detail }: ActWords): ActWords {
  return {
    what,
    ...(subject === undefined ? {} : { subject: subject.slice(0, MOST_RECORDED) }),
    ...(detail === undefined ? {} : { detail: detail.slice(0, MOST_RECORDED) }),
  };
}

/** Where a person wanted to get to before they had to sign in. */
function wanted(call: Call): string {
  if (call.req.method === 'POST') return backTo(call);
  const { pathname, search } = new URL(call.req.url);
  return pathname === '/live' ? '/' : ownPath(`${pathname}${search}`);
}
