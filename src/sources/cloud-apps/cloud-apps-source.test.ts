import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HandClock, until } from '../../../test/hand-clock.ts';
import type { TenantId } from '../../domain/alert.ts';
import { isEdgeFailure } from '../../domain/failure.ts';
import type { ReadPosition, SourcePage } from '../../domain/reading.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { HttpClient } from '../../http/http-client.ts';
import { Meter } from '../../observe/meter.ts';
import { Redactor } from '../../observe/redact.ts';
import { type CloudAppsSim, startCloudAppsSim } from '../../simulators/cloud-apps-sim.ts';
import { faults } from '../../simulators/fault.ts';
import { byToken } from '../authoriser.ts';
import type { AlertSource } from '../source.ts';
import { MAKE_A_TOKEN } from './cloud-apps-client.ts';
import { cloudAppsSource } from './cloud-apps-source.ts';

let clock: HandClock;
let sim: CloudAppsSim;
let http: HttpClient;
let source: AlertSource;
/** What a ledger would keep. */
let position: ReadPosition;
let ledger: Map<string, number>;

beforeEach(async () => {
  clock = new HandClock();
  sim = await startCloudAppsSim({ clock, tenants: { contoso: { token: 'token' } } });
  const service = 'Defender for Cloud Apps';
  const redactor = new Redactor();
  http = new HttpClient({ service, origin: sim.origin, clock, meter: new Meter(), redactor, connections: 2 });
  const tenant = 'contoso' as TenantId;
  source = cloudAppsSource({
    tenant,
    url: sim.urlOf(tenant),
    authoriser: byToken({ token: 'token', scheme: 'Token', mend: MAKE_A_TOKEN }),
    http,
    clock,
    random: () => 0.5,
  });
  position = { memo: '' };
  ledger = new Map();
});
afterEach(async () => {
  await http.close();
  await sim.stop();
});

interface Pass {
  read: number;
  fresh: number;
  calls: number;
  warnings: string[];
  failure?: { kind: string; message: string };
}

interface PassOptions {
  patienceMs?: number;
  lookbackMs?: number;
  /** Dies after so many stored pages. */
  pages?: number;
  signal?: AbortSignal;
}

async function pass({ patienceMs = 5_000, lookbackMs = 7 * DAY_MS, pages = 1_000, signal }: PassOptions = {}) {
  const before = sim.journal.length;
  const done: Pass = { read: 0, fresh: 0, calls: 0, warnings: [] };
  const reading = source.read({
    position,
    now: clock.now(),
    lookbackMs,
    patienceMs,
    knownSince: async (from) => [...ledger.values()].filter((at) => at >= from).length,
    ...(signal ? { signal } : {}),
  });
  try {
    let step = await reading.next({ fresh: 0 });
    for (let stored = 1; !step.done; stored++) {
      const fresh = store(step.value);
      done.read += step.value.alerts.length + step.value.unreadable.length;
      done.fresh += fresh;
      done.warnings.push(...step.value.warnings);
      step = stored === pages ? await reading.return() : await reading.next({ fresh });
    }
  } catch (error) {
    if (!isEdgeFailure(error)) throw error;
    done.failure = { kind: error.kind, message: error.message };
  }
  done.calls = sim.journal.length - before;
  return done;
}

function store(page: SourcePage): number {
  let fresh = 0;
  for (const { id, createdAt } of [...page.alerts, ...page.unreadable]) {
    if (!ledger.has(id)) fresh += 1;
    if (!ledger.has(id)) ledger.set(id, createdAt);
  }
  position = page.position;
  return fresh;
}

let number = 0;

/** Raises alerts, the newest just now. */
function raise(count: number, { agoMs = 0 }: { agoMs?: number } = {}): string[] {
  return Array.from({ length: count }, (_, n) => {
    const _id = `a${number++}`;
    const timestamp = clock.now() - agoMs - (count - n - 1) * 10;
    sim.addAlert('contoso', { _id, timestamp, title: _id, description: '', severityValue: 1, entities: [] });
    return _id;
  });
}

