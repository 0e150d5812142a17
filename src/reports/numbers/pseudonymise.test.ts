import { describe, expect, it } from 'vitest';
import { alertFacts, FactsInMemory, fact, lifelikeAlerts, raised } from '../../../test/report-facts.ts';
import type { TenantId } from '../../domain/alert.ts';
import type { AlertFacts } from '../../domain/facts.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { periodNamed } from '../periods/periods.ts';
import { summarise } from './summarise.ts';

async function report(alerts: readonly AlertFacts[], pseudonymise = true) {
  const period = periodNamed('monthly', 'UTC', '2026-10');
  if (!period) throw new Error('no such month');
  const sla = { targets: { high: { acknowledgeMs: HOUR_MS } } };
  const asOf = Date.parse('2026-12-01T00:00Z');
  return summarise(new FactsInMemory(alerts), { tenant: 'contoso' as TenantId, period, asOf, sla, pseudonymise });
}

describe('a report that leaves the house', () => {
  it('says no user anywhere', async () => {
    const alerts = lifelikeAlerts({ from: '2026-09-25T00:00Z', to: '2026-11-01T00:00Z', perDay: 10 });
    const told = JSON.stringify(await report(alerts)).toLowerCase();
    const names = [...new Set(alerts.flatMap(({ users }) => users))];
    const parts = names.flatMap((name) => [name, name.split('@')[0] ?? name]);
    expect(parts.filter((part) => new RegExp(`\\b${part}\\b`).test(told))).toEqual([]);
    expect(JSON.stringify(await report(alerts, false))).toContain('ada@contoso.com');
  });

  it('names users by how often they come, and among equals by who came first, not by their names', async () => {
    const of = (id: string, user: string) => alertFacts({ id, createdAt: `2026-10-0${id}T08:00Z`, users: [user] });
    const model = await report([
      of('1', 'zoe@contoso.com'),
      of('2', 'ada@contoso.com'),
      of('3', 'tim@x.io'),
      of('4', 'TIM@x.io'),
    ]);
    expect(model.users.rows.map(({ name, alerts }) => [name, alerts])).toEqual([
      ['User 01', 2],
      ['User 02', 1],
      ['User 03', 1],
    ]);
    const second = await report([of('1', 'zoe@contoso.com')]);
    expect(second.users.rows[0]?.name).toBe('User 01');
  });

  it.each([
    ['Login of ada.lovelace@contoso.com.', 'Login of User 01.'],
    ['ADA.LOVELACE@CONTOSO.COM failed', 'User 01 failed'],
    ['ada.lovelace (Ada Lovelace) downloaded', 'User 01 (User 01) downloaded'],
    ['CONTOSO\\ada.lovelace', 'CONTOSO\\User 01'],
    ['Mail of eve@elsewhere.example to "Jo Doe"', 'Mail of a user to "User 02"'],
    ['Jo Doering is somebody else', 'Jo Doering is somebody else'],
    ['From 203.0.113.7', 'From 203.0.113.7'],
    ['İ ada.lovelace@contoso.com', 'İ a user'],
  ])('replaces names in a title: %s', async (title, told) => {
    const users = ['ada.lovelace@contoso.com', 'jo doe'];
    const facts = [raised('2026-10-05T09:00Z', 'SOC-1')];
    const model = await report([alertFacts({ title, severity: 'high', users, facts })]);
    expect(model.high.rows[0]?.title).toBe(told);
    expect(model.backlog.oldest.rows[0]?.title).toBe(told);
    expect(model.notable.rows[0]?.users).toEqual(['User 01', 'User 02']);
  });

  it('replaces names in reasons and in names of rules', async () => {
    const model = await report([
      alertFacts({ id: 'a', facts: [fact('2026-10-05T09:00Z', { fact: 'suppressed', rule: 'Lab of ada', why: 'x' })] }),
      alertFacts({ id: 'b', facts: [fact('2026-10-05T09:00Z', { fact: 'held', reason: 'refused', why: 'no ada' })] }),
    ]);
    expect(model.suppressed.rows[0]?.rule).toBe('Lab of User 01');
    expect(model.held.still.rows[0]?.why).toBe('no User 01');
  });
});
