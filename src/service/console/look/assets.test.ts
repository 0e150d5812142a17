import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { assets } from './assets.ts';

describe('what pages look with', () => {
  it('is a script that is one, and smaller than 8 kB', () => {
    const { content } = assets().script;
    expect(() => new Script(`(async () => {${content}})()`)).not.toThrow();
    expect(Buffer.byteLength(content)).toBeLessThan(8 * 1024);
  });

  it('is a stylesheet that fetches nothing and is complete', () => {
    const { content } = assets().style;
    expect(content).not.toMatch(/url\(|@import|undefined|\[object/);
    expect([...content].filter((one) => one === '{').length).toBe([...content].filter((one) => one === '}').length);
    expect(Buffer.byteLength(content)).toBeLessThan(32 * 1024);
  });

  it('is found under names that are those of its content', () => {
    const { style, script } = assets();
    expect(style.path).toMatch(/^\/assets\/console\.[0-9a-f]{16}\.css$/);
    expect(script.path).toMatch(/^\/assets\/console\.[0-9a-f]{16}\.js$/);
  });
});
