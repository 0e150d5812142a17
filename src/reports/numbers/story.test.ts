import { describe, expect, it } from 'vitest';
import { alertFacts, fact, raised } from '../../../test/report-facts.ts';
import type { Fact } from '../../domain/facts.ts';
import { isOpen, openAt, storyOf } from './story.ts';

const at = (time: string) => `2026-10-05T${time}:00Z`;
const ms = (time: string) => Date.parse(at(time));
const never = { to: Number.POSITIVE_INFINITY };
const made = raised(at('09:00'), 'SOC-1');
const held = fact(at('09:00'), { fact: 'held', reason: 'refused', why: 'no such priority' });
const touched = fact(at('10:00'), { fact: 'acknowledged', by: 'status' });
const done = fact(at('11:00'), { fact: 'resolved', resolution: 'Done' });
const again = fact(at('12:00'), { fact: 'reopened' });
const doneAgain = fact(at('13:00'), { fact: 'resolved' });
const story = (facts: readonly Fact[], span: { to: number } = never) => storyOf(alertFacts({ facts }), span);

describe('what became of an alert', () => {
  it.each([
    ['nothing yet', [], 'underWay'],
    ['an issue was made', [made], 'raised'],
    ['an issue was found', [{ ...made, fact: 'adopted' }], 'raised'],
    ['it was added to another issue', [{ ...made, fact: 'attached' }], 'attached'],
    ['a rule suppressed it', [fact(at('09:00'), { fact: 'suppressed', rule: 'Lab', why: 'lab' })], 'suppressed'],
    ['it was held', [held], 'held'],
    ['it was held and released', [held, fact(at('09:30'), { fact: 'released' })], 'underWay'],
    [
      'it was held and an issue made later',
      [held, fact(at('09:30'), { fact: 'released' }), { ...made, at: ms('10:00') }],
      'raised',
    ],
    ['a person dropped it', [held, fact(at('09:30'), { fact: 'dropped', why: 'a test' })], 'dropped'],
  ] as [string, Fact[], string][])('when %s', (_, facts, state) => {
    expect(story(facts).state).toBe(state);
  });

  it('says nothing of what came at the end of the period or later', () => {
    const facts = [made, touched, done];
    expect(story(facts, { to: ms('11:00') }).resolvedAt).toBeUndefined();
    expect(story(facts, { to: ms('11:00') + 1 }).resolvedAt).toBe(ms('11:00'));
  });

  it('takes a resolution for the first touch where no other is known', () => {
    expect(story([made, done]).acknowledgedAt).toBe(ms('11:00'));
    expect(story([made, touched, done]).acknowledgedAt).toBe(ms('10:00'));
  });

  it('is resolved by the last resolution where it was reopened, and by the first where it was not', () => {
    expect(story([made, done, again]).resolvedAt).toBeUndefined();
    expect(story([made, done, again, doneAgain])).toMatchObject({ resolvedAt: ms('13:00'), reopens: [ms('12:00')] });
    expect(story([made, done, doneAgain])).toMatchObject({ resolvedAt: ms('11:00'), resolves: [ms('11:00')] });
    expect(story([made, again]).reopens).toEqual([]);
  });

  it.each([
    ['closed with a verdict', [fact(at('12:00'), { fact: 'closed', verdict: 'benign' })], 'benign', '12:00'],
    ['closed without one', [fact(at('12:00'), { fact: 'closed', verdict: 'unspecified' })], 'undetermined', '12:00'],
    [
      'resolved and closed',
      [made, done, fact(at('12:00'), { fact: 'closed', verdict: 'true_positive' })],
      'true-positive',
      '12:00',
    ],
  ] as [string, Fact[], string, string][])('has the outcome of one that was %s', (_, facts, outcome, time) => {
    expect(story(facts).outcome).toEqual({ outcome, at: ms(time) });
  });

  it('has no outcome while its alert is open, though its issue is done', () => {
    expect(story([made, done])).toMatchObject({ verdicts: [] });
    expect(story([made, done]).outcome).toBeUndefined();
  });

  it('has no outcome once its alert was reopened, and each verdict that was given', () => {
    const facts = [
      fact(at('11:00'), { fact: 'closed', verdict: 'benign' }),
      fact(at('12:00'), { fact: 'alert-reopened' }),
    ];
    expect(story(facts).outcome).toBeUndefined();
    const closedAgain = [...facts, fact(at('13:00'), { fact: 'closed', verdict: 'false_positive' })];
    expect(story(closedAgain).verdicts).toEqual([
      { at: ms('11:00'), outcome: 'benign' },
      { at: ms('13:00'), outcome: 'false-positive' },
    ]);
  });

  it('was held once from becoming held until it was released, whatever causes it had', () => {
    const hold = (time: string, reason: 'refused' | 'storm') => fact(at(time), { fact: 'held', reason, why: reason });
    const facts = [hold('09:00', 'refused'), hold('10:00', 'storm')];
    expect(story(facts).decisions).toMatchObject([{ decision: 'held', at: ms('09:00'), reason: 'refused' }]);
    expect(story(facts).waits).toEqual({ since: ms('09:00'), reason: 'storm', why: 'storm' });
    const again = [...facts, fact(at('11:00'), { fact: 'released' }), hold('12:00', 'storm')];
    expect(story(again).decisions.map(({ at: time }) => time)).toEqual([ms('09:00'), ms('12:00')]);
    expect(story(again).waits).toMatchObject({ since: ms('12:00') });
  });

  it.each([
    ['08:59', false],
    ['09:00', false],
    ['09:01', true],
    ['11:00', true],
    ['11:01', false],
    ['12:30', true],
    ['13:01', false],
  ])('was open at %s: %s', (time, open) => {
    expect(openAt(story([made, touched, done, again, doneAgain]), ms(time))).toBe(open);
  });
});

describe('an issue that is no more', () => {
  const gone = fact(at('10:30'), { fact: 'issue-gone' });

  it('is not open, and was not resolved', () => {
    expect(isOpen(story([made, touched]))).toBe(true);
    expect(isOpen(story([made, touched, gone]))).toBe(false);
    expect(story([made, touched, gone]).resolvedAt).toBeUndefined();
    expect([openAt(story([made, gone]), ms('10:00')), openAt(story([made, gone]), ms('10:31'))]).toEqual([true, false]);
  });

  it('is open again where it is there again, and was not reopened by that', () => {
    const back = fact(at('11:00'), { fact: 'reopened' });
    const told = story([made, touched, gone, back]);
    expect([isOpen(told), told.goneAt, told.reopens]).toEqual([true, undefined, []]);
    expect([openAt(told, ms('10:45')), openAt(told, ms('11:01'))]).toEqual([false, true]);
  });
});
