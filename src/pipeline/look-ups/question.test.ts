import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES, type Severity } from '../../domain/alert.ts';
import { Question, QuestionQueue } from './question.ts';

describe('the queue of questions', () => {
  const anyOf = fc.constantFrom<Severity>(...SEVERITIES);

  it('gives out each question once, the most urgent first, however they are raised', () => {
    fc.assert(
      fc.property(
        fc.array(anyOf),
        fc.array(fc.tuple(fc.nat(), anyOf)),
        fc.array(fc.nat({ max: 3 })),
        (all, raises, takes) => {
          const queue = new QuestionQueue();
          const questions = all.map((severity, i) => new Question(`203.0.113.${i}`, severity));
          for (const question of questions) queue.add(question);
          for (const [i, severity] of raises) {
            const question = questions[i % Math.max(1, questions.length)];
            if (question) queue.raise(question, severity);
          }
          expect(queue.size).toBe(questions.length);
          const taken = [...takes.flatMap((most) => queue.take(most)), ...queue.take(queue.size)];
          expect(queue.size).toBe(0);
          expect(new Set(taken)).toEqual(new Set(questions));
          expect(taken).toHaveLength(questions.length);
          const ranks = taken.map(({ severity }) => SEVERITIES.indexOf(severity));
          expect(ranks).toEqual([...ranks].sort());
        },
      ),
    );
  });

  it('knows whether one of a severity waits', () => {
    const queue = new QuestionQueue();
    const question = new Question('203.0.113.1', 'low');
    queue.add(question);
    expect(queue.has('high')).toBe(false);
    queue.raise(question, 'high');
    expect([queue.has('high'), queue.has('low')]).toEqual([true, false]);
    queue.take(1);
    expect(queue.has('high')).toBe(false);
  });

  it('takes a question again that was taken before', () => {
    const queue = new QuestionQueue();
    const question = new Question('203.0.113.1', 'low');
    queue.add(question);
    queue.raise(question, 'high');
    queue.take(1);
    queue.add(question);
    expect(queue.take(5)).toEqual([question]);
    expect(queue.size).toBe(0);
  });
});
