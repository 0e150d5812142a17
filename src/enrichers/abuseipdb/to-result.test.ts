import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toResult } from './to-result.ts';

const NOW = Date.parse('2026-11-23T07:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = { 'content-type': 'text/html; charset=utf-8' };

const samples = join(import.meta.dirname, '../../../../shared/samples/abuseipdb');
const isAbsent = !existsSync(samples);

const resultOf = (status: number, headers: Record<string, string> = JSON_TYPE, text = '{"errors":[]}') =>
  toResult({ status, headers, text }, { now: NOW, windowDays: 90 });

describe('a failed look-up', () => {
  it.each([
    [401, JSON_TYPE, 'AbuseIPDB refused the key', 15 * MINUTE, true, false],
    [402, JSON_TYPE, 'AbuseIPDB asks for a larger plan', 24 * HOUR, true, false],
    [422, JSON_TYPE, 'AbuseIPDB does not accept this address', 24 * HOUR, false, false],
    [301, JSON_TYPE, 'AbuseIPDB answered with a redirect, which is not followed', 15 * MINUTE, false, true],
    [302, PAGE, 'AbuseIPDB answered with a redirect, which is not followed', 15 * MINUTE, false, true],
    [200, PAGE, 'AbuseIPDB answered with a page instead of data', 15 * MINUTE, false, true],
    [200, {}, 'AbuseIPDB answered with a page instead of data', 15 * MINUTE, false, true],
    [200, JSON_TYPE, 'AbuseIPDB gave an answer that cannot be read', 15 * MINUTE, false, true],
    [204, JSON_TYPE, 'AbuseIPDB answered with an error (HTTP 204)', 15 * MINUTE, false, true],
    [401, PAGE, 'AbuseIPDB answered with an error (HTTP 401)', 15 * MINUTE, false, true],
    [402, PAGE, 'AbuseIPDB answered with an error (HTTP 402)', 15 * MINUTE, false, true],
    [422, PAGE, 'AbuseIPDB answered with an error (HTTP 422)', 15 * MINUTE, false, true],
    [403, PAGE, 'AbuseIPDB answered with an error (HTTP 403)', 15 * MINUTE, false, true],
    [500, JSON_TYPE, 'AbuseIPDB answered with an error (HTTP 500)', 15 * MINUTE, false, true],
    [503, JSON_TYPE, 'AbuseIPDB answered with an error (HTTP 503)', 15 * MINUTE, false, true],
    [521, PAGE, 'AbuseIPDB answered with an error (HTTP 521)', 15 * MINUTE, false, true],
    [527, PAGE, 'AbuseIPDB answered with an error (HTTP 527)', 15 * MINUTE, false, true],
  ])('answered %i %o is "%s"', (status, headers, why, waitMs, stopsAll, outage) => {
    expect(resultOf(status, headers)).toMatchObject({
      outcome: 'failed',
      why,
      retryAt: NOW + waitMs,
      stopsAll,
      outage,
    });
  });

  const at = (ms: number) => String((NOW + ms) / 1_000);
  const spent = 'the daily quota of AbuseIPDB is spent';
  const burst = 'AbuseIPDB asks for fewer look-ups at once';
  it.each([
    ['with a long wait', { 'retry-after': '29241' }, spent, 29_241_000],
    ['with a reset', { 'x-ratelimit-reset': at(2 * HOUR) }, spent, 2 * HOUR],
    ['with a wait and a later reset', { 'retry-after': '600', 'x-ratelimit-reset': at(HOUR) }, spent, HOUR],
    ['with a reset and a longer wait', { 'retry-after': '7200', 'x-ratelimit-reset': at(HOUR) }, spent, 2 * HOUR],
    ['with a short wait near the end of a day', { 'retry-after': '60', 'x-ratelimit-remaining': '0' }, spent, MINUTE],
    ['with a wait of a week', { 'retry-after': '604800' }, spent, 26 * HOUR],
    ['with a reset next year', { 'x-ratelimit-reset': at(400 * 24 * HOUR) }, spent, 26 * HOUR],
    ['with a wait as a date', { 'retry-after': new Date(NOW + HOUR).toUTCString() }, spent, HOUR],
    ['with a reset long past', { 'x-ratelimit-reset': '1545973200' }, spent, HOUR],
    ['with headers that say nothing', { 'retry-after': 'soon', 'x-ratelimit-reset': '-1' }, spent, HOUR],
    ['without headers', {}, spent, HOUR],
    ['with a short wait', { 'retry-after': '30' }, burst, 30_000],
    ['with a negative wait', { 'retry-after': '-5' }, burst, 1_000],
  ])('answered 429 %s holds all look-ups back', (_, headers, why, waitMs) => {
    const result = resultOf(429, { ...JSON_TYPE, ...headers });
    const daySpent = why === spent ? { daySpent: true, remaining: 0 } : {};
    expect(result).toMatchObject({ why, retryAt: NOW + waitMs, stopsAll: true, outage: false });
    expect(result.quota).toMatchObject({ blockedUntil: NOW + waitMs, ...daySpent });
    expect(result.quota.daySpent ?? false).toBe(why === spent);
  });

  it('answered 429 with a page and no headers is a limit of something in between', () => {
    expect(resultOf(429, PAGE)).toMatchObject({ why: burst, retryAt: NOW + 15 * MINUTE, stopsAll: true });
  });

  it.skipIf(isAbsent)(
    `has the published headers of a spent day${isAbsent ? ' (skipped: the published answers are not at hand)' : ''}`,
    () => {
      const read = (name: string) => readFileSync(join(samples, `error.429.daily-limit.${name}.json`), 'utf8');
      const headers = Object.fromEntries(
        Object.entries(JSON.parse(read('headers.official-docs')) as Record<string, string>).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ]),
      );
      const resetAt = Number(headers['x-ratelimit-reset']) * 1_000;
      const answer = { status: 429, headers: { ...JSON_TYPE, ...headers }, text: read('official-docs') };
      const result = toResult(answer, { now: resetAt - 29_241_000, windowDays: 90 });
      expect(result).toMatchObject({ why: spent, retryAt: resetAt, quota: { limit: 1_000, remaining: 0 } });
    },
  );
});
