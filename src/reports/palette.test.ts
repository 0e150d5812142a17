import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../domain/alert.ts';
import { cssVariables, DARK, LIGHT, type Palette } from './palette.ts';

type Rgb = readonly [number, number, number];

/** How the two commonest kinds of colour-blind eyes see linear light (Viénot, Brettel and Mollon 1999). */
const EYES: Record<string, readonly Rgb[]> = {
  'every eye': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopes: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

function linear(colour: string): Rgb {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function seenBy(eye: readonly Rgb[], [r, g, b]: Rgb): Rgb {
  const [x, y, z] = eye.map(([p, q, s]) => p * r + q * g + s * b);
  return [x ?? 0, y ?? 0, z ?? 0];
}

function contrast(a: string, b: string, eye = EYES['every eye'] ?? []): number {
  const [low, high] = [a, b].map((colour) => luminance(seenBy(eye, linear(colour)))).sort((p, q) => p - q);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
] as [string, Palette][])('the %s palette', (_, palette) => {
  const grounds = [palette.ground, palette.panel, palette.sunken];

  it('keeps text readable on each ground', () => {
    for (const ground of grounds)
      for (const text of [palette.ink, palette.quiet, palette.accent])
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    for (const { text, ground } of Object.values(palette.tone))
      for (const behind of [ground, ...grounds])
        expect(contrast(text, behind), `${text} on ${behind}`).toBeGreaterThanOrEqual(4.5);
    for (const { fill, on } of [...Object.values(palette.severity), ...palette.heat])
      expect(contrast(on, fill), `${on} on ${fill}`).toBeGreaterThanOrEqual(4.5);
    for (const { ground } of Object.values(palette.tone)) {
      expect(contrast(palette.ink, ground)).toBeGreaterThanOrEqual(7);
      expect(contrast(palette.quiet, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(palette.onAccent, palette.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.accent, palette.accentGround)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.ink, palette.accentGround)).toBeGreaterThanOrEqual(7);
  });

  it('holds every area and outline against each ground', () => {
    const outlines = [palette.edge, ...Object.values(palette.severity).map(({ edge }) => edge)];
    for (const ground of grounds)
      for (const edge of outlines) expect(contrast(edge, ground), `${edge} on ${ground}`).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(EYES))('orders severities by lightness for %s', (_eye, matrix) => {
    const fromGround = SEVERITIES.map((severity) => contrast(palette.severity[severity].fill, palette.panel, matrix));
    for (const [at, ratio] of fromGround.entries())
      if (at > 0) expect((fromGround[at - 1] ?? 0) / ratio, SEVERITIES[at] ?? '').toBeGreaterThanOrEqual(1.35);
  });

  it('names its colours for a stylesheet', () => {
    expect(cssVariables(palette)).toMatch(/^(--[a-z0-9-]+:#[0-9a-f]{6};)+$/);
    expect(cssVariables(palette)).toContain(`--high:${palette.severity.high.fill};`);
    expect(cssVariables(palette)).toContain(`--on-accent:${palette.onAccent};`);
  });
});
