import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anAlert } from '../../../test/builders.ts';
import { NewsRig } from '../../../test/news-rig.ts';
import type { Severity } from '../../domain/alert.ts';
import { NOT_ACCEPTED } from '../../domain/finding.ts';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import { lateLookUps } from './late-look-ups.ts';

const { signal } = new AbortController();

describe('alerts whose addresses could not be looked up', () => {
  let rig: NewsRig;
  let parts: SyncParts;

  beforeEach(async () => {
    rig = new NewsRig();
    parts = await rig.parts();
  });
  afterEach(() => rig.end());

  let last = 0;
  const alertFrom = (addresses: readonly string[], severity: Severity = 'medium') =>
    anAlert({
      id: `b${String(++last).padStart(4, '0')}`,
      severity,
      createdAt: rig.clock.now() + last,
      ips: addresses.map((address) => ({ address, origin: 'entity' as const })),
    });
  const answer = (address: string, score = 7) =>
    rig.answers.set(address, {
      checked: true,
      address,
      report: { score, reports: 1, reporters: 1, windowDays: 90 },
      lookedUpAt: rig.clock.now(),
    });
  const late = (most = 100) => lateLookUps(parts, { tenant: rig.tenant, most, signal });

  it('have them on their issues when the quota is back, once', async () => {
    const [issue] = await rig.raise([alertFrom(['9.9.9.9', '8.8.8.8'])], parts);
    expect(issue?.fields.description).toContain('the quota is spent');
    rig.clock.advance(DAY_MS);
    answer('9.9.9.9');
    answer('8.8.8.8');
    expect(await late()).toMatchObject([{ outcome: 'updated', kind: 'looked-up' }]);
    expect(issue?.fields.description).not.toContain('the quota is spent');
    const { length } = rig.asked;
    expect(await late()).toEqual([]);
    expect(rig.asked).toHaveLength(length);
    expect(issue?.writes).toBe(1);
  });

  it('are told in one comment where a person wrote into the issue', async () => {
    const [issue] = await rig.raise([alertFrom(['9.9.9.9'])], parts);
    issue?.edit(rig.clock.now(), 'description', 'my notes');
    rig.clock.advance(DAY_MS);
    answer('9.9.9.9', 77);
    expect(await late()).toMatchObject([{ outcome: 'noted' }]);
    expect(issue?.fields.description).toBe('my notes');
    expect(await rig.notes(parts)).toMatchObject([expect.stringMatching(/9\.9\.9\.9.*77/)]);
    expect(await late()).toEqual([]);
    expect(await rig.notes(parts)).toHaveLength(1);
  });

  it('come the most urgent first, and as many as there are look-ups to spare', async () => {
    await rig.raise(
      [alertFrom(['1.1.1.1'], 'low'), alertFrom(['2.2.2.2'], 'high'), alertFrom(['3.3.3.3'], 'high')],
      parts,
    );
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) answer(address);
    rig.spare = 2;
    expect(await late()).toHaveLength(2);
    expect(rig.asked).toEqual(['2.2.2.2', '3.3.3.3']);
    rig.spare = 1;
    expect(await late()).toHaveLength(1);
    expect(rig.asked.slice(2)).toEqual(['1.1.1.1']);
  });

  it('cost no look-up while none is to spare', async () => {
    await rig.raise([alertFrom(['9.9.9.9'])], parts);
    rig.spare = 0;
    expect(await late()).toEqual([]);
    expect(rig.asked).toEqual([]);
  });

  it('are not asked after again when the service does not take the address', async () => {
    const [issue] = await rig.raise([alertFrom(['9.9.9.9'])], parts);
    rig.answers.set('9.9.9.9', { checked: false, address: '9.9.9.9', why: NOT_ACCEPTED });
    expect(await late()).toEqual([]);
    rig.clock.advance(DAY_MS);
    expect(await late()).toEqual([]);
    expect(rig.asked).toEqual(['9.9.9.9']);
    expect(issue?.writes).toBe(0);
  });

  it('are never noted where an address is not public, or was answered', async () => {
    rig.answers.set('10.0.0.1', { checked: false, address: '10.0.0.1', why: 'private address', never: true });
    answer('9.9.9.9');
    await rig.raise([alertFrom(['10.0.0.1', '9.9.9.9'])], parts);
    expect(await parts.ledger.waitingLookUps.any({ tenant: rig.tenant, now: rig.clock.now() })).toBe(false);
  });

  it('are given up after thirty days', async () => {
    await rig.raise([alertFrom(['9.9.9.9'])], parts);
    rig.clock.advance(31 * DAY_MS);
    answer('9.9.9.9');
    expect(await late()).toEqual([]);
    expect(rig.asked).toEqual([]);
    expect(await parts.ledger.waitingLookUps.any({ tenant: rig.tenant, now: rig.clock.now() })).toBe(false);
  });

  it('get what is known when one address never answers', async () => {
    const [issue] = await rig.raise([alertFrom(['9.9.9.9', '8.8.8.8'])], parts);
    answer('9.9.9.9');
    for (let hour = 0; hour < 4; hour++) {
      expect(await late()).toEqual([]);
      rig.clock.advance(HOUR_MS);
    }
    expect(await late()).toMatchObject([{ outcome: 'updated' }]);
    rig.clock.advance(DAY_MS);
    expect(await late()).toEqual([]);
    expect(issue?.writes).toBe(1);
  });

  it('write nothing on an issue that is done', async () => {
    const [issue] = await rig.raise([alertFrom(['9.9.9.9'])], parts);
    if (issue) issue.seen = 'done';
    answer('9.9.9.9');
    expect(await late()).toMatchObject([{ outcome: 'left' }]);
    expect(issue?.writes).toBe(0);
  });
});
