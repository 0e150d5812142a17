import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertId } from '../../src/domain/alert.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/domain/time.ts';
import { type Fault, faults } from '../../src/simulators/fault.ts';
import type { AlertWrite } from '../../src/sources/alert-keeper.ts';
import { HandClock, until } from '../hand-clock.ts';
import { SOURCES, SourceRig } from '../source-rig.ts';

const UNKNOWN_ID = '64a0ffffffffffffffffffff' as AlertId;
const CLOSING = { verdict: 'benign', comment: 'Closed in Jira: SOC-1 (Done)' } as const;

describe.each(SOURCES)('the keeper of the alerts of %s', (kind) => {
  let clock: HandClock;
  let rig: SourceRig;
  /** The call that changes an alert's state. */
  const change = kind === 'graph' ? { method: 'PATCH' } : { path: /\/close_/ };

  beforeEach(async () => {
    clock = new HandClock();
    rig = await SourceRig.start(clock, kind, { closes: true });
  });
  afterEach(async () => {
    expect([...rig.cloudApps.unexpected, ...rig.graph.unexpected]).toEqual([]);
    await rig.stop();
  });

  const raise = (count: number) => rig.raise(count) as AlertId[];
  const one = () => raise(1)[0] as AlertId;
  const now = (ids: readonly AlertId[], more: { changedSince?: number } = {}) => rig.keeper.alertsNow({ ids, ...more });
  /** How an alert stands, as somebody else would read it. */
  const stateOf = async (id: AlertId) => (await now([id])).alerts[0]?.state;
  /** Looks at the record itself, without a call. */
  const isOpen = (id: AlertId) => {
    const record = (rig.tenant.alerts as Record<string, unknown>[]).find(({ _id }) => _id === id);
    return !record?.resolutionStatusValue;
  };
  /** Requests that change something. */
  const writes = () =>
    rig.sim.journal.filter(({ method, path }) => method === 'PATCH' || /close_|comments$/.test(path));
  const commentsOf = (id: AlertId) =>
    kind === 'graph'
      ? rig.graph.commentsOf('contoso', id)
      : rig.cloudApps.closings.filter(({ ids }) => ids.includes(id)).map(({ comment }) => comment);

  describe('reading alerts again', () => {
    it('shows open ones, closed ones with their verdict, and what changed on them', async () => {
      const [open, closed, changed] = raise(3) as [AlertId, AlertId, AlertId];
      rig.sim.closeAlert('contoso', closed, 3, { by: 'ann@contoso.com' });
      rig.sim.changeAlert('contoso', changed, { severityValue: 2, description: 'Twelve more activities' });
      const { alerts, gone } = await now([open, closed, changed]);
      expect(gone).toEqual([]);
      expect(alerts.find(({ id }) => id === open)?.state).toEqual({ open: true });
      expect(alerts.find(({ id }) => id === closed)?.state).toEqual({
        open: false,
        verdict: 'false_positive',
        closedAt: clock.now(),
        closedBy: 'ann@contoso.com',
      });
      expect(alerts.find(({ id }) => id === changed)).toMatchObject({
        tenant: 'contoso',
        severity: 'high',
        description: 'Twelve more activities',
      });
    });

    it('calls gone what the service no longer knows, and nothing else', async () => {
      const [kept, deleted] = raise(2) as [AlertId, AlertId];
      rig.sim.deleteAlert('contoso', deleted);
      const { alerts, gone } = await now([kept, deleted, UNKNOWN_ID]);
      expect([alerts.map(({ id }) => id), gone]).toEqual([[kept], [deleted, UNKNOWN_ID]]);
    });

    it.each([
      ['a page (HTML) with 404', faults.status(404, { html: '<h1>Not here</h1>' })],
      ['a page (HTML) in place of the alert', faults.html200()],
      ['half an answer', faults.truncate({ contentLength: false })],
      ['another alert than was asked for', faults.status(200, { body: { _id: 'x', id: 'x' } })],
    ])('learns nothing of an alert, and calls it not gone, at %s', async (_, fault) => {
      const [kept, deleted] = raise(2) as [AlertId, AlertId];
      rig.sim.deleteAlert('contoso', deleted);
      rig.sim.fault({ method: 'GET', path: new RegExp(deleted) }, fault, { times: 9 });
      const { alerts, gone } = await now([kept, deleted]);
      expect([alerts.map(({ id }) => id), gone]).toEqual([[kept], []]);
    });

    it.each([
      ['a prohibition', faults.status(403, { body: {} }), 'unauthorised'],
      ['an error', faults.status(502, { body: {} }), 'unavailable'],
      ['a broken connection', faults.reset(), 'unavailable'],
    ])('says nothing of any alert at %s', async (_, fault, failure) => {
      const id = one();
      rig.sim.deleteAlert('contoso', id);
      rig.sim.fault({ method: 'GET' }, fault, { times: 9 });
      const failed = now([id]);
      await Promise.all([expect(failed).rejects.toMatchObject({ kind: failure }), wakeUntilSettled(failed)]);
    });

    it('says nothing of any when the service cannot be asked', async () => {
      const ids = raise(2);
      rig.sim.fault({}, faults.status(401, { body: {} }), { times: 9 });
      await expect(now(ids)).rejects.toMatchObject({ kind: 'unauthorised' });
    });

    it('asks for hundreds in a few calls', async () => {
      const ids = raise(250);
      expect((await now(ids)).alerts).toHaveLength(250);
      expect(rig.sim.journal).toHaveLength(3);
    });

    it('asks nothing when nothing is asked', async () => {
      expect(await now([])).toEqual({ alerts: [], gone: [], readAt: clock.now() });
      expect(rig.sim.journal).toHaveLength(0);
    });

    it('shows what changed since a time in one call', async () => {
      const ids = raise(50);
      clock.advance(DAY_MS);
      rig.sim.closeAlert('contoso', ids[7] as string, 5);
      const { alerts } = await now(ids, { changedSince: clock.now() - MINUTE_MS });
      expect(alerts.find(({ id }) => id === ids[7])?.state).toMatchObject({ open: false, verdict: 'true_positive' });
      expect(rig.sim.journal).toHaveLength(1);
      if (kind === 'graph') expect(alerts).toHaveLength(1);
    });
  });

  describe('closing', () => {
    it.each(['true_positive', 'false_positive', 'benign'] as const)('closes as %s, once', async (verdict) => {
      const [id, other] = raise(2) as [AlertId, AlertId];
      const closing = { verdict, comment: 'Closed in Jira: SOC-1 (Done)' };
      expect(await rig.keeper.ensureClosed(id, closing)).toEqual({ outcome: 'done', changed: true });
      const before = writes().length;
      expect(await rig.keeper.ensureClosed(id, closing)).toEqual({ outcome: 'done', changed: false });
      expect(writes()).toHaveLength(before);
      expect(await stateOf(id)).toMatchObject({ open: false, verdict });
      expect(commentsOf(id)).toEqual([closing.comment]);
      expect(await stateOf(other)).toEqual({ open: true });
      expect(writes().every(({ path, body = '' }) => (path + body).includes(id))).toBe(true);
    });

    it('writes nothing to an alert that a person closed with the same verdict', async () => {
      const id = one();
      rig.sim.closeAlert('contoso', id, 4);
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'done' });
      expect(writes().filter(({ path }) => !path.endsWith('/comments'))).toEqual([]);
    });

    it('leaves the verdict of a person who was there first', async () => {
      const id = one();
      rig.sim.closeAlert('contoso', id, 5);
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({
        outcome: 'unknown',
        why: expect.stringMatching(/true positive/),
      });
      expect(writes()).toEqual([]);
      expect(await stateOf(id)).toMatchObject({ verdict: 'true_positive' });
    });

    it('closes again what was reopened', async () => {
      const id = one();
      await rig.keeper.ensureClosed(id, CLOSING);
      rig.sim.reopenAlert('contoso', id);
      expect(await stateOf(id)).toEqual({ open: true });
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: true });
      expect(await stateOf(id)).toMatchObject({ open: false, verdict: 'benign' });
    });

    it('refuses an alert that the service does not know, and writes nothing', async () => {
      expect(await rig.keeper.ensureClosed(UNKNOWN_ID, CLOSING)).toMatchObject({
        outcome: 'refused',
        why: expect.stringMatching(/no longer/),
      });
      expect(writes()).toEqual([]);
    });

    it('sees it when the alert vanishes between its reading and its closing', async () => {
      const id = one();
      rig.sim.onRequest = ({ method, path }) => {
        if (method !== 'GET' && path.length > 0) rig.sim.deleteAlert('contoso', id);
      };
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'refused' });
    });

    it.each<[string, Fault]>([
      ['its answer is lost', faults.loseAnswer()],
      ['it is answered 500 after it was done', faults.failAfterCommit(500)],
      ['it is answered 504 after it was done', faults.failAfterCommit(504, { html: '<h1>Gateway</h1>' })],
      ['its answer is cut short', faults.truncate({ contentLength: true })],
      ['half of its answer looks whole', faults.truncate({ contentLength: false })],
      ['its answer is a page', faults.failAfterCommit(200, { html: '<h1>Sign in</h1>' })],
      ['its answer is empty', faults.failAfterCommit(200, { body: '' })],
      ['its answer is of something else', faults.failAfterCommit(200, { body: { ok: true } })],
    ])('is in doubt when %s, and finds it done', async (_, fault) => {
      const id = one();
      rig.sim.fault(change, fault);
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'unknown' });
      const before = writes().length;
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: false });
      expect(writes()).toHaveLength(before);
      expect(commentsOf(id)).toEqual([CLOSING.comment]);
    });

    it('is in doubt when no answer comes, and closes it when it was not done', async () => {
      const id = one();
      rig.sim.fault(change, faults.hang());
      const closing = rig.keeper.ensureClosed(id, CLOSING);
      await until(() => writes().some(({ method, path }) => method === 'PATCH' || path.includes('close_')));
      clock.advance(30 * SECOND_MS);
      expect(await closing).toMatchObject({ outcome: 'unknown' });
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: true });
      expect(commentsOf(id)).toEqual([CLOSING.comment]);
    });

    it.each<[number, AlertWrite['outcome']]>([
      [301, 'refused'],
      [400, 'refused'],
      [401, 'unauthorised'],
      [403, 'unauthorised'],
      [404, 'refused'],
      [405, 'refused'],
      [408, 'unknown'],
      [409, 'refused'],
      [413, 'refused'],
      [429, 'not-sent'],
      [500, 'unknown'],
      [502, 'unknown'],
      [503, 'unknown'],
      [504, 'unknown'],
    ])('sorts an answer of %i to the write as %s', async (status, outcome) => {
      const id = one();
      rig.sim.fault(change, faults.status(status, { body: { detail: 'because' } }), { times: 2 });
      expect((await rig.keeper.ensureClosed(id, CLOSING)).outcome).toBe(outcome);
      expect(isOpen(id)).toBe(true);
    });

    it.each<[string, Fault, AlertWrite['outcome']]>([
      ['not signed in', faults.status(401, { body: {} }), 'unauthorised'],
      ['a prohibition', faults.status(403, { body: {} }), 'unauthorised'],
      ['an error', faults.status(503, { body: {} }), 'not-sent'],
      ['a page', faults.html200(), 'not-sent'],
      ['a broken connection', faults.reset(), 'not-sent'],
    ])('writes nothing when the reading before it meets %s', async (_, fault, outcome) => {
      const id = one();
      rig.sim.fault({ method: 'GET' }, fault, { times: 9 });
      const closing = rig.keeper.ensureClosed(id, CLOSING);
      await wakeUntilSettled(closing);
      expect((await closing).outcome).toBe(outcome);
      expect(writes()).toEqual([]);
    });

    it('waits as long as the service asks, with all calls of the tenant', async () => {
      const id = one();
      rig.sim.fault(change, faults.status(429, { headers: { 'retry-after': '40' }, body: {} }));
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'not-sent', retryAfterMs: 40_000 });
      const before = rig.sim.journal.length;
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({ outcome: 'not-sent', retryAfterMs: 40_000 });
      expect((await rig.pass({ patienceMs: 0 })).failure?.kind).toBe('rate-limited');
      expect(rig.sim.journal).toHaveLength(before);
      clock.advance(40 * SECOND_MS);
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: true });
    });

    it('waits for its turn when it can be stopped, and stops', async () => {
      const id = one();
      const stop = new AbortController();
      const closing = { ...CLOSING, signal: stop.signal };
      rig.sim.fault({ method: 'GET' }, faults.status(429, { headers: { 'retry-after': '40' }, body: {} }));
      const first = rig.keeper.ensureClosed(id, closing);
      await until(() => clock.sleeping().includes(40 * SECOND_MS));
      stop.abort();
      expect(await first).toMatchObject({ outcome: 'not-sent' });
      clock.advance(30 * SECOND_MS);
      const second = rig.keeper.ensureClosed(id, { ...CLOSING, signal: new AbortController().signal });
      await until(() => clock.sleeping().includes(10 * SECOND_MS));
      clock.advance(10 * SECOND_MS);
      expect(await second).toEqual({ outcome: 'done', changed: true });
    });

    it('does not read again what was read just now', async () => {
      const [id, other] = raise(2) as [AlertId, AlertId];
      const { alerts, readAt } = await now([id, other]);
      const before = rig.sim.journal.length;
      for (const alert of alerts) {
        const closing = { ...CLOSING, known: { alert, readAt } };
        expect(await rig.keeper.ensureClosed(alert.id, closing)).toEqual({ outcome: 'done', changed: true });
      }
      expect(rig.sim.journal.slice(before).filter(({ method }) => method === 'GET')).toEqual([]);
      expect(commentsOf(id)).toEqual([CLOSING.comment]);
      expect(await stateOf(other)).toMatchObject({ open: false, verdict: 'benign' });
    });

    it('reads again what was read a while ago, and leaves the verdict of a person who came meanwhile', async () => {
      const id = one();
      const { alerts, readAt } = await now([id]);
      const [alert] = alerts;
      if (!alert) throw new Error('it was not read');
      clock.advance(31 * SECOND_MS);
      rig.sim.closeAlert('contoso', id, 5);
      const closing = { ...CLOSING, known: { alert, readAt } };
      expect(await rig.keeper.ensureClosed(id, closing)).toMatchObject({ outcome: 'unknown' });
      expect(writes()).toEqual([]);
    });

    it('has a share of the minute that the reading of new alerts leaves to it', async () => {
      const id = one();
      const most = kind === 'graph' ? 150 : 30;
      rig.sim.callsPerMinute = most;
      let calls = 0;
      for (let failed = false; !failed && calls < most; ) {
        const pass = await rig.pass({ patienceMs: 0 });
        calls += pass.calls;
        failed = pass.failure?.kind === 'rate-limited';
      }
      expect(calls).toBe(kind === 'graph' ? 100 : 20);
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toEqual({ outcome: 'done', changed: true });
      clock.advance(MINUTE_MS);
      expect((await rig.pass({ patienceMs: 0 })).failure).toBeUndefined();
    });

    it('takes no more from the reading of new alerts than the calls that it sends', async () => {
      const ids = raise(5);
      for (const id of ids) await rig.keeper.ensureClosed(id, CLOSING);
      expect((await rig.pass({ patienceMs: 0 })).failure).toBeUndefined();
    });

    it('says that it waits for its turn, and how long', async () => {
      const id = one();
      rig.sim.callsPerMinute = kind === 'graph' ? 150 : 30;
      while (rig.sim.journal.length < rig.sim.callsPerMinute) await rig.keeper.alertsNow({ ids: [id] });
      const closing = rig.keeper.ensureClosed(id, { ...CLOSING, signal: new AbortController().signal });
      await until(() => clock.sleeping().includes(MINUTE_MS));
      expect(rig.waits).toEqual([MINUTE_MS]);
      clock.advance(MINUTE_MS);
      expect(await closing).toEqual({ outcome: 'done', changed: true });
    });

    it('shares the calls of a minute with the reading of new alerts', async () => {
      const id = one();
      rig.sim.callsPerMinute = kind === 'graph' ? 150 : 30;
      while (rig.sim.journal.length < rig.sim.callsPerMinute) await rig.keeper.alertsNow({ ids: [id] });
      expect(await rig.pass({ patienceMs: 0 })).toMatchObject({ calls: 0, failure: { kind: 'rate-limited' } });
      expect(await rig.keeper.ensureClosed(id, CLOSING)).toMatchObject({
        outcome: 'not-sent',
        retryAfterMs: MINUTE_MS,
      });
      expect(rig.sim.journal.some(({ status }) => status === 429)).toBe(false);
    });
  });

  describe('opening again', () => {
    it('leaves an open alert as it is', async () => {
      expect(await rig.keeper.ensureReopened(one(), 'SOC-1 was reopened')).toEqual({ outcome: 'done', changed: false });
      expect(writes()).toEqual([]);
    });

    it('opens a closed one once, or says that the service knows no way', async () => {
      const id = one();
      rig.sim.closeAlert('contoso', id, 4);
      const first = await rig.keeper.ensureReopened(id, 'SOC-1 was reopened');
      if (!rig.keeper.reopens) {
        expect(first).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/no call/) });
        expect(writes()).toEqual([]);
        return;
      }
      expect(first).toEqual({ outcome: 'done', changed: true });
      const before = writes().length;
      expect(await rig.keeper.ensureReopened(id, 'SOC-1 was reopened')).toEqual({ outcome: 'done', changed: false });
      expect(writes()).toHaveLength(before);
      expect(await stateOf(id)).toEqual({ open: true });
      expect(commentsOf(id)).toEqual(['SOC-1 was reopened']);
    });

    it('refuses one that the service does not know', async () => {
      expect(await rig.keeper.ensureReopened(UNKNOWN_ID, 'x')).toMatchObject({ outcome: 'refused' });
    });
  });

  /** Moves time past the short waits between tries, never past a call's deadline. */
  async function wakeUntilSettled(work: Promise<unknown>): Promise<void> {
    let settled = false;
    work.then(
      () => (settled = true),
      () => (settled = true),
    );
    for (;;) {
      await until(() => settled || (clock.sleeping().length > 0 && !clock.sleeping().includes(30 * SECOND_MS)));
      if (settled) return;
      clock.advance(clock.sleeping()[0] ?? 0);
    }
  }
});
