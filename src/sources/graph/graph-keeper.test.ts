import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../../test/hand-clock.ts';
import { SourceRig } from '../../../test/source-rig.ts';
import type { AlertId } from '../../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import { faults } from '../../simulators/fault.ts';

const CLOSING = { verdict: 'true_positive', comment: 'Closed in Jira: SOC-1 (Done)' } as const;
const COMMENTS = { method: 'POST', path: /\/comments$/ };

describe('the keeper of the alerts of Microsoft Graph', () => {
  let clock: HandClock;
  let rig: SourceRig;
  let id: AlertId;

  beforeEach(async () => {
    clock = new HandClock();
    rig = await SourceRig.start(clock, 'graph');
    [id] = rig.raise(1) as [AlertId];
  });
  afterEach(async () => {
    expect(rig.graph.unexpected).toEqual([]);
    await rig.stop();
  });

  const calls = () => rig.graph.journal.map(({ method, path }) => `${method} ${path.split('/alerts_v2')[1] ?? ''}`);
  const patched = () => rig.graph.requests(/alerts_v2/, 'PATCH').map(({ body = '' }) => JSON.parse(body));
  const portal = (body: object) => {
    const url = `${rig.graph.url}/v1.0/security/alerts_v2/ca${id}`;
    return fetch(url, { method: 'PATCH', headers: { authorization: 'Bearer token' }, body: JSON.stringify(body) });
  };

  it('comments first, so that a stop in between leaves an alert that is still to be closed', async () => {
    await rig.keeper.ensureClosed(id, CLOSING);
    expect(calls()).toEqual([`GET /ca${id}`, `POST /ca${id}/comments`, `PATCH /ca${id}`]);
    expect(patched()).toEqual([{ status: 'resolved', classification: 'truePositive', determination: 'other' }]);
  });

  it.each([
    ['is lost', faults.loseAnswer()],
    ['is answered 500 after it was done', faults.failAfterCommit(500, { body: {} })],
    ['is answered with a page', faults.failAfterCommit(200, { html: '<h1>Sign in</h1>' })],
  ])('does not close when its comment %s, and comments once', async (_, fault) => {
    rig.graph.fault(COMMENTS, fault);
    expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'unknown' });
    expect(patched()).toEqual([]);
    expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: true });
    expect(rig.graph.commentsOf('contoso', id)).toEqual([CLOSING.comment]);
  });

  it('finds its comment among those of people, white space aside', async () => {
    await rig.keeper.ensureClosed(id, { ...CLOSING, comment: ' Closed in Jira:  SOC-1 (Done)\n' });
    rig.graph.reopenAlert('contoso', id);
    await rig.keeper.ensureClosed(id, CLOSING);
    expect(rig.graph.commentsOf('contoso', id)).toHaveLength(1);
  });

  it('keeps what a person has determined, where it says the same', async () => {
    await portal({ status: 'resolved', classification: 'truePositive', determination: 'phishing' });
    await portal({ status: 'inProgress' });
    rig.graph.fault(
      { method: 'GET' },
      faults.status(200, {
        body: { id: `ca${id}`, status: 'inProgress', classification: 'truePositive', determination: 'phishing' },
      }),
    );
    await rig.keeper.ensureClosed(id, CLOSING);
    expect(patched().at(-1)).toEqual({ status: 'resolved' });
  });

  it('leaves the mend to whoever grants permissions', async () => {
    rig.graph.fault({ method: 'PATCH' }, faults.status(403, { body: { error: { code: 'Forbidden', message: 'no' } } }));
    expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({
      outcome: 'unauthorised',
      mend: expect.any(String),
    });
  });

  it('closes an alert of app governance, whose id in Graph begins otherwise', async () => {
    const other = '64a1f00000000000000000aa' as AlertId;
    const record = {
      _id: other,
      timestamp: clock.now(),
      title: 'Unusual app',
      serviceSource: 'microsoftAppGovernance',
    };
    rig.graph.addAlert('contoso', record);
    expect(await rig.keeper.ensureClosed(other, CLOSING)).toEqual({ outcome: 'done', changed: true });
    expect(calls()).toEqual([`GET /ca${other}`, `GET /ma${other}`, `POST /ma${other}/comments`, `PATCH /ma${other}`]);
  });

  it('reopens as in progress', async () => {
    rig.graph.closeAlert('contoso', id, 3);
    await rig.keeper.ensureReopened(id, 'SOC-1 was reopened');
    expect(patched()).toEqual([{ status: 'inProgress' }]);
  });

  it('looks back an hour before the time that is asked about, and no further', async () => {
    clock.advance(DAY_MS);
    rig.graph.closeAlert('contoso', id, 3);
    const seen = async (agoMs: number) =>
      (await rig.keeper.alertsNow({ ids: [id], changedSince: clock.now() - agoMs })).alerts.length;
    clock.advance(HOUR_MS);
    expect(await seen(0)).toBe(1);
    clock.advance(2 * MINUTE_MS);
    expect(await seen(0)).toBe(0);
    expect(await seen(2 * MINUTE_MS)).toBe(1);
  });

  it('looks for many in the list, and for what is not there one by one', async () => {
    const old = id;
    clock.advance(DAY_MS);
    rig.raise(100);
    const recent = rig.raise(20) as AlertId[];
    const { alerts } = await rig.keeper.alertsNow({ ids: [...recent, old] });
    expect(alerts).toHaveLength(21);
    expect(rig.graph.journal.length).toBeLessThanOrEqual(3);
  });
});
