import { type CivilSpan, daysIn, dueAt, type Kind, periodOf, wallAt } from './civil.ts';
import type { AlertHistory, IssueHistory } from './history.ts';
import type { Books } from './play.ts';
import { ADDRESSES, RULE, type Scenario } from './scenario.ts';

/**
 * The second counter: each figure is counted anew from the histories by what docs/reports.md says of it, without a
 * thought of speed. What a report shows besides is in `NOT_COUNTED` of compare.ts, with the reason.
 */

const SEVERITIES = ['high', 'medium', 'low', 'informational'] as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Span {
  from: number;
  to: number;
}

export interface Ask {
  kind: Kind;
  span: CivilSpan;
  asOf: number;
}

export type Tree = { readonly [name: string]: unknown };

const within = ({ from, to }: Span, at: number | undefined): at is number => at !== undefined && at >= from && at < to;

/** Everything that was known of a tenant by an instant, and had happened before another. */
class Known {
  readonly scenario: Scenario;
  readonly alerts: readonly AlertHistory[];
  readonly span: Span;
  /** As of when levels are told. */
  readonly end: number;
  /** Decisions on each alert that were known, those after the span's end too: what they found out is told of it. */
  readonly #ever: ReadonlyMap<string, AlertHistory['decisions']>;

  constructor(scenario: Scenario, all: readonly AlertHistory[], { from, to }: Span, asOf: number) {
    this.scenario = scenario;
    this.span = { from, to };
    this.end = Math.min(to, asOf);
    this.#ever = new Map(all.map(({ key, decisions }) => [key, decisions.filter(({ known }) => known <= asOf)]));
    const early = <T extends { at: number; known: number }>(list: readonly T[]) =>
      list.filter(({ at, known }) => at < to && known <= asOf).sort((a, b) => a.at - b.at);
    this.alerts = all
      .filter(({ seenAt }) => seenAt !== undefined && seenAt <= asOf)
      .map((one): AlertHistory => {
        const { issue, ...rest } = one;
        const made = issue !== undefined && issue.madeAt < to && issue.madeAt <= asOf;
        return {
          ...rest,
          decisions: early(one.decisions),
          judged: early(one.judged),
          ...(made ? { issue: { ...issue, events: early(issue.events) } } : {}),
        };
      });
  }

  /** Alerts that the source raised in the span. */
  get raised(): readonly AlertHistory[] {
    return this.alerts.filter(({ at }) => within(this.span, at));
  }

  /** Addresses are looked up for those that get a ticket; what a rule suppresses or a limit holds needs none. */
  wasLookedUp({ key }: AlertHistory): boolean {
    const ever = this.#ever.get(key) ?? [];
    return ever.some(({ became, by }) => became === 'raised' || became === 'attached' || by === 'refused');
  }

  /** What a limit holds was not looked at closely: nothing was found out but what its record names. */
  wasDecided({ key }: AlertHistory): boolean {
    const ever = this.#ever.get(key) ?? [];
    return ever.some(
      ({ became, by }) => became === 'raised' || became === 'attached' || became === 'suppressed' || by === 'refused',
    );
  }

  get issues(): readonly { alert: AlertHistory; issue: IssueHistory }[] {
    return this.alerts.flatMap((alert) => (alert.issue ? [{ alert, issue: alert.issue }] : []));
  }
}

export function countTenant(books: Books, all: readonly AlertHistory[], tenant: string, ask: Ask): Tree {
  const { scenario } = books;
  const own = all.filter((one) => one.tenant === tenant);
  const known = new Known(scenario, own, ask.span, ask.asOf);
  return {
    figures: figures(known),
    days: daysIn(scenario.zone, ask.span).map((day) => dayOf(scenario, own, day, ask)),
    ...tables(known),
    ...lists(known),
    repeats: ask.kind === 'weekly' ? repeats(scenario, own, ask) : { rows: [], total: 0 },
    previous: previousOf(scenario, own, ask),
  };
}

