import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Severity } from '../../src/domain/alert.ts';
import type { AbuseReport } from '../../src/domain/finding.ts';
import { sqlFindings } from '../../src/ledger/look-ups/findings.ts';
import type { Findings, LookUpEnding, Reservation, ReserveAsk, Turn } from '../../src/ledger/look-ups/findings-port.ts';
import { onEachStore } from '../stores.ts';

const T0 = Date.parse('2026-11-23T07:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const report: AbuseReport = { score: 42, reports: 7, reporters: 3, windowDays: 90 };
const addresses = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `203.0.113.${from + i}`);

onEachStore('the findings', ({ store }) => {
  let one: Findings;
  let two: Findings;
  let end: () => Promise<void>;

  beforeEach(async () => {
    const place = store();
    const both = [await place.db(), await place.db()] as const;
    [one, two] = [sqlFindings(both[0]), sqlFindings(both[1])];
    end = async () => {
      for (const db of both) await db.destroy();
      await place.remove();
    };
  });

  afterEach(() => end());

  const reserve = (
    findings: Findings,
    wanted: readonly string[],
    more: Partial<ReserveAsk> & { severity?: Severity } = {},
  ) => {
    const { severity = 'high', now = T0, ...rest } = more;
    return findings.reserve({
      wanted: wanted.map((address) => ({ address, severity })),
      windowDays: 90,
      owner: findings === one ? 'one' : 'two',
      now,
      until: now + 10_000,
      freshSince: now - DAY,
      dailyBudget: 1_000,
      ...rest,
    });
  };

  const turnOf = (reservation: Reservation | undefined): Turn => {
    if (typeof reservation !== 'object' || !('turn' in reservation)) throw new Error('nothing was reserved');
    return reservation.turn;
  };

  /** Reserves, and records an ending. */
  const lookUp = async (
    findings: Findings,
    address: string,
    more: Partial<LookUpEnding> & { dailyBudget?: number },
  ) => {
    const { now = T0, dailyBudget = 1_000, ...rest } = more;
    const turn = turnOf((await reserve(findings, [address], { now, dailyBudget })).get(address));
    await findings.record({ address, windowDays: 90, now, turn, result: { report }, ...rest });
  };

  const kinds = (reserved: ReadonlyMap<string, Reservation>) =>
    [...reserved.values()].map((it) => (it === 'asked-elsewhere' ? it : 'turn' in it ? 'mine' : it.refused));

  it('remember an answer, its age and its window, for every process', async () => {
    await lookUp(one, '203.0.113.1', {});
    const recall = (windowDays: number) => two.recall({ addresses: ['203.0.113.1', '203.0.113.2'], windowDays });
    expect(await recall(90)).toEqual(new Map([['203.0.113.1', { report, lookedUpAt: T0 }]]));
    expect(await recall(30)).toEqual(new Map());
  });

  it('remember why a later look-up failed, and keep the older answer', async () => {
    await lookUp(one, '203.0.113.1', {});
    const failed = { failure: 'it hung', retryAt: T0 + DAY + 15 * MINUTE };
    await lookUp(one, '203.0.113.1', { now: T0 + DAY, result: failed });
    const known = await two.recall({ addresses: ['203.0.113.1'], windowDays: 90 });
    expect(known.get('203.0.113.1')).toEqual({ report, lookedUpAt: T0, ...failed });
    await lookUp(two, '203.0.113.1', { now: T0 + DAY + HOUR });
    expect((await one.recall({ addresses: ['203.0.113.1'], windowDays: 90 })).get('203.0.113.1')).toEqual({
      report,
      lookedUpAt: T0 + DAY + HOUR,
    });
  });

  it('recall any number of addresses', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `2001:db8::${i.toString(16)}`);
    await lookUp(one, many[39_999] ?? '', {});
    expect((await one.recall({ addresses: many, windowDays: 90 })).size).toBe(1);
    expect((await one.recall({ addresses: [], windowDays: 90 })).size).toBe(0);
  });

  it('give an address to one process at a time', async () => {
    const both = await Promise.all([reserve(one, addresses(1, 9)), reserve(two, addresses(5, 13))]);
    const mine = both.flatMap((reserved) => kinds(reserved).filter((kind) => kind === 'mine'));
    expect(mine).toHaveLength(12);
    expect(
      kinds(both[0])
        .concat(kinds(both[1]))
        .filter((kind) => kind === 'asked-elsewhere'),
    ).toHaveLength(4);
    expect(await one.quotaView({ dailyBudget: 1_000, now: T0 })).toMatchObject({ used: 12, left: 988 });
  });

  it('give an address to another process when the first has not answered in time', async () => {
    await reserve(one, ['203.0.113.1']);
    expect(kinds(await reserve(two, ['203.0.113.1'], { now: T0 + 9_999 }))).toEqual(['asked-elsewhere']);
    expect(kinds(await reserve(two, ['203.0.113.1'], { now: T0 + 10_000 }))).toEqual(['mine']);
  });

  it('give no address that was answered meanwhile, or must wait', async () => {
    await lookUp(one, '203.0.113.1', {});
    await lookUp(one, '203.0.113.2', { result: { failure: 'it hung', retryAt: T0 + HOUR } });
    const asked = ['203.0.113.1', '203.0.113.2'];
    expect(kinds(await reserve(two, asked))).toEqual(['asked-elsewhere', 'asked-elsewhere']);
    expect(kinds(await reserve(two, asked, { now: T0 + HOUR }))).toEqual(['asked-elsewhere', 'mine']);
    expect(kinds(await reserve(two, asked, { now: T0 + DAY }))).toEqual(['mine', 'mine']);
  });

  it('never spend more than the budget, however many ask at once', async () => {
    const asks = Array.from({ length: 20 }, (_, i) =>
      reserve(i % 2 ? one : two, addresses(i * 10, i * 10 + 10), { dailyBudget: 55 }),
    );
    const all = (await Promise.all(asks)).flatMap(kinds);
    expect(all.filter((kind) => kind === 'mine')).toHaveLength(55);
    expect(new Set(all)).toEqual(new Set(['mine', 'the daily budget of 55 look-ups is spent']));
    expect(await two.quotaView({ dailyBudget: 55, now: T0 })).toEqual({ dailyBudget: 55, used: 55, left: 0 });
  });

  it.each([
    [100, 80],
    [50, 40],
    [49, 49],
    [10, 10],
    [3, 3],
    [1, 1],
    [0, 0],
  ])('of a budget of %i let lower severities spend %i: a small one keeps nothing back', async (dailyBudget, spent) => {
    const low = kinds(await reserve(one, addresses(0, 102), { dailyBudget, severity: 'medium' }));
    expect(low.filter((kind) => kind === 'mine')).toHaveLength(spent);
    const high = kinds(await reserve(two, addresses(120, 222), { dailyBudget }));
    expect(high.filter((kind) => kind === 'mine')).toHaveLength(dailyBudget - spent);
    const kept = "the rest of today's look-ups is kept for high severity";
    expect(low.at(-1)).toBe(dailyBudget > spent ? kept : `the daily budget of ${dailyBudget} look-ups is spent`);
  });

  describe('begin a new day', () => {
    const used = async (now: number) => (await two.quotaView({ dailyBudget: 1_000, now })).used;

    it('a day after its first look-up', async () => {
      await one.reserve({ ...emptyAsk, now: T0 });
      await reserve(one, addresses(0, 3), { now: T0 + HOUR });
      expect(await used(T0 + DAY + HOUR - 1)).toBe(3);
      expect(await used(T0 + DAY + HOUR)).toBe(0);
      await reserve(one, ['203.0.113.9'], { now: T0 + DAY + 2 * HOUR });
      expect(await used(T0 + DAY + 3 * HOUR)).toBe(1);
    });

    it('when the count of what is left jumps up', async () => {
      for (const [i, address] of addresses(0, 50).entries())
        await lookUp(one, address, { remaining: 849 - i, limit: 1_000 });
      expect(await used(T0)).toBe(50);
      await lookUp(two, '203.0.113.200', { now: T0 + HOUR, remaining: 999, limit: 1_000 });
      expect(await used(T0 + HOUR)).toBe(1);
    });

    it('but not when answers overtake each other', async () => {
      await lookUp(one, '203.0.113.0', { remaining: 999, limit: 1_000 });
      const turns = await reserve(one, addresses(1, 101));
      for (const address of addresses(1, 101).reverse()) {
        const remaining = 999 - Number(address.split('.')[3]);
        const turn = turnOf(turns.get(address));
        await one.record({ address, windowDays: 90, now: T0, turn, result: { report }, remaining, limit: 1_000 });
      }
      expect(await used(T0)).toBe(101);
      expect(await one.quotaView({ dailyBudget: 5_000, now: T0 })).toMatchObject({ left: 899 });
    });

    it('but not when the count stands still', async () => {
      for (const address of addresses(0, 10)) await lookUp(one, address, { remaining: 999, limit: 1_000 });
      expect(await used(T0)).toBe(10);
    });

    it('and do not mistake an answer of the day before for its own', async () => {
      for (const [i, address] of addresses(0, 30).entries())
        await lookUp(one, address, { remaining: 29 - i, limit: 100 });
      const late = turnOf((await reserve(two, ['203.0.113.100'], { now: T0 + 2 * HOUR })).get('203.0.113.100'));
      await lookUp(one, '203.0.113.101', { now: T0 + 2 * HOUR, remaining: 99, limit: 100 });
      const ending = { address: '203.0.113.100', windowDays: 90, now: T0 + 2 * HOUR, turn: late };
      await two.record({ ...ending, result: { report }, remaining: 0, limit: 100 });
      expect(await one.quotaView({ dailyBudget: 1_000, now: T0 + 2 * HOUR })).toMatchObject({ left: 99 });
    });

    it('when the end has come that a spent day was given', async () => {
      const until = T0 + 5 * HOUR;
      const block = { until, why: 'the daily quota of AbuseIPDB is spent', endsDay: true };
      for (const address of addresses(0, 3)) await lookUp(one, address, {});
      await lookUp(one, '203.0.113.3', { remaining: 0, block });
      expect(await used(until - 1)).toBe(4);
      expect(await used(until)).toBe(0);
      expect(kinds(await reserve(two, ['203.0.113.5'], { now: until }))).toEqual(['mine']);
    });

    it('but not when a refused key may be tried again', async () => {
      for (const address of addresses(0, 3)) await lookUp(one, address, {});
      await lookUp(one, '203.0.113.3', {
        block: { until: T0 + 15 * MINUTE, why: 'AbuseIPDB refused the key', endsDay: false },
      });
      expect(await used(T0 + 15 * MINUTE)).toBe(4);
    });

    it('and still keep a wait that reaches into it', async () => {
      const now = T0 + 20 * HOUR;
      await lookUp(one, '203.0.113.1', {});
      const block = { until: now + 25 * HOUR, why: 'the daily quota of AbuseIPDB is spent', endsDay: true };
      await lookUp(one, '203.0.113.2', { now, block });
      expect(kinds(await reserve(two, ['203.0.113.3'], { now: now + 10 * HOUR }))).toEqual([
        'the daily quota of AbuseIPDB is spent (until 2026-11-25 04:00:00 UTC)',
      ]);
    });
  });

  it('let nobody ask while look-ups are blocked, and say until when', async () => {
    const block = { until: T0 + 15 * MINUTE, why: 'AbuseIPDB refused the key', endsDay: false };
    const turn = turnOf((await reserve(one, ['203.0.113.1'])).get('203.0.113.1'));
    await one.record({ address: '203.0.113.1', windowDays: 90, now: T0, turn, block });
    expect(await two.quotaView({ dailyBudget: 10, now: T0 })).toEqual({
      dailyBudget: 10,
      used: 1,
      left: 0,
      blockedUntil: block.until,
      blockedWhy: block.why,
    });
    const asked = ['203.0.113.1', '203.0.113.2'];
    const refused = 'AbuseIPDB refused the key (until 2026-11-23 07:15:00 UTC)';
    expect(kinds(await reserve(two, asked))).toEqual([refused, refused]);
    expect(kinds(await reserve(two, asked, { now: block.until }))).toEqual(['mine', 'mine']);
  });

  it('spend no more than the service says is left, what is under way included', async () => {
    await lookUp(one, '203.0.113.1', { remaining: 5, limit: 1_000 });
    await reserve(two, addresses(10, 13));
    const rest = kinds(await reserve(one, addresses(20, 24)));
    expect(rest).toEqual(['mine', 'mine', ...Array(2).fill('the daily quota of AbuseIPDB is spent')]);
  });

  it('believe that nothing is left for an hour only', async () => {
    await lookUp(one, '203.0.113.1', { remaining: 0, limit: 1_000 });
    expect(kinds(await reserve(two, ['203.0.113.2'], { now: T0 + HOUR - 1 }))).toEqual([
      'the daily quota of AbuseIPDB is spent',
    ]);
    expect(kinds(await reserve(two, ['203.0.113.2'], { now: T0 + HOUR }))).toEqual(['mine']);
  });

  it('count nothing before anything was asked', async () => {
    expect(await one.quotaView({ dailyBudget: 1_000, now: T0 })).toEqual({ dailyBudget: 1_000, used: 0, left: 1_000 });
  });
});

const emptyAsk: Omit<ReserveAsk, 'now'> = {
  wanted: [],
  windowDays: 90,
  owner: 'one',
  until: T0,
  freshSince: 0,
  dailyBudget: 1_000,
};
