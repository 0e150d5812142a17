import type { TenantId } from '../../domain/alert.ts';
import { type EpochMs, HOUR_MS } from '../../domain/time.ts';
import type { Facts } from '../../ledger/facts/facts-port.ts';
import type { Figures, PeriodFigures, ReportModel, SlaBasis } from '../model.ts';
import type { Period } from '../periods/period.ts';
import { daysOf, periodsBefore, yearBefore } from '../periods/periods.ts';
import { CountDays } from './count/count-days.ts';
import { CountFigures } from './count/count-figures.ts';
import { CountIssues } from './count/count-issues.ts';
import { CountKinds } from './count/count-kinds.ts';
import { CountRepeats } from './count/count-repeats.ts';
import { CountWho } from './count/count-who.ts';
import { PickNotable } from './count/pick-notable.ts';
import { byName } from './count/ranking.ts';
import { eachStory } from './each-story.ts';
import { judgeCompleteness } from './judge-completeness.ts';
import { NamesSeen, pseudonymise } from './pseudonymise.ts';
import { type JiraScope, sayTraces } from './say-traces.ts';
import { type Scope, scopeOf, within } from './scope.ts';
import type { SlaVerdict } from './sla-verdict.ts';
import type { Story } from './story.ts';
import { knownSince, trendOf } from './trend.ts';

export interface SummariseAsk {
  tenant: TenantId;
  period: Period;
  /** Everything recorded by then, and nothing else. */
  asOf: EpochMs;
  sla: SlaBasis;
  /** Whether alert and issue are kept in step; absent: they are. */
  inStep?: boolean;
  /** Users are told as `User 01`, in texts too. */
  pseudonymise?: boolean;
  /** A further condition of JQL that parts this tenant's issues from others'. */
  jql?: string;
  /** Rows of a list, 20 unless told; lists of single issues and alerts take five times as many. */
  most?: number;
}

const MOST_ROWS = 20;
const ROWS_OF_ISSUES = 5;
const MOST_INCIDENTS = 5;

/** Weekly: this week and the four before. */
const WEEKS = 5;

/**
 * All numbers of one tenant's report. Reads page by page and keeps counts alone, durations as numbers and the first rows
 * of each list; the same facts give the same model, to the byte.
 */
export async function summarise(facts: Facts, ask: SummariseAsk): Promise<ReportModel> {
  const { tenant, period, asOf, sla, most = MOST_ROWS } = ask;
  const scope = scopeOf(period, asOf, sla);
  const repeats = new CountRepeats(WEEKS);
  const known = await knownSince(facts, ask);
  const before = await figuresOf(facts, ask, previousOf(period, known), repeats);
  const [yearAgo] = period.kind === 'monthly' ? await figuresOf(facts, ask, since(known, [yearBefore(period)])) : [];
  const counts = new Counts(scope, most);
  await eachStory(facts, { tenant }, scope, (story, verdicts) => {
    counts.take(story, verdicts);
    if (period.kind === 'weekly' && within(scope, story.alert.createdAt)) repeats.take(WEEKS - 1, story.alert);
  });
  const { from, to } = scope;
  const readings = await facts.readings({ tenant, from, to, asOf });
  const recounts = await facts.recounts({ tenant, from, to, asOf });
  const { lists, figures, notable, jira } = counts.told();
  const days = daysOf(period);
  const perDay = days.map((span, i) => ({ span, ...counts.days.counted(i) }));
  const traced = { ...lists, notable };
  const model: ReportModel = {
    scope: tenant,
    period,
    asOf,
    soFar: asOf < to,
    ...(isMeasured(figures, ask) ? {} : { notMeasured: true }),
    pseudonymised: false,
    sla,
    figures,
    completeness: judgeCompleteness({ ...readings, recounts }, scope, perDay, most),
    days: counts.days.days(figures.openAtStart),
    previous: before.map((one) => marked(one, known)),
    ...(yearAgo ? { yearAgo: marked(yearAgo, known) } : {}),
    trend: period.kind === 'monthly' ? await trendOf(facts, ask, known) : [],
    ...counts.kinds.kinds(most),
    ...counts.who.who(most),
    repeats: repeats.repeats(most),
    ...lists,
    notable,
    traces: sayTraces(scope, tenant, { ...jira, ...(ask.jql === undefined ? {} : { jql: ask.jql }) }, traced),
  };
  return ask.pseudonymise ? pseudonymise(model, counts.names) : model;
}