export function countAll(books: Books, all: readonly AlertHistory[], ask: Ask): Tree {
  const { scenario } = books;
  const of = scenario.tenants.map((tenant) => {
    const own = all.filter((one) => one.tenant === tenant);
    const counted = figures(new Known(scenario, own, ask.span, ask.asOf));
    return { tenant, figures: counted, held: counted.heldAtEnd };
  });
  const { slaBySeverity: _, ...total } = figures(new Known(scenario, all, ask.span, ask.asOf));
  const { acknowledgeSla, resolveSla } = total;
  return {
    tenants: of,
    totals: {
      tenants: of.length,
      alerts: total.alerts,
      bySeverity: total.bySeverity,
      decisions: total.decisions,
      issues: total.issues,
      acknowledged: total.acknowledged,
      resolved: total.resolved,
      reopenings: total.reopenings,
      openAtStart: total.openAtStart,
      openAtEnd: total.openAtEnd,
      held: total.heldAtEnd,
      outcomes: total.outcomes,
      breached: {
        count: acknowledgeSla.breached.count + resolveSla.breached.count,
        of: acknowledgeSla.breached.of + resolveSla.breached.of,
      },
    },
    days: daysIn(scenario.zone, ask.span).map((day) => {
      const { volumes, day: name } = dayOf(scenario, all, day, ask);
      return { day: name, volumes };
    }),
  };
}

function figures(known: Known) {
  const { raised, issues, span, alerts } = known;
  const resolutions = issues.flatMap(({ alert, issue }) =>
    doneTimes(issue)
      .filter((at) => within(span, at))
      .map((at) => ({
        alert,
        at,
        ms: at - issue.madeAt,
        again: issue.events.some((e) => e.what === 'undone' && e.at >= at),
      })),
  );
  const taken = issues.flatMap(({ alert, issue }) => {
    const at = takenAt(issue);
    return within(span, at) ? [{ alert, ms: at - issue.madeAt }] : [];
  });
  const tickets = alerts.flatMap((alert) => {
    const issue = alert.decisions.find(({ became }) => became === 'raised' || became === 'attached');
    return issue && within(span, issue.at) ? [{ alert, at: issue.at }] : [];
  });
  const ofSeverity = <T extends { alert: AlertHistory }>(list: readonly T[], severity: string) =>
    list.filter(({ alert }) => alert.severity === severity);
  const durations = (list: readonly { ms: number }[]) => durationsOf(list.map(({ ms }) => ms));
  const targets = issues.flatMap(({ alert, issue }) => targetsOf(known, alert, issue));
  const sla = (name: Target['name'], severity?: string) =>
    slaOf(targets.filter((one) => one.name === name && (severity === undefined || one.severity === severity)));
  return {
    alerts: raised.length,
    bySeverity: bySeverity((severity) => raised.filter((one) => one.severity === severity).length),
    states: statesOf(raised),
    decisions: Object.fromEntries(
      (['raised', 'attached', 'suppressed', 'held', 'dropped'] as const).map((name) => [
        name,
        alerts.flatMap(({ decisions }) => decisions).filter(({ became, at }) => became === name && within(span, at))
          .length,
      ]),
    ),
    issues: issues.filter(({ issue }) => within(span, issue.madeAt)).length,
    acknowledged: taken.length,
    resolved: resolutions.length,
    reopenings: issues
      .flatMap(({ issue }) => issue.events)
      .filter(({ what, at }) => what === 'undone' && within(span, at)).length,
    reopened: { count: resolutions.filter(({ again }) => again).length, of: resolutions.length },
    doneButOpen: issues.filter(
      ({ alert, issue }) =>
        isDone(issue) && !isGone(issue) && within(span, doneTimes(issue).at(-1)) && !isClosed(alert),
    ).length,
    openAtStart: issues.filter(({ issue }) => isOpenAt(issue, span.from)).length,
    openAtEnd: issues.filter(({ issue }) => isOpenAt(issue, Number.POSITIVE_INFINITY)).length,
    heldAtEnd: alerts.filter(waitsForAPerson).length,
    outcomes: outcomesOf(alerts.flatMap(({ judged }) => judged).filter(({ at }) => within(span, at))),
    detection: { n: 0 },
    alertToIssue: durationsOf(tickets.map(({ alert, at }) => at - alert.at)),
    seenToIssue: durationsOf(tickets.map(({ alert, at }) => at - (alert.seenAt ?? at))),
    acknowledge: durations(taken),
    resolve: durations(resolutions),
    bySeverityTimes: bySeverity((severity) => ({
      acknowledge: durations(ofSeverity(taken, severity)),
      resolve: durations(ofSeverity(resolutions, severity)),
    })),
    acknowledgeSla: sla('acknowledge'),
    resolveSla: sla('resolve'),
    slaBySeverity: bySeverity((severity) => ({
      acknowledge: sla('acknowledge', severity),
      resolve: sla('resolve', severity),
    })),
  };
}

