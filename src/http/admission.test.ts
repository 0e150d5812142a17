import { describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import { Admission, type AdmissionSignal } from './admission.ts';

const CALL_MS = 50;
const PATIENCE_MS = 60_000;

/** A site that answers a call after 50 ms, and what it saw. */
class Site {
  readonly clock = new HandClock(0);
  readonly admission = new Admission(this.clock);
  readonly served: string[] = [];
  refused = 0;
  inFlight = 0;
  mostInFlight = 0;
  readonly #limit: ((now: number) => { allowed: boolean; signal: AdmissionSignal }) | undefined;

  constructor(limit?: (now: number) => { allowed: boolean; signal: AdmissionSignal }) {
    this.#limit = limit;
  }

  /** Sends one call of a group, again after each refusal, until it is taken. */
  async send(group: string): Promise<void> {
    for (;;) {
      const turn = await this.admission.turn(group, PATIENCE_MS);
      if ('busyForMs' in turn) throw new Error('the gate sent a patient caller away');
      this.inFlight++;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      await this.clock.sleep(CALL_MS / 2);
      const { allowed, signal } = this.#limit?.(this.clock.now()) ?? { allowed: true, signal: {} };
      await this.clock.sleep(CALL_MS / 2);
      this.inFlight--;
      this.admission.note(signal);
      turn.done();
      if (allowed) {
        this.served.push(group);
        return;
      }
      this.refused++;
    }
  }

  /** Moves time on from event to event until `work` is done; answers how long that took. */
  async play(work: Promise<unknown>): Promise<number> {
    let done = false;
    const end = work.finally(() => {
      done = true;
    });
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = this.clock.sleeping();
      if (done) break;
      if (next === undefined) throw new Error('everybody waits, and nothing will happen any more');
      this.clock.advance(next);
    }
    await end;
    return this.clock.now();
  }

  sendAll(group: string, count: number): Promise<unknown> {
    return Promise.all(Array.from({ length: count }, () => this.send(group)));
  }
}

/** A full bucket at the start, filled steadily, as both editions of Jira limit. */
function bucket({
  holds,
  perSecond,
  says,
}: {
  holds: number;
  perSecond: number;
  says: 'remaining' | 'near' | 'nothing';
}) {
  let tokens = holds;
  let filledAt = 0;
  return (now: number) => {
    tokens = Math.min(holds, tokens + ((now - filledAt) * perSecond) / 1_000);
    filledAt = now;
    const allowed = tokens >= 1;
    if (allowed) tokens--;
    const near: AdmissionSignal = says !== 'nothing' && tokens < holds / 5 ? { nearLimit: true } : {};
    const state = says === 'remaining' ? { ...near, limit: holds, perSecond, remaining: Math.floor(tokens) } : near;
    return { allowed, signal: allowed ? state : { ...state, retryAfterMs: 1_000 } };
  };
}

/** How many of so many callers get their turn at once. */
async function grantedOf(admission: Admission, callers: number): Promise<number> {
  let granted = 0;
  for (let i = 0; i < callers; i++) void admission.turn('a', PATIENCE_MS).then(() => granted++);
  await new Promise((resolve) => setImmediate(resolve));
  return granted;
}

