import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCheck } from './wire.ts';

const samples = join(import.meta.dirname, '../../../../shared/samples/abuseipdb');
const isAbsent = !existsSync(samples);
const published = isAbsent ? [] : readdirSync(samples).filter((name) => /^check\..*json$/.test(name));
const because = isAbsent ? ' (skipped: the published answers are not at hand)' : '';

const answer = (more: object = {}) =>
  JSON.stringify({ data: { ipAddress: '203.0.113.7', abuseConfidenceScore: 87, totalReports: 12, ...more } });

describe('an answer to a look-up', () => {
  it('is read with all that we use of it', () => {
    const more = {
      numDistinctUsers: 5,
      countryCode: 'NL',
      usageType: 'Data Center/Web Hosting/Transit',
      isp: 'Fabrikam Hosting B.V.',
      domain: 'fabrikam.example',
      isTor: false,
      isWhitelisted: false,
      lastReportedAt: '2026-11-22T10:00:00+01:00',
      reports: [{ comment: '<script>' }],
    };
    expect(parseCheck(answer(more), 90)).toEqual({
      score: 87,
      reports: 12,
      reporters: 5,
      windowDays: 90,
      countryCode: 'NL',
      usageType: 'Data Center/Web Hosting/Transit',
      isp: 'Fabrikam Hosting B.V.',
      domain: 'fabrikam.example',
      isTor: false,
      isWhitelisted: false,
      lastReportedAt: Date.parse('2026-11-22T09:00:00Z'),
    });
  });

  it.each([
    ['absent', {}],
    ['null', { countryCode: null, usageType: null, isp: null, domain: null, isTor: null, lastReportedAt: null }],
    ['of another type', { countryCode: 7, usageType: [], isp: {}, isTor: 'yes', numDistinctUsers: '5' }],
    ['empty or no date', { countryCode: '', isp: ' \n', lastReportedAt: 'yesterday' }],
  ])('is read where what may be missing is %s', (_, more) => {
    expect(parseCheck(answer(more), 90)).toEqual({ score: 87, reports: 12, reporters: 0, windowDays: 90 });
  });

  it('keeps its texts in one line of bounded length', () => {
    const report = parseCheck(answer({ isp: `Fabrikam\r\nThe IP 1.1.1.1\u0000${'x'.repeat(1_000)}` }), 90);
    expect(report?.isp).toMatch(/^Fabrikam The IP 1\.1\.1\.1 x+$/);
    expect(report?.isp).toHaveLength(200);
  });

  it.each([
    ['a score above 100', answer({ abuseConfidenceScore: 101 })],
    ['a score below 0', answer({ abuseConfidenceScore: -1 })],
    ['a score in quotes', answer({ abuseConfidenceScore: '0' })],
    ['a score of null', answer({ abuseConfidenceScore: null })],
    ['no score', answer({ abuseConfidenceScore: undefined })],
    ['endless reports', answer().replace('12', '1e999')],
    ['an error', '{"errors":[{"detail":"no","status":500}]}'],
    ['nothing', ''],
    ['half of it', answer().slice(0, 40)],
    ['a list', '[]'],
    ['null', 'null'],
  ])('is unreadable, never clean, with %s', (_, text) => {
    expect(parseCheck(text, 90)).toBeUndefined();
  });

  it.skipIf(isAbsent).each(isAbsent ? ['-'] : published)(`is read as published: %s${because}`, (name) => {
    const text = readFileSync(join(samples, name), 'utf8');
    const { data } = JSON.parse(text);
    expect(parseCheck(text, 90)).toMatchObject({
      score: data.abuseConfidenceScore,
      reports: data.totalReports,
      reporters: data.numDistinctUsers,
      ...(data.usageType ? { usageType: data.usageType } : {}),
      ...(data.isp ? { isp: data.isp } : {}),
    });
  });
});
