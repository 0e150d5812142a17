import type { JournalEntry } from '../../src/simulators/wire.ts';
import type { Books, Pass } from './play.ts';
import type { AlertPlan } from './scenario.ts';

/**
 * What happened to each alert and its issue, put together from the simulators' books and from what the scenario's rules
 * and limits say must happen. `at` is when it happened there; `known` is when a pass could first learn of it.
 */
export interface AlertHistory extends AlertPlan {
  key: string;
  /** When a pass first read it; absent while none has. */
  seenAt?: number;
  decisions: readonly Decided[];
  /** The issue that was made for it. */
  issue?: IssueHistory;
  /** What Defender showed whenever a pass looked: 0 is open. */
  judged: readonly { at: number; known: number; resolution: number }[];
}

export interface Decided {
  at: number;
  known: number;
  /** `still-held` is no decision: what is held all the while waits for another cause. */
  became: 'raised' | 'attached' | 'suppressed' | 'held' | 'still-held' | 'released' | 'dropped';
  /** Of suppressed: `rule`; absent where it was closed before it was seen. Of held: the cause. */
  by?: string;
}

export interface IssueHistory {
  key: string;
  madeAt: number;
  events: readonly { at: number; known: number; what: 'touched' | 'done' | 'undone' | 'gone' }[];
}

const HOUR = 3_600_000;
const AUDITED_MS = 7 * 24 * HOUR;
const SETTLE_MS = HOUR;
/** What Jira refused is tried again after this long. */
const RETRY_MS = 24 * HOUR;

const LIST = /^\/([a-z]+)\/api\/v1\/alerts\/$/;
const CREATE = /\/rest\/api\/[23]\/issue(\?|$)/;
const COMMENT = /\/rest\/api\/[23]\/issue\/[^/]+\/comment(\?|$)/;

export function historiesOf(books: Books): AlertHistory[] {
  const seen = firstSightings(books);
  const looks = looksAt(books);
  const creates = createsOf(books);
  const attached = attachmentsOf(books);
  return books.alerts.map((plan): AlertHistory => {
    const { key } = plan;
    const sight = seen.get(key);
    const judged = sight ? judgements(books, plan, { seenAt: sight.at, looks: looks.get(key) ?? [] }) : [];
    const decisions = sight ? decide(books, plan, { sight, creates: creates.get(key) ?? [], attached, judged }) : [];
    const made = books.jira.find(({ kind, alert }) => kind === 'created' && alert === key);
    return {
      ...plan,
      ...(sight ? { seenAt: sight.at } : {}),
      decisions,
      ...(made ? { issue: issueHistory(books, { plan, made, judged }) } : {}),
      judged,
    };
  });
}

interface Sight {
  at: number;
  /** The first of the passes that can decide on it. */
  pass: number;
  /** It was closed in the record that was read. */
  closed: boolean;
}

/** The first answer to a pass that lists an alert; what only syncs ask about is known already. */
function firstSightings({ passes, cloudAppsCalls, alerts }: Books): Map<string, Sight> {
  const seen = new Map<string, Sight>();
  const raisedAt = new Map(alerts.map(({ key, at }) => [key, at]));
  for (const [pass, { at, what, cloudApps }] of passes.entries()) {
    if (what === 'sync') continue;
    const polled = new Set<string>();
    for (const entry of cloudAppsCalls.slice(...cloudApps)) {
      // An audit, by itself or at the end of a run, takes up what lies in the week that it compares, but for the last
      // hour, and leaves it to the next run. A run polls first.
      const week = entry.body?.includes(`"gte":${at - AUDITED_MS}}`) === true;
      const audits = what === 'audit' || (week && polled.has(entry.path));
      polled.add(entry.path);
      for (const { key, closed } of listedIn(entry)) {
        const raised = raisedAt.get(key) ?? 0;
        if (audits && (raised < at - AUDITED_MS || raised >= at - SETTLE_MS)) continue;
        if (!seen.has(key)) seen.set(key, { at, pass: audits ? pass + 1 : pass, closed });
      }
    }
  }
  return seen;
}

