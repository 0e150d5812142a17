import type { Alert, DedupKey } from '../domain/alert.ts';
import type { Casewire } from './casewire.ts';
import type { Works } from './works.ts';

/** What a person does with held alerts; a record that could not be read is read again by its source first. */
export function heldOf({ ledger: { held }, tenants, clock }: Works): Pick<Casewire, 'held' | 'retryHeld' | 'dropHeld'> {
  return {
    held: () => held.list(),

    async retryHeld(keys) {
      const asked = keys ?? (await held.list()).map(({ key }) => key);
      const reread = new Map<DedupKey, Alert>();
      for (const { key, tenant, raw, seenAt } of await held.unreadable(asked)) {
        const alert = tenants.get(tenant)?.source.reread(raw, seenAt);
        if (alert && 'tenant' in alert) reread.set(key, alert);
      }
      return held.retry(asked, reread, clock.now());
    },

    dropHeld: (key, why) => held.drop(key, why, clock.now()),
  };
}
