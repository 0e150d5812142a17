import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlertId } from '../../domain/alert.ts';
import type { ClosingVerdict } from '../../domain/link.ts';
import { parseCloseAnswer, toCloseCall } from './close-wire.ts';
import { ClosingFilter } from './closing-filter.ts';

const ID = '64a0000000000000000000a1' as AlertId;
const SAMPLE = resolve(import.meta.dirname, '../../../../shared/samples/ms/mcasdocs_api-alerts-close.responses.json');
const absent = existsSync(SAMPLE) ? '' : ', skipped: no published answers at hand';

describe('closing over the wire', () => {
  it.each<[ClosingVerdict, string, number | undefined]>([
    ['benign', 'close_benign/', 4],
    ['false_positive', 'close_false_positive/', 3],
    ['true_positive', 'close_true_positive/', undefined],
  ])('asks for %s with its reason, the comment and no feedback', (verdict, path, reasonId) => {
    const filter = ClosingFilter.of([ID]) as ClosingFilter;
    const call = toCloseCall({ filter, verdict, comment: 'SOC-1' });
    expect(call.path).toBe(path);
    expect(JSON.parse(call.body)).toEqual({
      filters: { id: { eq: [ID] } },
      comment: 'SOC-1',
      sendFeedback: false,
      allowContact: false,
      ...(reasonId === undefined ? {} : { reasonId }),
    });
  });

  it.each([
    [{ closed_benign: 1 }, { closed: 1, notFound: [] }],
    [
      { closed_benign: 0, alertsNotFound: [ID] },
      { closed: 0, notFound: [ID] },
    ],
    [{ closed_benign: 7 }, { closed: 7, notFound: [] }],
    [{ closed_true_positive: 1 }, undefined],
    [{ closed_benign: '1' }, undefined],
    [{ closed_benign: -1 }, undefined],
    [{ closed_benign: 1, alertsNotFound: 'x' }, undefined],
    [{}, undefined],
    [undefined, undefined],
    [[], undefined],
  ])('reads %j', (body, answer) => {
    expect(parseCloseAnswer(body, 'benign')).toEqual(answer);
  });

  it.skipIf(absent !== '')(`reads the answers that Microsoft published${absent}`, () => {
    const published: Record<string, unknown[]> = JSON.parse(readFileSync(SAMPLE, 'utf8'));
    for (const verdict of ['benign', 'false_positive', 'true_positive'] as const) {
      const [closed, missing] = published[`api-alerts-close-${verdict.replace('_', '-')}.md`] ?? [];
      expect(parseCloseAnswer(closed, verdict)).toEqual({ closed: 1, notFound: [] });
      expect(parseCloseAnswer(missing, verdict)).toEqual({ closed: 0, notFound: [expect.any(String)] });
    }
  });
});
