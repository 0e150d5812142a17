import { isIP } from 'node:net';
import { DAY_MS } from '../domain/time.ts';
import { isPrivateAddress } from './private-address.ts';
import { type SimOptions, SimServer } from './sim-server.ts';
import { json, page, type SimAnswer, type SimRequest } from './wire.ts';

/** What the simulated AbuseIPDB knows of an address; absent members are filled in. */
export interface SimReport {
  isWhitelisted?: boolean | null;
  abuseConfidenceScore?: number;
  countryCode?: string | null;
  usageType?: string | null;
  isp?: string | null;
  domain?: string | null;
  hostnames?: string[];
  isTor?: boolean;
  totalReports?: number;
  numDistinctUsers?: number;
  lastReportedAt?: string | null;
}

export interface AbuseIpDbSimOptions extends SimOptions {
  key: string;
  /** Look-ups a day; the free plan's unless given. */
  dailyLimit?: number;
  reports?: Readonly<Record<string, SimReport>>;
}

const QUERY_KEYS = ['ipAddress', 'maxAgeInDays', 'verbose'];

/** AbuseIPDB, API v2, the CHECK endpoint (docs.abuseipdb.com, "CHECK Endpoint" and "API Daily Rate Limits"). */
export class AbuseIpDbSim extends SimServer {
  /** By address, in the spelling of `ipAddress`; an unknown one was never reported. */
  readonly reports = new Map<string, SimReport>();
  /** Addresses that left the house although they say nothing to a stranger. */
  readonly mustNotHaveBeenSent: string[] = [];
  key: string;
  dailyLimit: number;
  /** Look-ups answered since midnight UTC. */
  used = 0;
  /** Whether answers carry the rate-limit headers. */
  sendsHeaders = true;
  readonly #asked: string[] = [];
  #day: number;

  constructor(options: AbuseIpDbSimOptions) {
    super(options);
    this.key = options.key;
    this.dailyLimit = options.dailyLimit ?? 1000;
    this.#day = Math.floor(this.clock.now() / DAY_MS);
    for (const [address, report] of Object.entries(options.reports ?? {})) this.reports.set(address, report);
  }

  /** Addresses asked after with a good key, in order, repeats included. */
  asked(): readonly string[] {
    return this.#asked;
  }

  protected answer(request: SimRequest): SimAnswer | undefined {
    if (request.method !== 'GET' || request.path !== '/api/v2/check') return undefined;
    if (!String(request.headers.accept ?? '').includes('application/json'))
      return page('<!doctype html><title>AbuseIPDB</title><h1>AbuseIPDB</h1>');
    if (request.headers.key !== this.key)
      return failed(
        401,
        'Authentication failed. Your API key is either missing, incorrect, or revoked. Note: The APIv2 key differs from the APIv1 key.',
      );
    return this.#check(request.query);
  }

  #check(query: URLSearchParams): SimAnswer | undefined {
    if ([...query.keys()].some((name) => !QUERY_KEYS.includes(name))) return undefined;
    const address = query.get('ipAddress') ?? '';
    this.#asked.push(address);
    if (isPrivateAddress(address)) this.mustNotHaveBeenSent.push(address);
    const spent = this.#spend();
    if (spent) return spent;
    if (isIP(address) === 0)
      return failed(
        422,
        'The ip address must be a valid IPv4 or IPv6 address (e.g. 8.8.8.8 or 2001:4860:4860::8888).',
        'ipAddress',
      );
    const days = Number(query.get('maxAgeInDays') ?? 30);
    if (!Number.isInteger(days) || days < 1 || days > 365)
      return failed(422, 'The max age in days must be between 1 and 365.', 'maxAgeInDays');
    return json(200, { data: this.#found(address) }, this.#headers());
  }

  #spend(): SimAnswer | undefined {
    const now = this.clock.now();
    const day = Math.floor(now / DAY_MS);
    if (day > this.#day) this.used = 0;
    this.#day = Math.max(day, this.#day);
    if (this.used < this.dailyLimit) {
      this.used++;
      return undefined;
    }
    const resetsAt = (this.#day + 1) * DAY_MS;
    const reset: Record<string, string> = this.sendsHeaders
      ? { 'Retry-After': String(Math.ceil((resetsAt - now) / 1000)), 'X-RateLimit-Reset': String(resetsAt / 1000) }
      : {};
    const detail = `Daily rate limit of ${this.dailyLimit} requests exceeded for this endpoint. See headers for additional details.`;
    return json(429, { errors: [{ detail, status: 429 }] }, { ...this.#headers(), ...reset });
  }

  #headers(): Record<string, string> {
    if (!this.sendsHeaders) return {};
    const remaining = Math.max(0, this.dailyLimit - this.used);
    return { 'X-RateLimit-Limit': String(this.dailyLimit), 'X-RateLimit-Remaining': String(remaining) };
  }

  #found(address: string) {
    const isPublic = !isPrivateAddress(address);
    return {
      ipAddress: address,
      isPublic,
      ipVersion: isIP(address),
      isWhitelisted: isPublic ? false : null,
      abuseConfidenceScore: 0,
      countryCode: null,
      usageType: isPublic ? null : 'Reserved',
      isp: isPublic ? null : 'Private IP Address LAN',
      domain: null,
      hostnames: [],
      isTor: false,
      totalReports: 0,
      numDistinctUsers: 0,
      lastReportedAt: null,
      ...(isPublic ? this.reports.get(address) : {}),
    };
  }
}

/** Starts AbuseIPDB with one account. */
export function startAbuseIpDbSim(options: AbuseIpDbSimOptions): Promise<AbuseIpDbSim> {
  return new AbuseIpDbSim(options).listen();
}

function failed(status: number, detail: string, parameter?: string): SimAnswer {
  return json(status, { errors: [{ detail, status, ...(parameter ? { source: { parameter } } : {}) }] });
}
