import type { AlertId, Severity, TenantId, Verdict } from '../src/domain/alert.ts';
import { dedupKeyOf } from '../src/domain/alert.ts';
import type { AuditReport } from '../src/domain/audit.ts';
import type { Category } from '../src/domain/category.ts';
import type { AlertFacts, Fact, Happening, ReadingGap, ReadingHour } from '../src/domain/facts.ts';
import type { IpFinding } from '../src/domain/finding.ts';
import type { SiteId } from '../src/domain/ticket.ts';
import type { EpochMs } from '../src/domain/time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/domain/time.ts';
import type { Facts, FactsAsk } from '../src/ledger/facts/facts-port.ts';

/** A fact at a time written as people do; it is recorded at once. */
export function fact(at: string | EpochMs, what: Happening): Fact {
  const when = typeof at === 'string' ? Date.parse(at) : at;
  return { at: when, recordedAt: when, ...what };
}

/** Its issue was made: `SOC-12` on the only site. */
export function raised(at: string | EpochMs, key: string): Fact {
  const ticket = { id: key.replace(/\D+/, '10'), key, url: `https://acme.example/browse/${key}` };
  return fact(at, { fact: 'raised', ticket, site: 'default' as SiteId, project: key.replace(/-\d+$/, '') });
}

export const LOGIN_ATTEMPTS: Category = {
  rsitClass: 'intrusion-attempts',
  rsitType: 'login-attempts',
  tactics: [{ id: 'TA0006', name: 'Credential Access' }],
  techniques: [{ id: 'T1110', name: 'Brute Force' }],
  phase: 'Detection and Analysis',
};

/** What is known of one alert of contoso; a test names only what it is about. */
export function alertFacts(
  more: Partial<Omit<AlertFacts, 'key' | 'tenant' | 'alertId' | 'createdAt' | 'seenAt' | 'activityAt'>> & {
    id?: string;
    tenant?: string;
    createdAt?: string | EpochMs;
    seenAt?: string | EpochMs;
    activityAt?: string | EpochMs;
  } = {},
): AlertFacts {
  const { id = 'a1', tenant = 'contoso', createdAt = '2026-10-05T08:00:00Z', seenAt, activityAt, ...rest } = more;
  const created = toMs(createdAt);
  return {
    key: dedupKeyOf(tenant as TenantId, id as AlertId),
    tenant: tenant as TenantId,
    alertId: id as AlertId,
    title: 'Impossible travel activity',
    type: 'Impossible travel',
    severity: 'medium',
    ...(activityAt === undefined ? {} : { activityAt: toMs(activityAt) }),
    createdAt: created,
    seenAt: seenAt === undefined ? created + 2 * MINUTE_MS : toMs(seenAt),
    url: `https://contoso.portal.example/#/alerts/${id}`,
    category: LOGIN_ATTEMPTS,
    users: ['ada@contoso.com'],
    findings: [],
    rules: [],
    facts: [],
    ...rest,
  };
}

/** An address that AbuseIPDB was asked about. */
export function checkedAddress(
  address: string,
  score: number,
  more: { tor?: boolean; country?: string } = {},
): IpFinding {
  const report = {
    score,
    reports: score * 3,
    reporters: score,
    windowDays: 90,
    countryCode: more.country ?? 'NL',
    usageType: 'Data Center/Web Hosting/Transit',
    isp: 'Example Hosting B.V.',
    isTor: more.tor ?? false,
  };
  return { checked: true, address, report, lookedUpAt: Date.parse('2026-10-01T00:00:00Z') };
}

/** Port `Facts` over values: what a ledger would say of them. */
export class FactsInMemory implements Facts {
  readonly #alerts: readonly AlertFacts[];
  readonly #more: { hours?: readonly ReadingHour[]; gaps?: readonly ReadingGap[]; recounts?: readonly AuditReport[] };

  constructor(
    alerts: readonly AlertFacts[],
    more: { hours?: readonly ReadingHour[]; gaps?: readonly ReadingGap[]; recounts?: readonly AuditReport[] } = {},
  ) {
    this.#alerts = alerts.toSorted((a, b) => a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1));
    this.#more = more;
  }

