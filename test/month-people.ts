import { resolutionOf, statusOf } from './sync-world.ts';
import type { World } from './world.ts';

/** What people do. */
export type Deed =
  | 'issue done'
  | 'alert closed'
  | 'both closed'
  | 'issue reopened'
  | 'issue done again'
  | 'alert reopened';

interface Pair {
  tenant: string;
  id: string;
  issue: string;
}

/** Somebody thought better of an issue; two days later it is done after all. */
const AGAIN_DAYS = 2;

/** Not so long after the last deed that nothing follows from it any more. */
const LAST_DAY = 28;

/** People who work at both sides of a month's pairs: few each day, now and then both at once, some while something is down. */
export class People {
  /** How often each was done. */
  readonly deeds = new Map<Deed, number>();
  readonly #world: World;
  readonly #again = new Map<number, Pair>();

  constructor(world: World) {
    this.#world = world;
  }

  act(day: number, hour: number): void {
    if (day >= LAST_DAY) return;
    const { cloudApps, jira } = this.#world.scene;
    if (hour === 5) this.#with('issue done', this.#open(day), ({ issue }) => jira.setStatus(issue, 'Done'));
    if (hour === 14)
      this.#with('alert closed', this.#open(day), ({ tenant, id }) => cloudApps.closeAlert(tenant, id, 3));
    if (hour === 15 && day % 4 === 0)
      this.#with('both closed', this.#open(day), ({ tenant, id, issue }) => {
        cloudApps.closeAlert(tenant, id, 4);
        jira.setStatus(issue, 'Done');
      });
    // The REST API cannot open an alert again: the issue hears that its alert stays closed.
    if (hour === 17 && day % 3 === 0 && day + AGAIN_DAYS < LAST_DAY)
      this.#with('issue reopened', this.#closed(day), (pair) => {
        jira.setStatus(pair.issue, 'To Do');
        this.#again.set(day + AGAIN_DAYS, pair);
      });
    if (hour === 17) this.#with('issue done again', this.#again.get(day), ({ issue }) => jira.setStatus(issue, 'Done'));
    if (hour === 20 && day % 3 === 1)
      this.#with('alert reopened', this.#closed(day), ({ tenant, id }) => cloudApps.reopenAlert(tenant, id));
  }

  /** Pairs of which one side is closed and the other is not. */
  apart(): readonly string[] {
    return this.#pairs()
      .filter((pair) => this.#sides(pair).alert !== this.#sides(pair).issue)
      .map(({ tenant, id, issue }) => `${tenant}/${id} ${issue}`);
  }

  #with(deed: Deed, pair: Pair | undefined, act: (pair: Pair) => void): void {
    if (!pair) return;
    act(pair);
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
  }

  #open(day: number): Pair | undefined {
    const open = this.#pairs().filter((pair) => Object.values(this.#sides(pair)).every((side) => side === 'open'));
    return open[(day * 7) % Math.max(1, open.length)];
  }

  #closed(day: number): Pair | undefined {
    const closed = this.#pairs().filter((pair) => Object.values(this.#sides(pair)).every((side) => side === 'closed'));
    const waiting = new Set([...this.#again.values()].map(({ issue }) => issue));
    const free = closed.filter(({ issue }) => !waiting.has(issue));
    return free[(day * 7) % Math.max(1, free.length)];
  }

  #sides({ tenant, id, issue }: Pair): { alert: 'open' | 'closed'; issue: 'open' | 'closed' } {
    return {
      alert: resolutionOf(this.#world, id, tenant) > 0 ? 'closed' : 'open',
      issue: statusOf(this.#world, issue) === 'Done' ? 'closed' : 'open',
    };
  }

  #pairs(): readonly Pair[] {
    return [...this.#world.issuesByAlert()].map(([key, [issue = '']]) => {
      const [tenant = '', id = ''] = key.split('/');
      return { tenant, id, issue };
    });
  }
}
