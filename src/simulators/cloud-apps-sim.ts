import { MINUTE_MS } from '../domain/time.ts';
import { matchesFilters } from './cloud-apps-filters.ts';
import type { EntraSim } from './entra-sim.ts';
import { changeRecord, closeRecord, type Resolution, reopenRecord } from './scene/alert-acts.ts';
import { noteListed } from './scene/listed-at.ts';
import { type SimOptions, SimServer } from './sim-server.ts';
import { isObject, type JournalEntry, json, readObject, type SimAnswer, type SimRequest, unknownKeys } from './wire.ts';

/** An alert record as the REST API lists it; a test may also serve what is no record at all. */
export interface SimAlert {
  _id: string;
  /** Milliseconds since the epoch. */
  timestamp: number;
  [field: string]: unknown;
}

export interface SimTenant {
  token: string;
  alerts: unknown[];
  /** Its tenant in Entra: access tokens issued there are taken besides the legacy token. */
  tenantId?: string;
}

export interface CloudAppsSimOptions extends SimOptions {
  tenants?: Readonly<Record<string, { token: string; alerts?: readonly unknown[]; tenantId?: string }>>;
  /** Whose access tokens are taken. */
  entra?: EntraSim;
}

/** The service as Entra knows it ("Access with application context"). */
export const CLOUD_APPS_RESOURCE = '05a65629-4c1b-48c1-a78b-804c4abdd4af';

const MOST_A_PAGE = 100;
const BODY_KEYS = ['filters', 'skip', 'limit', 'sortDirection', 'sortField', 'isScan'];
const CLOSE_KEYS = [
  'filters',
  'comment',
  'reasonId',
  'sendFeedback',
  'feedbackText',
  'allowContact',
  'contactEmail',
] as const;

/** Reasons by verdict ("Close benign", "Close false positive", "Close true positive"). */
const CLOSINGS: Readonly<Record<string, { resolution: Resolution; reasons: readonly number[] }>> = {
  false_positive: { resolution: 3, reasons: [0, 1, 3, 4] },
  benign: { resolution: 4, reasons: [2, 4, 5, 6] },
  true_positive: { resolution: 5, reasons: [] },
};

/** One call that closed alerts. */
export interface SimClosing {
  at: number;
  tenant: string;
  verdict: string;
  /** Alerts that it closed. */
  ids: readonly string[];
  comment: unknown;
  reasonId: unknown;
}

/**
 * Defender for Cloud Apps, REST v1 (Microsoft Learn, "Defender for Cloud Apps REST API", 2026). Each tenant is served
 * below its own base path `/NAME`.
 */
export class CloudAppsSim extends SimServer {
  readonly tenants = new Map<string, SimTenant>();
  /** Whether more than `callsPerMinute` calls of a tenant are answered 429. */
  throttles = true;
  /** The limit that Microsoft documents for a whole tenant ("API introduction", June 2026). */
  callsPerMinute = 30;
  /** How a 429 says when to come back; the real service promises nothing. */
  throttleSays: 'retry-after' | 'text' | 'nothing' = 'retry-after';
  /** Calls that closed whatever matched, because they named no alerts. */
  #catastrophes: string[] = [];
  readonly closings: SimClosing[] = [];
  entra: EntraSim | undefined;
  readonly #calls = new Map<string, number[]>();

  constructor(options: CloudAppsSimOptions) {
    super(options);
    this.entra = options.entra;
    for (const [name, tenant] of Object.entries(options.tenants ?? {}))
      this.addTenant(name, { ...tenant, alerts: [...(tenant.alerts ?? [])] });
  }

  addTenant(name: string, tenant: SimTenant): void {
    this.tenants.set(name, tenant);
  }

  /** The tenant's base URL as a configuration names it. */
  urlOf(tenant: string): string {
    return `${this.url}/${tenant}`;
  }

  addAlert(tenant: string, alert: unknown): void {
    noteListed(alert, this.clock.now());
    this.#tenant(tenant).alerts.push(alert);
  }

  /** Adds an alert that was raised `agoMs` before now, as a detection that speaks late does. */
  insertLate(tenant: string, alert: SimAlert, agoMs: number): void {
    this.addAlert(tenant, { ...alert, timestamp: this.clock.now() - agoMs });
  }

  /** Calls to close that named no alerts, each in words; they count as known from now on, and `stop` does not fail on them. */
  takeCatastrophes(): readonly string[] {
    const taken = this.#catastrophes;
    this.#catastrophes = [];
    return taken;
  }