function bySeverity<T>(of: (severity: string) => T): Record<string, T> {
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, of(severity)]));
}

/** How an alert stands by its last decision. */
function stateOf({ decisions }: AlertHistory): string {
  const last = decisions.at(-1)?.became ?? 'released';
  return last === 'released' ? 'underWay' : last === 'still-held' ? 'held' : last;
}

function statesOf(alerts: readonly AlertHistory[]) {
  const states = { raised: 0, attached: 0, suppressed: 0, held: 0, dropped: 0, underWay: 0 };
  for (const one of alerts) states[stateOf(one) as keyof typeof states] += 1;
  return states;
}

function isClosed({ judged }: AlertHistory): boolean {
  return (judged.at(-1)?.resolution ?? 0) > 0;
}

function waitsForAPerson(alert: AlertHistory): boolean {
  return stateOf(alert) === 'held' && !isClosed(alert);
}

function doneTimes({ events }: IssueHistory): number[] {
  return events.filter(({ what }) => what === 'done').map(({ at }) => at);
}

/** The first touch of a person; an issue that became done without one was taken up then. */
function takenAt({ events }: IssueHistory): number | undefined {
  return events.find(({ what }) => what === 'touched' || what === 'done')?.at;
}

function isDone({ events }: IssueHistory): boolean {
  return events.findLast(({ what }) => what === 'done' || what === 'undone')?.what === 'done';
}

/** When an issue became done or was found to be no more; absent while it is open. */
function endedAt({ events }: IssueHistory): number | undefined {
  const last = events.filter(({ what }) => what !== 'touched');
  const gone = last.findIndex(({ what }) => what === 'gone');
  const end = gone > 0 && last[gone - 1]?.what === 'done' ? last[gone - 1] : last.at(-1);
  return end === undefined || end.what === 'undone' ? undefined : end.at;
}

function isGone({ events }: IssueHistory): boolean {
  return events.some(({ what }) => what === 'gone');
}

function isOpenAt({ madeAt, events }: IssueHistory, at: number): boolean {
  if (madeAt >= at) return false;
  const last = events.findLast(({ what, at: when }) => what !== 'touched' && when < at)?.what;
  return last === undefined || last === 'undone';
}

function outcomesOf(judged: readonly { resolution: number }[]) {
  const n = (...resolutions: number[]) => judged.filter(({ resolution }) => resolutions.includes(resolution)).length;
  return {
    truePositive: n(5),
    benign: n(4),
    falsePositive: n(3),
    undetermined: n(1, 2),
    falsePositives: { count: n(3), of: n(3, 4, 5) },
  };
}

/** Nearest rank; below twenty values no percentile is told. */
function durationsOf(values: readonly number[]) {
  const sorted = values.map((ms) => Math.max(0, ms)).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return { n };
  const ends = { n, shortestMs: sorted[0], longestMs: sorted[n - 1] };
  // The first value that at least so many in a hundred are not above.
  const rank = (percent: number) => sorted.find((_, i) => (i + 1) * 100 >= percent * n);
  return n < 20 ? ends : { ...ends, medianMs: rank(50), p90Ms: rank(90) };
}

interface Target {
  name: 'acknowledge' | 'resolve';
  severity: string;
  alert: AlertHistory;
  issue: IssueHistory;
  dueAt: number;
  metAt?: number;
  decided?: 'met' | 'missed';
  decidedAt?: number;
  standing?: 'overdue' | 'due-soon';
}

/** Each target of an issue is decided once: when it was met, or when its time was up, whichever came first. */
function targetsOf({ scenario, end, span }: Known, alert: AlertHistory, issue: IssueHistory): Target[] {
  const { acknowledgeMs, resolveMs } = scenario.sla[alert.severity] ?? {};
  const goneAt = issue.events.find(({ what }) => what === 'gone')?.at ?? Number.POSITIVE_INFINITY;
  const judge = (name: Target['name'], ms: number | undefined, metAt: number | undefined): Target[] => {
    if (ms === undefined) return [];
    const due = dueAt(scenario.zone, scenario.hours, issue.madeAt, ms);
    const base = {
      name,
      severity: alert.severity,
      alert,
      issue,
      dueAt: due,
      ...(metAt === undefined ? {} : { metAt }),
    };
    if (metAt !== undefined && metAt <= due)
      return [{ ...base, ...(within(span, metAt) ? { decided: 'met' as const, decidedAt: metAt } : {}) }];
    if (goneAt < due) return [];
    const open = isOpenAt(issue, Number.POSITIVE_INFINITY);
    if (due < end) {
      const missed = within(span, due) ? { decided: 'missed' as const, decidedAt: due } : {};
      return [{ ...base, ...missed, ...(open && waitsStill(name, metAt) ? { standing: 'overdue' as const } : {}) }];
    }
    return [{ ...base, ...(open && metAt === undefined && due < end + DAY ? { standing: 'due-soon' as const } : {}) }];
  };
  return [...judge('acknowledge', acknowledgeMs, takenAt(issue)), ...judge('resolve', resolveMs, doneTimes(issue)[0])];
}

