import { nameSome } from '../domain/name-some.ts';
import { type EpochMs, MINUTE_MS, sayDuration } from '../domain/time.ts';
import type { JobStanding } from '../scheduler/scheduler.ts';

/** What health and readiness are told from; all of it is at hand, nothing is asked. */
export interface ServiceState {
  now: EpochMs;
  startedAt: EpochMs;
  version: string;
  /** When the scheduler last looked what is due, and how often it does. */
  tickedAt: EpochMs;
  tickEveryMs: number;
  jobs: readonly JobStanding[];
  /** How the last access to the ledger ended, since when it is so, and why, where its store says so. */
  ledger: { ok: boolean; at: EpochMs; why?: string };
  /** Tenants whose last reading went well, and all. */
  tenants: { usable: number; all: number };
  /** Jira sites that take issues at the moment, and all. */
  sites: { usable: number; all: number };
  /** Why the configuration that lies on disk is not the one in use; absent when it is. */
  configRefused?: string;
  /** A stop was asked for. */
  stopping: boolean;
}

/** An answer over HTTP: 200 or 503, and a body of which no part is secret. */
export interface Health {
  status: 200 | 503;
  body: {
    ok: boolean;
    version: string;
    upForMs: number;
    checks: readonly { name: string; ok: boolean; says: string }[];
  };
}

/** A scheduler that has not looked for so many of its rounds hangs. */
const MISSED_TICKS = 5;

/** A job begins within this time of its due, and ends within this time of its beginning. */
const BEGINS_WITHIN_MS = MINUTE_MS;
const ENDS_WITHIN_MS = 15 * MINUTE_MS;

/** Whether the process lives: its event loop turns and its scheduler looks for what is due. */
export function healthOf(state: ServiceState): Health {
  return answer(state, [tickCheck(state)]);
}

/**
 * Whether the process does its work: the ledger answers, each job begins and ends in its time, at least one tenant and
 * one site can be used, and no stop was asked for. One tenant in trouble of many is a warning, not unreadiness.
 */
export function readinessOf(state: ServiceState): Health {
  const { now, ledger, tenants, sites } = state;
  const late = state.jobs.filter((job) => isLate(job, now));
  return answer(state, [
    tickCheck(state),
    {
      name: 'ledger',
      ok: ledger.ok,
      says: ledger.ok ? 'answers' : (ledger.why ?? `has not answered for ${sayDuration(Math.max(0, now - ledger.at))}`),
    },
    {
      name: 'jobs',
      ok: late.length === 0,
      says: late.length === 0 ? `${state.jobs.length} on time` : `late: ${nameSome(late.map(({ name }) => name))}`,
    },
    usable('tenants', tenants),
    usable('sites', sites),
    {
      name: 'configuration',
      ok: true,
      says: state.configRefused === undefined ? 'as on disk' : 'the file on disk has errors: an earlier one is in use',
    },
    { name: 'stopping', ok: !state.stopping, says: state.stopping ? 'a stop was asked for' : 'no' },
  ]);
}

function isLate({ dueAt, runningSince }: JobStanding, now: EpochMs): boolean {
  return runningSince === undefined ? now - dueAt > BEGINS_WITHIN_MS : now - runningSince > ENDS_WITHIN_MS;
}

function tickCheck({ now, tickedAt, tickEveryMs }: ServiceState): Health['body']['checks'][number] {
  const age = Math.max(0, now - tickedAt);
  return {
    name: 'scheduler',
    ok: age <= MISSED_TICKS * tickEveryMs,
    says: `its look at itself was ${sayDuration(age)} ago`,
  };
}

function usable(name: string, { usable, all }: { usable: number; all: number }): Health['body']['checks'][number] {
  return { name, ok: usable > 0 || all === 0, says: `${usable} of ${all} can be used` };
}

function answer({ now, startedAt, version }: ServiceState, checks: Health['body']['checks']): Health {
  const ok = checks.every((check) => check.ok);
  return { status: ok ? 200 : 503, body: { ok, version, upForMs: Math.max(0, now - startedAt), checks } };
}
