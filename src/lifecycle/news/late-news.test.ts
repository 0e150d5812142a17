import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anAlert } from '../../../test/builders.ts';
import { type HeldIssue, NewsRig } from '../../../test/news-rig.ts';
import type { Alert } from '../../domain/alert.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts';
import type { SyncParts } from '../sync/sync-parts.ts';
import { lateNews } from './late-news.ts';

const { signal } = new AbortController();
const born = anAlert({ severity: 'medium', raw: '{"v":1}' });
const grown: Alert = {
  ...born,
  severity: 'high',
  users: [...born.users, { name: 'joe@contoso.com', address: 'joe@contoso.com', origin: 'entity' }],
  ips: [{ address: '9.9.9.9', origin: 'entity' }],
  raw: '{"v":2}',
};

describe('an alert that changes after its issue was made', () => {
  let rig: NewsRig;
  let parts: SyncParts;
  let issue: HeldIssue;

  beforeEach(async () => {
    rig = new NewsRig();
    parts = await rig.parts();
    [issue] = (await rig.raise([born], parts)) as [HeldIssue];
    rig.clock.advance(HOUR_MS);
  });
  afterEach(() => rig.end());

  const sync = (now: Alert) =>
    lateNews(parts, { tenant: rig.tenant, changed: [{ link: rig.linkOf(now), now }], signal });

  it('has its fields and its priority brought up to date, once', async () => {
    rig.answers.set('9.9.9.9', {
      checked: true,
      address: '9.9.9.9',
      report: { score: 80, reports: 3, reporters: 3, windowDays: 90 },
      lookedUpAt: rig.clock.now(),
    });
    expect(await sync(grown)).toMatchObject([{ outcome: 'updated', kind: 'changed', ticket: { key: 'SOC-1' } }]);
    expect(issue.fields).toMatchObject({ priority: 'Highest', 'Affected User': 'jane@contoso.com, joe@contoso.com' });
    expect(issue.fields.description).toContain('9.9.9.9');
    expect(issue.fields.description).toContain('strong');
    expect(rig.asked).toEqual(['9.9.9.9']);
    const before = rig.writes();
    expect(await sync(grown)).toEqual([]);
    expect(rig.writes()).toBe(before);
    expect(await rig.notes(parts)).toEqual([]);
    expect((await parts.ledger.overview.history(rig.linkOf(born).key))?.line).toMatchObject({
      severity: 'high',
      priority: 'Highest',
      users: ['jane@contoso.com', 'joe@contoso.com'],
    });
  });

  it('is no news when it is only ordered, spaced or closed otherwise', async () => {
    const other: Alert = {
      ...born,
      description: `  ${born.description.replace(' ', '\n')}`,
      state: { open: false, verdict: 'benign' },
      url: 'https://elsewhere.example/',
      raw: '{"v":3}',
    };
    expect(await sync(other)).toEqual([]);
    expect(rig.writes()).toBe(0);
  });

  it('is told in one comment where a person wrote into a field, and the others are written', async () => {
    issue.edit(rig.clock.now(), 'description', 'my notes');
    expect(await sync(grown)).toMatchObject([{ outcome: 'updated and noted' }]);
    expect(issue.fields).toMatchObject({ description: 'my notes', priority: 'Highest' });
    const [note = '', ...others] = await rig.notes(parts);
    expect(others).toEqual([]);
    expect(note).toContain('joe@contoso.com');
    expect(note).toContain('description, which a person changed');
    expect(await sync(grown)).toEqual([]);
    expect(await rig.notes(parts)).toHaveLength(1);
  });

  it('leaves a field alone that a person wrote into with our own account', async () => {
    issue.edit(rig.clock.now(), 'description', 'my notes', true);
    rig.clock.advance(HOUR_MS);
    expect(await sync(grown)).toMatchObject([{ outcome: 'updated and noted' }]);
    expect(issue.fields.description).toBe('my notes');
  });

  it('takes its own earlier edits for its own', async () => {
    await sync({ ...grown, severity: 'medium' });
    rig.clock.advance(DAY_MS);
    expect(await sync({ ...grown, description: 'More of it.' })).toMatchObject([{ outcome: 'updated' }]);
    expect(issue.fields.description).toContain('More of it.');
    expect(await rig.notes(parts)).toEqual([]);
  });

  it('leaves a priority that a person chose, and says so', async () => {
    issue.edit(rig.clock.now(), 'priority', 'Low');
    await sync(grown);
    expect(issue.fields.priority).toBe('Low');
    expect(await rig.notes(parts)).toMatchObject([expect.stringContaining('priority left at Low')]);
  });

  it('never lowers a priority', async () => {
    expect(await sync({ ...born, severity: 'low' })).toHaveLength(1);
    expect(issue.fields.priority).toBe('Medium');
    expect(await rig.notes(parts)).toEqual([]);
  });

  it('is told in a comment when its issue is done, and nowhere when its issue is gone', async () => {
    issue.seen = 'done';
    expect(await sync(grown)).toMatchObject([{ outcome: 'noted' }]);
    expect(await rig.notes(parts)).toHaveLength(1);
    issue.seen = 'gone';
    expect(await sync({ ...grown, description: 'More of it.' })).toMatchObject([{ outcome: 'gone' }]);
    expect(rig.writes()).toBe(0);
    expect(await rig.notes(parts)).toHaveLength(1);
  });

  it('keeps its issue as it is where the present rules would give it none', async () => {
    const then = { suppress: 'we know' };
    rig.rules = [{ name: 'No highs', when: 'alert.severity == "high"', then }];
    parts = await rig.parts();
    expect(await sync(grown)).toMatchObject([{ outcome: 'left', says: expect.stringContaining('No highs') }]);
    expect(rig.writes()).toBe(0);
    const history = await parts.ledger.overview.history(rig.linkOf(born).key);
    expect(history?.news).toMatchObject([
      { words: expect.stringContaining('severity medium → high'), outcome: 'left' },
    ]);
  });

  it('is not told while Defender is not to reach issues', async () => {
    expect(
      await lateNews(
        { ...parts, sync: {} },
        { tenant: rig.tenant, changed: [{ link: rig.linkOf(grown), now: grown }], signal },
      ),
    ).toEqual([]);
    expect(rig.writes()).toBe(0);
  });

  it('waits for a site that does not answer, and is written when nobody tells of it again', async () => {
    issue.endings = [{ outcome: 'not-sent', why: 'down' }];
    expect(await sync(grown)).toMatchObject([{ outcome: 'waits' }]);
    rig.clock.advance(MINUTE_MS);
    expect(await lateNews(parts, { tenant: rig.tenant, changed: [], signal })).toMatchObject([{ outcome: 'updated' }]);
    expect(issue.fields.priority).toBe('Highest');
  });

  it('is not taken for a person when the answer to its write was lost', async () => {
    issue.endings = [{ outcome: 'unknown', why: 'reset' }];
    expect(await sync(grown)).toMatchObject([{ outcome: 'waits' }]);
    rig.clock.advance(DAY_MS);
    expect(await sync({ ...grown, description: 'More of it.' })).toMatchObject([{ outcome: 'updated' }]);
    expect(await rig.notes(parts)).toEqual([]);
  });

  describe.each(['news-found', 'news-intended', 'news-written'] as const)('of a process that dies at %s', (at) => {
    it('is neither lost nor told twice', async () => {
      issue.edit(rig.clock.now(), 'description', 'my notes');
      // A process that ends here records no more either.
      rig.onEvent = ({ event }) => {
        if (event !== at) return;
        parts.ledger.news.end = () => Promise.reject(new Error('killed'));
        throw new Error('killed');
      };
      await expect(sync(grown)).rejects.toThrow('killed');
      rig.onEvent = () => {};
      rig.clock.advance(HOUR_MS);
      parts = await rig.parts('here/2/next');
      expect(await lateNews(parts, { tenant: rig.tenant, changed: [], signal })).toHaveLength(1);
      expect(issue.fields).toMatchObject({ description: 'my notes', priority: 'Highest' });
      expect(issue.fields['Affected User']).toContain('joe');
      expect(await rig.notes(parts)).toHaveLength(1);
      const before = rig.writes();
      expect(await sync(grown)).toEqual([]);
      expect(rig.writes()).toBe(before);
      expect(await rig.notes(parts)).toHaveLength(1);
    });
  });
});
