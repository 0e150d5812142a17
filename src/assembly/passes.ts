import type { TenantId } from '../domain/alert.ts';
import { StoreFailure } from '../domain/failure.ts';
import type { Standing, Warning } from '../domain/vitals.ts';
import { audit } from '../lifecycle/recount/audit.ts';
import { sweep } from '../lifecycle/recount/sweep.ts';
import { upkeepWhenDue } from '../lifecycle/recount/when-due.ts';
import { syncPass } from '../lifecycle/sync/sync-pass.ts';
import { runPass } from '../pipeline/pass.ts';
import { planPass } from '../pipeline/plan.ts';
import { replay } from '../pipeline/replay.ts';
import { SiteHealth } from '../pipeline/site-health.ts';
import type { Casewire } from './casewire.ts';
import { readOnly } from './sites.ts';
import type { Works } from './works.ts';

/** A store that fails after the pass takes nothing away from what the pass has done. */
function storeFailed(error: unknown): { attention: readonly Warning[] } {
  if (!(error instanceof StoreFailure)) throw error;
  return { attention: [{ kind: 'store-failed', says: error.message, mend: error.mend ?? 'run again' }] };
}

type Passes = Pick<Casewire, 'run' | 'plan' | 'sweep' | 'audit' | 'sync' | 'engine' | 'replay'>;

/** What goes over the tenants: each call is one pass; what only plans may write nothing anywhere. */
export function passesOf(
  { config, clock, edges, metadata, tenants, partsWith }: Works,
  standing: () => Promise<Standing>,
): Passes {
  /**
   * What needs attention in a pass over these tenants; tenants that the configuration lacks belong to a pass over all.
   * Silence is `service.silenceAfter`'s to judge, which `serve` alone reads: a Monday's run after a quiet weekend is well.
   */
  const attention = async (names: readonly TenantId[]): Promise<readonly Warning[]> => {
    const own = new Set(names);
    const isWhole = own.size === tenants.size;
    const isOurs = (tenant: TenantId) => own.has(tenant) || (isWhole && !tenants.has(tenant));
    const { warnings } = await standing();
    return warnings.filter(({ kind, tenant }) => kind !== 'silent' && (tenant === undefined || isOurs(tenant)));
  };
  const chosen = (names?: readonly TenantId[]) => names ?? [...tenants.keys()];
  const keeping = config.sync ? { sync: config.sync } : {};
  const withCalls = <T extends object>(summary: T): T => ({
    ...summary,
    calls: Object.fromEntries(edges.meter.calls()),
  });
  return {
    run: async (request) => {
      const parts = partsWith(metadata, 'ask');
      const names = chosen(request.tenants);
      const summary = await runPass(parts, { ...request, tenants: names });
      const { signal } = request;
      const afterwards = async () => {
        const upkeep = await upkeepWhenDue(parts, { tenants: names, signal, first: 'after an hour' });
        return {
          ...(upkeep.scan || upkeep.reconciliation ? { upkeep } : {}),
          ...(signal.aborted ? {} : { attention: await attention(names) }),
        };
      };
      const more = signal.aborted ? {} : await afterwards().catch(storeFailed);
      return withCalls({ ...summary, durationMs: clock.now() - summary.startedAt, ...more });
    },

    plan: async (request) =>
      withCalls(
        await planPass(partsWith(readOnly(metadata), 'recall'), { ...request, tenants: chosen(request.tenants) }),
      ),

    sweep: (signal) => sweep(partsWith(metadata, 'recall'), { signal }),

    audit: (signal) => audit(partsWith(metadata, 'recall'), { tenants: chosen(), signal }),

    sync: async (request) => {
      const parts = request.plan ? partsWith(readOnly(metadata), 'recall') : partsWith(metadata, 'ask');
      return withCalls(await syncPass({ ...parts, ...keeping }, { ...request, tenants: chosen(request.tenants) }));
    },

    engine: () => ({ ...partsWith(metadata, 'ask', () => new SiteHealth(clock)), ...keeping }),

    replay: ({ tenants: names, pastMs, signal }) =>
      replay(partsWith(readOnly(metadata), 'recall'), { tenants: chosen(names), from: clock.now() - pastMs, signal }),
  };
}
