import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { ServiceConfig } from '../config/config.ts';
import { type Clock, SECOND_MS } from '../domain/time.ts';
import { isOwnHost } from './hosts.ts';
import { type WebhookAnswer, type WebhookNow, type WebhookParts, Webhooks } from './webhooks.ts';

/** An answer of health or readiness. */
export interface StateAnswer {
  status: 200 | 503;
  body: { ok: boolean };
}

export interface WebParts extends WebhookParts {
  /** Where it listens is decided at the start; the rest may change. */
  current(): WebhookNow & { service: ServiceConfig };
  health(): StateAnswer | Promise<StateAnswer>;
  ready(): StateAnswer | Promise<StateAnswer>;
  /** The metrics in Prometheus' text form. */
  metrics(): string | Promise<string>;
  /** Makes what answers whatever else is asked; `closing` aborts when the server ends. Absent: nothing is there. */
  console?(closing: AbortSignal): { fetch(request: Request, bindings: HttpBindings): Response | Promise<Response> };
}

/** The running server. */
export interface Web {
  /** Where it is reached on this machine, such as `http://127.0.0.1:8484`. */
  origin: string;
  /** Takes no more requests, lets those in hand end within `withinMs`, then ends them. */
  close(withinMs: number): Promise<void>;
}

type App = Hono<{ Bindings: HttpBindings }>;
type Ask = Context<{ Bindings: HttpBindings }>;

const MOST_CONNECTIONS = 256;
const SERVER_OPTIONS = {
  headersTimeout: 10 * SECOND_MS,
  requestTimeout: 30 * SECOND_MS,
  keepAliveTimeout: 10 * SECOND_MS,
  connectionsCheckingInterval: 5 * SECOND_MS,
  maxHeaderSize: 16 * 1024,
};

/** Nothing but the console is a page, may be kept, or may be used by another page (OWASP, "HTTP Headers Cheat Sheet", 2026). */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** For a year, of this host alone: what else the domain serves is not ours to decide. */
const HTTPS_ONLY = 'max-age=31536000';

/** Prometheus, "Exposition formats", text version 0.0.4. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Serves health, readiness, metrics, webhooks and the console.
 * @throws Error with a sentence for people when the address cannot be listened at.
 */
export async function startWeb(parts: WebParts): Promise<Web> {
  const { listen } = parts.current().service;
  const closing = new AbortController();
  const server = createAdaptorServer({
    fetch: appOf(parts, closing.signal).fetch,
    // A probe by HTTP/1.0 names no host.
    hostname: 'localhost',
    overrideGlobalObjects: false,
    serverOptions: SERVER_OPTIONS,
  }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, listen);
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return {
    origin: `http://${host}:${port}`,
    close: (withinMs) => {
      closing.abort();
      return closed(server, parts.clock, withinMs);
    },
  };
}

function listening(server: Server, { host, port }: ServiceConfig['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(new Error(sayNotListening(error, host, port), { cause: error }));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function sayNotListening({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const mend = 'name another port under service.listen';
  if (code === 'EADDRINUSE') return `${where} is in use by another program; stop it, or ${mend}`;
  if (code === 'EACCES') return `this account may not listen at ${where}; ${mend}, such as 127.0.0.1:8484`;
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${host}; write 127.0.0.1 under service.listen`;
  return `${where} cannot be listened at: ${message}`;
}

async function closed(server: Server, clock: Clock, withinMs: number): Promise<void> {
  const ended = new AbortController();
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  void done.then(() => ended.abort());
  server.closeIdleConnections();
  await clock.sleep(withinMs, ended.signal);
  server.closeAllConnections();
  await done;
}

function appOf(parts: WebParts, closing: AbortSignal): App {
  const pages = parts.console?.(closing);
  const webhooks = new Webhooks(parts);
  const routes = new Hono() as App;
  routes.all('/webhooks/jira', async (ask) => answered(ask, await webhooks.take(ask.env.incoming)));
  routes.get('/healthz', async (ask) => state(ask, await parts.health(), isKnown(ask, parts)));
  routes.get('/readyz', async (ask) => state(ask, await parts.ready(), isKnown(ask, parts)));
  routes.get('/metrics', async (ask) => {
    if (!isKnown(ask, parts)) return ask.text('This host name is not served here.\n', 421);
    return ask.body(await parts.metrics(), 200, { 'content-type': METRICS_TYPE });
  });
  for (const page of ['/healthz', '/readyz', '/metrics'])
    routes.all(page, (ask) => ask.text('Only GET is known here.\n', 405, { allow: 'GET, HEAD' }));
  const app = new Hono() as App;
  app.use(async (ask, next) => {
    await next();
    // Browsers heed it in answers that came by https alone (RFC 6797 §8.1), so not where the console is opened directly.
    if (parts.current().service.publicUrl?.startsWith('https:')) ask.header('strict-transport-security', HTTPS_ONLY);
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!ask.res.headers.has(name)) ask.header(name, value);
  });
  app.route('/', routes);
  app.notFound((ask) => pages?.fetch(ask.req.raw, ask.env) ?? ask.text('There is nothing here.\n', 404));
  app.onError((error, ask) => {
    parts.progress({ event: 'warning', says: `${ask.req.method} ${ask.req.path} failed: ${error.message}` });
    return ask.text('Casewire failed here; its log says why.\n', 500);
  });
  return app;
}

function isKnown(ask: Ask, { current }: WebParts): boolean {
  return isOwnHost(ask.req.header('host') ?? 'localhost', current().service);
}

/** A probe may come by any name; then it is told whether all is well, and no more. */
function state(ask: Ask, { status, body }: StateAnswer, isOwn: boolean): Response {
  return ask.json(isOwn ? body : { ok: body.ok }, status);
}

function answered(ask: Ask, { status, says, closes }: WebhookAnswer): Response {
  if (closes) ask.header('connection', 'close');
  if (status === 405) ask.header('allow', 'POST');
  return ask.text(`${says}\n`, status as 200);
}
