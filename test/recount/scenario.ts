import fc from 'fast-check';
import { type DayName, dayPlus, type Hours, instantAt, startOf } from './civil.ts';

/** What a scenario says will happen; who plays it finds the alert or issue that each deed is about. */
export interface Scenario {
  zone: string;
  /** The first day and how many there are. */
  first: DayName;
  days: number;
  tenants: readonly string[];
  /** Hours between two passes. */
  beat: number;
  /** Targets by severity, in milliseconds. */
  sla: Readonly<Record<string, { acknowledgeMs?: number; resolveMs?: number }>>;
  hours?: Hours;
  /** New tickets of a tenant within an hour; 0 for no limit. */
  limit: number;
  grouped: boolean;
  alerts: readonly AlertPlan[];
  deeds: readonly DeedPlan[];
  outages: readonly Outage[];
  /** Instants at which reports of the periods that ended last are made. */
  looks: readonly number[];
}

export interface AlertPlan {
  number: number;
  tenant: string;
  /** When the source raised it, and when it came to be listed. */
  at: number;
  listedAt: number;
  kind: KindOfAlert;
  severity: keyof typeof SEVERITY_VALUES;
  user?: string;
  ips: readonly string[];
  /** Closed in Defender before it was listed, with this resolution. */
  closedAs?: 2 | 3 | 4 | 5;
  /** How many creates for it Jira refuses. */
  refusals: number;
}

export const DEEDS = [
  'assign',
  'begin',
  'done',
  'reopen',
  'delete',
  'move',
  'close-alert',
  'judge-anew',
  'reopen-alert',
  'retry-held',
  'drop-held',
  'comment',
] as const;
export type Deed = (typeof DEEDS)[number];

export interface DeedPlan {
  at: number;
  deed: Deed;
  /** Which of those that fit, and which verdict or resolution. */
  pick: number;
}

/** A tenant's source that answers no call. */
export interface Outage {
  tenant: string;
  from: number;
  to: number;
}

export const SEVERITY_VALUES = { low: 0, medium: 1, high: 2, informational: 3 } as const;

export interface KindOfAlert {
  title: string;
  category: string;
  tactics: readonly string[];
  /** A rule of the scenario suppresses all of this kind. */
  suppressed?: true;
  /** A rule has alerts of one user and kind share an issue, where the scenario groups. */
  grouped?: true;
  posture?: true;
}

export const RULE = 'Sharing is allowed';

/** Titles with what docs/categories.md says of them. */
export const KINDS: readonly KindOfAlert[] = [
  {
    title: 'Impossible travel activity',
    category: 'intrusions/unprivileged-account-compromise',
    tactics: ['TA0001'],
    grouped: true,
  },
  { title: 'Multiple failed login attempts', category: 'intrusion-attempts/login-attempts', tactics: ['TA0006'] },
  {
    title: 'Mass download by a single user',
    category: 'information-content-security/unauthorised-access-to-information',
    tactics: ['TA0009', 'TA0010'],
  },
  {
    title: 'Unusual file share activity',
    category: 'information-content-security/leak-of-confidential-information',
    tactics: ['TA0010'],
    suppressed: true,
  },
  { title: 'Inactive account', category: 'vulnerable/vulnerable-system', tactics: [], posture: true },
  { title: 'A policy of our own', category: 'other/uncategorised', tactics: [] },
];

/** Addresses and where AbuseIPDB says they are; the last two are asked of nobody. */
export const ADDRESSES: readonly { ip: string; country?: string }[] = [
  { ip: '45.64.0.1', country: 'NL' },
  { ip: '45.64.0.2', country: 'NL' },
  { ip: '45.64.0.3', country: 'BR' },
  { ip: '45.64.0.4', country: 'SE' },
  { ip: '10.20.30.40' },
  { ip: '192.168.7.7' },
];

const USERS = ['ada', 'Ada', 'priya', 'tom', 'kenji', 'grace'];

/** Where and when: changes of the clocks in both directions, by an hour and by half of one, at midnight, and new years. */
const PLACES: readonly [zone: string, first: DayName][] = [
  ['Europe/Berlin', '2026-10-12'],
  ['Europe/Berlin', '2026-12-14'],
  ['America/New_York', '2027-02-27'],
  ['America/New_York', '2026-10-20'],
  ['Asia/Kathmandu', '2026-12-17'],
  ['Australia/Lord_Howe', '2026-09-21'],
  ['Australia/Lord_Howe', '2027-03-22'],
  ['Pacific/Apia', '2026-12-20'],
  ['Africa/Cairo', '2027-04-10'],
  ['America/Santiago', '2026-08-24'],
  ['UTC', '2027-02-15'],
];

const TENANTS = ['contoso', 'fabrikam', 'northwind'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const OFFICE: Hours = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 17 * 60 + 30 };
const EVERY_DAY: Hours = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 24 * 60 };

const SLAS: readonly Scenario['sla'][] = [
  {
    high: { acknowledgeMs: HOUR, resolveMs: 8 * HOUR },
    medium: { acknowledgeMs: 4 * HOUR, resolveMs: 3 * 24 * HOUR },
    low: { resolveMs: 7 * 24 * HOUR },
  },
  { high: { acknowledgeMs: 12 * HOUR, resolveMs: 48 * HOUR }, informational: { acknowledgeMs: 30 * MINUTE } },
];

