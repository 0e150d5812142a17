import { describe, expect, it } from 'vitest';
import { Refusals } from './refusals.ts';

const HOUR = 3_600_000;

describe('refused acts', () => {
  it('are twenty an hour on record for one account, the last of them marked, and others are counted apart', () => {
    const refusals = new Refusals();
    const taken = Array.from({ length: 100 }, (_, i) => refusals.take('ben', i));
    expect(taken.filter((one) => one !== 'leave')).toEqual([...Array(19).fill('record'), 'last']);
    expect(refusals.take('eve', 100)).toBe('record');
    expect(refusals.take('ben', HOUR - 1)).toBe('leave');
    expect(refusals.take('ben', HOUR)).toBe('record');
  });

  it('are counted in bounded memory', () => {
    const refusals = new Refusals();
    for (let i = 0; i < 20; i++) refusals.take('ben', 0);
    for (let i = 0; i < 1_000; i++) refusals.take(`account ${i}`, 0);
    expect(refusals.take('ben', 0)).toBe('record');
  });
});
