import { describe, expect, it } from 'vitest';
import { widthOf } from '../../domain/text/width.ts';
import type { Block, Paper } from '../paper.ts';
import { renderText } from './render-text.ts';

const HOSTILE = '\u001b[2J\u202eevil\u0007 漢字'.repeat(40);

function paper(...blocks: Block[]): Paper {
  return {
    title: 'Weekly report',
    scope: 'contoso',
    kind: 'weekly',
    period: 'Week 47 of 2026',
    span: '16 Nov 2026 00:00 to 23 Nov 2026 00:00, UTC',
    from: Date.parse('2026-11-16T00:00:00Z'),
    to: Date.parse('2026-11-23T00:00:00Z'),
    asOf: Date.parse('2026-11-23T01:00:00Z'),
    zone: 'UTC',
    revision: 1,
    version: '1.0.0',
    pseudonymised: false,
    blocks,
  };
}

const table = (cells: readonly string[], columns = cells.length): Block => ({
  block: 'table',
  name: 't',
  caption: 'A table',
  columns: Array.from({ length: columns }, (_, i) => ({ title: `Column ${i}`, align: i % 2 ? 'right' : 'left' })),
  rows: [cells.map((text) => ({ text }))],
  empty: 'Nothing is there.',
});

describe('a report as text', () => {
  it('has no line above 80 columns and nothing that a terminal obeys, whatever stands in it', () => {
    const text = renderText(
      paper(
        { block: 'heading', level: 2, text: HOSTILE, id: 'a' },
        { block: 'notice', tone: 'bad', title: HOSTILE, runs: [HOSTILE, { strong: HOSTILE }] },
        { block: 'text', runs: [HOSTILE, { code: HOSTILE }] },
        { block: 'list', items: [[HOSTILE]] },
        { block: 'figures', name: 'f', figures: [{ label: HOSTILE, text: HOSTILE, note: HOSTILE }] },
        table([HOSTILE, '1', HOSTILE]),
        table(Array.from({ length: 12 }, () => HOSTILE)),
        { block: 'timeline', name: 'i', steps: [{ at: '1 Jan 00:00', text: [HOSTILE] }] },
        {
          block: 'chart',
          caption: HOSTILE,
          chart: {
            chart: 'bars-with-share',
            name: 'c',
            title: HOSTILE,
            says: HOSTILE,
            bars: [{ label: HOSTILE, value: 3, part: 1, note: 'one of three' }],
            unit: 'alerts',
            partWords: 'false',
          },
        },
      ),
    );
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  it('says the sentence of a table without rows instead of it', () => {
    const empty = { ...table(['x']), rows: [] } as Block;
    expect(renderText(paper(empty))).toContain('\n\nNothing is there.\n');
  });

  it('breaks long cells over lines and cuts what is longer still, visibly', () => {
    const text = renderText(paper(table(['SOC-1', '5', 'one two three '.repeat(30).trim()])));
    expect(text).toMatch(/SOC-1 {2,}5 {2}one two three/);
    expect(text).toMatch(/…\n$/);
  });

  it('says of a report without a revision that it is provisional', () => {
    const { revision: _, ...provisional } = paper();
    expect(renderText(provisional)).toContain('As recorded by 23 Nov 2026 01:00, provisional.');
  });
});
