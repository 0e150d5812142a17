import { USUAL } from '../../src/rules/in-step/guard.ts';
import type { Scene } from '../../src/simulators/scene.ts';

/** More than the guard lets pass in one tenant, with room for those that people close one by one meanwhile. */
const ALERTS = 34;
const TENANT = 'northwind';

/** Many issues of one tenant, and one edit that closes them all. */
export interface BulkEdit {
  /** The source gains the alerts. */
  addAlerts(at: number): void;
  /** Closes every issue of these alerts, once there are more than the guard lets pass; says how many. */
  close(): number;
  /** What was closed in Defender without a person's yes: more than the guard lets pass is a broken promise. */
  judge(closedByPeople: ReadonlySet<string>): string[];
}

export function bulkEdit(seed: number, scene: Scene): BulkEdit {
  const ids = Array.from(
    { length: ALERTS },
    (_, n) => `b01c${seed.toString(16).padStart(16, '0')}${(n + 16).toString(16).padStart(4, '0')}`,
  );
  const edited = new Set<string>();
  return {
    addAlerts(at) {
      for (const [n, id] of ids.entries())
        scene.cloudApps.addAlert(TENANT, {
          _id: id,
          timestamp: at - n * 1_000,
          title: `Unusual volume of deleted files, share ${n}`,
          description: `Files of share ${n} were deleted by ann@${TENANT}.com.`,
          severityValue: n % 3,
          resolutionStatusValue: 0,
        });
    },
    close() {
      const issues = scene.jira
        .issues()
        .map(({ key, properties }) => ({ key, alert: (properties['casewire.alert'] as { alert: string }).alert }))
        .filter(({ alert }) => ids.includes(alert));
      if (issues.length <= USUAL.least) return 0;
      for (const { key, alert } of issues) {
        scene.jira.person().close(key, { resolution: "Won't Do" });
        edited.add(alert);
      }
      return edited.size;
    },
    judge(closedByPeople) {
      if (edited.size <= USUAL.least) return [];
      const alerts = (scene.cloudApps.tenants.get(TENANT)?.alerts ?? []) as {
        _id: string;
        resolutionStatusValue?: number;
      }[];
      const closed = alerts.filter(
        ({ _id, resolutionStatusValue = 0 }) =>
          edited.has(_id) && resolutionStatusValue !== 0 && !closedByPeople.has(`${TENANT}/${_id}`),
      );
      return closed.length > USUAL.least
        ? [`a bulk edit of ${edited.size} issues closed ${closed.length} alerts without a question`]
        : [];
    },
  };
}