/** What was taken up late is late no more; what was done late and is open again is. */
function waitsStill(name: Target['name'], metAt: number | undefined): boolean {
  return name === 'resolve' || metAt === undefined;
}

function slaOf(targets: readonly Target[]) {
  const n = (fits: (one: Target) => boolean) => targets.filter(fits).length;
  return {
    breached: { count: n(({ decided }) => decided === 'missed'), of: n(({ decided }) => decided !== undefined) },
    overdue: n(({ standing }) => standing === 'overdue'),
    dueSoon: n(({ standing }) => standing === 'due-soon'),
  };
}

function dayOf(scenario: Scenario, all: readonly AlertHistory[], day: CivilSpan, { span, asOf }: Ask) {
  // What was learnt by the end of the report's period is told of its days as well.
  const whole = new Known(scenario, all, span, asOf);
  const of = whole.alerts.filter(({ at }) => within(day, at));
  const ended = day.to <= Math.min(span.to, asOf);
  return {
    day: day.name,
    from: new Date(day.from).toISOString(),
    to: new Date(day.to).toISOString(),
    volumes: bySeverity((severity) => of.filter((one) => one.severity === severity).length),
    issues: whole.issues.filter(({ issue }) => within(day, issue.madeAt)).length,
    resolved: whole.issues.flatMap(({ issue }) => doneTimes(issue)).filter((at) => within(day, at)).length,
    ...(ended ? { open: whole.issues.filter(({ issue }) => isOpenAt(issue, day.to)).length } : {}),
  };
}

/** How many alerts of the period there are of each, most first, then by name. */
function tally(alerts: readonly AlertHistory[], namesOf: (alert: AlertHistory) => readonly string[]) {
  const of = new Map<string, AlertHistory[]>();
  for (const alert of alerts)
    for (const name of new Set(namesOf(alert))) of.set(name, [...(of.get(name) ?? []), alert]);
  return [...of].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}

/** Of these alerts, those whose last verdict is one, and the false positives among them. */
function verdictsOf(alerts: readonly AlertHistory[]) {
  const last = alerts.map(({ judged }) => judged.at(-1)?.resolution ?? 0);
  return { count: last.filter((one) => one === 3).length, of: last.filter((one) => one >= 3).length };
}

