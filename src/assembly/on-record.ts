import type { PersonsAct } from '../domain/act.ts';
import type { Clock } from '../domain/time.ts';
import type { Acts } from '../ledger/acts/acts-port.ts';

/** Does what a person asks for, with a record of it: see `Casewire.onRecord`. */
export function onRecord(acts: Acts, clock: Clock) {
  return async <T>(act: PersonsAct, work: () => Promise<T>, says: (result: T) => string): Promise<T> => {
    const id = await acts.record({ ...act, at: clock.now() });
    let result: T;
    try {
      result = await work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await acts.ended(id, { at: clock.now(), outcome: 'failed', says: why });
      throw error;
    }
    await acts.ended(id, { at: clock.now(), outcome: 'done', says: says(result) });
    return result;
  };
}
