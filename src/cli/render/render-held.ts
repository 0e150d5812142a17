import type { HeldAlert } from '../../domain/outcome.ts';
import { clean } from '../../domain/text/clean.ts';
import { clip, widthOf, wrapIndented } from '../../domain/text/width.ts';
import { type EpochMs, sayDuration, sayInstant } from '../../domain/time.ts';
import type { Paper } from '../text/paper.ts';
import { count, sayNumber, sayTitle, sayUrgency, toneOfSeverity } from './alert-words.ts';

const MOST_ON_A_TERMINAL = 100;

/** What is held, by reason, each with the why and when it is tried again. */
export function renderHeld(held: readonly HeldAlert[], paper: Paper, now: EpochMs): string[] {
  if (held.length === 0) return ['Nothing is held.'];
  const shown = paper.terminal ? held.slice(0, MOST_ON_A_TERMINAL) : held;
  const more = held.length - shown.length;
  return [
    ...shown.flatMap((alert) => (paper.terminal ? inLines(alert, paper, now) : [inOneLine(alert)])),
    ...(more > 0 ? [`and ${sayNumber(more)} more: casewire held --json`] : []),
    ...(paper.terminal ? [''] : []),
    `${count(held.length, 'alert')} held.`,
    'Again: casewire held retry [ID…]   Give up: casewire held drop ID… --why TEXT',
  ];
}

function inOneLine({ key, reason, severity, title, why, heldAt, retryAt }: HeldAlert): string {
  const again = retryAt === undefined ? 'by hand only' : `again at ${sayInstant(retryAt)}`;
  return `${clean(key)} ${reason} ${severity} ${JSON.stringify(sayTitle(title))} since ${sayInstant(heldAt)}, ${again}: ${clean(why)}`;
}

function inLines(alert: HeldAlert, { columns, style }: Paper, now: EpochMs): string[] {
  const key = clean(alert.key);
  const urgency = sayUrgency(alert);
  const title = clip(sayTitle(alert.title), Math.max(12, columns - widthOf(key) - urgency.length - 4));
  const again =
    alert.retryAt === undefined
      ? 'tried again by hand only'
      : alert.retryAt <= now
        ? 'tried again by the next run'
        : `tried again in ${sayDuration(alert.retryAt - now)}`;
  return [
    `${style('bold', key)}  ${style(toneOfSeverity(alert.severity), urgency)}  ${title}`,
    ...wrapIndented(`${alert.reason}: ${clean(alert.why)}`, 4, columns),
    ...wrapIndented(`held for ${sayDuration(now - alert.heldAt)}; ${again}`, 4, columns).map((line) =>
      style('dim', line),
    ),
  ];
}
