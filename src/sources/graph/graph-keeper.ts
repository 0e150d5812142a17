import { type Alert, type AlertId, type TenantId, toAlertId } from '../../domain/alert.ts';
import type { GraphService } from '../../domain/service.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { AlertKeeper, AlertsNow, AlertWrite, Closing } from '../alert-keeper.ts';
import { closedOtherwise, unknownAlert, unreadable } from '../keep/keeper-words.ts';
import { isFresh, Turns } from '../keep/turns.ts';
import { nothingLearnt, writing } from '../keep/write-outcome.ts';
import { isObject, parseRaw, textOf } from '../record/wire-values.ts';
import { endless, refuseRepetition } from '../window/endless.ts';
import { GRAPH, GraphClient, type GraphParts, LIMIT } from './graph-client.ts';
import { hasComment, toClosing } from './graph-close.ts';
import { toAlert } from './to-alert.ts';

export type KeeperParts = GraphParts & { tenant: TenantId };

/** What lets an application change alerts ("Update alert", "Create comment for alert", permissions, read 2026-11). */
export const GRAPH_CLOSING_NEEDS = {
  anyOf: ['SecurityAlert.ReadWrite.All'],
  of: 'Microsoft Graph',
  to: 'to close alerts',
} as const;

/** A change may be listed some minutes after its stamp: how far each ask looks back again. */
const OVERLAP_MS = HOUR_MS;

/** As the source reads: records of a page, and pages beyond which it is a fault of the answers. */
const PAGE = 100;
const MOST_PAGES = 2_000;

/** For so many wanted alerts a page of the list is worth a call: it holds a hundred, most of them not wanted. */
const IDS_A_PAGE = 10;

/** One tenant's alerts in Microsoft Graph v1.0 after their birth. */
export function graphKeeper(parts: KeeperParts): AlertKeeper {
  const keeper = new Keeper(parts);
  return {
    reopens: true,
    alertsNow: (ask) => keeper.alertsNow(ask),
    ensureClosed: (id, closing) => writing(() => keeper.close(id, closing)),
    ensureReopened: (id, comment, signal) => writing(() => keeper.reopen(id, comment, signal)),
  };
}

