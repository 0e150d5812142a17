import { describe, expect, it } from 'vitest';
import type { AlertId, DedupKey, TenantId } from '../../domain/alert.ts';
import { dedupKeyOf } from '../../domain/alert.ts';
import { dedupLabel } from './dedup-label.ts';

const labelOf = (tenant: string, alert: string) => dedupLabel(dedupKeyOf(tenant as TenantId, alert as AlertId));

describe('the label of an alert', () => {
  it('is the same for ever: issues made years ago are found by it', () => {
    // sha256 of "contoso", one zero byte and the alert's id, by another program's reckoning.
    expect(dedupLabel('contoso/64a0000000000000000000a1' as DedupKey)).toBe(
      'casewire-91c204753c3a79d8153e9c81fc5c30f3',
    );
  });

  it('differs by tenant, by alert, by case, and where the two meet', () => {
    const labels = [
      labelOf('a', 'b'),
      labelOf('a', 'c'),
      labelOf('b', 'b'),
      labelOf('a', 'B'),
      labelOf('ab', ''),
      labelOf('', 'ab'),
    ];
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('can stand in JQL as it is, whatever the ids hold', () => {
    for (const alert of ['a/b', '"\\', 'x'.repeat(1000), '\ud800', '9007199254740993'])
      expect(labelOf('contoso', alert)).toMatch(/^casewire-[0-9a-f]{32}$/);
  });
});
