import type { PassSummary } from '../../domain/outcome.ts';
import { sayDuration } from '../../domain/time.ts';
import { sayNumber } from './alert-words.ts';

export type PassKind = 'run' | 'plan';

export interface Totals {
  raised: number;
  alreadyKnown: number;
  attached: number;
  suppressed: number;
  held: number;
  waiting: number;
  /** Held at the pass's end, also by earlier ones. */
  heldInAll: number;
}

export function totalsOf({ tenants }: PassSummary): Totals {
  const totals: Totals = { raised: 0, alreadyKnown: 0, attached: 0, suppressed: 0, held: 0, waiting: 0, heldInAll: 0 };
  for (const tenant of tenants) {
    totals.alreadyKnown += tenant.read - tenant.fresh;
    totals.heldInAll += tenant.heldInAll ?? 0;
    for (const name of ['raised', 'attached', 'suppressed', 'held', 'waiting'] as const) totals[name] += tenant[name];
  }
  return totals;
}

/** `15 raised · 0 already known · 0 suppressed · 0 held · 0 waiting` */
export function sayTotals(totals: Totals, kind: PassKind): string {
  const { raised, alreadyKnown, attached, suppressed, held, waiting, heldInAll } = totals;
  const inAll = heldInAll > held ? ` (${sayNumber(heldInAll)} in all: casewire held)` : '';
  const parts: readonly (readonly [number, string] | undefined)[] = [
    [raised, kind === 'run' ? 'raised' : 'to raise'],
    [alreadyKnown, 'already known'],
    attached > 0 ? [attached, kind === 'run' ? 'attached' : 'to attach'] : undefined,
    [suppressed, kind === 'run' ? 'suppressed' : 'to suppress'],
    [held, kind === 'run' ? `held${inAll}` : 'to hold'],
    [waiting, 'waiting'],
  ];
  return parts.flatMap((part) => (part ? [`${sayNumber(part[0])} ${part[1]}`] : [])).join(' · ');
}

/** `in 0.52 s with 38 API calls: AbuseIPDB 17, Defender for Cloud Apps 3, Jira 18` */
export function sayCost({ durationMs, calls }: Pick<PassSummary, 'durationMs' | 'calls'>): string {
  const services = Object.entries(calls).sort(([a], [b]) => a.localeCompare(b));
  const total = services.reduce((sum, [, n]) => sum + n, 0);
  const time =
    durationMs < 60_000 ? `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 1)} s` : sayDuration(durationMs);
  const each = services.map(([service, n]) => `${service} ${sayNumber(n)}`).join(', ');
  return `in ${time} with ${sayNumber(total)} API call${total === 1 ? '' : 's'}${each === '' ? '' : `: ${each}`}`;
}
