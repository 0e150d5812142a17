import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/domain/time.ts';
import { faults } from '../../src/simulators/fault.ts';
import { HandClock, until } from '../hand-clock.ts';
import { SOURCES, SourceRig } from '../source-rig.ts';

const alertsPath = { path: /alerts/ };

describe.each(SOURCES)('the source %s', (kind) => {
  let clock: HandClock;
  let rig: SourceRig;

  beforeEach(async () => {
    clock = new HandClock();
    rig = await SourceRig.start(clock, kind);
  });
  afterEach(async () => {
    expect([...rig.cloudApps.unexpected, ...rig.graph.unexpected]).toEqual([]);
    await rig.stop();
  });

  /** An answer in the service's own shape. */
  function listed(records: readonly unknown[], more: { next?: string } = {}) {
    if (kind === 'graph')
      return { body: { value: records, ...(more.next ? { '@odata.nextLink': rig.graph.url + more.next } : {}) } };
    return { body: { data: records, hasNext: more.next !== undefined } };
  }

  describe('reading a tenant for the first time', () => {
    it('reads all pages, and moves the watermark to the newest alert', async () => {
      rig.raise(250);
      expect(await rig.pass()).toMatchObject({ read: 250, fresh: 250, calls: 3 });
      expect(rig.position.watermark).toBe(clock.now());
    });

    it('reaches back as far as it is told, and no pass after it reaches further', async () => {
      const [old] = rig.raise(1, { agoMs: 2 * HOUR_MS });
      rig.raise(1, { agoMs: 30 * MINUTE_MS });
      expect(await rig.pass({ lookbackMs: HOUR_MS })).toMatchObject({ fresh: 1 });
      for (const waitMs of [5 * MINUTE_MS, 7 * HOUR_MS, 7 * DAY_MS]) {
        clock.advance(waitMs);
        expect(await rig.pass({ lookbackMs: HOUR_MS })).toMatchObject({ fresh: 0 });
      }
      expect(rig.missing()).toEqual([old]);
    });

    it('sets the watermark when there are no alerts, and leaves it on the next empty pass', async () => {
      const began = clock.now();
      expect(await rig.pass()).toMatchObject({ read: 0, calls: 1 });
      expect(rig.position.watermark).toBe(began);
      clock.advance(DAY_MS);
      expect(await rig.pass()).toMatchObject({ read: 0, calls: 1 });
      expect(rig.position.watermark).toBe(began);
    });

    it('goes on one page before the place where it died', async () => {
      rig.raise(950);
      expect(await rig.pass({ pages: 6 })).toMatchObject({ read: 600 });
      expect(rig.position.watermark).toBeUndefined();
      expect(await rig.pass()).toMatchObject({ read: 450, fresh: 350 });
      expect(rig.missing()).toEqual([]);
      expect(rig.position.watermark).toBe(clock.now());
    });

    it('comes to its end however often it dies, one page at a time', async () => {
      rig.raise(550);
      for (let died = 0; died < 12 && rig.position.watermark === undefined; died++) {
        rig.raise(1);
        await rig.pass({ pages: 2 });
      }
      expect(rig.position.watermark).toBeDefined();
      await rig.pass();
      expect(rig.missing()).toEqual([]);
    });

    it('does not let a creation time far in the future hide what comes after', async () => {
      rig.raise(1, { agoMs: -30 * DAY_MS });
      await rig.pass();
      expect(rig.position.watermark).toBe(clock.now() + 10 * MINUTE_MS);
    });
  });

  describe('reading again', () => {
    it.each([3, 99, 100, 1_000])('costs one call when %i alerts are known and none is new', async (count) => {
      rig.raise(count, { agoMs: HOUR_MS });
      await rig.pass();
      for (const waitMs of [MINUTE_MS, MINUTE_MS, 2 * HOUR_MS]) {
        clock.advance(waitMs);
        expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
      }
    });

    it.each([
      [3, 2, 1],
      [1_000, 1, 1],
      [1_000, 300, 4],
    ])('with %i known, reads %i new ones in at most %i calls', async (known, fresh, calls) => {
      rig.raise(known, { agoMs: HOUR_MS });
      await rig.pass();
      clock.advance(MINUTE_MS);
      rig.raise(fresh);
      const pass = await rig.pass();
      expect(pass.fresh).toBe(fresh);
      expect(pass.calls).toBeLessThanOrEqual(calls);
      expect(rig.missing()).toEqual([]);
      expect(rig.position.watermark).toBe(clock.now());
    });

    it('finds an alert that turns up a day late among thousands', async () => {
      rig.raise(1_500, { agoMs: HOUR_MS });
      await rig.pass();
      clock.advance(MINUTE_MS);
      rig.raise(1, { agoMs: DAY_MS });
      rig.raise(2);
      expect(await rig.pass()).toMatchObject({ fresh: 3 });
      expect(rig.missing()).toEqual([]);
    });

    it('finds what came while it was away, however long', async () => {
      rig.raise(1);
      await rig.pass();
      clock.advance(30 * DAY_MS);
      rig.raise(1, { agoMs: 29 * DAY_MS });
      rig.raise(1, { agoMs: 30 * DAY_MS + 47 * HOUR_MS });
      rig.raise(1);
      expect(await rig.pass()).toMatchObject({ fresh: 3 });
    });

    it('never moves the watermark back', async () => {
      rig.raise(1);
      await rig.pass();
      const { watermark } = rig.position;
      clock.advance(-3 * DAY_MS);
      await rig.pass();
      expect(rig.position.watermark).toBe(watermark);
    });

    it('starts anew when its notes cannot be read', async () => {
      rig.raise(3);
      await rig.pass();
      for (const memo of ['', '{', 'null', '[]', '7', '{"calls":7,"window":{"from":"x"}}', '{"source":"else"}']) {
        rig.position = { ...rig.position, memo };
        expect(await rig.pass()).toMatchObject({ read: 3, fresh: 0 });
      }
    });

    it('holds what it cannot read, and reads the rest', async () => {
      rig.raise(1);
      const records = [7, { _id: 'a', id: 'a' }, { title: 'without an id' }, { _id: 'a', id: 'a' }];
      rig.sim.fault(alertsPath, faults.status(200, listed(records)));
      expect(await rig.pass()).toMatchObject({ read: 3, fresh: 3 });
      expect([...rig.ledger.keys()].filter((id) => id.startsWith('unreadable-'))).toHaveLength(2);
    });
  });

  describe('when the service does not keep to its word', () => {
    it('is left when it answers with the same page for ever; what was read is kept', async () => {
      const records = Array.from({ length: 100 }, (_, n) => ({ _id: `x${n}`, id: `x${n}` }));
      const next = '/v1.0/security/alerts_v2?$skiptoken=x';
      rig.sim.fault(alertsPath, faults.status(200, listed(records, { next })), { times: 99 });
      const { failure, ...rest } = await rig.pass();
      expect(rest).toMatchObject({ read: 100, fresh: 100, calls: 2 });
      expect(failure).toMatchObject({ kind: 'malformed', message: expect.stringMatching(/same page/) });
      expect(rig.position.watermark).toBeUndefined();
    });

    it.each([
      ['HTML', faults.html200(), 'malformed'],
      ['an empty body', faults.empty200(), 'malformed'],
      ['half a body', faults.truncate({ contentLength: false }), 'malformed'],
      ['a broken connection', faults.reset(), 'unavailable'],
      ['an error', faults.status(500), 'unavailable'],
      ['a refusal', faults.status(401), 'unauthorised'],
      ['a prohibition', faults.status(403), 'unauthorised'],
      ['no such place', faults.status(404), 'refused'],
      ['a redirect', faults.redirect('https://fabrikam.com/'), 'refused'],
      ['a throttle', faults.status(429, { headers: { 'retry-after': '40' } }), 'rate-limited'],
    ])('keeps its position at %s', async (_, fault, failure) => {
      rig.raise(3);
      rig.sim.fault(alertsPath, fault, { times: 9 });
      expect((await rig.pass({ patienceMs: 0 })).failure?.kind).toBe(failure);
      expect(rig.position.watermark).toBeUndefined();
      rig.sim.heal();
      clock.advance(MINUTE_MS);
      expect(await rig.pass()).toMatchObject({ fresh: 3 });
    });

    it('keeps the pages before the one that fails', async () => {
      rig.raise(450);
      const pagesThen = { after: 2, times: 9 };
      rig.sim.fault(alertsPath, faults.status(500), pagesThen);
      const { fresh, failure } = await rig.pass({ patienceMs: 0 });
      expect(failure?.kind).toBe('unavailable');
      expect(fresh).toBeGreaterThanOrEqual(100);
      rig.sim.heal();
      expect(await rig.pass()).toMatchObject({ fresh: 450 - fresh });
      expect(rig.missing()).toEqual([]);
    });
  });

  describe('waiting', () => {
    it('tries a failed read once more, after a moment', async () => {
      rig.raise(3);
      rig.sim.fault(alertsPath, faults.reset());
      expect(await rig.passing({})).toMatchObject({ fresh: 3, calls: 2, slept: [500] });
      rig.sim.fault(alertsPath, faults.status(502), { times: 2 });
      expect(await rig.passing({})).toMatchObject({ failure: { kind: 'unavailable' }, calls: 2 });
    });

    it('waits as long as the service asks when there is patience for it', async () => {
      rig.raise(3);
      rig.sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '4' } }));
      expect(await rig.passing({ patienceMs: 5_000 })).toMatchObject({ fresh: 3, slept: [4_000] });
    });

    it('leaves the tenant when it asks for longer, and the next pass does not call before', async () => {
      rig.raise(3);
      rig.sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '40' } }));
      expect(await rig.pass()).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 1 });
      clock.advance(20 * SECOND_MS);
      expect(await rig.pass()).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 0 });
      clock.advance(20 * SECOND_MS);
      expect(await rig.pass()).toMatchObject({ fresh: 3, calls: 1 });
    });

    it('sends no more calls a minute than the service allows, over passes too', async () => {
      const most = rig.sim.callsPerMinute;
      rig.graph.pageLimit = 10;
      const page = kind === 'graph' ? 10 : 100;
      rig.raise((most + 2) * page);
      expect(await rig.pass({ patienceMs: 0 })).toMatchObject({
        fresh: most * page,
        failure: { kind: 'rate-limited' },
        calls: most,
      });
      clock.advance(30 * SECOND_MS);
      expect(await rig.pass({ patienceMs: 0 })).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 0 });
      clock.advance(30 * SECOND_MS);
      expect(await rig.pass({ patienceMs: 0 })).toMatchObject({ fresh: 2 * page });
      expect(rig.missing()).toEqual([]);
      expect(rig.sim.journal.map(({ status }) => status)).not.toContain(429);
    });

    it('leaves a third of each minute to closing where alerts are closed', async () => {
      const closing = await SourceRig.start(clock, kind, { closes: true });
      closing.graph.pageLimit = 10;
      closing.raise(closing.sim.callsPerMinute * (kind === 'graph' ? 10 : 100));
      const calls = (closing.sim.callsPerMinute * 2) / 3;
      expect(await closing.pass({ patienceMs: 0 })).toMatchObject({ failure: { kind: 'rate-limited' }, calls });
      await closing.stop();
    });

    it('ends at once when it is stopped', async () => {
      rig.raise(3);
      const stop = new AbortController();
      rig.sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '40' } }));
      const running = rig.pass({ patienceMs: HOUR_MS, signal: stop.signal });
      await until(() => clock.sleeping().includes(40 * SECOND_MS));
      stop.abort();
      expect(await running).toMatchObject({
        failure: { kind: 'rate-limited', message: expect.stringMatching(/stopped/) },
      });
    });
  });

  describe('check', () => {
    it('is one small call', async () => {
      const [line] = await rig.source.check();
      expect(line).toEqual({ subject: 'tenant contoso', level: 'ok', says: 'the alerts can be read' });
      expect(rig.sim.journal).toHaveLength(1);
    });

    it('says when the clocks are apart', async () => {
      const headers = { date: new Date(clock.now() + HOUR_MS).toUTCString() };
      rig.sim.fault(alertsPath, faults.status(200, { headers, ...listed([]) }));
      const [, line] = await rig.source.check();
      expect(line).toMatchObject({ level: 'warning', says: expect.stringMatching(/60 min apart/) });
    });

    it('says what is wrong and how to mend it', async () => {
      rig.sim.fault(alertsPath, faults.status(401, { body: { detail: 'Invalid token' } }));
      expect(await rig.source.check()).toEqual([
        {
          subject: 'tenant contoso',
          level: 'error',
          says: expect.stringMatching(/401: .*Invalid token/),
          mend: expect.stringMatching(/new API token/),
        },
      ]);
    });
  });

  it('converts a raw record again, and leaves unreadable what was no record', () => {
    expect(rig.source.reread('{"_id":"a1","id":"a1","title":"x"}', 5)).toMatchObject({ id: 'a1', createdAt: 5 });
    for (const raw of ['[]', '{'])
      expect(rig.source.reread(raw, 5)).toMatchObject({ why: expect.stringMatching(/not an object/) });
  });

  describe('taking over a tenant from the other source', () => {
    const other = kind === 'graph' ? 'defender-cloud-apps' : 'graph';

    it('reads what the other never saw, and nothing twice', async () => {
      rig.using = other;
      rig.raise(250, { agoMs: HOUR_MS });
      await rig.pass();
      clock.advance(MINUTE_MS);
      rig.using = kind;
      rig.raise(3);
      rig.raise(1, { agoMs: 5 * DAY_MS });
      expect(await rig.pass()).toMatchObject({ fresh: 4 });
      expect(rig.missing()).toEqual([]);
      clock.advance(MINUTE_MS);
      expect(await rig.pass()).toMatchObject({ fresh: 0, calls: 1 });
    });

    it('takes over in the middle of a window that the other never finished', async () => {
      rig.using = other;
      rig.raise(550, { agoMs: DAY_MS });
      await rig.pass({ pages: 2 });
      rig.using = kind;
      await rig.pass();
      expect(rig.missing()).toEqual([]);
    });

    it('reaches back as far again when its first window fails half-way', async () => {
      rig.using = other;
      rig.raise(3, { agoMs: HOUR_MS });
      await rig.pass();
      rig.using = kind;
      rig.raise(250, { agoMs: 5 * DAY_MS });
      rig.sim.fault(alertsPath, faults.status(500), { times: 9 });
      await rig.pass({ patienceMs: 0 });
      rig.sim.heal();
      clock.advance(MINUTE_MS);
      await rig.pass();
      expect(rig.missing()).toEqual([]);
    });

    it('does not reach further back than the other was told to', async () => {
      rig.using = other;
      const [old] = rig.raise(1, { agoMs: 2 * HOUR_MS });
      rig.raise(1);
      await rig.pass({ lookbackMs: HOUR_MS });
      rig.using = kind;
      expect(await rig.pass()).toMatchObject({ fresh: 0 });
      expect(rig.missing()).toEqual([old]);
    });

    it('takes back what it had handed over', async () => {
      rig.raise(120);
      await rig.pass();
      for (const using of [other, kind, other, kind] as const) {
        rig.using = using;
        clock.advance(DAY_MS);
        rig.raise(1, { agoMs: 3 * HOUR_MS });
        rig.raise(2);
        expect(await rig.pass()).toMatchObject({ fresh: 3 });
      }
      expect(rig.missing()).toEqual([]);
    });

    it('is not held up by the throttle of the other', async () => {
      rig.using = other;
      rig.raise(3);
      rig.sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '600' } }));
      await rig.pass();
      rig.using = kind;
      expect(await rig.pass()).toMatchObject({ fresh: 3 });
    });
  });
});
