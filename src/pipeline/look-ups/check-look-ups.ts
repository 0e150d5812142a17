import type { CheckLine } from '../../domain/check.ts';
import type { Clock } from '../../domain/time.ts';
import type { Enricher } from '../../enrichers/enricher.ts';
import type { Findings } from '../../ledger/look-ups/findings-port.ts';
import { endingOf } from './ending-of.ts';

export interface CheckLookUpsParts {
  enricher: Enricher;
  findings: Findings;
  clock: Clock;
  dailyBudget: number;
  maxAgeInDays: number;
}

const SUBJECT = 'abuseipdb';

/**
 * Tries the key with one look-up, which counts against the day's budget as any other. A good answer ends a block: a key
 * that was put in the place of a refused one works at once.
 */
export async function checkLookUps(parts: CheckLookUpsParts): Promise<readonly CheckLine[]> {
  const { enricher, findings, clock, dailyBudget, maxAgeInDays } = parts;
  if (dailyBudget === 0)
    return [{ subject: SUBJECT, level: 'ok', says: 'the key was not tried: a dailyBudget of 0 sends no look-up' }];
  const trial = await findings.reserveTrial({ dailyBudget, now: clock.now() });
  if ('refused' in trial) {
    const mend = 'check again tomorrow, or raise abuseipdb.dailyBudget up to what your plan allows';
    return [{ subject: SUBJECT, level: 'warning', says: `the key was not tried: ${trial.refused}`, mend }];
  }
  const { line, address, result } = await enricher.check();
  const ending = { address, windowDays: maxAgeInDays, turn: trial.turn, now: clock.now() };
  await findings.record(endingOf(result, ending));
  return [line];
}