function missing(): string[] {
  const all = sim.tenants.get('contoso')?.alerts as { _id: string }[];
  return all.map(({ _id }) => _id).filter((id) => !ledger.has(id));
}

const alertsPath = { path: /alerts/ };

describe('reading a tenant for the first time', () => {
  it('reads all pages, and moves the watermark to the newest alert', async () => {
    raise(250);
    expect(await pass()).toMatchObject({ read: 250, fresh: 250, calls: 3 });
    expect(position.watermark).toBe(clock.now());
  });

  it('reaches back as far as it is told, and no pass after it reaches further', async () => {
    const [old] = raise(1, { agoMs: 2 * HOUR_MS });
    raise(1, { agoMs: 30 * MINUTE_MS });
    expect(await pass({ lookbackMs: HOUR_MS })).toMatchObject({ fresh: 1 });
    clock.advance(5 * MINUTE_MS);
    expect(await pass({ lookbackMs: HOUR_MS })).toMatchObject({ fresh: 0 });
    expect(missing()).toEqual([old]);
  });

  it('sets the watermark when there are no alerts, and leaves it on the next empty pass', async () => {
    const began = clock.now();
    expect(await pass()).toMatchObject({ read: 0, calls: 1 });
    expect(position.watermark).toBe(began);
    clock.advance(DAY_MS);
    expect(await pass()).toMatchObject({ read: 0, calls: 1 });
    expect(position.watermark).toBe(began);
  });

  it('goes on one page before the place where it died', async () => {
    raise(950);
    expect(await pass({ pages: 6 })).toMatchObject({ read: 600 });
    expect(position.watermark).toBeUndefined();
    expect(await pass()).toMatchObject({ read: 450, fresh: 350 });
    expect(missing()).toEqual([]);
    expect(position.watermark).toBe(clock.now());
  });

  it('does not let a creation time far in the future hide what comes after', async () => {
    raise(1, { agoMs: -30 * DAY_MS });
    await pass();
    expect(position.watermark).toBe(clock.now() + 10 * MINUTE_MS);
  });

  it('takes no watermark from an alert without a time', async () => {
    raise(1, { agoMs: HOUR_MS });
    sim.fault(
      alertsPath,
      faults.status(200, { body: { data: [{ _id: 'x' }, { _id: 'y', timestamp: clock.now() - HOUR_MS }] } }),
    );
    await pass();
    expect(position.watermark).toBe(clock.now() - HOUR_MS);
  });
});

