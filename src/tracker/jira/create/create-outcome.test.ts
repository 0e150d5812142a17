import { describe, expect, it } from 'vitest';
import { createdIssue, isAboutContent, isRefusal, outcomeOf } from './create-outcome.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const NOW = Date.parse('2026-11-23T07:00:00Z');
const denied = { why: 'it demands a log-in by a person', mend: 'log in once in a browser' };

function outcome(status: number, { text = '{}', headers = {}, stranger }: Answer = {}) {
  return outcomeOf(
    { status, headers: { ...JSON_TYPE, ...headers }, text },
    {
      url: 'https://contoso.example',
      now: NOW,
      random: () => 0.5,
      nameOfField: (id) => (id === 'customfield_10107' ? 'Alert URL' : id),
      stranger,
    },
  );
}

interface Answer {
  text?: string;
  headers?: Record<string, string>;
  stranger?: typeof denied;
}

describe('an answer to a create', () => {
  it.each([200, 202, 204, 301, 302, 307, 408, 409, 423, 425, 499, 500, 501, 502, 503, 504, 521])(
    '%i leaves open whether an issue was made, also when it was not made for us',
    (status) => {
      expect(outcome(status).outcome).toBe('unknown');
      expect(outcome(status, { stranger: denied }).outcome).toBe('unknown');
      expect(outcome(status, { text: '<h1>Sorry</h1>' }).outcome).toBe('unknown');
    },
  );

  it.each([400, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422])(
    '%i is a refusal, in JSON and as a page',
    (status) => {
      expect(outcome(status).outcome).toBe('refused');
      expect(outcome(status, { text: '<h1>Blocked</h1>' })).toEqual({
        outcome: 'refused',
        why: `Jira answered ${status}: Blocked`,
      });
    },
  );

  it('says in Jira words and field names why it was refused', () => {
    const text = JSON.stringify({ errorMessages: ['No.'], errors: { customfield_10107: 'Not a URL.' } });
    expect(outcome(400, { text })).toEqual({
      outcome: 'refused',
      why: 'Jira answered 400: No.; Alert URL: Not a URL.',
      fields: { customfield_10107: 'Not a URL.' },
      mend: 'casewire check names the fields that do not fit the project',
    });
  });

  it.each([400, 403, 404])('%i made for another account is about the credentials', (status) => {
    expect(outcome(status, { stranger: denied })).toEqual({ outcome: 'unauthorised', ...denied });
  });

  it('401 names the credentials, and a person where only a person can help', () => {
    expect(outcome(401)).toMatchObject({ outcome: 'unauthorised', mend: expect.stringContaining('tokens expire') });
    const headers = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://contoso.example/login' };
    expect(outcome(401, { headers })).toMatchObject({ mend: expect.stringContaining('log in once in a browser') });
  });

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'x-ratelimit-reset': '2026-11-23T07:00:20Z' }, 20_000],
    [{ 'retry-after': '3', 'x-ratelimit-reset': '2026-11-23T07:00:20Z' }, 3_000],
    [{ 'x-ratelimit-reset': '2026-11-23T06:00:00Z' }, 5_000],
    [{}, 5_000],
    [{ 'retry-after': '86400' }, 3_600_000],
  ])('429 with %o was not sent, and waits %i ms', (headers, retryAfterMs) => {
    expect(outcome(429, { headers })).toMatchObject({ outcome: 'not-sent', retryAfterMs });
  });

  it('names an issue only by an id and a key that are text', () => {
    const issue = (text: string) => createdIssue({ status: 201, headers: JSON_TYPE, text });
    expect(issue('{"id":"10000","key":"SOC-1","self":"x"}')).toEqual({ id: '10000', key: 'SOC-1' });
    for (const text of ['{"id":10000,"key":"SOC-1"}', '{"id":"10000"}', '{"id":"","key":"SOC-1"}', 'null', '<p>', ''])
      expect(issue(text)).toBeUndefined();
  });

  it('is about what was sent where a page or 413 refuses it, and never where the outcome is open', () => {
    const answer = (status: number, text: string) => ({ status, headers: {}, text });
    expect(isAboutContent(answer(403, '<h1>Blocked</h1>'))).toBe(true);
    expect(isAboutContent(answer(413, '{"errorMessages":[]}'))).toBe(true);
    expect(isAboutContent(answer(400, '{"errorMessages":[]}'))).toBe(false);
    for (const status of [408, 409, 425, 429, 499, 500]) {
      expect(isAboutContent(answer(status, '<h1>Sorry</h1>'))).toBe(false);
      expect(isRefusal(answer(status, '{}'))).toBe(false);
    }
  });
});
