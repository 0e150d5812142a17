import { describe, expect, it } from 'vitest';
import { FactsInMemory, hourlyReadings, lifelikeAlerts } from '../../../test/report-facts.ts';
import type { TenantId } from '../../domain/alert.ts';
import { periodNamed } from '../periods/periods.ts';
import { overview } from './overview.ts';

const SPAN = { from: '2026-10-01T00:00Z', to: '2026-11-01T00:00Z' };
const alerts = (['contoso', 'fabrikam', 'adatum'] as const).flatMap((tenant, i) =>
  lifelikeAlerts({ ...SPAN, tenant, perDay: 2 + 3 * i, seed: i }),
);
const hours = [
  ...hourlyReadings({ ...SPAN, tenant: 'contoso' }),
  ...hourlyReadings({ ...SPAN, tenant: 'fabrikam' }),
  ...hourlyReadings({ ...SPAN, tenant: 'adatum' }),
  ...hourlyReadings({ ...SPAN, tenant: 'northwind', fails: () => 'the token was refused' }),
];

async function october() {
  const period = periodNamed('monthly', 'UTC', '2026-10');
  if (!period) throw new Error('no such month');
  const tenants = ['fabrikam', 'contoso', 'northwind', 'adatum', 'tailspin'] as TenantId[];
  const ask = { tenants, period, asOf: Date.parse('2026-12-01T00:00Z'), sla: { targets: {} } };
  return overview(new FactsInMemory(alerts, { hours }), ask);
}

describe('a look at all tenants', () => {
  it('names those first that nobody could look at, with why, then most alerts first', async () => {
    const { tenants } = await october();
    expect(tenants.map(({ tenant, state, why }) => [tenant, state, why])).toEqual([
      ['northwind', 'could-not-look', 'the token was refused'],
      ['tailspin', 'not-read', undefined],
      ['adatum', 'whole', undefined],
      ['fabrikam', 'whole', undefined],
      ['contoso', 'whole', undefined],
    ]);
  });

  it('adds up', async () => {
    const { tenants, totals, days } = await october();
    const all = (volumes: Readonly<Record<string, number>>) => Object.values(volumes).reduce((sum, n) => sum + n, 0);
    expect(totals.alerts).toBe(alerts.length);
    expect(tenants.reduce((sum, { figures }) => sum + figures.alerts, 0)).toBe(totals.alerts);
    expect(days.reduce((sum, { volumes }) => sum + all(volumes), 0)).toBe(totals.alerts);
    expect(all(totals.bySeverity)).toBe(totals.alerts);
    expect(all(totals.states)).toBe(5);
    expect(totals.held).toBe(tenants.reduce((sum, { held }) => sum + held, 0));
  });
});