/** Every call that would have made an issue, by alert, with how it was answered. */
function createsOf({ passes, jiraCalls }: Books): Map<string, { at: number; made: boolean }[]> {
  const creates = new Map<string, { at: number; made: boolean }[]>();
  for (const entry of callsOf(passes, jiraCalls, CREATE)) {
    const body = JSON.parse(entry.body ?? '{}') as {
      properties?: { key: string; value: { tenant: string; alert: string } }[];
    };
    const value = body.properties?.find(({ key }) => key === 'casewire.alert')?.value;
    if (!value) throw new Error('an issue was to be made for no alert');
    const key = `${value.tenant}/${value.alert}`;
    creates.set(key, [...(creates.get(key) ?? []), { at: entry.at, made: entry.status === 201 }]);
  }
  return creates;
}

/** Alerts that a comment on another's issue lists, with when it was written. */
function attachmentsOf({ passes, jiraCalls }: Books): Map<string, number> {
  const attached = new Map<string, number>();
  for (const entry of callsOf(passes, jiraCalls, COMMENT)) {
    if (entry.status !== 201) continue;
    const body = JSON.parse(entry.body ?? '{}') as { properties?: { value: { alerts?: string[] } }[] };
    for (const { value } of body.properties ?? [])
      for (const key of value.alerts ?? []) if (!attached.has(key)) attached.set(key, entry.at);
  }
  return attached;
}

function callsOf(passes: readonly Pass[], calls: readonly JournalEntry[], path: RegExp): JournalEntry[] {
  return passes
    .filter(({ what }) => what === 'run')
    .flatMap(({ jira }) => calls.slice(...jira))
    .filter((entry) => entry.method === 'POST' && path.test(entry.path));
}

/** What became of an alert, pass by pass, as the configuration says and the journals show. */
function decide(
  { passes, persons, scenario }: Books,
  { key, kind }: AlertPlan & { key: string },
  ask: {
    sight: Sight;
    creates: readonly { at: number; made: boolean }[];
    attached: ReadonlyMap<string, number>;
    judged: AlertHistory['judged'];
  },
): Decided[] {
  const { sight, creates, attached, judged } = ask;
  const isClosed = (at: number) => (judged.findLast(({ known }) => known < at)?.resolution ?? 0) > 0;
  const found: Decided[] = [];
  const add = (at: number, became: Decided['became'], by?: string) =>
    found.push({ at, known: at, became, ...(by === undefined ? {} : { by }) });
  const steps = [
    ...passes
      .slice(sight.pass)
      .filter(({ what }) => what === 'run')
      .map(({ at }) => ({ at, did: 'run' as const })),
    ...persons.filter(({ alert }) => alert === key).map(({ at, did }) => ({ at, did })),
  ].sort((a, b) => a.at - b.at);
  let state: Decided['became'] | 'fresh' = 'fresh';
  for (const { at, did } of steps) {
    if (state === 'raised' || state === 'attached' || state === 'suppressed' || state === 'dropped') break;
    if (did !== 'run') {
      state = did;
      add(at, did);
      continue;
    }
    const tried = creates.filter((one) => one.at === at);
    if (attached.get(key) === at) state = 'attached';
    else if (tried.some(({ made }) => made)) state = 'raised';
    else if (sight.closed || kind.suppressed) state = 'suppressed';
    else {
      const refused = tried.length > 0;
      // One that is held again without a release in between was held all the time.
      if (state === 'held') {
        const last = found.at(-1);
        if (refused) add(at, 'still-held', 'refused');
        // It was tried again by itself, as what is closed in Defender is not, and the hour had no ticket left.
        else if (scenario.limit > 0 && !isClosed(at) && last?.by === 'refused' && at >= last.at + RETRY_MS)
          add(at, 'still-held', 'storm');
        continue;
      }
      if (!refused && scenario.limit === 0)
        throw new Error(`nothing became of ${key} at ${new Date(at).toISOString()}`);
      add(at, 'held', refused ? 'refused' : 'storm');
      state = 'held';
      continue;
    }
    add(at, state, state === 'suppressed' && !sight.closed ? 'rule' : undefined);
  }
  return found;
}