  async *between({ tenant, from, to, asOf }: FactsAsk): AsyncGenerator<readonly AlertFacts[], void, void> {
    let page: AlertFacts[] = [];
    for (const alert of this.#alerts) {
      if (alert.tenant !== tenant || alert.createdAt >= to || alert.seenAt > asOf) continue;
      const facts = alert.facts.filter(({ recordedAt }) => recordedAt <= asOf);
      if (alert.createdAt < from && !concerns(facts, from, to)) continue;
      page.push({ ...alert, facts });
      if (page.length < 500) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  async volumes({ tenants, edges, asOf }: { tenants: readonly TenantId[]; edges: readonly EpochMs[]; asOf: EpochMs }) {
    const spans = edges.slice(1).map(() => ({ high: 0, medium: 0, low: 0, informational: 0 }));
    for (const { tenant, createdAt, seenAt, severity } of this.#alerts) {
      const span = spans[edges.findLastIndex((edge) => edge <= createdAt)];
      if (span && tenants.includes(tenant) && seenAt <= asOf) span[severity] += 1;
    }
    return spans;
  }

  async readings({ tenant, from, to }: FactsAsk) {
    const { hours = [], gaps = [] } = this.#more;
    return {
      hours: hours.filter((one) => one.tenant === tenant && one.hour + HOUR_MS > from && one.hour < to),
      gaps: gaps.filter((one) => one.tenant === tenant && one.from < to && (one.to ?? to) > from),
    };
  }

  async recounts({ tenant, from, to, asOf }: FactsAsk) {
    const { recounts = [] } = this.#more;
    return recounts.filter((one) => one.tenant === tenant && one.from < to && one.to > from && one.at <= asOf);
  }

  async latest(tenants: readonly TenantId[]): Promise<EpochMs | undefined> {
    const of = this.#alerts.filter(({ tenant }) => tenants.includes(tenant));
    const times = of.flatMap(({ seenAt, facts }) => [seenAt, ...facts.map(({ recordedAt }) => recordedAt)]);
    return times.reduce<EpochMs | undefined>((latest, at) => Math.max(latest ?? at, at), undefined);
  }
}

/** Open at the beginning, or something happened to it in the span. */
function concerns(facts: readonly Fact[], from: EpochMs, to: EpochMs): boolean {
  if (facts.some(({ at }) => at >= from && at < to)) return true;
  const last = facts.findLast(({ at, fact }) => at < from && fact !== 'acknowledged' && fact !== 'alert-reopened');
  return ['raised', 'adopted', 'reopened', 'held', 'released'].includes(last?.fact ?? '');
}

const KINDS: readonly { type: string; severity: Severity; category: Category; falsePositive: number }[] = [
  { type: 'Impossible travel', severity: 'medium', category: LOGIN_ATTEMPTS, falsePositive: 0.85 },
  { type: 'Multiple failed login attempts', severity: 'low', category: LOGIN_ATTEMPTS, falsePositive: 0.4 },
  {
    type: 'Mass download by a single user',
    severity: 'high',
    category: {
      rsitClass: 'information-content-security',
      rsitType: 'unauthorised-access-to-information',
      tactics: [{ id: 'TA0010', name: 'Exfiltration' }],
      techniques: [{ id: 'T1530', name: 'Data from Cloud Storage' }],
      phase: 'Detection and Analysis',
    },
    falsePositive: 0.2,
  },
  {
    type: 'Suspicious inbox forwarding',
    severity: 'high',
    category: {
      rsitClass: 'intrusions',
      rsitType: 'unprivileged-account-compromise',
      tactics: [
        { id: 'TA0009', name: 'Collection' },
        { id: 'TA0010', name: 'Exfiltration' },
      ],
      techniques: [{ id: 'T1114.003', name: 'Email Forwarding Rule' }],
      phase: 'Detection and Analysis',
    },
    falsePositive: 0.1,
  },
  {
    type: 'New app with wide permissions',
    severity: 'informational',
    category: {
      rsitClass: 'other',
      rsitType: 'uncategorised',
      tactics: [],
      techniques: [],
      phase: 'Detection and Analysis',
    },
    falsePositive: 0.3,
  },
];

const NAMES = [
  'ada',
  'grace',
  'alan',
  'edsger',
  'barbara',
  'donald',
  'linus',
  'margaret',
  'ken',
  'radia',
  'tim',
  'hedy',
];

const ADDRESSES: readonly IpFinding[] = [
  checkedAddress('203.0.113.7', 100, { tor: true, country: 'DE' }),
  checkedAddress('203.0.113.80', 81),
  checkedAddress('198.51.100.23', 40, { country: 'US' }),
  checkedAddress('198.51.100.99', 0, { country: 'FR' }),
  { checked: false, address: '10.1.2.3', why: 'it is a private address', never: true },
  { checked: false, address: '192.0.2.55', why: 'the daily budget of look-ups is spent', later: true },
];

/**
 * A life-like tenant: `perDay` alerts on every day of the span, fewer at weekends, worked on in office hours; some are
 * suppressed, held, attached, reopened or still open. The same for the same arguments.
 */
export function lifelikeAlerts(ask: {
  tenant?: string;
  from: string;
  to: string;
  perDay: number;
  seed?: number;
}): AlertFacts[] {
  const { tenant = 'contoso', perDay, seed = 1 } = ask;
  const random = randomFrom(seed);
  const alerts: AlertFacts[] = [];
  for (let day = Date.parse(ask.from); day < Date.parse(ask.to); day += DAY_MS) {
    const weekend = [0, 6].includes(new Date(day).getUTCDay());
    const count = Math.round(perDay * (weekend ? 0.4 : 1) * (0.6 + 0.8 * random()));
    const times = Array.from({ length: count }, () => day + Math.floor(random() * DAY_MS)).sort((a, b) => a - b);
    for (const createdAt of times) alerts.push(oneAlert(tenant, alerts.length + 1, createdAt, random));
  }
  return alerts;
}

function oneAlert(tenant: string, number: number, createdAt: EpochMs, random: () => number): AlertFacts {
  const kind = pick(KINDS, random() ** 1.6);
  const user = `${pick(NAMES, random() ** 2)}@${tenant}.com`;
  const seenAt = createdAt + Math.floor((1 + 6 * random()) * MINUTE_MS);
  const says = alertFacts({
    id: `a${String(number).padStart(6, '0')}`,
    tenant,
    title: `${kind.type} (${user})`,
    type: kind.type,
    severity: kind.severity,
    category: kind.category,
    activityAt: createdAt - Math.floor(random() ** 3 * 4 * HOUR_MS),
    createdAt,
    seenAt,
    url: `https://${tenant}.portal.example/#/alerts/a${number}`,
    users: random() < 0.06 ? [] : [user],
    findings: random() < 0.3 ? [] : [pick(ADDRESSES, random() ** 1.5)],
  });
  return { ...says, facts: lifeOf(number, seenAt, kind.falsePositive, random) };
}

function lifeOf(number: number, seenAt: EpochMs, falsePositive: number, random: () => number): Fact[] {
  const chance = random();
  const at = seenAt + Math.floor(20_000 * random());
  if (chance < 0.05)
    return [fact(at, { fact: 'suppressed', rule: 'Lab accounts', why: 'Lab accounts are not ticketed' })];
  if (chance < 0.07) return [fact(at, { fact: 'suppressed', why: 'it was closed in Defender before it was seen' })];
  if (chance < 0.08) return [fact(at, { fact: 'held', reason: 'refused', why: 'Jira: Priority name is not valid' })];
  const issue = raised(at, `SOC-${number}`);
  if (chance < 0.12 && issue.fact === 'raised') return [{ ...issue, fact: 'attached' }];
  const acknowledgedAt = at + Math.floor((4 + 200 * random() ** 3) * MINUTE_MS);
  const resolvedAt = acknowledgedAt + Math.floor((10 + 3_000 * random() ** 4) * MINUTE_MS);
  const facts: Fact[] = [issue];
  if (chance > 0.97) return facts;
  facts.push(fact(acknowledgedAt, { fact: 'acknowledged', by: random() < 0.7 ? 'assignee' : 'status' }));
  if (chance > 0.94) return facts;
  const verdict: Verdict =
    random() < falsePositive
      ? 'false_positive'
      : pick(['true_positive', 'benign', 'unspecified'] as const, random() ** 2);
  facts.push(
    fact(resolvedAt, { fact: 'resolved', resolution: verdict === 'false_positive' ? 'False Positive' : 'Done' }),
  );
  facts.push(fact(resolvedAt + 40_000, { fact: 'closed', verdict }));
  if (chance < 0.15) {
    facts.push(fact(resolvedAt + 5 * HOUR_MS, { fact: 'reopened' }));
    facts.push(fact(resolvedAt + 9 * HOUR_MS, { fact: 'resolved', resolution: 'Done' }));
  }
  return facts;
}

/** A reading every hour that went to the end, but for the hours named. */
export function hourlyReadings(ask: {
  tenant?: string;
  from: string;
  to: string;
  fails?: (hour: EpochMs) => string | undefined;
}): ReadingHour[] {
  const hours: ReadingHour[] = [];
  for (let hour = Date.parse(ask.from); hour < Date.parse(ask.to); hour += HOUR_MS) {
    const why = ask.fails?.(hour);
    const tenant = (ask.tenant ?? 'contoso') as TenantId;
    hours.push(why === undefined ? { tenant, hour, done: 12, failed: 0 } : { tenant, hour, done: 0, failed: 12, why });
  }
  return hours;
}

/** A recount that agrees, of the seven days before it. */
export function recountAt(at: string, more: Partial<AuditReport> & { tenant?: TenantId } = {}): AuditReport {
  const when = Date.parse(at);
  const span = { from: when - 7 * DAY_MS, to: when - 15 * MINUTE_MS };
  const counts = { source: 100, ledger: 100, issues: 90, admitted: 0 };
  return { tenant: 'contoso' as TenantId, at: when, ...span, ...counts, differences: [], failures: [], ...more };
}

function toMs(at: string | EpochMs): EpochMs {
  return typeof at === 'string' ? Date.parse(at) : at;
}

function pick<T>(of: readonly T[], share: number): T {
  const one = of[Math.min(of.length - 1, Math.floor(share * of.length))];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

/** Numbers in [0, 1) that look random and are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
