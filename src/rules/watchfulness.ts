import type { TenantId } from '../domain/alert.ts';
import { DAY_MS, type EpochMs, HOUR_MS, SECOND_MS, sayDuration, sayInstant } from '../domain/time.ts';
import type { TenantVitals, Vitals, Warning } from '../domain/vitals.ts';

/** What counts as not well. */
export interface WatchLimits {
  /** 0: never. */
  silenceAfterMs: number;
  tenants: ReadonlyMap<TenantId, { everyMs: number; reconcileWindowMs: number }>;
}

/** A tenant normally has alerts when it had some on this many of so many days before its newest. */
const ACTIVE_DAYS = 5;
export const WATCHED_DAYS = 14;

/** Readings that may be missed before a tenant counts as not read. */
const MISSED_READINGS = 3;

/** What should be gone within minutes and is not after this long, in milliseconds. */
const LONG_MS = HOUR_MS;

/** What a webhook names is synced within a second, unless its source makes it wait. */
const HINT_MS = 30 * SECOND_MS;

const CREDENTIAL_AHEAD_MS = 14 * DAY_MS;
const FEW_LOOK_UPS = 0.1;
/** More alerts than this held within a day, and still held: the queue grows. */
const MANY_HELD = 10;

/** Tenants that have been without an alert for so long that `activeDays` are to be asked. */
export function quietTenants(
  { at, tenants }: Pick<Vitals, 'at'> & { tenants: readonly TenantQuiet[] },
  silenceAfterMs: number,
): readonly TenantQuiet[] {
  if (silenceAfterMs === 0) return [];
  return tenants.filter(({ newestAlert }) => newestAlert !== undefined && at - newestAlert > silenceAfterMs);
}

type TenantQuiet = Pick<TenantVitals, 'tenant' | 'newestAlert'>;

/** All that is not well, the most urgent kinds first; the same thing is the same kind and tenant each time. */
export function warningsOf(vitals: Vitals, limits: WatchLimits): readonly Warning[] {
  const found = [
    ...vitals.tenants.flatMap((own) => tenantWarnings(own, vitals.at, limits)),
    ...vitals.credentials.flatMap((credential) => credentialWarning(credential, vitals.at)),
    ...quotaWarning(vitals),
    ...(vitals.besides ?? []).filter(({ links }) => links > 0).map(notConfigured),
    ...deliveryWarning(vitals),
  ];
  return found.sort((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind));
}

const URGENCY: readonly Warning['kind'][] = [
  'store-failed',
  'reading-failed',
  'not-read',
  'credential-ends',
  'sync-stopped',
  'alerts-wait',
  'unknown-creates',
  'held-grows',
  'held',
  'audit-differs',
  'sync-failed',
  'sync-refused',
  'not-configured',
  'report-failed',
  'notes-waiting',
  'hints-waiting',
  'silent',
  'quota-ends',
];

function tenantWarnings(own: TenantVitals, at: EpochMs, limits: WatchLimits): Warning[] {
  const { tenant } = own;
  const { everyMs = 0, reconcileWindowMs = 0 } = limits.tenants.get(tenant) ?? {};
  const check = `casewire check --tenant ${tenant}`;
  const age = (instant: EpochMs | undefined) => (instant === undefined ? 0 : Math.max(0, at - instant));
  const say = (instant: EpochMs | undefined) => sayDuration(age(instant));
  const held = Object.entries(own.heldBy).filter(([, n]) => n > 0);
  const differences = Object.entries(own.auditDifferences ?? {}).filter(([, n]) => n > 0);
  const all = held.reduce((sum, [, n]) => sum + n, 0);
  // Of most tenants there is nothing to say, and there may be thousands.
  const found: (Pick<Warning, 'kind' | 'mend'> & { is: boolean; says: () => string })[] = [
    {
      kind: 'reading-failed',
      is: own.failure !== undefined,
      says: () => `last read failed: ${own.failure}`,
      mend: check,
    },
    {
      kind: 'not-read',
      is: own.failure === undefined && (own.polledAt === undefined || age(own.polledAt) > MISSED_READINGS * everyMs),
      says: () =>
        own.polledAt === undefined
          ? 'has not been read yet'
          : `not read for ${say(own.polledAt)} (every ${sayDuration(everyMs)})`,
      mend: `casewire run --tenant ${tenant}`,
    },
    {
      kind: 'silent',
      is: isSilent(own, at, limits.silenceAfterMs),
      says: () => `no alert for ${say(own.newestAlert)}, and it normally has some`,
      mend: check,
    },
    {
      kind: 'alerts-wait',
      is: own.open > 0 && age(own.openSince) > LONG_MS,
      says: () => `${count(own.open, 'alert')} without an issue, the first for ${say(own.openSince)}`,
      mend: check,
    },
    {
      kind: 'unknown-creates',
      is: own.unknown > 0 && age(own.oldestUnknown) > Math.max(LONG_MS, 2 * reconcileWindowMs),
      says: () => `${count(own.unknown, 'create')} without an answer, looked for since ${say(own.oldestUnknown)}`,
      mend: check,
    },
    {
      kind: 'held',
      is: all > 0,
      says: () => `${all} held: ${sayCounts(held)}`,
      mend: 'casewire held',
    },
    {
      kind: 'held-grows',
      is: own.heldLately > MANY_HELD,
      says: () => `${own.heldLately} held within a day, and still held`,
      mend: 'casewire held',
    },
    {
      kind: 'notes-waiting',
      is: own.notesOpen > 0 && age(own.oldestNote) > LONG_MS,
      says: () => `${count(own.notesOpen, 'note')} not on their issues yet, the first for ${say(own.oldestNote)}`,
      mend: check,
    },
    {
      kind: 'hints-waiting',
      is: own.hintsWaiting > 0 && age(own.oldestHint) > HINT_MS,
      says: () =>
        `${count(own.hintsWaiting, 'issue')} named by webhooks and not synced yet, the first for ${say(own.oldestHint)}`,
      mend: `casewire sync --tenant ${tenant}`,
    },
    {
      kind: 'sync-stopped',
      is: own.syncStopped !== undefined,
      says: () => `the guard stopped sync: ${own.syncStopped}`,
      mend: `casewire sync --tenant ${tenant}`,
    },
    {
      kind: 'sync-failed',
      is: own.syncFailure !== undefined,
      says: () => `sync failed: ${own.syncFailure}`,
      mend: check,
    },
    {
      kind: 'sync-refused',
      is: own.syncRefused !== undefined,
      says: () => {
        const { count: n = 0, issue = '', why = '' } = own.syncRefused ?? {};
        return `${count(n, 'link')} could not be synced, such as ${issue}: ${why}`;
      },
      mend: `casewire sync --tenant ${tenant}`,
    },
    {
      kind: 'audit-differs',
      is: differences.length > 0,
      says: () => `the last audit found ${sayCounts(differences)}`,
      mend: 'casewire status --json',
    },
  ];
  return found.flatMap(({ is, says, ...warning }) => (is ? [{ ...warning, says: says(), tenant }] : []));
}

