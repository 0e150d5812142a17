import { sayDuration } from '../../../domain/time.ts';
import type { Incident, IncidentStep } from '../../model.ts';
import type { Block, Run } from '../../paper.ts';
import { BECAUSE, categoryName, HIGH_STATES, OUTCOMES, STEPS } from '../words/names.ts';
import { count } from '../words/numbers.ts';
import { dayTime } from '../words/times.ts';
import { left, link, links, listTable, type Making, moment, words } from './tables.ts';

/** Alerts of high severity with their issues. */
export function highTable(making: Making): Block {
  return listTable({
    name: 'high-severity',
    caption: 'Alerts of high severity',
    columns: [
      left('Raised', 2),
      links('Alert', 4),
      left('Users', 3),
      links('Issue', 1.5),
      left('State', 1.5),
      left('Found to be', 2),
    ],
    list: making.model.high,
    making,
    trace: 'high',
    empty: 'No alert of high severity was raised.',
    row: ({ createdAt, title, url, users, issue, issueUrl, state, verdict }) => [
      moment(createdAt, making),
      link(title, url),
      words(nameFew(users)),
      link(issue ?? '–', issueUrl),
      words(HIGH_STATES[state].says, HIGH_STATES[state].tone),
      words(verdict ? OUTCOMES[verdict] : '–'),
    ],
  });
}

/** Incidents worth telling, each with what happened when. */
export function notableIncidents({ model }: Making, most: number): readonly Block[] {
  const { rows, total } = model.notable;
  // Which of them were real, late or long is not known where nobody looks at what becomes of them.
  if (model.notMeasured) return [{ block: 'text', runs: ['Not known: what became of the issues was not measured.'] }];
  const told = rows.slice(0, most);
  if (told.length === 0)
    return [
      {
        block: 'text',
        runs: ['None: no alert of high severity was a true positive, and no issue stands out by how long it took.'],
      },
    ];
  const more = total - told.length;
  return [
    ...told.flatMap((incident, i) => tell(incident, i, model.period)),
    ...(more > 0
      ? [
          {
            block: 'text' as const,
            runs: [
              `${count(more, 'more issue is', 'more issues are')} as notable; the lists of the high severity and of missed targets name them.`,
            ],
          },
        ]
      : []),
  ];
}

function tell(incident: Incident, i: number, period: Making['model']['period']): Block[] {
  const { title, severity, issue, url, category, users, because, verdict, acknowledgeMs, resolveMs } = incident;
  const times = [
    ...(acknowledgeMs === undefined ? ['not acknowledged'] : [`acknowledged after ${sayDuration(acknowledgeMs)}`]),
    ...(resolveMs === undefined ? ['not resolved'] : [`resolved after ${sayDuration(resolveMs)}`]),
  ];
  const runs: Run[] = [
    url === '' ? { strong: issue } : { link: issue, url },
    `: severity ${severity}, ${times.join(', ')}`,
    ...(verdict ? [`, found to be ${OUTCOMES[verdict]}`] : []),
    '. ',
    ...(category ? [`${categoryName(category)}. `] : []),
    ...(users.length > 0 ? [`Affected: ${nameFew(users)}. `] : []),
    `Told because: ${because.map((why) => BECAUSE[why]).join(', ')}.`,
  ];
  return [
    { block: 'heading', level: 3, text: title === '' ? issue : title, id: `incident-${i + 1}` },
    { block: 'text', runs },
    {
      block: 'timeline',
      name: `incident-${i + 1}`,
      steps: incident.timeline.map((step) => ({ at: dayTime(step.at, period), text: sayStep(step) })),
    },
  ];
}

function sayStep({ step, detail }: IncidentStep): Run[] {
  const says = STEPS[step];
  const plain = says.replace(/\.$/, '');
  const said = detail === undefined ? undefined : sayDetail(step, detail);
  return [said === undefined ? `${plain}.` : `${plain}: ${said}.`];
}

function sayDetail(step: IncidentStep['step'], detail: string): string {
  if (step === 'closed') return detail === 'unspecified' ? 'without a verdict' : detail.replaceAll('_', ' ');
  return step === 'acknowledged' && detail === 'assignee' ? 'it was assigned' : detail;
}

function nameFew(users: readonly string[]): string {
  if (users.length <= 2) return users.join(', ') || '–';
  return `${users.slice(0, 2).join(', ')} and ${count(users.length - 2, 'other')}`;
}
