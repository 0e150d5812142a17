import type { TenantId } from '../../domain/alert.ts';
import type { EpochMs } from '../../domain/time.ts';
import type { Facts } from '../../ledger/facts/facts-port.ts';
import type {
  CompletenessState,
  DayFigures,
  Figures,
  Outcomes,
  OverviewModel,
  SlaBasis,
  TenantRow,
  TenantTotals,
} from '../model.ts';
import type { Period } from '../periods/period.ts';
import { daysOf } from '../periods/periods.ts';
import { CountDays } from './count/count-days.ts';
import { CountFigures } from './count/count-figures.ts';
import { byName } from './count/ranking.ts';
import { bySeverity } from './count/severities.ts';
import { eachStory } from './each-story.ts';
import { judgeCompleteness } from './judge-completeness.ts';
import { iso } from './say-traces.ts';
import { scopeOf } from './scope.ts';
import { isMeasured } from './summarise.ts';

export interface OverviewAsk {
  tenants: readonly TenantId[];
  period: Period;
  asOf: EpochMs;
  sla: SlaBasis;
  inStep?: boolean;
}

/** Those that a provider must look after first. */
const STATES: readonly CompletenessState[] = ['could-not-look', 'not-read', 'differs', 'partly', 'whole'];

/** How all tenants stand, one row each; reads one tenant after the other and keeps its figures alone. */
export async function overview(facts: Facts, ask: OverviewAsk): Promise<OverviewModel> {
  const { period, asOf, sla } = ask;
  const days = daysOf(period).map(({ day }) => ({ day, volumes: bySeverity(() => 0) }));
  const rows: TenantRow[] = [];
  for (const tenant of [...ask.tenants].sort(byName)) {
    const { row, perDay } = await tenantRow(facts, tenant, ask);
    rows.push(row);
    for (const [i, { volumes }] of perDay.entries()) addTo(days[i]?.volumes, volumes);
  }
  rows.sort(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      b.figures.alerts - a.figures.alerts ||
      byName(a.tenant, b.tenant),
  );
  const span = `[${iso(period.from)}, ${iso(period.to)})`;
  return {
    scope: 'all',
    period,
    asOf,
    soFar: asOf < period.to,
    ...(rows.some(({ figures }) => isMeasured(figures, ask)) ? {} : { notMeasured: true }),
    sla,
    tenants: rows,
    totals: totalsOf(rows),
    days,
    traces: {
      alerts: {
        ledger: `alerts of all tenants raised in Defender in ${span}, recorded until ${iso(asOf)}`,
      },
      completeness: { ledger: `reading hours, reading gaps and recounts of each tenant that touch ${span}` },
    },
  };
}

async function tenantRow(
  facts: Facts,
  tenant: TenantId,
  { period, asOf, sla }: OverviewAsk,
): Promise<{ row: TenantRow; perDay: readonly DayFigures[] }> {
  const scope = scopeOf(period, asOf, sla);
  const spans = daysOf(period);
  const count = new CountFigures(scope);
  const days = new CountDays(scope, spans);
  await eachStory(facts, { tenant, only: 'figures' }, scope, (story, verdicts) => {
    count.take(story, verdicts);
    days.take(story);
  });
  const { from, to } = scope;
  const readings = await facts.readings({ tenant, from, to, asOf });
  const recounts = await facts.recounts({ tenant, from, to, asOf });
  const perDay = spans.map((span, i) => ({ span, ...days.counted(i) }));
  const completeness = judgeCompleteness({ ...readings, recounts }, scope, perDay, 1);
  const figures = count.figures();
  const why = completeness.state === 'whole' ? undefined : whyOf(completeness.failures, completeness.differences);
  return {
    row: {
      tenant,
      state: completeness.state,
      ...(why === undefined ? {} : { why }),
      longestGapMs: completeness.longestGapMs,
      figures,
      held: figures.heldAtEnd,
    },
    perDay: days.days(figures.openAtStart),
  };
}

function whyOf(
  failures: readonly string[],
  differences: readonly { kind: string; count: number }[],
): string | undefined {
  const [worst] = differences;
  return failures[0] ?? (worst && `the recount found ${worst.count} ${worst.kind}`);
}

function totalsOf(rows: readonly TenantRow[]): TenantTotals {
  const sum = (of: (figures: Figures) => number) => rows.reduce((total, { figures }) => total + of(figures), 0);
  const states = Object.fromEntries(
    STATES.map((state) => [state, rows.filter((row) => row.state === state).length]),
  ) as Record<CompletenessState, number>;
  return {
    tenants: rows.length,
    states,
    alerts: sum(({ alerts }) => alerts),
    bySeverity: bySeverity((severity) => sum((one) => one.bySeverity[severity])),
    decisions: {
      raised: sum(({ decisions }) => decisions.raised),
      attached: sum(({ decisions }) => decisions.attached),
      suppressed: sum(({ decisions }) => decisions.suppressed),
      held: sum(({ decisions }) => decisions.held),
      dropped: sum(({ decisions }) => decisions.dropped),
    },
    issues: sum(({ issues }) => issues),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    resolved: sum(({ resolved }) => resolved),
    reopenings: sum(({ reopenings }) => reopenings),
    openAtStart: sum(({ openAtStart }) => openAtStart),
    openAtEnd: sum(({ openAtEnd }) => openAtEnd),
    held: sum(({ heldAtEnd }) => heldAtEnd),
    outcomes: outcomesOf(sum),
    breached: {
      count: sum((one) => one.acknowledgeSla.breached.count + one.resolveSla.breached.count),
      of: sum((one) => one.acknowledgeSla.breached.of + one.resolveSla.breached.of),
    },
  };
}

function outcomesOf(sum: (of: (figures: Figures) => number) => number): Outcomes {
  return {
    truePositive: sum(({ outcomes }) => outcomes.truePositive),
    benign: sum(({ outcomes }) => outcomes.benign),
    falsePositive: sum(({ outcomes }) => outcomes.falsePositive),
    undetermined: sum(({ outcomes }) => outcomes.undetermined),
    falsePositives: {
      count: sum(({ outcomes }) => outcomes.falsePositives.count),
      of: sum(({ outcomes }) => outcomes.falsePositives.of),
    },
  };
}

function addTo(total: Record<string, number> | undefined, more: Readonly<Record<string, number>>): void {
  if (total) for (const [key, n] of Object.entries(more)) total[key] = (total[key] ?? 0) + n;
}