describe('reading again', () => {
  it.each([3, 99, 100, 101, 1_000, 2_500])('costs one call when %i alerts are known and none is new', async (count) => {
    raise(count, { agoMs: HOUR_MS });
    await pass();
    clock.advance(MINUTE_MS);
    expect(await pass()).toMatchObject({ fresh: 0, calls: 1 });
    clock.advance(MINUTE_MS);
    expect(await pass()).toMatchObject({ fresh: 0, calls: 1 });
  });

  it.each([
    [3, 2, 1],
    [1_000, 1, 1],
    [1_000, 50, 1],
    [1_000, 51, 2],
    [1_000, 300, 4],
    [40, 300, 4],
  ])('with %i known, reads %i new ones in %i calls', async (known, fresh, calls) => {
    raise(known, { agoMs: HOUR_MS });
    await pass();
    clock.advance(5 * MINUTE_MS);
    raise(fresh);
    expect(await pass()).toMatchObject({ fresh, calls });
    expect(missing()).toEqual([]);
    expect(position.watermark).toBe(clock.now());
  });

  it('finds an alert that turns up a day late among thousands', async () => {
    raise(1_500, { agoMs: HOUR_MS });
    await pass();
    clock.advance(MINUTE_MS);
    raise(1, { agoMs: DAY_MS });
    raise(2);
    expect(await pass()).toMatchObject({ fresh: 3 });
    expect(missing()).toEqual([]);
    clock.advance(MINUTE_MS);
    expect(await pass()).toMatchObject({ fresh: 0, calls: 1 });
  });

  it('loses nothing when alerts are deleted, and is quick again after one long pass', async () => {
    const ids = raise(300, { agoMs: HOUR_MS });
    await pass();
    for (const id of ids.slice(0, 7)) sim.deleteAlert('contoso', id);
    clock.advance(MINUTE_MS);
    expect((await pass()).calls).toBeGreaterThan(1);
    for (const agoMs of [0, DAY_MS]) {
      clock.advance(MINUTE_MS);
      expect(await pass()).toMatchObject({ fresh: 0, calls: 1 });
      raise(7, { agoMs });
      expect(await pass()).toMatchObject({ fresh: 7 });
      expect(missing()).toEqual([]);
    }
  });

  it('finds a new alert even when another vanished in the same minute', async () => {
    const ids = raise(300, { agoMs: HOUR_MS });
    await pass();
    sim.deleteAlert('contoso', ids[10] as string);
    clock.advance(MINUTE_MS);
    raise(1);
    expect(await pass()).toMatchObject({ fresh: 1 });
  });

  it('finds within six hours what a late alert and a deletion in the same minute hide', async () => {
    const ids = raise(300, { agoMs: HOUR_MS });
    await pass();
    sim.deleteAlert('contoso', ids[10] as string);
    raise(1, { agoMs: DAY_MS });
    clock.advance(MINUTE_MS);
    expect(await pass()).toMatchObject({ fresh: 0, calls: 1 });
    clock.advance(6 * HOUR_MS);
    expect(await pass()).toMatchObject({ fresh: 1 });
  });

  it('reads every page when the count cannot be trusted', async () => {
    raise(250, { agoMs: HOUR_MS });
    await pass();
    clock.advance(MINUTE_MS);
    const body = { data: [], hasNext: false, total: 300, moreThanTotal: true };
    sim.fault(alertsPath, faults.status(200, { body }));
    raise(1, { agoMs: DAY_MS });
    expect(await pass()).toMatchObject({ fresh: 1, calls: 4 });
  });

  it('looks back 48 hours from the watermark, however long it was away', async () => {
    raise(1);
    await pass();
    clock.advance(30 * DAY_MS);
    raise(1, { agoMs: 29 * DAY_MS });
    raise(1, { agoMs: 30 * DAY_MS + 47 * HOUR_MS });
    raise(1);
    expect(await pass()).toMatchObject({ fresh: 3 });
  });

  it('never moves the watermark back', async () => {
    raise(1);
    await pass();
    const { watermark } = position;
    clock.advance(-3 * DAY_MS);
    await pass();
    expect(position.watermark).toBe(watermark);
  });

  it('starts anew when its notes cannot be read', async () => {
    raise(3);
    await pass();
    for (const memo of ['', '{', 'null', '[]', '{"calls":7,"window":{"from":"x"}}']) {
      position = { ...position, memo };
      expect(await pass()).toMatchObject({ read: 3, fresh: 0 });
    }
  });

  it('holds what it cannot read, and reads the rest', async () => {
    raise(1);
    sim.fault(alertsPath, faults.status(200, { body: { data: [7, { _id: 'a' }, { title: 'no id' }, { _id: 'a' }] } }));
    expect(await pass()).toMatchObject({ read: 3, fresh: 3 });
    expect([...ledger.keys()].filter((id) => id.startsWith('unreadable-'))).toHaveLength(2);
  });
});

