import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../domain/alert.ts';
import type { ChartSpec } from '../chart-spec.ts';
import { LIGHT } from '../palette.ts';
import { drawChart } from './draw-chart.ts';
import { chartStyles } from './ink.ts';
import { widthOf } from './measure.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"onload="x',
  "it's & <b>",
  ']]>',
  '\u202etxet',
  'a\u0000b\ud800',
  '𝕏漢字',
];

const text = fc.oneof(
  fc.constantFrom('', '1', 'Mon 12', 'Unusual administrative activity by a user whose name goes on and on', ...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const count = fc.oneof(
  fc.nat(40),
  fc.constantFrom(0, 1, 1e3, 123_456, 9.9e12, -5, Number.NaN, Number.POSITIVE_INFINITY),
);
const minutes = fc.option(fc.oneof(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.constantFrom(0, -1, Number.NaN)), {
  nil: undefined,
});
const values = fc.record({ high: count, medium: count, low: count, informational: count });
const many = { maxLength: 70 };

const spec = fc
  .tuple(
    fc.record({ name: text, title: text, says: text }),
    fc.oneof(
      fc.record({
        chart: fc.constant('stacked-columns'),
        columns: fc.array(fc.record({ label: text, values }), many),
        unit: text,
      }),
      fc.record({
        chart: fc.constant('line'),
        points: fc.array(fc.record({ label: text, value: count }), many),
        unit: text,
      }),
      fc.record({
        chart: fc.constant('bars-with-share'),
        bars: fc.array(fc.record({ label: text, value: count, part: count, note: text }), { maxLength: 12 }),
        unit: text,
        partWords: text,
      }),
      fc.record({
        chart: fc.constant('dots'),
        rows: fc.array(
          fc.record({
            label: text,
            medianMinutes: minutes,
            p90Minutes: minutes,
            n: fc.nat(),
            targetMinutes: minutes,
          }),
          { maxLength: 12 },
        ),
      }),
      fc.record({
        chart: fc.constant('heat-strip'),
        cells: fc.array(fc.record({ label: text, value: count }), { maxLength: 20 }),
        unit: text,
      }),
    ),
  )
  .map(([names, chart]) => ({ ...names, ...chart }) as ChartSpec);
const theme = fc.constantFrom('light' as const, 'print' as const, 'class' as const);
const width = fc.integer({ min: 100, max: 1200 });

describe('a chart', () => {
  it('is well-formed, holds no style and no script, and leaves out what is no number', () => {
    fc.assert(
      fc.property(spec, theme, width, (chart, how, wide) => {
        const svg = drawChart(chart, { theme: how, width: wide });
        expect(openAfter(svg)).toEqual([]);
        expect(
          tagsOf(svg).filter(({ name }) => !['svg', 'title', 'desc', 'g', 'path', 'circle', 'text'].includes(name)),
        ).toEqual([]);
        for (const { attributes } of tagsOf(svg)) {
          expect(Object.keys(attributes).filter((name) => /^(style|on|href)/.test(name))).toEqual([]);
          const { d, x, y, cx, cy, r, viewBox } = attributes;
          expect([d, x, y, cx, cy, r, viewBox].join(' ')).not.toMatch(/NaN|Infinity|undefined|e/);
        }
      }),
    );
  });

  it('stays within its frame', () => {
    fc.assert(
      fc.property(spec, theme, width, (chart, how, wide) => {
        const svg = drawChart(chart, { theme: how, width: wide });
        const [, , right = 0, foot = 0] = (/viewBox="([^"]+)"/.exec(svg)?.[1] ?? '').split(' ').map(Number);
        for (const { x, y } of cornersOf(svg)) {
          expect(x, svg).toBeGreaterThanOrEqual(-1);
          expect(x, svg).toBeLessThanOrEqual(right + 1);
          expect(y, svg).toBeGreaterThanOrEqual(-1);
          expect(y, svg).toBeLessThanOrEqual(foot + 1);
        }
      }),
    );
  });

  it('is named and described, under ids made of its name and width', () => {
    const svg = drawChart(columns([3, 1]), { theme: 'class', width: 500 });
    expect(svg).toContain('role="img" aria-labelledby="chart-alerts-by-day-500-title chart-alerts-by-day-500-desc"');
    expect(svg).toContain('<title id="chart-alerts-by-day-500-title">Alerts &amp; days</title>');
    expect(svg).toContain('<desc id="chart-alerts-by-day-500-desc">Four alerts.</desc>');
  });

  it('takes colours from the stylesheet, or carries its own', () => {
    const classed = drawChart(columns([3, 1]), { theme: 'class', width: 500 });
    expect(classed).not.toMatch(/#[0-9a-f]{6}/);
    const rules = chartStyles();
    for (const [, name] of classed.matchAll(/class="(c-[^"]+)"/g)) expect(rules).toContain(`.chart .${name}{`);
    expect(drawChart(columns([3, 1]), { theme: 'light', width: 500 })).toContain(`fill="${LIGHT.severity.high.fill}"`);
    expect(drawChart(columns([3, 1]), { theme: 'print', width: 500 })).toContain('font-family="Casewire Text"');
  });

  it('tells the total of each column where there is room, and draws lines with numbers where there is not', () => {
    expect(wordsOf(drawChart(columns([3, 1]), { theme: 'class', width: 500 }))).toEqual([
      'High 4',
      '3',
      '1',
      'd1',
      'd2',
    ]);
    const crowded = columns(Array.from({ length: 31 }, (_, day) => 100_000 + day));
    expect(drawChart(crowded, { theme: 'class', width: 300 })).toContain('c-grid');
    expect(wordsOf(drawChart(crowded, { theme: 'class', width: 300 }))).toContain('100,000');
  });

  it('says that there is nothing rather than drawing nothing', () => {
    for (const empty of [columns([]), columns([0, 0])])
      expect(wordsOf(drawChart(empty, { theme: 'class', width: 500 }))).toContain('No alerts');
  });

  it('tells neither median nor percentile where there is none', () => {
    const rows = [{ label: 'low', n: 12, targetMinutes: 60 }];
    const svg = drawChart({ chart: 'dots', name: 'd', title: 't', says: 's', rows }, { theme: 'class', width: 600 });
    expect(wordsOf(svg)).toContain('n 12');
    expect(wordsOf(svg)).not.toContain('median');
    expect(svg).not.toContain('<circle');
  });
});

function columns(highs: number[]): ChartSpec {
  const none = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<'high', number>;
  return {
    chart: 'stacked-columns',
    name: 'alerts-by-day',
    title: 'Alerts & days',
    says: 'Four alerts.',
    unit: 'alerts',
    columns: highs.map((high, at) => ({
      label: `d${at + 1}`,
      values: { medium: 0, low: 0, informational: 0, ...none, high },
    })),
  };
}

function wordsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words ?? '');
}