/** A day of the scenario and a time of it, which often is its very edge. */
const moment = (days: number) =>
  fc.record({
    day: fc.nat(days - 1),
    edge: fc.option(fc.constantFrom(-1, 0, 1), { freq: 3 }),
    minute: fc.nat(24 * 60 - 1),
    ms: fc.nat(59_999),
  });

type Moment = { day: number; edge: number | null; minute: number; ms: number };

export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    place: fc.constantFrom(...PLACES),
    days: fc.integer({ min: 16, max: 34 }),
    tenants: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ place: [zone, first], days, tenants: count }) => {
    const tenants = TENANTS.slice(0, count);
    const toMs = ({ day, edge, minute, ms }: Moment) => {
      const name = dayPlus(first, day);
      return edge === null ? instantAt(zone, name, minute) + ms : startOf(zone, name) + edge;
    };
    const begin = startOf(zone, first);
    const end = startOf(zone, dayPlus(first, days));
    const alert = fc
      .record({
        tenant: fc.constantFrom(...tenants),
        moment: moment(days),
        late: fc.oneof(
          { weight: 8, arbitrary: fc.constant(0) },
          { weight: 2, arbitrary: fc.integer({ max: 72 * 60, min: 1 }) },
        ),
        kind: fc.constantFrom(...KINDS),
        severity: fc.constantFrom(
          'high' as const,
          'high' as const,
          'medium' as const,
          'low' as const,
          'informational' as const,
        ),
        user: fc.option(fc.constantFrom(...USERS), { freq: 6 }),
        ips: fc.uniqueArray(fc.constantFrom(...ADDRESSES.map(({ ip }) => ip)), { maxLength: 2 }),
        closedAs: fc.option(fc.constantFrom(2 as const, 3 as const, 4 as const, 5 as const), { freq: 1 }),
        closes: fc.nat(5),
        refusals: fc.oneof(
          { weight: 8, arbitrary: fc.constant(0) },
          { weight: 2, arbitrary: fc.integer({ min: 1, max: 2 }) },
        ),
      })
      .map((one): Omit<AlertPlan, 'number'> => {
        const { tenant, kind, severity, user, ips, refusals } = one;
        const at = Math.max(begin, toMs(one.moment));
        const closed = one.closedAs !== null && one.closes === 0;
        return {
          tenant,
          at,
          listedAt: at + one.late * MINUTE,
          kind,
          severity,
          ips,
          refusals,
          ...(user === null ? {} : { user: `${user}@${tenant}.example` }),
          ...(closed && one.closedAs !== null ? { closedAs: one.closedAs } : {}),
        };
      });
    // Deeds lie beside the passes, which are at whole minutes.
    const deed = fc
      .record({
        moment: moment(days),
        deed: fc.constantFrom(...DEEDS, 'done' as const, 'close-alert' as const, 'assign' as const),
        pick: fc.nat(9_999),
      })
      .map(
        (one): DeedPlan => ({ at: toMs({ ...one.moment, edge: null, ms: 17_251 }), deed: one.deed, pick: one.pick }),
      );
    const outage = fc
      .record({ tenant: fc.constantFrom(...tenants), moment: moment(days), hours: fc.integer({ min: 2, max: 60 }) })
      .map((one): Outage => {
        const from = toMs(one.moment);
        return { tenant: one.tenant, from, to: from + one.hours * HOUR };
      });
    return fc.record({
      zone: fc.constant(zone),
      first: fc.constant(first),
      days: fc.constant(days),
      tenants: fc.constant(tenants),
      beat: fc.integer({ min: 7, max: 13 }),
      sla: fc.constantFrom(...SLAS),
      hours: fc.oneof(fc.constant(undefined), fc.constant(OFFICE), fc.constant(EVERY_DAY)),
      limit: fc.constantFrom(0, 0, 1),
      grouped: fc.boolean(),
      alerts: fc
        .array(alert, { minLength: 12, maxLength: 60, size: 'max' })
        .map((all) => all.filter(({ at }) => at < end - HOUR).map((one, i): AlertPlan => ({ ...one, number: i + 1 }))),
      deeds: fc.array(deed, { minLength: 20, maxLength: 90, size: 'max' }),
      outages: fc.array(outage, { maxLength: 3 }),
      looks: fc.array(moment(days).map(toMs), { maxLength: 3 }),
    });
  })
  .map(({ hours, alerts, ...scenario }) => ({
    ...scenario,
    // Beside a limit nothing else decides: what is held with the rest of a storm would hang on who came first.
    alerts:
      scenario.limit === 0
        ? alerts
        : alerts
            .filter(({ kind, closedAs }) => !kind.suppressed && closedAs === undefined)
            .map((one) => ({ ...one, listedAt: Math.min(one.listedAt, one.at + 24 * HOUR) })),
    ...(hours === undefined ? {} : { hours }),
  }));

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
  if (!scenario) throw new Error('fast-check gave no scenario');
  return scenario;
}