describe('a service that does not keep to its word', () => {
  const page = (from: number, more: object) => ({
    body: { data: Array.from({ length: 100 }, (_, n) => ({ _id: `x${from + n}`, timestamp: clock.now() })), ...more },
  });

  it('is left when it answers with the same page for ever; what was read is kept', async () => {
    sim.fault(alertsPath, faults.status(200, page(0, { hasNext: true })), { times: 99 });
    const { failure, ...rest } = await pass();
    expect(rest).toMatchObject({ read: 100, fresh: 100, calls: 2 });
    expect(failure).toMatchObject({ kind: 'malformed', message: expect.stringMatching(/same page/) });
    expect(position.watermark).toBeUndefined();
  });

  it('is believed to be at its end when a page is empty', async () => {
    sim.fault(alertsPath, faults.status(200, page(0, { hasNext: true })));
    sim.fault(alertsPath, faults.status(200, { body: { data: [], hasNext: true } }));
    expect(await pass()).toMatchObject({ read: 100, calls: 2 });
  });

  it('is read to its end when its pages are shorter than asked for', async () => {
    for (const [skip, hasNext] of [
      [0, true],
      [50, true],
      [100, false],
    ] as const) {
      const data = Array.from({ length: 50 }, (_, n) => ({ _id: `x${skip + n}`, timestamp: clock.now() }));
      sim.fault(alertsPath, faults.status(200, { body: { data, hasNext, total: 150 } }));
    }
    expect(await pass()).toMatchObject({ fresh: 150, calls: 3 });
    expect(sim.journal.map(({ body }) => JSON.parse(body ?? '').skip)).toEqual([0, 50, 100]);
  });

  it('is told of when its count contradicts its list', async () => {
    sim.fault(alertsPath, faults.status(200, { body: { data: [{ _id: 'a' }], hasNext: false, total: 5 } }));
    expect((await pass()).warnings).toEqual([expect.stringMatching(/counts 5 alerts but listed 1/)]);
  });

  it.each([
    ['HTML', faults.html200(), 'malformed', 1],
    ['an empty body', faults.empty200(), 'malformed', 1],
    ['half a body', faults.truncate({ contentLength: false }), 'malformed', 1],
    ['a broken connection', faults.reset(), 'unavailable', 1],
    ['an error', faults.status(503), 'unavailable', 1],
    ['a refusal', faults.status(401), 'unauthorised', 1],
    ['a redirect', faults.redirect('https://fabrikam.com/'), 'refused', 1],
  ])('keeps its position when it answers with %s', async (_, fault, kind) => {
    raise(3);
    sim.fault(alertsPath, fault, { times: 9 });
    expect((await pass({ patienceMs: 0 })).failure?.kind).toBe(kind);
    expect(position.watermark).toBeUndefined();
    sim.heal();
    expect(await pass()).toMatchObject({ fresh: 3 });
  });

  it('keeps the pages before the one that fails', async () => {
    raise(450);
    const where = ({ body }: { body: string }) => JSON.parse(body).skip >= 200;
    sim.fault({ where }, faults.status(500), { times: 9 });
    expect(await pass({ patienceMs: 0 })).toMatchObject({ fresh: 200, failure: { kind: 'unavailable' } });
    sim.heal();
    expect(await pass()).toMatchObject({ fresh: 250 });
    expect(missing()).toEqual([]);
  });
});

