import type { OverviewModel, TenantRow } from '../model.ts';
import type { Block, Cell, ScoreFigure, TableBlock } from '../paper.ts';
import type { Composing } from './compose.ts';
import { overviewAnnex } from './parts/annex.ts';
import { capital, dayVolumes } from './parts/charts.ts';
import { metCell } from './parts/measures.ts';
import { heading, lasting, left, NONE, partOf, quantity, right, words } from './parts/tables.ts';
import { STATES } from './words/names.ts';
import { count, number, share } from './words/numbers.ts';
import { instant } from './words/times.ts';

/** Tenants that a reader takes in; CSV has all. */
const TENANTS = 50;
const TROUBLED = 10;

/** All tenants of a provider: those in trouble first, all others counted. */
export function composeOverview(model: OverviewModel, { revision, whole }: Composing): readonly Block[] {
  const most = whole ? Number.POSITIVE_INFINITY : TENANTS;
  const more = model.tenants.length - most;
  return [
    notice(model),
    figures(model),
    ...(model.period.kind === 'daily' ? [] : [volume(model)]),
    troubleTable(model, whole ? most : TROUBLED),
    heading(2, 'Tenants'),
    tenantTable(model, most),
    ...(more > 0
      ? [
          {
            block: 'text' as const,
            runs: [
              `${capital(count(more, 'tenant'))} more, each with fewer alerts or nothing to report; `,
              { code: '--format csv' },
              ' has them all.',
            ],
          },
        ]
      : []),
    { block: 'annex' },
    ...overviewAnnex(model, revision),
  ];
}

function notice({ totals, tenants, soFar, asOf, period }: OverviewModel): Block {
  const { states } = totals;
  const sofar = soFar ? [`The period has not ended; this is how things stood ${instant(asOf, period.zone)}. `] : [];
  const troubled = totals.tenants - states.whole;
  if (totals.tenants === 0)
    return { block: 'notice', tone: 'attention', title: 'No tenant', runs: ['The configuration has none.'] };
  if (troubled === 0)
    return {
      block: 'notice',
      tone: 'good',
      title: `All of it was read of ${totals.tenants === 1 ? 'the one tenant' : `all ${number(totals.tenants)} tenants`}`,
      runs: [...sofar, 'Each source was read without a gap, and no recount found a difference.'],
    };
  const kinds = (['differs', 'could-not-look', 'not-read', 'partly'] as const)
    .filter((state) => states[state] > 0)
    .map((state) => `${count(states[state], 'tenant')}: ${STATES[state].says}`);
  const bad = states.differs + states['could-not-look'] + states['not-read'] > 0;
  const first = tenants[0];
  const example = first?.why === undefined ? '' : ` First of them: ${first.tenant} (${first.why}).`;
  return {
    block: 'notice',
    tone: bad ? 'bad' : 'attention',
    title: `Not all of it was read: ${number(troubled)} of ${count(totals.tenants, 'tenant')}`,
    runs: [...sofar, `${kinds.join('; ')}.${example}`],
  };
}

function figures({ totals, traces, notMeasured }: OverviewModel): Block {
  const { alerts, bySeverity, issues, resolved, openAtEnd, held, outcomes, breached } = totals;
  const plain = (label: string, value: number) => ({ label, text: number(value), value });
  const judged: ScoreFigure[] = [
    {
      label: 'False positives',
      text: share(outcomes.falsePositives),
      value: outcomes.falsePositives.count,
      note: 'of those closed with a verdict',
    },
    {
      label: 'Targets missed',
      text: share(breached),
      value: breached.count,
      tone: breached.count > 0 ? 'attention' : 'plain',
    },
  ];
  return {
    block: 'figures',
    name: 'totals',
    figures: [
      plain('Tenants', totals.tenants),
      plain('Alerts', alerts),
      plain('High severity', bySeverity.high),
      plain('Issues made', issues),
      ...(notMeasured ? [] : [plain('Resolved', resolved), plain('Open at the end', openAtEnd)]),
      { ...plain('Held', held), tone: held > 0 ? 'attention' : 'plain' },
      ...(notMeasured ? [] : judged),
    ],
    trace: traces.alerts,
  };
}

function volume({ totals: { alerts, bySeverity }, ...model }: OverviewModel): Block {
  return dayVolumes(model, { title: 'Alerts of all tenants by day and severity', alerts, high: bySeverity.high });
}

function tenantTable({ tenants, traces, notMeasured }: OverviewModel, most: number): TableBlock {
  return {
    block: 'table',
    name: 'tenants',
    caption: `Tenants, those in trouble first${cutTo(most, tenants)}${notMeasured ? '; a dash is not measured, alert and issue are not kept in step' : ''}`,
    columns: [
      left('Tenant', 3),
      left('Read', 2),
      right('Alerts'),
      right('High'),
      right('Issues'),
      right('Done'),
      right('Open'),
      right('Held'),
      right('False', 2),
      right('In time', 2),
    ],
    rows: tenants.slice(0, most).map((row) => tenantRow(row, notMeasured)),
    empty: 'There is no tenant.',
    trace: traces.completeness,
  };
}

function cutTo(most: number, rows: readonly unknown[]): string {
  return most < rows.length ? `, the first ${number(most)} of ${number(rows.length)}` : '';
}

const READ: Readonly<Record<TenantRow['state'], string>> = {
  whole: 'all',
  differs: 'differs',
  partly: 'gaps',
  'could-not-look': 'failed',
  'not-read': 'not read',
};

function tenantRow({ tenant, state, figures: own, held }: TenantRow, notMeasured?: true): readonly Cell[] {
  const { acknowledgeSla: ack, resolveSla: done } = own;
  const both = {
    breached: { count: ack.breached.count + done.breached.count, of: ack.breached.of + done.breached.of },
    overdue: 0,
    dueSoon: 0,
  };
  return [
    words(tenant),
    { ...words(READ[state], STATES[state].tone), value: state },
    quantity(own.alerts),
    quantity(own.bySeverity.high),
    quantity(own.issues),
    notMeasured ? NONE : quantity(own.resolved),
    notMeasured ? NONE : quantity(own.openAtEnd),
    quantity(held, held > 0 ? 'attention' : 'plain'),
    partOf(own.outcomes.falsePositives),
    metCell(both),
  ];
}

/** What there is to know of tenants that were not read all through. */
function troubleTable({ tenants, traces }: OverviewModel, most: number): TableBlock {
  const troubled = tenants.filter(({ state }) => state !== 'whole');
  return {
    block: 'table',
    name: 'not-read',
    caption: `Tenants that were not read all through${cutTo(most, troubled)}`,
    columns: [left('Tenant', 2), left('Completeness', 2), right('Longest gap', 2), left('Why', 4)],
    rows: troubled
      .slice(0, most)
      .map(({ tenant, state, why, longestGapMs }) => [
        words(tenant),
        { ...words(STATES[state].says, STATES[state].tone), value: state },
        longestGapMs === 0 ? { text: '–', value: 0 } : lasting(longestGapMs, 'attention'),
        words(why ?? '–'),
      ]),
    empty: 'Each was read all through.',
    trace: traces.completeness,
  };
}
