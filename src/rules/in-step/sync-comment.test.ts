import { describe, expect, it } from 'vitest';
import { alertComment, issueNote, sayClosed, sayIssue } from './sync-comment.ts';
import { noteOn } from './sync-news.ts';

const ticket = { id: '10001', key: 'SOC-1', url: 'https://acme.example/browse/SOC-1' };
const alert = { key: 'contoso/a1' as never, title: 'Impossible travel', url: 'https://portal.example/a1' };
const textOf = (value: unknown) => JSON.stringify(value);

describe('what an alert is told of its issue', () => {
  it('is one line that names the issue, how it ended, and where it is', () => {
    const says = sayIssue(ticket, { status: 'Done', resolution: 'False\nPositive' });
    expect(alertComment(ticket, says)).toBe(
      'Casewire: Jira issue SOC-1 is Done (False Positive). https://acme.example/browse/SOC-1',
    );
  });

  it('stays short however long the names are', () => {
    const says = sayIssue(ticket, { status: 's'.repeat(600), resolution: 'r'.repeat(600) });
    expect(alertComment(ticket, says).length).toBeLessThanOrEqual(500);
    expect(alertComment({ ...ticket, url: `https://x.example/${'u'.repeat(600)}` }, says).length).toBeLessThanOrEqual(
      500,
    );
  });
});

describe('what an issue is told of its alert', () => {
  it('names the alert by its title and its key, with a link to it', () => {
    const note = noteOn(alert, { kind: 'alert-closed', verdict: 'false_positive', by: 'jane@contoso.com', at: 0 });
    expect(note.blocks).toHaveLength(1);
    expect(textOf(note)).toContain('"kind":"link","text":"Impossible travel","url":"https://portal.example/a1"');
    expect(textOf(note)).toContain('contoso/a1');
    expect(textOf(note)).toContain('closed as false positive by jane@contoso.com at 1970-01-01 00:00:00 UTC');
  });

  it('has only the key of an alert without a title, and no link where none is known or it is endless', () => {
    expect(textOf(issueNote({ ...alert, title: '' }, { head: 'Closed', says: 'x' }))).not.toContain('link');
    expect(textOf(issueNote({ ...alert, url: '' }, { head: 'Closed', says: 'x' }))).not.toContain('link');
    const endless = issueNote({ ...alert, url: `https://x/${'u'.repeat(400)}` }, { head: 'Closed', says: 'x' });
    expect(textOf(endless)).not.toContain('link');
  });

  it('cuts a title that would drown it', () => {
    expect(textOf(issueNote({ ...alert, title: 't'.repeat(500) }, { head: 'Closed', says: 'x' })).length).toBeLessThan(
      500,
    );
  });

  it('says of a closing without a verdict that it has none', () => {
    expect(sayClosed({ verdict: 'unspecified' })).toBe('closed without a verdict');
  });
});
