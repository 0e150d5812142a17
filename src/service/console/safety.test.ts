import { describe, expect, it } from 'vitest';
import { isOwnForm, ownPath } from './safety.ts';

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

describe('a form', () => {
  const service = {
    listen: { host: '0.0.0.0', port: 8484 },
    silenceAfterMs: 0,
    publicUrl: 'https://soc.contoso.example',
  };
  const from = (host: string, origin: string, site?: string) =>
    isOwnForm({ host, origin, site, forwarded: true }, service);

  it('is ours from the public address and from this machine', () => {
    expect(from('soc.contoso.example', 'https://soc.contoso.example', 'same-origin')).toBe(true);
    expect(from('127.0.0.1:8484', 'http://127.0.0.1:8484')).toBe(true);
  });

  it('is not ours from the same name in the clear, another port, or another site', () => {
    expect(from('soc.contoso.example', 'http://soc.contoso.example')).toBe(false);
    expect(from('soc.contoso.example', 'https://soc.contoso.example:8443')).toBe(false);
    expect(from('soc.contoso.example', 'https://soc.contoso.example', 'same-site')).toBe(false);
    expect(isOwnForm({ host: 'soc.contoso.example', forwarded: true }, service)).toBe(false);
  });
});
