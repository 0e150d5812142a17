import type { Config } from '../config/config.ts';
import type { AuditReport } from '../domain/audit.ts';
import { DAY_MS, type EpochMs, sayInstant } from '../domain/time.ts';
import type { Standing, TenantVitals, Vitals } from '../domain/vitals.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { QuotaView } from '../ledger/look-ups/findings-port.ts';
import { turn } from '../ledger/store/turn.ts';
import { quietTenants, WATCHED_DAYS, type WatchLimits, warningsOf } from '../rules/watchfulness.ts';

export interface StandingParts {
  config: Config;
  ledger: Pick<Ledger, 'pulse' | 'links' | 'notes' | 'hints' | 'audits' | 'twins' | 'deliveries'>;
  now: EpochMs;
  credentials: Vitals['credentials'];
  /** Absent when look-ups are switched off. */
  quota?: QuotaView;
}

/** How all tenants of the configuration stand, as far as the ledger knows, and what of it is not well. */
export async function standingOf({ config, ledger, now, credentials, quota }: StandingParts): Promise<Standing> {
  const names = config.tenants.map(({ tenant }) => tenant);
  const [own, syncs, notes, hints, audits, sweeps, deliveries] = await Promise.all([
    ledger.pulse.tenants(names, now),
    ledger.links.standing(),
    ledger.notes.open(),
    ledger.hints.open(),
    ledger.audits.latest(),
    ledger.twins.swept(),
    config.reports.deliver ? deliveriesOf(ledger) : undefined,
  ]);
  await turn();
  const syncOf = new Map(syncs.map((sync) => [sync.tenant, sync]));
  const notesOf = new Map(notes.map((note) => [note.tenant, note]));
  const hintsOf = new Map(hints.map((hint) => [hint.tenant, hint]));
  const auditOf = new Map(audits.map((audit) => [audit.tenant, audit]));
  const tenants = own.map((vitals): TenantVitals => {
    const sync = syncOf.get(vitals.tenant);
    const note = notesOf.get(vitals.tenant);
    const hint = hintsOf.get(vitals.tenant);
    const audit = auditOf.get(vitals.tenant);
    return {
      ...vitals,
      notesOpen: note?.count ?? 0,
      ...(note ? { oldestNote: note.oldest } : {}),
      hintsWaiting: hint?.count ?? 0,
      ...(hint ? { oldestHint: hint.oldest } : {}),
      ...(audit ? { auditedAt: audit.at, auditDifferences: byKind(audit) } : {}),
      ...(sync?.syncedAt === undefined ? {} : { syncedAt: sync.syncedAt }),
      ...(sync?.stopped === undefined ? {} : { syncStopped: sync.stopped }),
      ...(sync?.left === undefined ? {} : { syncRefused: sync.left }),
      ...(sync?.failure === undefined ? {} : { syncFailure: sync.failure }),
    };
  });
  const vitals: Vitals = {
    at: now,
    tenants: await withActiveDays(tenants, { ledger, now, silenceAfterMs: config.service.silenceAfterMs }),
    besides: await ledger.pulse.besides(names),
    sweeps: sweeps.filter(({ site }) => config.sites.some((own) => own.site === site)),
    credentials,
    ...(deliveries ? { deliveries } : {}),
    ...(quota ? { quota } : {}),
  };
  await turn();
  return { vitals, warnings: warningsOf(vitals, limitsOf(config)) };
}

/** How many reports did not arrive, and in words the first of them. */
async function deliveriesOf({ deliveries }: Pick<Ledger, 'deliveries'>): Promise<NonNullable<Vitals['deliveries']>> {
  const { failed, first } = await deliveries.failed();
  if (!first) return { failed };
  const { kind, scope, from, to, channel, why = 'it is not said why', failures, nextAt, doneAt } = first;
  const whose = scope === 'all' ? 'of all tenants' : `of ${scope}`;
  const way =
    doneAt !== undefined
      ? 'was not mailed to everyone'
      : channel === 'mail'
        ? 'was not mailed'
        : 'was not put into the folder';
  // Its middle is in the period in any time zone.
  const day = sayInstant((from + to) / 2).slice(0, 10);
  const says = `the ${kind} report ${whose} (the period around ${day}) ${way}: ${why}`;
  return { failed, first: { says, failures, ...(doneAt === undefined ? { nextAt } : {}) } };
}

function byKind({ differences }: AuditReport): Readonly<Record<string, number>> {
  return Object.fromEntries(differences.map(({ kind, count }) => [kind, count]));
}

/** Only the few that are quiet are asked how it was before: the others are not silent. */
async function withActiveDays(
  tenants: readonly TenantVitals[],
  { ledger, now, silenceAfterMs }: Pick<StandingParts, 'ledger' | 'now'> & { silenceAfterMs: number },
): Promise<readonly TenantVitals[]> {
  const quiet = quietTenants({ at: now, tenants }, silenceAfterMs).map(({ tenant, newestAlert = now }) => ({
    tenant,
    from: newestAlert - WATCHED_DAYS * DAY_MS,
    to: newestAlert,
  }));
  const days = await ledger.pulse.activeDays(quiet);
  return tenants.map((own) => {
    const activeDays = days.get(own.tenant);
    return activeDays ? { ...own, activeDays } : own;
  });
}

function limitsOf({ tenants, sites, service }: Config): WatchLimits {
  const windowOf = new Map(sites.map(({ site, reconcileWindowMs }) => [site, reconcileWindowMs]));
  return {
    silenceAfterMs: service.silenceAfterMs,
    tenants: new Map(
      tenants.map(({ tenant, everyMs, policy }) => [
        tenant,
        { everyMs, reconcileWindowMs: windowOf.get(policy.ticket.site) ?? 0 },
      ]),
    ),
  };
}