/** The figures of some periods, one after the other; `repeats` takes up the alerts of weeks. */
export async function figuresOf(
  facts: Facts,
  ask: Pick<SummariseAsk, 'tenant' | 'asOf' | 'sla'>,
  periods: readonly Period[],
  repeats?: CountRepeats,
): Promise<PeriodFigures[]> {
  const all: PeriodFigures[] = [];
  for (const [i, period] of periods.entries()) {
    const scope = scopeOf(period, ask.asOf, ask.sla);
    const count = new CountFigures(scope);
    const only = period.kind === 'weekly' ? {} : { only: 'figures' as const };
    await eachStory(facts, { tenant: ask.tenant, ...only }, scope, (story, verdicts) => {
      count.take(story, verdicts);
      if (period.kind === 'weekly' && within(scope, story.alert.createdAt))
        repeats?.take(WEEKS - 1 - periods.length + i, story.alert);
    });
    all.push({ period, figures: count.figures() });
  }
  return all;
}

/** What was learnt of issues counts, though they are not kept in step any more. */
export function isMeasured(
  { acknowledged, resolved, reopenings }: Figures,
  { inStep = true }: Pick<SummariseAsk, 'inStep'>,
): boolean {
  return inStep || acknowledged + resolved + reopenings > 0;
}

function previousOf(period: Period, known: EpochMs | undefined): Period[] {
  return since(known, periodsBefore(period, period.kind === 'weekly' ? WEEKS - 1 : 1));
}

/** Periods of which the ledger can have anything. */
function since(known: EpochMs | undefined, periods: readonly Period[]): Period[] {
  return known === undefined ? [] : periods.filter(({ to }) => to > known);
}

/** An hour is no loss: the first reading of a tenant reaches back further. */
function marked(one: PeriodFigures, known: EpochMs | undefined): PeriodFigures {
  return known !== undefined && known > one.period.from + HOUR_MS ? { ...one, knownSince: known } : one;
}

/** All that is counted of the period itself. */
class Counts {
  readonly days: CountDays;
  readonly kinds: CountKinds;
  readonly who: CountWho;
  readonly names = new NamesSeen();
  readonly #scope: Scope;
  readonly #figures: CountFigures;
  readonly #issues: CountIssues;
  readonly #notable: PickNotable;
  readonly #projects = new Set<string>();

  constructor(scope: Scope, most: number) {
    this.#scope = scope;
    this.days = new CountDays(scope, daysOf(scope.period));
    this.kinds = new CountKinds(scope);
    this.who = new CountWho(scope);
    this.#figures = new CountFigures(scope);
    this.#issues = new CountIssues(scope, most * ROWS_OF_ISSUES);
    this.#notable = new PickNotable(scope, MOST_INCIDENTS);
  }

  take(story: Story, verdicts: readonly SlaVerdict[]): void {
    this.#figures.take(story, verdicts);
    this.days.take(story);
    this.kinds.take(story);
    this.who.take(story);
    this.#issues.take(story, verdicts);
    this.#notable.take(story, verdicts);
    this.names.take(story.alert, within(this.#scope, story.alert.createdAt));
    const project = story.own?.ticket.key.replace(/-\d+$/, '');
    if (project) this.#projects.add(project);
  }

  told() {
    const jira: JiraScope = { projects: [...this.#projects].sort(byName) };
    return {
      figures: this.#figures.figures(),
      lists: this.#issues.lists(),
      notable: this.#notable.notable(),
      jira,
    };
  }
}
