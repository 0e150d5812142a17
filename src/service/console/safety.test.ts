import { describe, expect, it } from 'vitest';
import { ownPath } from './safety.ts';

describe('a path to be sent to', () => {
  it.each(['/', '/alerts?tenant=contoso&text=a%2Fb', '/held#waits', '/alerts/contoso/a%2F%2Fb'])(
    'is %s as it stands',
    (path) => expect(ownPath(path)).toBe(path),
  );

  it.each([
    undefined,
    '',
    'alerts',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '/a/..//evil.example',
    'javascript:alert(1)',
  ])('is the first page instead of %j, which leads elsewhere', (path) => expect(ownPath(path)).toBe('/'));
});
