import type { Config } from '../config/config.ts';
import { credentialEnds } from '../config/credential-ends.ts';
import { dedupKeyOf, type TenantId } from '../domain/alert.ts';
import type { Standing, Vitals } from '../domain/vitals.ts';
import { traceIfAsked } from '../observe/trace.ts';
import { checkLookUps } from '../pipeline/look-ups/check-look-ups.ts';
import { dedupLabel } from '../tracker/jira/dedup-label.ts';
import type { AssembleParts, Casewire } from './casewire.ts';
import { checkAll } from './check/check.ts';
import { checkSignIn } from './check/check-sign-in.ts';
import { heldOf } from './held.ts';
import { onRecord } from './on-record.ts';
import { checkStore } from './open-store.ts';
import { passesOf } from './passes.ts';
import { reportParts } from './report-parts.ts';
import { rulesReport } from './rules-report.ts';
import { sitesOf } from './sites.ts';
import { standingOf } from './standing.ts';
import { statusReport } from './status-report.ts';
import { openWorks, type Works } from './works.ts';

/**
 * Puts the product together from a checked configuration: which adapter serves which port is decided in this room alone.
 * @throws Error with a sentence for people when the store cannot be opened.
 */
export async function assemble(config: Config, outer: AssembleParts): Promise<Casewire> {
  await traceIfAsked();
  const works = await openWorks(config, outer);
  const { ledger, clock } = works;
  const standing = standingWith(works);
  return {
    ...passesOf(works, standing),
    ...heldOf(works),
    onRecord: onRecord(ledger.acts, clock),
    rules: () => rulesReport(config, ledger.rulings, clock.now()),
    check: (names) => check(works, names),

    async explain(tenant, alert) {
      const key = dedupKeyOf(tenant, alert);
      const history = await ledger.overview.history(key);
      if (!history) return undefined;
      const timeline = (await ledger.factLog.of([key])).get(key) ?? [];
      return { ...history, ...(timeline.length > 0 ? { timeline } : {}), label: dedupLabel(key) };
    },

    standing,
    storeTrouble: () => works.storeTrouble(),
    status: async () => statusReport(config, ledger, await standing()),

    async report({ version, ...ask }) {
      const { openReport } = await import('../reports/make-report.ts');
      return openReport(reportParts({ config, ledger, clock, version }), ask);
    },

    async reports({ version, ...ask }) {
      const { openPeriod } = await import('../reports/make-report.ts');
      return openPeriod(reportParts({ config, ledger, clock, version }), ask);
    },

    tenantsRead: () => ledger.coverage.tenants(),

    close: () => works.close(),
  };
}

function standingWith({ config, ledger, findings, clock }: Works): () => Promise<Standing> {
  const { abuseipdb } = config;
  let credentials: Vitals['credentials'] | undefined;
  return async () => {
    // Read once: a configuration's certificates do not change while it is at work.
    credentials ??= credentialEnds(config);
    const now = clock.now();
    const quota = abuseipdb && (await findings.quotaView({ dailyBudget: abuseipdb.dailyBudget, now }));
    return standingOf({ config, ledger, now, credentials, ...(quota ? { quota } : {}) });
  };
}

function check({ config, clock, edges, metadata, tenants, findings, enricher }: Works, names?: readonly TenantId[]) {
  const { abuseipdb } = config;
  return checkAll({
    config,
    now: clock.now(),
    sites: sitesOf(config, edges, metadata),
    tenants: (names ?? [...tenants.keys()]).flatMap((name) => tenants.get(name) ?? []),
    checkStore: () => checkStore(config.store),
    checkSignIn: () => checkSignIn(config, (issuer) => edges.client('the sign-in', issuer, 1)),
    checkLookUps: async () => (enricher && abuseipdb ? checkLookUps({ enricher, findings, clock, ...abuseipdb }) : []),
  });
}