  /** @throws Error when a call closed whatever matched: no test and no demonstration may pass over that. */
  override async stop(): Promise<void> {
    await super.stop();
    const [first] = this.takeCatastrophes();
    if (first !== undefined) throw new Error(`catastrophe at the simulated Defender for Cloud Apps: ${first}`);
  }

  /** Closes an alert as a person does in the portal, or gives a closed one another verdict. */
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

  deleteAlert(tenant: string, id: string): void {
    const held = this.#tenant(tenant);
    held.alerts = held.alerts.filter((record) => idOf(record) !== id);
  }

  /** Requests of one tenant, oldest first. */
  callsOf(tenant: string): readonly JournalEntry[] {
    return this.requests(`${this.contextPath}/${tenant}/`);
  }

  #tenant(name: string): SimTenant {
    const tenant = this.tenants.get(name);
    if (!tenant) throw new Error(`the simulator has no tenant ${name}`);
    return tenant;
  }

  #existing(tenant: string, id: string): Record<string, unknown> {
    const alert = this.#find(tenant, id);
    if (!alert) throw new Error(`${tenant} has no alert ${id}`);
    return alert;
  }

  #find(tenant: string, id: string): Record<string, unknown> | undefined {
    return this.#tenant(tenant)
      .alerts.filter(isObject)
      .find((record) => record._id === id);
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    const [, name = '', ...rest] = request.path.split('/');
    const tenant = this.tenants.get(name);
    if (!tenant) return undefined;
    const refused = this.#refuse(tenant, request);
    if (refused) return refused;
    const throttled = this.#throttle(name);
    if (throttled) return throttled;
    const path = rest.join('/');
    const [, close] = /^api\/v1\/alerts\/close_(benign|false_positive|true_positive)\/$/.exec(path) ?? [];
    if (close && request.method === 'POST') return this.#mayClose(request) ?? this.#close(name, close, request);
    if (path === 'api/v1/alerts/') return this.#list(tenant, request);
    const [, id] = /^api\/v1\/alerts\/([^/]+)\/$/.exec(path) ?? [];
    if (id === undefined || request.method !== 'GET') return undefined;
    const record = this.#find(name, decodeURIComponent(id));
    return record ? json(200, record) : json(404, invalid(id));
  }

  #refuse(tenant: SimTenant, { headers: { authorization } }: SimRequest): SimAnswer | undefined {
    if (authorization === `Token ${tenant.token}`) return undefined;
    const issued = this.entra?.bearer(authorization, CLOUD_APPS_RESOURCE);
    if (!issued || issued.tenantId !== tenant.tenantId?.toLowerCase()) return json(401, { detail: 'Invalid token' });
    const may = issued.roles.some((role) => /^(investigation|discovery)\.(read|manage)$/i.test(role));
    return may ? undefined : json(403, { detail: 'Insufficient role based permissions' });
  }

  #throttle(name: string): SimAnswer | undefined {
    const now = this.clock.now();
    const recent = (this.#calls.get(name) ?? []).filter((at) => at > now - MINUTE_MS);
    this.#calls.set(name, recent);
    if (!this.throttles || recent.length < this.callsPerMinute) {
      recent.push(now);
      return undefined;
    }
    const seconds = Math.max(1, Math.ceil(((recent[0] ?? now) + MINUTE_MS - now) / 1000));
    const more = this.throttleSays === 'text' ? ` Expected available in ${seconds} seconds.` : '';
    const headers: Record<string, string> = {};
    if (this.throttleSays === 'retry-after') headers['retry-after'] = String(seconds);
    return json(429, { detail: `Request was throttled.${more}` }, headers);
  }

  #list(tenant: SimTenant, request: SimRequest): SimAnswer | undefined {
    if (request.method !== 'POST' && request.method !== 'GET') return undefined;
    const body = request.body === '' ? fromQuery(request.query) : readObject(request.body);
    if (!body) return refused('the body is not a JSON object');
    const strange = unknownKeys(body, BODY_KEYS);
    if (strange.length > 0) return refused(`unknown key ${strange.join(', ')}`);
    const { filters = {}, skip = 0, limit = MOST_A_PAGE, sortDirection = 'desc', sortField = 'date' } = body;
    if (!isObject(filters)) return refused('filters is not an object');
    if (!isCount(skip) || !isCount(limit)) return refused('skip and limit are whole numbers');
    if (limit > MOST_A_PAGE) return refused(`limit is above ${MOST_A_PAGE}`);
    if (sortDirection !== 'asc' && sortDirection !== 'desc') return refused('sortDirection is asc or desc');
    if (sortField !== 'date') return refused('sortField is date');
    const matching: unknown[] = [];
    for (const record of tenant.alerts) {
      const fits = matchesFilters(record, filters, this.clock.now());
      if (typeof fits === 'string') return refused(fits);
      if (fits) matching.push(record);
    }
    const direction = sortDirection === 'asc' ? 1 : -1;
    matching.sort((a, b) => direction * (timeOf(a) - timeOf(b)));
    const found = matching.slice(skip, skip + limit);
    const hasNext = skip + found.length < matching.length;
    return json(200, { data: found, hasNext, max: limit, total: matching.length, moreThanTotal: false });
  }

  /** A legacy token may what its maker may. */
  #mayClose({ headers: { authorization } }: SimRequest): SimAnswer | undefined {
    const issued = this.entra?.bearer(authorization, CLOUD_APPS_RESOURCE);
    const may = !issued || issued.roles.some((role) => /^(investigation|discovery)\.manage$/i.test(role));
    return may ? undefined : json(403, { detail: 'Insufficient role based permissions' });
  }

  /** Closes all alerts that match the filters, whatever these are: so does the service. */
  #close(name: string, verdict: string, request: SimRequest): SimAnswer {
    const body = readObject(request.body) ?? {};
    const strange = unknownKeys(body, CLOSE_KEYS);
    if (strange.length > 0) return refused(`unknown key ${strange.join(', ')}`);
    const { resolution = 5, reasons = [] } = CLOSINGS[verdict] ?? {};
    const { filters = {}, comment, reasonId } = body;
    if (reasonId !== undefined && !reasons.includes(reasonId as number)) return refused(`no reason ${reasonId}`);
    if (!isObject(filters)) return refused('filters is not an object');
    const ids = isObject(filters.id) && Array.isArray(filters.id.eq) ? filters.id.eq : [];
    const namesThem = ids.length > 0 && ids.every((id) => typeof id === 'string' && id !== '');
    const { id: _names, ...others } = filters;
    const matching: Record<string, unknown>[] = [];
    for (const record of this.#tenant(name).alerts.filter(isObject)) {
      const fits = matchesFilters(record, namesThem ? filters : others, this.clock.now());
      if (typeof fits === 'string') return refused(fits);
      if (fits) matching.push(record);
    }
    if (!namesThem)
      this.#catastrophes.push(`${request.target} named no alerts and closed ${matching.length} of ${name}`);
    for (const record of matching) {
      closeRecord(record, resolution, { at: this.clock.now() });
      record.comment = comment ?? null;
    }
    const closed = matching.map(({ _id }) => String(_id));
    this.closings.push({ at: this.clock.now(), tenant: name, verdict, ids: closed, comment, reasonId });
    const missing = ids.filter((id) => !this.#find(name, String(id)));
    return json(200, {
      [`closed_${verdict}`]: matching.length,
      ...(missing.length > 0 ? { alertsNotFound: missing } : {}),
    });
  }
}

/** Starts Defender for Cloud Apps for any number of tenants. */
export function startCloudAppsSim(options: CloudAppsSimOptions): Promise<CloudAppsSim> {
  return new CloudAppsSim(options).listen();
}

function fromQuery(query: URLSearchParams): Record<string, unknown> | undefined {
  const body: Record<string, unknown> = Object.fromEntries(query);
  if (typeof body.filters === 'string') body.filters = readObject(body.filters);
  for (const key of ['skip', 'limit']) if (key in body) body[key] = Number(body[key]);
  return body;
}

function refused(error: string): SimAnswer {
  return json(400, { errors: [{ error }] });
}

/** The body that the service is known to answer to an id it cannot use. */
function invalid(value: string) {
  const error = `${value} is not valid`;
  return {
    filters: [{ error, errorMessageCode: 'CONSOLE_FORMS_NOT_VALID_VALUE', errorMessageParams: { value } }],
    error: true,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function idOf(record: unknown): unknown {
  return isObject(record) ? record._id : undefined;
}

function timeOf(record: unknown): number {
  return isObject(record) && typeof record.timestamp === 'number' ? record.timestamp : 0;
}
