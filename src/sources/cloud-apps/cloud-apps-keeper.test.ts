import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { SourceRig } from '../../../test/source-rig.ts';
import type { AlertId } from '../../domain/alert.ts';
import { faults } from '../../simulators/fault.ts';

const CLOSING = { verdict: 'true_positive', comment: 'Closed in Jira: SOC-1 (Done)' } as const;

describe('the keeper of the alerts of Defender for Cloud Apps', () => {
  let rig: SourceRig;
  const closings = () => rig.cloudApps.requests(/\/close_/, 'POST');
  const answered = (body: object) => rig.cloudApps.fault({ path: /\/close_/ }, faults.status(200, { body }));

  beforeEach(async () => {
    rig = await SourceRig.start(new HandClock(), 'defender-cloud-apps');
  });
  afterEach(() => rig.stop());

  it('names the one alert in each closing', async () => {
    const [id] = rig.raise(3) as [AlertId];
    await rig.keeper.ensureClosed(id, CLOSING);
    expect(closings()).toHaveLength(1);
    expect(JSON.parse(closings()[0]?.body ?? '').filters).toEqual({ id: { eq: [id] } });
    expect(rig.cloudApps.closings).toMatchObject([{ ids: [id], verdict: 'true_positive', comment: CLOSING.comment }]);
  });

  it('closes nothing more once the service has closed more than was named, and says what to look for', async () => {
    const [first, second] = rig.raise(2) as [AlertId, AlertId];
    answered({ closed_true_positive: 7 });
    const shout = await rig.keeper.ensureClosed(first, CLOSING);
    expect(shout).toMatchObject({
      outcome: 'unknown',
      why: expect.stringContaining('closed 7 alerts of tenant contoso'),
    });
    expect(await rig.keeper.ensureClosed(second, CLOSING)).toMatchObject({
      outcome: 'unauthorised',
      why: expect.stringContaining('nothing is closed any more'),
      mend: expect.stringContaining('2026-11-23 07:00:00 UTC'),
    });
    expect(closings()).toHaveLength(1);
  });

  it.each([
    ['none of them', { closed_true_positive: 0 }],
    ['one, and one that it does not know', { closed_true_positive: 1, alertsNotFound: ['x'] }],
    ['none, and another that it does not know', { closed_true_positive: 0, alertsNotFound: ['x'] }],
  ])('is in doubt when the service says that it closed %s', async (_, body) => {
    const [id] = rig.raise(1) as [AlertId];
    answered(body);
    expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'unknown' });
  });

  it('asks nothing about an id that no alert of the service can have', async () => {
    for (const id of ['', '*', 'x', '64a0'] as AlertId[])
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'refused' });
    expect(rig.cloudApps.journal).toEqual([]);
  });

  it('is not led astray by a list that passes its filter over', async () => {
    const [first, second] = rig.raise(2) as [AlertId, AlertId];
    const records = rig.tenant.alerts;
    rig.cloudApps.fault({ path: /alerts\/$/ }, faults.status(200, { body: { data: records, hasNext: false } }));
    const { alerts } = await rig.keeper.alertsNow({ ids: [second] });
    expect(alerts.map(({ id }) => id)).toEqual([second]);
    expect(first).not.toBe(second);
  });

  it('looks one by one at no more than twenty alerts that are not listed', async () => {
    const ids = Array.from({ length: 50 }, (_, n) => `64a1${String(n).padStart(20, '0')}` as AlertId);
    const { gone } = await rig.keeper.alertsNow({ ids });
    expect(gone).toEqual(ids.slice(0, 20));
    expect(rig.cloudApps.journal).toHaveLength(21);
  });

  it('keeps to a throttle that is told in words', async () => {
    const [id] = rig.raise(1) as [AlertId];
    const body = { detail: 'Request was throttled. Expected available in 17 seconds.' };
    rig.cloudApps.fault({ path: /\/close_/ }, faults.status(429, { body }));
    expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'not-sent', retryAfterMs: 17_000 });
  });
});
