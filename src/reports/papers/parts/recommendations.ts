import { nameSome } from '../../../domain/name-some.ts';
import { sayDuration } from '../../../domain/time.ts';
import type { ReportModel } from '../../model.ts';
import type { Block, Run } from '../../paper.ts';
import { count, number, share } from '../words/numbers.ts';

/** Below this share of looked-up addresses the reason is worth a person's time. */
const FEW_LOOKED_UP = 0.9;

/** What should be done and by whom; each follows from a number of this report. */
export function recommendations(model: ReportModel): Block {
  const advice = [
    ...completeness(model),
    ...held(model),
    ...(model.notMeasured ? [] : overdue(model)),
    ...tuning(model),
    ...categories(model),
    ...lookUps(model),
    ...posture(model),
  ];
  if (advice.length === 0) return { block: 'text', runs: ['None: nothing in these numbers asks for a change.'] };
  return { block: 'list', items: advice };
}

function by(owner: string, ...runs: Run[]): Run[] {
  return [{ strong: `${owner}:` }, ' ', ...runs];
}

function completeness({ completeness: { state, gaps, longestGapMs, differences, failures } }: ReportModel): Run[][] {
  if (state === 'whole') return [];
  if (state === 'differs') {
    const alerts = differences.reduce((sum, { count: n }) => sum + n, 0);
    const examples = nameSome(differences.flatMap((difference) => difference.examples));
    return [by('Operator of Casewire', `look into ${count(alerts, 'difference')} that recounts found (${examples}).`)];
  }
  const why = failures[0] === undefined ? '' : `: ${failures[0]}`;
  return [
    by(
      'Operator of Casewire',
      state === 'partly'
        ? `mend what keeps the source from being read (${count(gaps.total, 'gap')}, ${gaps.total === 1 ? 'of' : 'the longest of'} ${sayDuration(longestGapMs)})${why}; `
        : `make the tenant readable again${why}; `,
      { code: 'casewire check' },
      ' tries it.',
    ),
  ];
}

function held({ held: { still } }: ReportModel): Run[][] {
  if (still.total === 0) return [];
  const alerts = `${count(still.total, 'alert')} ${still.total === 1 ? 'has' : 'have'} no issue yet because ${still.total === 1 ? 'it is' : 'they are'} held; `;
  return [by('Operator of Casewire', alerts, { code: 'casewire held' }, ' says what each waits for.')];
}

function overdue({ slaLists: { overdue: late } }: ReportModel): Run[][] {
  if (late.total === 0) return [];
  return [
    by(
      'Lead of the SOC',
      `${count(late.total, 'open issue')} ${late.total === 1 ? 'is' : 'are'} beyond a target; the list names them.`,
    ),
  ];
}

function tuning({ tuning: { rows, total } }: ReportModel): Run[][] {
  return rows
    .slice(0, 3)
    .map(({ type, falsePositives }, i) =>
      by(
        'Owner of the policy',
        `tune or suppress “${type}”: ${share(falsePositives)} were false positives${i === 2 && total > 3 ? `; ${number(total - 3)} more detections are alike` : ''}.`,
      ),
    );
}

function categories({ uncategorised: { rows, total } }: ReportModel): Run[][] {
  if (total === 0) return [];
  const types = nameSome(
    rows.map(({ type }) => `“${type}”`),
    3,
  );
  return [by('Operator of Casewire', `give a category by a rule to ${types}.`)];
}

function lookUps({ enrichment: { checked, notMade } }: ReportModel): Run[][] {
  if (checked.of === 0 || checked.count >= checked.of * FEW_LOOKED_UP) return [];
  const why = notMade.rows.find(({ never }) => !never)?.why;
  return [
    by('Operator of Casewire', `only ${share(checked)} addresses were looked up${why ? `; most often: ${why}` : ''}.`),
  ];
}

function posture({ posture: { rows, total } }: ReportModel): Run[][] {
  if (total === 0) return [];
  const types = nameSome(
    rows.map(({ type }) => `“${type}”`),
    3,
  );
  return [by('Owner of the platform', `close the weak spots that were reported: ${types}.`)];
}
