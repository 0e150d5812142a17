import type { Alert, AlertId, TenantId } from '../../domain/alert.ts';
import { type EpochMs, sayInstant } from '../../domain/time.ts';
import type { AlertKeeper, AlertsNow, AlertWrite, Closing } from '../alert-keeper.ts';
import { closedOtherwise, unknownAlert, unreadable } from '../keep/keeper-words.ts';
import { isFresh, Turns } from '../keep/turns.ts';
import { nothingLearnt, writing } from '../keep/write-outcome.ts';
import type { CloseAnswer, CloseRequest } from './close-wire.ts';
import { ClosingFilter } from './closing-filter.ts';
import { CloudAppsClient, type CloudAppsParts, MOST_LISTED } from './cloud-apps-client.ts';
import { LIMIT } from './page-reader.ts';
import { toAlert } from './to-alert.ts';

export type KeeperParts = CloudAppsParts & { tenant: TenantId };

/** What lets an application close alerts ("Access with application context", read 2026-11). */
export const CLOUD_APPS_CLOSING_NEEDS = {
  anyOf: ['Investigation.manage', 'Discovery.manage'],
  of: 'Microsoft Cloud App Security',
  to: 'to close alerts',
} as const;

/** Most alerts looked at one by one in one ask; the others are told of in a later one. */
const MOST_FETCHED = 20;

const NO_REOPENING =
  'the API of Defender for Cloud Apps documents no call that opens a closed alert again; it can be done in the portal';

/** One tenant's alerts in Defender for Cloud Apps after their birth, REST API v1. */
export function cloudAppsKeeper(parts: KeeperParts): AlertKeeper {
  const keeper = new Keeper(parts);
  return {
    reopens: false,
    alertsNow: (ask) => keeper.alertsNow(ask),
    ensureClosed: (id, closing) => writing(() => keeper.close(id, closing)),
    ensureReopened: (id, _comment, signal) => writing(() => keeper.reopen(id, signal)),
  };
}

class Keeper {
  readonly #parts: KeeperParts;
  readonly #client: CloudAppsClient;
  readonly #turns: Turns;
  /** Why nothing is closed any more. */
  #stopped: { why: string; mend: string } | undefined;
  /** The last closing that was begun: each waits for the answer of the one before, since that may be the last. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#client = new CloudAppsClient(parts);
    this.#turns = new Turns({ ...parts, limit: LIMIT });
  }

  /** The service cannot say what changed since when: all are listed, by their ids. */
  async alertsNow({ ids, besides = [], signal }: Parameters<AlertKeeper['alertsNow']>[0]): Promise<AlertsNow> {
    const found = new Map<AlertId, Alert>();
    let readAt: EpochMs | undefined;
    // The last list has room for others.
    const calls = Math.ceil(Math.max(ids.length, Math.min(besides.length, 1)) / MOST_LISTED);
    const listed = [...ids, ...besides.slice(0, calls * MOST_LISTED - ids.length)];
    for (let at = 0; at < listed.length; at += MOST_LISTED) {
      const some = listed.slice(at, at + MOST_LISTED);
      const records = await this.#turns.read((again) => {
        readAt ??= this.#parts.clock.now();
        return this.#client.listByIds(some, { again, signal });
      }, signal);
      for (const record of records) {
        const alert = this.#toAlert(record);
        // A filter that a service passes over in silence must not bring the alerts of others.
        if (alert && some.includes(alert.id)) found.set(alert.id, alert);
      }
    }
    const missing = ids.filter((id) => !found.has(id)).slice(0, MOST_FETCHED);
    const gone: AlertId[] = [];
    for (const id of missing) {
      const now = await nothingLearnt(this.#fetch(id, signal));
      if (now === 'gone') gone.push(id);
      else if (now) found.set(id, now);
    }
    return { alerts: [...found.values()], gone, readAt: readAt ?? this.#parts.clock.now() };
  }

  async close(id: AlertId, { verdict, comment, known, signal }: Closing): Promise<AlertWrite> {
    const filter = ClosingFilter.of([id]);
    if (!(filter instanceof ClosingFilter)) return { outcome: 'refused', why: filter.why };
    if (this.#stopped) return { outcome: 'unauthorised', ...this.#stopped };
    const now = isFresh(known, this.#parts.clock.now()) ? known.alert : await this.#fetch(id, signal);
    if (now === 'gone') return unknownAlert(LIMIT.service, id);
    if (!now) return unreadable(LIMIT.service, id);
    if (!now.state.open)
      return now.state.verdict === verdict
        ? { outcome: 'done', changed: false }
        : closedOtherwise(id, now.state.verdict, verdict);
    const closing = this.#before.then(() => this.#closeNamed(id, { filter, verdict, comment }, signal));
    this.#before = closing.catch(() => {});
    return closing;
  }

  async #closeNamed(id: AlertId, request: CloseRequest, signal: AbortSignal | undefined): Promise<AlertWrite> {
    if (this.#stopped) return { outcome: 'unauthorised', ...this.#stopped };
    return this.#judge(id, await this.#turns.write((again) => this.#client.close(request, { again, signal }), signal));
  }

  async reopen(id: AlertId, signal: AbortSignal | undefined): Promise<AlertWrite> {
    const now = await this.#fetch(id, signal);
    if (now === 'gone') return unknownAlert(LIMIT.service, id);
    return now?.state.open ? { outcome: 'done', changed: false } : { outcome: 'refused', why: NO_REOPENING };
  }

  /** One alert was named. Whoever closes more than was named is not asked to close anything again. */
  #judge(id: AlertId, { closed, notFound }: CloseAnswer): AlertWrite {
    if (closed > 1) return { outcome: 'unknown', why: this.#stop(id, closed) };
    if (closed === 1 && notFound.length === 0) return { outcome: 'done', changed: true };
    if (closed === 0 && notFound.includes(id)) return unknownAlert(LIMIT.service, id);
    const missing = notFound.length === 0 ? '' : `, and does not know ${notFound.length}`;
    return { outcome: 'unknown', why: `${LIMIT.service} says that it closed ${closed} alerts${missing}` };
  }

  #stop(id: AlertId, closed: number): string {
    const { tenant, clock } = this.#parts;
    const why = `${LIMIT.service} closed ${closed} alerts of tenant ${tenant} where one was named (${id})`;
    const at = sayInstant(clock.now());
    const mend = `look in the portal which alerts were closed at ${at} and open again what was not meant; closing goes on after a restart`;
    this.#stopped = { why: `nothing is closed any more: ${why}`, mend };
    return `${why}; ${mend}`;
  }

  /** The alert as it is now; `undefined` when its record cannot be read. */
  async #fetch(id: AlertId, signal: AbortSignal | undefined): Promise<Alert | 'gone' | undefined> {
    const answer = await this.#turns.read((again) => this.#client.fetch(id, { again, signal }), signal);
    return answer === 'gone' ? 'gone' : this.#toAlert(answer.record);
  }

  #toAlert(record: unknown): Alert | undefined {
    const { tenant, clock } = this.#parts;
    const alert = toAlert(record, tenant, clock.now());
    return 'tenant' in alert ? alert : undefined;
  }
}
