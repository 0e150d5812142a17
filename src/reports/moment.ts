import type { TenantId } from '../domain/alert.ts';
import { nameSome } from '../domain/name-some.ts';
import { type EpochMs, HOUR_MS } from '../domain/time.ts';
import type { TenantCoverage } from '../ledger/facts/facts-port.ts';
import { instant } from './papers/words/times.ts';
import type { Period } from './periods/period.ts';

/** So long after its end a period waits for all of its tenants; then it is fixed without those that are not known. */
const GRACE_MS = 6 * HOUR_MS;

/** A tenant of which a period is not wholly known. */
export interface MissingTenant {
  tenant: TenantId;
  /** `alerts`: it was not read past the period's end. `issues`: its issues were not synced past it. */
  lacks: readonly ('alerts' | 'issues')[];
  /** Up to when its alerts are known; absent: nothing of the period or of what came before it is. */
  alertsTo?: EpochMs;
  /** Up to when it is known what became of its issues; absent: it never was. */
  issuesTo?: EpochMs;
  /** The configuration no longer has it. */
  removed?: true;
}

/** Which tenants a period is told of, which of them are not wholly known, and why it cannot be fixed yet. */
export interface PeriodStanding {
  tenants: readonly TenantId[];
  missing: readonly MissingTenant[];
  /** Absent: the period can be fixed. A sentence. */
  provisional?: string;
}

export interface PeriodStandingAsk {
  period: Period;
  now: EpochMs;
  /** Tenants of the configuration. */
  configured: readonly TenantId[];
  coverage: readonly TenantCoverage[];
  /** Whether issues are synced at all. */
  inStep: boolean;
}

/**
 * Whether a period can be fixed, for the overview and every tenant at once: when each configured tenant is known past
 * its end, or 6 hours after the end, when at least one tenant was read past it. Tenants that are no longer configured
 * belong to the period in which they were read; nothing waits for them.
 */
export function standingOf({ period, now, configured, coverage, inStep }: PeriodStandingAsk): PeriodStanding {
  const known = new Map(coverage.map((one) => [one.tenant, one]));
  const isConfigured = new Set(configured);
  const removed = coverage.filter(({ tenant, present }) => present && !isConfigured.has(tenant));
  const judge = (tenant: TenantId) => missingOf(tenant, known.get(tenant), { period, inStep });
  const waited = configured.flatMap(judge);
  const missing = [...waited, ...removed.flatMap(({ tenant }) => judge(tenant)).map(asRemoved)];
  const why = whyNot({ period, now, configured, waited });
  return {
    tenants: [...configured, ...removed.map(({ tenant }) => tenant)],
    missing,
    ...(why === undefined ? {} : { provisional: why }),
  };
}

function asRemoved(one: MissingTenant): MissingTenant {
  return { ...one, removed: true };
}

function missingOf(
  tenant: TenantId,
  coverage: TenantCoverage | undefined,
  { period: { to }, inStep }: Pick<PeriodStandingAsk, 'period' | 'inStep'>,
): MissingTenant[] {
  const { since = Number.POSITIVE_INFINITY, readTo, syncedTo } = coverage ?? {};
  // What began after the period knows nothing of it, however far it has come.
  const alertsTo = since < to ? readTo : undefined;
  const issuesTo = since < to ? syncedTo : undefined;
  const isKnown = (at: EpochMs | undefined) => at !== undefined && at >= to;
  const lacks = [
    ...(isKnown(alertsTo) ? [] : (['alerts'] as const)),
    ...(!inStep || isKnown(issuesTo) ? [] : (['issues'] as const)),
  ];
  if (lacks.length === 0) return [];
  return [
    {
      tenant,
      lacks,
      ...(isKnown(alertsTo) || alertsTo === undefined ? {} : { alertsTo }),
      ...(!inStep || isKnown(issuesTo) || issuesTo === undefined ? {} : { issuesTo }),
    },
  ];
}

function whyNot({
  period: { to, zone },
  now,
  configured,
  waited,
}: Pick<PeriodStandingAsk, 'period' | 'now' | 'configured'> & { waited: readonly MissingTenant[] }):
  | string
  | undefined {
  if (now < to) return 'The period has not ended.';
  if (waited.length === 0) return undefined;
  const unread = waited.filter(({ lacks }) => lacks.includes('alerts'));
  const end = instant(to, zone);
  if (unread.length === configured.length)
    return unread.every(({ alertsTo }) => alertsTo === undefined)
      ? 'Nothing of this period was read: no tenant was read before its end.'
      : `No tenant was read past the period's end, ${end}, yet.`;
  if (now >= to + GRACE_MS) return undefined;
  const behind = waited.filter(({ lacks }) => !lacks.includes('alerts'));
  return [
    ...(unread.length > 0 ? [`Not read past ${end} yet: ${namesOf(unread)}.`] : []),
    ...(behind.length > 0 ? [`Issues not synced past ${end} yet: ${namesOf(behind)}.`] : []),
    `It is fixed at ${instant(to + GRACE_MS, zone)} at the latest.`,
  ].join(' ');
}

function namesOf(missing: readonly MissingTenant[]): string {
  return nameSome(missing.map(({ tenant }) => tenant));
}