function issueHistory(
  books: Books,
  ask: { plan: AlertPlan; made: Books['jira'][number]; judged: AlertHistory['judged'] },
): IssueHistory {
  const { jira } = books;
  const { plan, made, judged } = ask;
  const { tenant } = plan;
  const own = jira.filter(({ issue }) => issue === made.issue);
  const deletedAt = own.find(({ kind }) => kind === 'deleted')?.at ?? Number.POSITIVE_INFINITY;
  const syncs = syncsOf(books, tenant);
  const events: { at: number; known: number; what: 'touched' | 'done' | 'undone' | 'gone' }[] = [];
  let isDone = false;
  for (const { at, own: ours, assigned, moved } of own) {
    const known = syncs.find((time) => time >= at);
    // What happened since the last look at an issue that was deleted nobody can read any more.
    if (known === undefined || known >= deletedAt) continue;
    if (assigned || (moved && !ours)) events.push({ at, known, what: 'touched' });
    if (!moved || (moved.to === 'Done') === isDone) continue;
    isDone = moved.to === 'Done';
    events.push({ at, known, what: isDone ? 'done' : 'undone' });
  }
  // Nobody looks for an issue that was done and whose alert was closed, until something happens to the alert.
  const isOver = (sync: number) =>
    isDone &&
    (judged.findLast(({ known }) => known < sync)?.resolution ?? 0) > 0 &&
    !judged.some(({ known }) => known === sync);
  const foundGone = syncs.find((time) => time >= deletedAt && !isOver(time));
  if (foundGone !== undefined) events.push({ at: foundGone, known: foundGone, what: 'gone' });
  return { key: made.key, madeAt: made.at, events };
}

/** When the tenant's alerts and issues were looked at. */
function syncsOf({ passes }: Books, tenant: string): number[] {
  return passes.filter(({ what, failed }) => what === 'sync' && !failed.has(tenant)).map(({ at }) => at);
}

/** What Defender showed of an alert whenever a pass was told of it, where it was not what the look before had seen. */
function judgements(
  books: Books,
  { key }: AlertPlan & { key: string },
  { seenAt, looks }: { seenAt: number; looks: readonly number[] },
) {
  const events = books.defender.filter(({ alert }) => alert === key);
  const judged: { at: number; known: number; resolution: number }[] = [];
  let last = 0;
  for (const look of looks.filter((at) => at >= seenAt)) {
    const now = events.findLast(({ at }) => at <= look);
    const resolution = now?.resolution ?? 0;
    if (resolution === last) continue;
    last = resolution;
    // The REST API says when an alert was closed, and not when it was opened again.
    judged.push({ at: resolution > 0 && now ? now.at : look, known: look, resolution });
  }
  return judged;
}

/** When passes were told of each alert. */
function looksAt({ passes, cloudAppsCalls }: Books): Map<string, number[]> {
  const looks = new Map<string, number[]>();
  for (const { at, cloudApps } of passes)
    for (const entry of cloudAppsCalls.slice(...cloudApps))
      for (const { key } of listedIn(entry)) looks.set(key, [...(looks.get(key) ?? []), at]);
  return looks;
}

/** The alerts of an answer that lists some. */
function listedIn(entry: JournalEntry): { key: string; closed: boolean }[] {
  const [, tenant] = LIST.exec(entry.path) ?? [];
  if (tenant === undefined || entry.status !== 200) return [];
  const { data } = JSON.parse(entry.answer ?? '{}') as { data: { _id: string; resolutionStatusValue: number }[] };
  return data.map(({ _id, resolutionStatusValue }) => ({
    key: `${tenant}/${_id}`,
    closed: resolutionStatusValue > 0,
  }));
}
