import { describe, expect, it } from 'vitest';
import { toJson } from './json.ts';

describe('toJson', () => {
  it('writes instants as ISO 8601 and leaves other numbers alone', () => {
    expect(JSON.parse(toJson({ createdAt: 0, watermark: 1000, durationMs: 5, at: 0, retryAt: undefined }))).toEqual({
      createdAt: '1970-01-01T00:00:00.000Z',
      watermark: '1970-01-01T00:00:01.000Z',
      durationMs: 5,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('says null of an instant that is none', () => {
    expect(toJson({ seenAt: Number.NaN, sentAt: 9e15 })).toBe('{"seenAt":null,"sentAt":null}');
  });

  it('escapes what a terminal would obey, and keeps the text', () => {
    const hostile = 'a\u009b31m\u202eb\u001b[0m';
    expect(toJson({ hostile })).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(toJson({ hostile }))).toEqual({ hostile });
  });
});