interface Tag {
  name: string;
  attributes: Record<string, string>;
}

const TAG = /<([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g;

function tagsOf(svg: string): Tag[] {
  return [...svg.matchAll(TAG)].map(([, name = '', written = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...written.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    ),
  }));
}

/** The elements left open, or what is no XML: nothing for a well-formed text. */
function openAfter(svg: string): string[] {
  const open: string[] = [];
  for (const [piece, close, name, , own] of svg.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|[^<]+|</g)) {
    if (name === undefined) {
      if (
        /<|&(?!(amp|lt|gt|quot|#39);)|[\u0000-\u0008\ufffe\uffff\ud800-\udfff](?![\udc00-\udfff])/.test(
          piece.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''),
        )
      )
        open.push(piece);
    } else if (close) {
      if (open.pop() !== name) open.push(`</${name}>`);
    } else if (!own) open.push(name);
  }
  return open;
}

/** Where everything that is drawn begins and ends. */
function cornersOf(svg: string): { x: number; y: number }[] {
  const corners = tagsOf(svg).flatMap(({ name, attributes }) => {
    if (name === 'path') return pointsOf(attributes.d ?? '');
    if (name !== 'circle') return [];
    const [x, y, r] = [attributes.cx, attributes.cy, attributes.r].map(Number);
    return [-1, 1].map((side) => ({ x: (x ?? 0) + side * (r ?? 0), y: (y ?? 0) + side * (r ?? 0) }));
  });
  const alone = svg.replace(/<g text-anchor="middle">(.*?)<\/g>/g, (_, texts: string) =>
    texts.replaceAll('<text', '<text text-anchor="middle"'),
  );
  const usual = / font-size="([^"]+)"/.exec(svg)?.[1];
  const texts = [...alone.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].flatMap(([, written = '', words = '']) => {
    const at = (key: string) => Number(new RegExp(` ${key}="([^"]*)"`).exec(written)?.[1] ?? usual);
    const enlarged = svg.includes('Casewire Text') ? 1.08 : 1;
    const wide = widthOf(words.replaceAll('&#39;', "'").replace(/&[a-z]+;/g, '&'), at('font-size') / enlarged);
    const before = { start: 0, middle: 0.5, end: 1 }[/ text-anchor="(\w+)"/.exec(written)?.[1] ?? 'start'] ?? 0;
    const left = at('x') - wide * before;
    return [
      { x: left, y: at('y') - at('font-size') * 0.8 },
      { x: left + wide, y: at('y') },
    ];
  });
  return [...corners, ...texts];
}

function pointsOf(d: string): { x: number; y: number }[] {
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHVhvZz])([^MLHVhvZz]*)/g)].map(([, command, rest = '']) => {
    const [a = 0, b = 0] = rest.trim().split(/[ ,]+/).map(Number);
    if (command === 'M' || command === 'L') [x, y] = [a, b];
    else if (command === 'H') x = a;
    else if (command === 'V') y = a;
    else if (command === 'h') x += a;
    else if (command === 'v') y += a;
    return { x, y };
  });
}
