import { beforeEach, describe, expect, it } from 'vitest';
import { HandClock } from '../../test/hand-clock.ts';
import type { ProgressEvent } from '../observe/progress.ts';
import { InProcessScheduler } from './in-process.ts';
import type { Job } from './scheduler.ts';

const MINUTE = 60_000;

describe('the scheduler', () => {
  let clock: HandClock;
  let events: ProgressEvent[];
  let drawn: number;
  let scheduler: InProcessScheduler;

  beforeEach(() => {
    clock = new HandClock(0);
    events = [];
    drawn = 0;
    scheduler = new InProcessScheduler({ clock, random: () => drawn, progress: (event) => void events.push(event) });
  });

  const settle = () => new Promise((resolve) => setImmediate(resolve));

  /** Moves time on in small steps, so that each run ends before the next is due. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 1_000) {
      await settle();
      clock.advance(1_000);
    }
    await settle();
  }

  function aJob(more: Partial<Job> = {}) {
    const ranAt: number[] = [];
    const run: Job['run'] = async (signal) => {
      ranAt.push(clock.now());
      return more.run?.(signal);
    };
    return { job: { name: 'a', everyMs: MINUTE, spreadMs: 0, ...more, run }, ranAt };
  }

  it('spreads first runs, and cuts each pause by up to a tenth', async () => {
    drawn = 0.5;
    const { job, ranAt } = aJob({ spreadMs: 20_000 });
    scheduler.add([job]);
    await pass(3 * MINUTE);
    expect(ranAt).toEqual([10_000, 67_000, 124_000]);
  });

  it('pauses once for as long as a run answers', async () => {
    let pauses = [5_000];
    const { job, ranAt } = aJob({
      run: async () => {
        const [first, ...rest] = pauses;
        pauses = rest;
        return first;
      },
    });
    scheduler.add([job]);
    await pass(2 * MINUTE);
    expect(ranAt).toEqual([0, 5_000, 65_000]);
  });

  it('tells a job that throws and tries it again ever later, while others go on', async () => {
    const failing = aJob({
      name: 'failing',
      run: async () => {
        throw new Error('out of order');
      },
    });
    const { job, ranAt } = aJob({ name: 'other', everyMs: 10_000 });
    scheduler.add([failing.job, job]);
    await pass(MINUTE);
    expect(failing.ranAt).toEqual([0, 5_000, 15_000, 35_000]);
    expect(ranAt).toHaveLength(7);
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({ event: 'job-failed', job: 'failing', retryMs: 5_000 });
  });

  it('runs a job at once when it is woken, and once more when that was while it ran', async () => {
    let ends: () => void = () => {};
    const { job, ranAt } = aJob({
      spreadMs: MINUTE,
      run: () =>
        new Promise((resolve) => {
          ends = () => resolve(undefined);
        }),
    });
    drawn = 0.9;
    scheduler.add([job]);
    await settle();
    scheduler.wake('a');
    scheduler.wake('nobody');
    await settle();
    expect(ranAt).toHaveLength(1);
    scheduler.wake('a');
    scheduler.wake('a');
    await settle();
    expect(ranAt).toHaveLength(1);
    ends();
    await settle();
    expect(ranAt).toHaveLength(2);
    ends();
    await settle();
    expect(ranAt).toHaveLength(2);
  });

  it('waits at its stop for what is in hand, tells it to stop, and begins nothing more', async () => {
    let told: AbortSignal | undefined;
    let ends: () => void = () => {};
    const { job, ranAt } = aJob({
      run: (signal) =>
        new Promise((resolve) => {
          told = signal;
          ends = () => resolve(undefined);
        }),
    });
    scheduler.add([job]);
    await settle();
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await settle();
    expect([told?.aborted, stopped]).toEqual([true, false]);
    ends();
    await stopping;
    expect(ranAt).toHaveLength(1);
  });

  it('takes no two jobs of a name', () => {
    expect(() => scheduler.add([aJob().job, aJob().job])).toThrow('two jobs have the name "a"');
  });
});