describe('the gate before a site', () => {
  it('has four fifths of its widest window in flight on average where nothing objects', async () => {
    const site = new Site();
    const took = await site.play(site.sendAll('a', 3_000));
    expect((3_000 * CALL_MS) / took).toBeGreaterThanOrEqual(0.8 * 128);
    expect(site.mostInFlight).toBe(128);
  });

  it('uses what a limit of 100 a second allows, and is refused less than once in a hundred calls', async () => {
    const site = new Site(bucket({ holds: 100, perSecond: 100, says: 'remaining' }));
    const took = await site.play(site.sendAll('a', 3_000));
    expect(3_000 / (took / 1_000)).toBeGreaterThanOrEqual(95);
    expect(site.refused).toBeLessThanOrEqual(30);
  });

  it('does as well where the site only warns that its limit is near', async () => {
    const site = new Site(bucket({ holds: 100, perSecond: 100, says: 'near' }));
    const took = await site.play(site.sendAll('a', 3_000));
    expect(3_000 / (took / 1_000)).toBeGreaterThanOrEqual(95);
    expect(site.refused).toBeLessThanOrEqual(30);
  });

  it('follows a bucket that fills slowly', async () => {
    const site = new Site(bucket({ holds: 50, perSecond: 10, says: 'remaining' }));
    const took = await site.play(site.sendAll('a', 500));
    expect(500 / (took / 1_000)).toBeGreaterThanOrEqual(9.5);
    expect(site.refused).toBeLessThanOrEqual(5);
  });

  it.each([
    { perSecond: 100, mostRefused: 90 },
    { perSecond: 10, mostRefused: 50 },
  ])(
    'learns the pace of $perSecond a second where a site says nothing but its refusals',
    async ({ perSecond, mostRefused }) => {
      const site = new Site(bucket({ holds: perSecond, perSecond, says: 'nothing' }));
      const took = await site.play(site.sendAll('a', 30 * perSecond));
      expect((30 * perSecond) / (took / 1_000)).toBeGreaterThanOrEqual(0.9 * perSecond);
      expect(site.refused).toBeLessThanOrEqual(mostRefused);
    },
  );

  it('does not take quiet hours between two refusals for a slow site', async () => {
    const site = new Site();
    site.admission.note({ retryAfterMs: 1_000 });
    site.clock.advance(3_600_000);
    site.admission.note({ retryAfterMs: 1_000 });
    const before = site.clock.now();
    const took = (await site.play(site.sendAll('a', 3_000))) - before;
    expect(took).toBeLessThan(6_000);
  });

  it('sends nothing before a pause that the site asked for is over', async () => {
    const site = new Site();
    site.admission.note({ retryAfterMs: 7_000 });
    const took = await site.play(site.send('a'));
    expect(took).toBe(7_000 + CALL_MS);
  });

  it('sends those away at once who will not wait so long, those already waiting too', async () => {
    const { admission } = new Site();
    const held = Array.from({ length: 200 }, () => admission.turn('a', 1_000));
    admission.note({ retryAfterMs: 7_000 });
    expect(await held.at(-1)).toEqual({ busyForMs: 7_000 });
    expect(await admission.turn('a', 1_000)).toEqual({ busyForMs: 7_000 });
  });

  it('narrows once in a round trip however many answers object', async () => {
    const roomAfter = async (objections: number) => {
      const { admission } = new Site();
      const turns = await Promise.all(Array.from({ length: 20 }, () => admission.turn('a', PATIENCE_MS)));
      for (let i = 0; i < objections; i++) admission.note({ nearLimit: true });
      for (const turn of turns) if ('done' in turn) turn.done();
      return grantedOf(admission, 200);
    };
    const once = await roomAfter(1);
    expect(once).toBeLessThan(await roomAfter(0));
    expect(await roomAfter(10)).toBe(once);
  });

  it('has no more in flight than the site says are left, and never none', async () => {
    const { admission } = new Site();
    admission.note({ remaining: 3, limit: 10, perSecond: 10 });
    expect(await grantedOf(admission, 10)).toBe(3);
    const other = new Admission(new HandClock(0));
    other.note({ remaining: 0, limit: 10, perSecond: 10 });
    expect(await other.turn('a', PATIENCE_MS)).toHaveProperty('done');
  });

  it('serves groups in turn, so that a thousand of one do not delay two of another', async () => {
    const site = new Site();
    const many = site.sendAll('many', 1_000);
    const few = site.sendAll('few', 2);
    await site.play(Promise.all([many, few]));
    expect(site.served.lastIndexOf('few')).toBeLessThan(70);
  });

  it('takes a turn back once, however often it is given', async () => {
    const site = new Site();
    const turn = await site.admission.turn('a', PATIENCE_MS);
    if ('done' in turn) for (let i = 0; i < 100; i++) turn.done();
    await site.play(site.sendAll('a', 1_000));
    expect(site.mostInFlight).toBe(128);
  });
});