class Keeper {
  readonly #parts: KeeperParts;
  readonly #client: GraphClient;
  readonly #turns: Turns;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#client = new GraphClient(parts);
    this.#turns = new Turns({ ...parts, limit: LIMIT });
  }

  async alertsNow({
    ids,
    besides = [],
    changedSince,
    signal,
  }: Parameters<AlertKeeper['alertsNow']>[0]): Promise<AlertsNow> {
    const wanted = new Set(ids);
    const readAt = this.#parts.clock.now();
    if (wanted.size === 0) return { alerts: [], gone: [], readAt };
    if (changedSince !== undefined)
      return {
        alerts: await this.#listed(new Set([...ids, ...besides]), MOST_PAGES, {
          updatedFrom: changedSince - OVERLAP_MS,
          signal,
        }),
        gone: [],
        readAt,
      };
    // Ids cannot be filtered by ("List alerts_v2"): many are looked for in the list, newest first, the rest one by one.
    const pages = Math.floor(wanted.size / IDS_A_PAGE);
    const alerts = pages === 0 ? [] : await this.#listed(wanted, pages, { signal });
    const found = new Set(alerts.map(({ id }) => id));
    const gone: AlertId[] = [];
    for (const id of wanted) {
      if (found.has(id)) continue;
      const now = await nothingLearnt(this.#get(id, signal));
      if (now === 'gone') gone.push(id);
      else if (now?.alert) alerts.push(now.alert);
    }
    return { alerts, gone, readAt };
  }

  /** The wanted ones among the alerts of at most so many pages; ends as soon as all are found. */
  async #listed(
    wanted: ReadonlySet<AlertId>,
    mostPages: number,
    { updatedFrom, signal }: { updatedFrom?: EpochMs; signal: AbortSignal | undefined },
  ): Promise<Alert[]> {
    const found = new Map<AlertId, Alert>();
    let link: string | undefined = this.#client.firstPage({
      top: PAGE,
      ...(updatedFrom === undefined ? {} : { updatedFrom }),
    });
    let previous: readonly unknown[] | undefined;
    for (let read = 0; link !== undefined && read < mostPages && found.size < wanted.size; read++) {
      const at: string = link;
      const page = await this.#turns.read((again) => this.#client.list({ link: at, again, signal }), signal);
      refuseRepetition(page.records, previous, GRAPH);
      for (const record of page.records) {
        const alert = this.#toAlert(record);
        if (alert && wanted.has(alert.id)) found.set(alert.id, alert);
      }
      previous = page.records;
      link = page.next;
      if (link !== undefined && read + 1 === MOST_PAGES) throw endless(GRAPH, MOST_PAGES);
    }
    return [...found.values()];
  }

  async close(id: AlertId, { verdict, comment, known, signal }: Closing): Promise<AlertWrite> {
    const now = isFresh(known, this.#parts.clock.now())
      ? { alert: known.alert, record: parseRaw(known.alert.raw) }
      : await this.#get(id, signal);
    if (now === 'gone') return unknownAlert(GRAPH, id);
    if (!now.alert) return unreadable(GRAPH, id);
    const { state } = now.alert;
    if (!state.open && state.verdict !== verdict) return closedOtherwise(id, state.verdict, verdict);
    const commented = await this.#ensureComment(id, now.record, { comment, signal });
    if (!state.open) return { outcome: 'done', changed: commented };
    const change = toClosing(now.record, verdict);
    await this.#turns.write((again) => this.#client.update(graphIdOf(now.record, id), change, { again }), signal);
    return { outcome: 'done', changed: true };
  }

  /** An alert that is worked on in its issue is in progress. */
  async reopen(id: AlertId, comment: string, signal: AbortSignal | undefined): Promise<AlertWrite> {
    const now = await this.#get(id, signal);
    if (now === 'gone') return unknownAlert(GRAPH, id);
    if (!now.alert) return unreadable(GRAPH, id);
    if (now.alert.state.open) return { outcome: 'done', changed: false };
    await this.#ensureComment(id, now.record, { comment, signal });
    const change = { status: 'inProgress' as const };
    await this.#turns.write((again) => this.#client.update(graphIdOf(now.record, id), change, { again }), signal);
    return { outcome: 'done', changed: true };
  }

  /**
   * Comes before the change: whoever stops in between leaves the alert as it was, and the next try goes on from there; a
   * changed alert would look finished, and the comment would never come.
   */
  async #ensureComment(
    id: AlertId,
    record: unknown,
    { comment, signal }: { comment: string; signal: AbortSignal | undefined },
  ): Promise<boolean> {
    if (hasComment(record, comment)) return false;
    await this.#turns.write((again) => this.#client.comment(graphIdOf(record, id), comment, { again }), signal);
    return true;
  }

  async #get(
    id: AlertId,
    signal: AbortSignal | undefined,
  ): Promise<{ record: unknown; alert: Alert | undefined } | 'gone'> {
    for (const graphId of this.#idsInGraph(id)) {
      const answer = await this.#turns.read((again) => this.#client.get(graphId, { again, signal }), signal);
      if (answer !== 'gone') return { ...answer, alert: this.#toAlert(answer.record) };
    }
    return 'gone';
  }

  /** Under which ids Graph may have an alert: the other way round from `toAlertId`. */
  #idsInGraph(id: AlertId): readonly string[] {
    const prefixed = this.#parts.services.flatMap((service) => PREFIXES[service] ?? []).map((prefix) => prefix + id);
    const possible = prefixed.filter((graphId) => toAlertId(graphId) === id);
    return possible.length === 0 ? [id] : possible;
  }

  #toAlert(record: unknown): Alert | undefined {
    const { tenant, clock } = this.#parts;
    const alert = toAlert(record, tenant, clock.now());
    return 'tenant' in alert ? alert : undefined;
  }
}

/** What stands before the ids that Graph and the REST API share. */
const PREFIXES: Readonly<Partial<Record<GraphService, string>>> = {
  'defender-cloud-apps': 'ca',
  'app-governance': 'ma',
};

/** Graph's own id of an alert whose record is at hand. */
function graphIdOf(record: unknown, id: AlertId): string {
  return (isObject(record) ? textOf(record.id) : undefined) ?? id;
}