function tables(known: Known): Tree {
  const { raised, alerts, span } = known;
  const rows = <T>(list: readonly T[]) => ({ rows: list.slice(0, 20), total: list.length });
  const country = (ip: string) => ADDRESSES.find((one) => one.ip === ip)?.country;
  const decided = raised.filter((one) => known.wasDecided(one));
  const asked = raised
    .filter((one) => known.wasLookedUp(one))
    .flatMap(({ ips }) => ips)
    .filter((ip) => country(ip) !== undefined);
  const suppressed = alerts.flatMap(({ decisions }) =>
    decisions.filter(({ became, at }) => became === 'suppressed' && within(span, at)),
  );
  const byRule = suppressed.filter(({ by }) => by === 'rule').length;
  const before = suppressed.length - byRule;
  const given = alerts.flatMap((alert) =>
    alert.judged.filter(({ at, resolution }) => within(span, at) && resolution >= 3).map((one) => ({ alert, ...one })),
  );
  const worth = [...Map.groupBy(given, ({ alert }) => alert.kind.title)]
    .map(([type, all]) => ({ type, of: all.length, count: all.filter(({ resolution }) => resolution === 3).length }))
    .filter(({ of, count }) => of >= 20 && count > 0.8 * of)
    .sort((a, b) => b.count - a.count || (a.type < b.type ? -1 : 1));
  return {
    detections: rows(
      tally(raised, ({ kind }) => [kind.title]).map(([type, of]) => ({
        type,
        alerts: of.length,
        falsePositives: verdictsOf(of),
      })),
    ),
    categories: rows(
      tally(raised, (one) => [known.wasDecided(one) ? one.kind.category : 'unknown']).map(([category, of]) => ({
        category,
        alerts: of.length,
      })),
    ),
    tactics: rows(tally(decided, ({ kind }) => kind.tactics).map(([id, of]) => ({ id, alerts: of.length }))),
    users: rows(
      tally(raised, ({ user }) => (user === undefined ? [] : [user.toLowerCase()])).map(([name, of]) => ({
        name,
        alerts: of.length,
        falsePositives: verdictsOf(of),
      })),
    ),
    addresses: rows(
      tally(raised, ({ ips }) => ips).map(([address, of]) => ({
        address,
        alerts: of.length,
        falsePositives: verdictsOf(of),
      })),
    ),
    countries: rows(
      tally(
        raised.filter((one) => known.wasLookedUp(one)),
        ({ ips }) => ips.flatMap((ip) => country(ip) ?? []),
      ).map(([name, of]) => ({
        country: name,
        alerts: of.length,
        addresses: new Set(of.flatMap(({ ips }) => ips).filter((ip) => country(ip) === name)).size,
      })),
    ),
    enrichment: {
      checked: { count: asked.length, of: asked.length },
      never: raised.filter((one) => known.wasLookedUp(one)).flatMap(({ ips }) => ips).length - asked.length,
    },
    suppressed: rows(
      [...(byRule > 0 ? [{ rule: RULE, alerts: byRule }] : []), ...(before > 0 ? [{ alerts: before }] : [])].sort(
        (a, b) => b.alerts - a.alerts || ((a.rule ?? '') < (b.rule ?? '') ? -1 : 1),
      ),
    ),
    tuning: rows(worth.map(({ type, of, count }) => ({ type, falsePositives: { count, of } }))),
    uncategorised: rows(
      tally(
        decided.filter(({ kind }) => kind.category === 'other/uncategorised'),
        ({ kind }) => [kind.title],
      ).map(([type, of]) => ({ type, alerts: of.length })),
    ),
    posture: rows(
      tally(
        decided.filter(({ kind }) => kind.posture),
        ({ kind }) => [kind.title],
      ).map(([type, of]) => ({ type, alerts: of.length })),
    ),
  };
}

const AGES = [1, 3, 7, 30, Number.POSITIVE_INFINITY];

function lists(known: Known): Tree {
  const { raised, issues, alerts, span, end } = known;
  const open = issues.filter(({ issue }) => isOpenAt(issue, Number.POSITIVE_INFINITY));
  const buckets = AGES.map((days, i) => {
    const least = i === 0 ? Number.NEGATIVE_INFINITY : (AGES[i - 1] ?? 0) * DAY;
    const of = open.filter(({ issue }) => end - issue.madeAt >= least && end - issue.madeAt < days * DAY);
    return {
      bySeverity: bySeverity((severity) => of.filter(({ alert }) => alert.severity === severity).length),
      issues: of.length,
    };
  });
  const targets = issues.flatMap(({ alert, issue }) => targetsOf(known, alert, issue));
  const byTime =
    <T extends { key: string }>(of: (row: T) => number) =>
    (a: T, b: T) =>
      of(a) - of(b) || (a.key < b.key ? -1 : 1);
  const rows = <T>(list: readonly T[]) => ({ rows: list.slice(0, 100), total: list.length });
  const late = (fits: (one: Target) => boolean) =>
    targets
      .filter(fits)
      .map(({ alert, issue, name, dueAt: due }) => ({
        key: alert.key,
        due,
        issue: issue.key,
        target: name,
        severity: alert.severity,
        madeAt: new Date(issue.madeAt).toISOString(),
        ageMs: (endedAt(issue) ?? end) - issue.madeAt,
      }))
      .sort(byTime(({ due }) => due));
  // An issue that is late twice is told once, by what was due first.
  const overdue = late(({ standing }) => standing === 'overdue').filter(
    (one, i, all) => all.findIndex(({ key }) => key === one.key) === i,
  );
  const shown = (list: ReturnType<typeof late>) =>
    rows(list.map(({ due, ...one }) => ({ ...one, dueAt: new Date(due).toISOString() })));
  const holds = alerts.flatMap((alert) =>
    alert.decisions.filter(({ became, at }) => became === 'held' && within(span, at)),
  );
  const waiting = alerts.filter(waitsForAPerson);
  const causeOf = ({ decisions }: AlertHistory) => decisions.at(-1)?.by;
  const heldSince = ({ decisions }: AlertHistory) => decisions.findLast(({ became }) => became === 'held')?.at ?? 0;
  const reasons = ['refused', 'storm']
    .map((reason) => ({
      reason,
      held: holds.filter(({ by }) => by === reason).length,
      still: waiting.filter((alert) => causeOf(alert) === reason).length,
    }))
    .filter(({ held, still }) => held + still > 0)
    .sort((a, b) => b.held - a.held || b.still - a.still || (a.reason < b.reason ? -1 : 1));
  return {
    backlog: {
      buckets,
      oldest: rows(
        open
          .map(({ alert, issue }) => ({
            key: alert.key,
            issue: issue.key,
            at: issue.madeAt,
            severity: alert.severity,
            ageMs: end - issue.madeAt,
          }))
          .sort(byTime(({ at }) => at))
          .map(({ at, ...one }) => ({ ...one, madeAt: new Date(at).toISOString() })),
      ),
    },
    slaLists: {
      breached: shown(late(({ decided }) => decided === 'missed')),
      overdue: shown(overdue),
      dueSoon: shown(late(({ standing }) => standing === 'due-soon')),
    },
    high: rows(
      raised
        .filter(({ severity }) => severity === 'high')
        .sort(byTime(({ at }) => at))
        .map((alert) => ({ key: alert.key, createdAt: new Date(alert.at).toISOString() })),
    ),
    held: {
      byReason: reasons,
      still: rows(
        waiting
          .map((alert) => ({ key: alert.key, at: heldSince(alert), reason: causeOf(alert) }))
          .sort(byTime(({ at }) => at))
          .map(({ at, ...one }) => ({ ...one, since: new Date(at).toISOString() })),
      ),
    },
  };
}

