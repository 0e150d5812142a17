import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { SimAlert } from '../cloud-apps-sim.ts';
import { mulberry32 } from './many-alerts.ts';
import { toRecord } from './record.ts';

/** What people make of an alert in the end. */
export type Judgement = 'Done' | 'False Positive' | "Won't Do";

/** One alert of the weeks before, and what the SOC does with its issue. */
export interface PastAlert {
  tenant: string;
  at: EpochMs;
  alert: SimAlert;
  /** How long after the issue was there somebody took it, and how long after that it was done; absent: not yet. */
  takenAfterMs: number;
  doneAfterMs?: number;
  judgement: Judgement;
}

interface Kind {
  title: string;
  severity: 0 | 1 | 2 | 3;
  /** Of a hundred alerts. */
  share: number;
  /** Of ten, how many turn out to be nothing. */
  falseOfTen: number;
  says(user: string, ips: string): string;
}

const KINDS: readonly Kind[] = [
  {
    ...{ title: 'Activity from infrequent country', severity: 1, share: 22, falseOfTen: 9 },
    says: (user, ips) =>
      `${user} signed in from a country where nobody of the organization was active. Address: ${ips}.`,
  },
  {
    ...{ title: 'Activity from suspicious IP addresses', severity: 1, share: 20, falseOfTen: 5 },
    says: (user, ips) => `The user ${user} was active from addresses of ill repute: ${ips}.`,
  },
  {
    ...{ title: 'Mass download by a single user', severity: 1, share: 14, falseOfTen: 4 },
    says: (user, ips) => `${user} downloaded more files in ten minutes than in the month before, from ${ips}.`,
  },
  {
    ...{ title: 'Unusual file share activity (by user)', severity: 0, share: 14, falseOfTen: 6 },
    says: (user) => `${user} shared many files with people outside the organization.`,
  },
  {
    ...{ title: 'Multiple failed login attempts', severity: 0, share: 12, falseOfTen: 3 },
    says: (user, ips) => `${user} failed to sign in more than a hundred times in one session, from ${ips}.`,
  },
  {
    ...{ title: 'Suspicious inbox forwarding', severity: 2, share: 8, falseOfTen: 1 },
    says: (user, ips) =>
      `A rule on the mailbox of ${user} forwards messages to an external address. It was set from ${ips}.`,
  },
  {
    ...{ title: 'Leaked credentials', severity: 2, share: 6, falseOfTen: 0 },
    says: (user) => `The credentials of ${user} were found in a list that is traded in public.`,
  },
  {
    ...{ title: 'Log collector has stopped sending', severity: 3, share: 4, falseOfTen: 0 },
    says: () => 'No logs of a data source have arrived in the last 25 hours.',
  },
];

const PEOPLE = ['Ada Lindqvist', 'Priya Raman', 'Tom Baker', 'Maria Gomez', 'Kenji Ito', 'Grace Osei', 'Jon Berg'];
const DOMAINS = { contoso: 'contoso.com', fabrikam: 'fabrikam.com', northwind: 'northwind.example' } as const;
const ADDRESSES = ['101.102.103.104', '91.82.73.64', '123.45.67.89', '78.90.12.34', '88.77.66.55', '67.78.89.90'];
const ALERTS_A_DAY = { contoso: 3, fabrikam: 2, northwind: 1 } as const;

/** Ids of the weeks before begin here, so that they are none of the weekend's. */
const FIRST_NUMBER = 0x100000;

/** The alerts of the days from `from` to `to` (midnights, UTC), oldest first; the same whenever they are asked for. */
export function alertsOfDays(from: EpochMs, to: EpochMs): PastAlert[] {
  const days = Math.round((to - from) / DAY_MS);
  const alerts = Array.from({ length: days }, (_, day) => day).flatMap((day) =>
    (Object.keys(DOMAINS) as (keyof typeof DOMAINS)[]).flatMap((tenant) => alertsOf(tenant, day, from + day * DAY_MS)),
  );
  return alerts.sort((a, b) => a.at - b.at);
}

function alertsOf(tenant: keyof typeof DOMAINS, day: number, midnight: EpochMs): PastAlert[] {
  const draw = mulberry32(day * 31 + tenant.length * 7_919);
  const weekday = new Date(midnight).getUTCDay();
  const quiet = weekday === 0 || weekday === 6 ? 0.4 : 1;
  const count = Math.round(draw() * 2 * ALERTS_A_DAY[tenant] * quiet);
  return Array.from({ length: count }, (_, n) => {
    const kind = kindOf(draw() * 100);
    const name = PEOPLE[Math.floor(draw() ** 2 * PEOPLE.length)] ?? 'Ada Lindqvist';
    const user = { displayName: name, address: `${name.toLowerCase().replace(' ', '.')}@${DOMAINS[tenant]}` };
    const ips = [draw(), draw()].map((x) => ADDRESSES[Math.floor(x ** 2 * ADDRESSES.length)] ?? '101.102.103.104');
    const named = kind.title === 'Leaked credentials' || kind.severity === 3 ? [] : [...new Set(ips)];
    const at = midnight + Math.round(draw() * 23 * HOUR_MS);
    const urgency = kind.severity === 2 ? 1 : kind.severity === 1 ? 4 : 10;
    return {
      ...{ tenant, at, judgement: judgementOf(kind, draw()) },
      takenAfterMs: Math.round((3 + draw() ** 3 * 60) * urgency) * MINUTE_MS,
      ...(draw() < 0.95 ? { doneAfterMs: Math.round((20 + draw() ** 3 * 400) * urgency) * MINUTE_MS } : {}),
      alert: toRecord({
        ...{ tenant, at, title: kind.title, severity: kind.severity, ips: named },
        number: FIRST_NUMBER + day * 64 + n,
        description: kind.says(`${name} (${user.address})`, named.join(' and ')),
        service: [11_161, 'Microsoft 365'],
        ...(kind.severity === 3 ? { system: true } : { user }),
      }),
    };
  });
}

function kindOf(percent: number): Kind {
  let sum = 0;
  return (
    KINDS.find(({ share }) => {
      sum += share;
      return percent < sum;
    }) ?? (KINDS[0] as Kind)
  );
}

function judgementOf({ falseOfTen, severity }: Kind, drawn: number): Judgement {
  if (drawn * 10 < falseOfTen) return 'False Positive';
  return severity === 2 || drawn > 0.85 ? 'Done' : "Won't Do";
}
