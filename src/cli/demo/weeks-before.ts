import type { Casewire } from '../../assembly/casewire.ts';
import { type TenantId, toAlertId } from '../../domain/alert.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { PastClock } from '../../simulators/scene/past-clock.ts';
import { alertsOfDays, type PastAlert } from '../../simulators/scene/weeks-before.ts';
import type { Scene } from '../../simulators/scene.ts';

export interface WeeksBefore {
  casewire: Casewire;
  scene: Scene;
  /** Rules scene and product; it is in the past until the end. */
  clock: PastClock;
  from: EpochMs;
  /** A midnight, UTC. */
  to: EpochMs;
  signal: AbortSignal;
  /** Told whenever one more alert has come, with how many come in all. */
  onAlert?(come: number, all: number): void;
}

/** What happens at one instant. */
interface Moment {
  at: EpochMs;
  act(): Promise<void> | void;
}

/** How long after an alert it is read. */
const READ_AFTER_MS = 3 * MINUTE_MS;

const FRIDAY = 5;

/** Lets the weeks before pass by the product's own road: alerts come, are read, people work on their issues. */
export async function playWeeksBefore(parts: WeeksBefore): Promise<{ alerts: number }> {
  const { clock, from, to, signal } = parts;
  const alerts = alertsOfDays(from, to);
  let come = 0;
  const arrived = () => parts.onAlert?.(++come, alerts.length);
  const moments: Moment[] = alerts.map((past) => arrival(parts, past, { plan: (more) => add(moments, more), arrived }));
  for (let midnight = from; midnight < to; midnight += DAY_MS) add(moments, ...routine(parts, midnight));
  moments.sort((a, b) => a.at - b.at);
  for (let next = moments.shift(); next && next.at < to; next = moments.shift()) {
    if (signal.aborted) break;
    clock.goTo(next.at);
    await next.act();
  }
  return { alerts: alerts.length };
}

function add(moments: Moment[], ...more: Moment[]): void {
  moments.push(...more);
  moments.sort((a, b) => a.at - b.at);
}

/** An alert comes, is read a little later, and people take up its issue. */
function arrival(
  { casewire, scene, signal }: WeeksBefore,
  past: PastAlert,
  { plan, arrived }: { plan(next: Moment): void; arrived(): void },
): Moment {
  const tenant = past.tenant as TenantId;
  const person = scene.jira.person(past.at % 2 === 0 ? 'mira' : 'theo');
  const issueOf = async () => (await casewire.explain(tenant, toAlertId(past.alert._id)))?.line.ticket?.key;
  const work = (ms: number, deed: (issue: string) => void) =>
    plan({
      at: past.at + READ_AFTER_MS + ms,
      act: async () => {
        const issue = await issueOf();
        if (issue) deed(issue);
      },
    });
  return {
    at: past.at,
    act: () => {
      scene.cloudApps.addAlert(tenant, past.alert);
      arrived();
      const read = () => casewire.run({ tenants: [tenant], waitMs: 0, signal }).then(() => {});
      plan({ at: past.at + READ_AFTER_MS, act: read });
      work(past.takenAfterMs, (issue) => person.edit(issue, 'assignee', { accountId: person.user.accountId }));
      if (past.doneAfterMs !== undefined)
        work(past.takenAfterMs + past.doneAfterMs, (issue) => person.close(issue, { resolution: past.judgement }));
    },
  };
}

/** What happens on every day: all tenants are read twice, kept in step in the evening, recounted at night, and on Fridays looked through for second issues. */
function routine({ casewire, signal }: WeeksBefore, midnight: EpochMs): Moment[] {
  const at = (hour: number, act: () => Promise<unknown>): Moment => ({
    at: midnight + hour * HOUR_MS,
    act: () => act().then(() => {}),
  });
  return [
    at(8, () => casewire.run({ waitMs: 0, signal })),
    at(19, () => casewire.run({ waitMs: 0, signal })),
    at(20, () => casewire.sync({ yes: true, signal })),
    at(23, () => casewire.audit(signal)),
    ...(new Date(midnight).getUTCDay() === FRIDAY ? [at(22, () => casewire.sweep(signal))] : []),
  ];
}

/** So that a report of the last month has all of it. */
export function firstDayBefore(now: EpochMs): EpochMs {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - 1, 1);
}
