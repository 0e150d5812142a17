import { randomUUID } from 'node:crypto';
import { MINUTE_MS } from '../domain/time.ts';
import type { SimAlert } from './cloud-apps-sim.ts';
import { toFilter } from './graph-filter.ts';
import { commentOn, updateRecord } from './graph-writes.ts';
import { changeRecord, closeRecord, type Resolution, reopenRecord } from './scene/alert-acts.ts';
import { toGraphRecord } from './scene/graph-record.ts';
import { graphState } from './scene/graph-state.ts';
import { noteListed } from './scene/listed-at.ts';
import { type SimOptions, SimServer } from './sim-server.ts';
import { isObject, json, type SimAnswer, type SimRequest } from './wire.ts';

/** Whom a bearer token stands for. */
export interface GraphCaller {
  /** One of the simulator's tenants. */
  tenant: string;
  /** Application permissions that the token carries; all that are needed when absent. */
  roles?: readonly string[];
}

/** A tenant's alerts, as records of the REST API; both simulators may serve one and the same object. */
export interface GraphTenant {
  alerts: unknown[];
}

export interface GraphSimOptions extends SimOptions {
  tenants?: Readonly<Record<string, GraphTenant>>;
  /** Whom an `Authorization` header stands for; `undefined` is answered 401. */
  callerOf(header: string | undefined): GraphCaller | undefined;
  /** Answers what is no alert, such as group membership; `undefined` says that it does not know the request either. */
  beside?: (request: SimRequest, caller: GraphCaller) => SimAnswer | undefined;
}

const ALERTS = '/v1.0/security/alerts_v2';
const QUERY = new Set(['$filter', '$top', '$skip', '$count', '$skiptoken']);
const WRITE_ROLES = ['SecurityAlert.ReadWrite.All'];
const READ_ROLES = [
  'SecurityAlert.Read.All',
  'SecurityAlert.ReadWrite.All',
  'SecurityIncident.Read.All',
  'SecurityIncident.ReadWrite.All',
];

/**
 * Microsoft Graph v1.0, security alerts ("List alerts_v2", "Get alert", "Update alert", "Create comment for alert",
 * "Throttling limits"; read 2026-11). The tenant is known by the bearer token alone.
 */
export class GraphSim extends SimServer {
  readonly tenants = new Map<string, GraphTenant>();
  /** Whether more than `callsPerMinute` calls of a tenant are answered 429. */
  throttles = true;
  callsPerMinute = 150;
  /** Whether a 429 says when to come back; Graph promises it for other services than security. */
  saysRetryAfter = true;
  /** Whether `or` in a filter is refused: that it works is not documented. */
  refusesOr = false;
  /** Most alerts of a page, whatever `$top` asks for. */
  pageLimit = 100;
  /** Where a next page is said to be, when not here. */
  nextLinkOrigin: string | undefined;
  #places = 0;
  readonly #callerOf: GraphSimOptions['callerOf'];
  readonly #beside: GraphSimOptions['beside'];
  readonly #calls = new Map<string, number[]>();

  constructor(options: GraphSimOptions) {
    super(options);
    this.#callerOf = options.callerOf;
    this.#beside = options.beside;
    for (const [name, tenant] of Object.entries(options.tenants ?? {})) this.tenants.set(name, tenant);
  }

  /** Adds an alert by its record of the REST API, or what is served as it is. */
  addAlert(tenant: string, alert: unknown): void {
    noteListed(alert, this.clock.now());
    this.#tenant(tenant).alerts.push(alert);
  }

  /** Adds an alert that was raised `agoMs` before now, as a detection that speaks late does. */
  insertLate(tenant: string, alert: SimAlert, agoMs: number): void {
    this.addAlert(tenant, { ...alert, timestamp: this.clock.now() - agoMs });
  }