/** Users, and addresses that were looked up, with alerts in three or more of the last five weeks, this one among them. */
function repeats(scenario: Scenario, own: readonly AlertHistory[], { span, asOf }: Ask) {
  const weeks = [span];
  for (let i = 0; i < 4; i++) weeks.unshift(before(scenario.zone, 'weekly', weeks[0] as CivilSpan));
  const known = weeks.map((week) => new Known(scenario, own, week, asOf));
  const perWeek = known.map(({ raised }) => raised);
  const asked = ({ ip, country }: (typeof ADDRESSES)[number]) =>
    country !== undefined &&
    known.some((week) => week.raised.some((one) => one.ips.includes(ip) && week.wasLookedUp(one)));
  const names = [...new Set(own.flatMap(({ user }) => (user === undefined ? [] : [user.toLowerCase()])))].map(
    (name) => ({ kind: 'user', name, of: (one: AlertHistory) => one.user?.toLowerCase() === name }),
  );
  const addresses = ADDRESSES.filter(asked).map(({ ip }) => ({
    kind: 'address',
    name: ip,
    of: (one: AlertHistory) => one.ips.includes(ip),
  }));
  const rows = [...names, ...addresses]
    .map(({ kind, name, of }) => ({ kind, name, alerts: perWeek.map((alerts) => alerts.filter(of).length) }))
    .map((row) => ({ ...row, weeks: row.alerts.filter((n) => n > 0).length }))
    .filter(({ weeks: n, alerts }) => n >= 3 && (alerts.at(-1) ?? 0) > 0)
    .sort(
      (a, b) =>
        b.weeks - a.weeks ||
        sum(b.alerts) - sum(a.alerts) ||
        (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'user' ? -1 : 1),
    );
  return { rows: rows.slice(0, 20), total: rows.length };
}

function before(zone: string, kind: Kind, { from }: Span): CivilSpan {
  return periodOf(kind, zone, wallAt(zone, from - 1).day);
}

/** The periods that a report compares with, of which anything is known: the first pass was at the scenario's beginning. */
function previousOf(scenario: Scenario, own: readonly AlertHistory[], { kind, span, asOf }: Ask): Tree[] {
  const periods: CivilSpan[] = [];
  for (let one = span, i = kind === 'weekly' ? 4 : 1; i > 0; i--) {
    one = before(scenario.zone, kind, one);
    periods.unshift(one);
  }
  return periods.map((period) => ({
    period: { name: period.name },
    figures: figures(new Known(scenario, own, period, asOf)),
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, n) => total + n, 0);
}