/** Silent for longer than `silenceAfter`, and longer than it ever was within the two weeks before: a quiet weekend is no silence. */
function isSilent({ newestAlert, activeDays }: TenantVitals, at: EpochMs, silenceAfterMs: number): boolean {
  if (silenceAfterMs === 0 || newestAlert === undefined || activeDays === undefined) return false;
  if (activeDays.length < ACTIVE_DAYS) return false;
  const longestGapDays = activeDays.slice(1).reduce((most, day, i) => Math.max(most, day - (activeDays[i] ?? day)), 0);
  return at - newestAlert > Math.max(silenceAfterMs, longestGapDays * DAY_MS);
}

function credentialWarning(credential: Vitals['credentials'][number], at: EpochMs): Warning[] {
  const { subject, tenant, what, mend, endsAt } = credential;
  if (endsAt - at > CREDENTIAL_AHEAD_MS) return [];
  const when = endsAt > at ? `ends in ${sayDuration(endsAt - at)}` : `ended ${sayDuration(at - endsAt)} ago`;
  const warning = { kind: 'credential-ends', subject, mend } as const;
  return tenant === undefined
    ? [{ ...warning, says: `${subject}: ${what} ${when}` }]
    : [{ ...warning, tenant, says: `${what} ${when}` }];
}

function notConfigured({ tenant, links }: NonNullable<Vitals['besides']>[number]): Warning {
  return {
    kind: 'not-configured',
    tenant,
    says: `is in the ledger but not in the configuration: ${count(links, 'link')} of it are not synced`,
    mend: `name ${tenant} under tenants again; a tenant that was renamed keeps its links under the old name alone`,
  };
}

function deliveryWarning({ deliveries }: Pick<Vitals, 'deliveries'>): Warning[] {
  if (!deliveries?.failed || !deliveries.first) return [];
  const { failed, first } = deliveries;
  const others = failed > 1 ? ` (and ${failed - 1} more)` : '';
  const again =
    first.nextAt === undefined
      ? 'then Deliver now on the console’s Reports page'
      : `it is tried again at ${sayInstant(first.nextAt)}`;
  return [
    {
      kind: 'report-failed',
      says: `${first.says}${others}`,
      mend: `mend what it says; ${again}. The report itself is there at any time: casewire report`,
    },
  ];
}

function quotaWarning({ quota }: Vitals): Warning[] {
  if (!quota || quota.dailyBudget === 0 || quota.left >= quota.dailyBudget * FEW_LOOK_UPS) return [];
  const says = `${quota.left} of ${quota.dailyBudget} look-ups left today at AbuseIPDB`;
  return [{ kind: 'quota-ends', says, mend: 'raise abuseipdb.dailyBudget if your plan allows' }];
}

/** What began and what ended between two looks, so that each thing is told once until it is over. */
export function changesOf(
  before: readonly Warning[],
  now: readonly Warning[],
): { began: readonly Warning[]; ended: readonly Warning[] } {
  const [then, there] = [new Set(before.map(nameOf)), new Set(now.map(nameOf))];
  return {
    began: now.filter((warning) => !then.has(nameOf(warning))),
    ended: before.filter((warning) => !there.has(nameOf(warning))),
  };
}

function nameOf({ kind, tenant, subject }: Warning): string {
  return JSON.stringify([kind, tenant, subject]);
}

function sayCounts(counts: readonly [string, number][]): string {
  return counts.map(([word, n]) => `${n} ${word}`).join(', ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