describe('waiting', () => {
  /** Runs a pass; the clock moves on whenever all that goes on is waiting, no call (30 s) being under way. */
  async function passing(options: PassOptions) {
    let ended = false;
    const running = pass(options).finally(() => {
      ended = true;
    });
    const slept: number[] = [];
    for (;;) {
      await until(() => ended || (clock.sleeping().length > 0 && !clock.sleeping().includes(30 * SECOND_MS)));
      if (ended) return { ...(await running), slept };
      const [ms = 0] = clock.sleeping();
      slept.push(ms);
      clock.advance(ms);
    }
  }

  it('tries a failed read once more, after a moment', async () => {
    raise(3);
    sim.fault(alertsPath, faults.reset());
    expect(await passing({})).toMatchObject({ fresh: 3, calls: 2, slept: [500] });
    sim.fault(alertsPath, faults.status(502), { times: 2 });
    expect(await passing({})).toMatchObject({ failure: { kind: 'unavailable' }, calls: 2 });
  });

  it('waits as long as the service asks when there is patience for it', async () => {
    raise(3);
    sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '4' } }));
    expect(await passing({ patienceMs: 5_000 })).toMatchObject({ fresh: 3, slept: [4_000] });
  });

  it('leaves the tenant when it asks for longer, and the next pass does not call before', async () => {
    raise(3);
    sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '40' } }));
    expect(await pass()).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 1 });
    clock.advance(20 * SECOND_MS);
    expect(await pass()).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 0 });
    clock.advance(20 * SECOND_MS);
    expect(await pass()).toMatchObject({ fresh: 3, calls: 1 });
  });

  it('spends its patience once', async () => {
    raise(3);
    sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '4' } }), { times: 9 });
    expect(await passing({ patienceMs: 9_000 })).toMatchObject({
      failure: { kind: 'rate-limited' },
      slept: [4_000, 4_000],
    });
  });

  it('sends 30 calls a minute at most, over passes too', async () => {
    sim.throttles = true;
    raise(3_500);
    expect(await pass({ patienceMs: 0 })).toMatchObject({ fresh: 3_000, failure: { kind: 'rate-limited' }, calls: 30 });
    clock.advance(30 * SECOND_MS);
    expect(await pass({ patienceMs: 0 })).toMatchObject({ failure: { kind: 'rate-limited' }, calls: 0 });
    clock.advance(30 * SECOND_MS);
    expect(await pass({ patienceMs: 0 })).toMatchObject({ fresh: 500 });
    expect(missing()).toEqual([]);
    expect(sim.journal.map(({ status }) => status)).not.toContain(429);
  });

  it('waits for the next minute when there is patience for it', async () => {
    raise(3_500);
    const { slept, ...done } = await passing({ patienceMs: 10 * MINUTE_MS });
    expect(done).toMatchObject({ fresh: 3_500, calls: 35 });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(MINUTE_MS);
  });

  it('ends at once when it is stopped', async () => {
    raise(3);
    const stop = new AbortController();
    sim.fault(alertsPath, faults.status(429, { headers: { 'retry-after': '40' } }));
    const running = pass({ patienceMs: HOUR_MS, signal: stop.signal });
    await until(() => clock.sleeping().includes(40 * SECOND_MS));
    stop.abort();
    expect(await running).toMatchObject({
      failure: { kind: 'rate-limited', message: expect.stringMatching(/stopped/) },
    });
  });
});

describe('check', () => {
  it('is one small call', async () => {
    const [line] = await source.check();
    expect(line).toEqual({ subject: 'tenant contoso', level: 'ok', says: 'the alerts can be read' });
    expect(JSON.parse(sim.journal[0]?.body ?? '')).toMatchObject({ limit: 1 });
    expect(sim.journal).toHaveLength(1);
  });

  it('says when the clocks are apart', async () => {
    const headers = { date: new Date(clock.now() + HOUR_MS).toUTCString() };
    sim.fault(alertsPath, faults.status(200, { headers, body: { data: [] } }));
    expect((await source.check())[1]).toMatchObject({ level: 'warning', says: expect.stringMatching(/60 min apart/) });
  });

  it('says what is wrong and how to mend it', async () => {
    sim.fault(alertsPath, faults.status(401, { body: { detail: 'Invalid token' } }));
    expect(await source.check()).toEqual([
      {
        subject: 'tenant contoso',
        level: 'error',
        says: expect.stringMatching(/401: .*Invalid token/),
        mend: expect.stringMatching(/new API token/),
      },
    ]);
  });
});

describe('reread', () => {
  it('converts a raw record again', () => {
    expect(source.reread('{"_id":"a1","title":"x"}', 5)).toMatchObject({ id: 'a1', title: 'x', createdAt: 5 });
    expect(source.reread('[]', 5)).toMatchObject({ why: expect.stringMatching(/not an object/) });
    expect(source.reread('{', 5)).toMatchObject({ why: expect.stringMatching(/not an object/) });
  });
});