  /** Closes an alert as a person does in the portal, or gives a closed one another verdict. `id` is the REST API's. */
  closeAlert(tenant: string, id: string, resolution: Resolution, more: { at?: number; by?: string } = {}): void {
    closeRecord(this.#existing(tenant, id), resolution, { at: this.clock.now(), ...more });
  }

  /** Opens an alert again as a person does in the portal. */
  reopenAlert(tenant: string, id: string): void {
    reopenRecord(this.#existing(tenant, id), this.clock.now());
  }

  /** Lets fields of an alert's record change, as when more activities join it. */
  changeAlert(tenant: string, id: string, fields: Record<string, unknown>): void {
    changeRecord(this.#existing(tenant, id), fields, this.clock.now());
  }

  /** Texts of the comments that stand on an alert. */
  commentsOf(tenant: string, id: string): readonly string[] {
    return graphState(this.#existing(tenant, id)).comments.map(({ comment }) => comment);
  }

  deleteAlert(tenant: string, id: string): void {
    const held = this.#tenant(tenant);
    held.alerts = held.alerts.filter((record) => !isObject(record) || record._id !== id);
  }

  #existing(tenant: string, id: string): Record<string, unknown> {
    const record = this.#tenant(tenant)
      .alerts.filter(isObject)
      .find(({ _id }) => _id === id);
    if (!record) throw new Error(`${tenant} has no alert ${id}`);
    return record;
  }

  /** Next links that were handed out lead nowhere from now on. */
  forgetPlaces(): void {
    this.#places += 1;
  }

  #tenant(name: string): GraphTenant {
    const tenant = this.tenants.get(name);
    if (!tenant) throw new Error(`the simulator has no tenant ${name}`);
    return tenant;
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    const header = request.headers.authorization;
    const caller = this.#callerOf(typeof header === 'string' ? header : undefined);
    if (!caller)
      return this.#refused(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.');
    const [, written, comments] = /^\/([^/]+)(\/comments)?$/.exec(request.path.slice(ALERTS.length)) ?? [];
    const isWrite = written !== undefined && request.method === (comments ? 'POST' : 'PATCH');
    const isRead = request.method === 'GET' && !comments;
    if (!request.path.startsWith(ALERTS) || !(isWrite || isRead)) return this.#beside?.(request, caller);
    const needed = isWrite ? WRITE_ROLES : READ_ROLES;
    if (caller.roles && !caller.roles.some((role) => needed.includes(role)))
      return this.#refused(403, 'Forbidden', `Missing application roles. API required roles: ${needed.join(', ')}`);
    const throttled = this.#throttle(caller.tenant);
    if (throttled) return throttled;
    const { alerts } = this.#tenant(caller.tenant);
    if (request.path === ALERTS) return this.#list(alerts.map(toGraphRecord), request);
    const id = decodeURIComponent(written ?? '');
    const record = alerts.find((one) => {
      const shown = toGraphRecord(one);
      return isObject(shown) && shown.id === id;
    });
    if (!isObject(record)) return this.#refused(404, 'NotFound', `The alert ${id} was not found.`);
    return isWrite ? this.#write(record, request, comments !== undefined) : json(200, toGraphRecord(record));
  }

  #write(record: Record<string, unknown>, { body }: SimRequest, isComment: boolean): SimAnswer {
    const at = this.clock.now();
    if (isComment) {
      const comments = commentOn(record, body, { at, by: 'API-Casewire' });
      return typeof comments === 'string' ? this.#refused(400, 'BadRequest', comments) : json(200, { value: comments });
    }
    const wrong = updateRecord(record, body, at);
    return wrong === undefined ? json(200, toGraphRecord(record)) : this.#refused(400, 'BadRequest', wrong);
  }

  #throttle(tenant: string): SimAnswer | undefined {
    const now = this.clock.now();
    const recent = (this.#calls.get(tenant) ?? []).filter((at) => at > now - MINUTE_MS);
    this.#calls.set(tenant, recent);
    if (!this.throttles || recent.length < this.callsPerMinute) {
      recent.push(now);
      return undefined;
    }
    const seconds = Math.max(1, Math.ceil(((recent[0] ?? now) + MINUTE_MS - now) / 1000));
    const headers: Record<string, string> = this.saysRetryAfter ? { 'retry-after': String(seconds) } : {};
    return this.#refused(429, 'TooManyRequests', 'Too many requests.', headers);
  }

  #list(records: readonly unknown[], { query }: SimRequest): SimAnswer {
    const bad = (message: string) => this.#refused(400, 'BadRequest', message);
    const strange = [...query.keys()].find((key) => !QUERY.has(key));
    if (strange !== undefined) return bad(`The query option '${strange}' is not supported`);
    if (this.refusesOr && query.get('$filter')?.includes(' or ')) return bad('The operator or is not supported');
    const filter = toFilter(query.get('$filter') ?? "serviceSource ne ''");
    if (typeof filter === 'string') return bad(filter);
    const top = Number(query.get('$top') ?? this.pageLimit);
    const token = query.get('$skiptoken');
    const skip = token === null ? Number(query.get('$skip') ?? 0) : this.#placeOf(token);
    if (!isCount(top) || !isCount(skip)) return bad('The value of $top, $skip or $skiptoken is not valid');
    const matching = records.filter(filter).toSorted((a, b) => createdOf(b) - createdOf(a));
    const end = skip + Math.min(top, this.pageLimit);
    const more = end < matching.length ? { '@odata.nextLink': this.#nextLink(query, end) } : {};
    const count = query.get('$count') === 'true' ? { '@odata.count': matching.length } : {};
    const context = `${this.url}/v1.0/$metadata#security/alerts_v2`;
    return json(200, { '@odata.context': context, ...count, value: matching.slice(skip, end), ...more });
  }

  #nextLink(query: URLSearchParams, place: number): string {
    const next = new URLSearchParams(query);
    next.delete('$skip');
    next.set('$skiptoken', Buffer.from(`${this.#places}/${place}`).toString('base64url'));
    return `${this.nextLinkOrigin ?? this.origin}${this.contextPath}${ALERTS}?${next}`;
  }

  /** Not a number when the token is none of ours, or is forgotten. */
  #placeOf(token: string): number {
    const [, places, place] = /^(\d+)\/(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
    return Number(places) === this.#places ? Number(place) : Number.NaN;
  }

  /** Graph's error shape ("Microsoft Graph error responses and resource types"). */
  #refused(status: number, code: string, message: string, headers: Record<string, string> = {}): SimAnswer {
    const id = randomUUID();
    const date = new Date(this.clock.now()).toISOString().slice(0, 19);
    const innerError = { date, 'request-id': id, 'client-request-id': id };
    return json(status, { error: { code, message, innerError } }, headers);
  }
}

/** Starts Microsoft Graph for any number of tenants. */
export function startGraphSim(options: GraphSimOptions): Promise<GraphSim> {
  return new GraphSim(options).listen();
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function createdOf(record: unknown): number {
  const at = isObject(record) && typeof record.createdDateTime === 'string' ? Date.parse(record.createdDateTime) : 0;
  return Number.isNaN(at) ? 0 : at;
}
