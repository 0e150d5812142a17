import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMailAddresses } from './mail-addresses.ts';
import { toPlainText } from './plain-text.ts';
import { toScanText } from './scan-text.ts';

function find(text: string) {
  return findMailAddresses(toScanText(toPlainText(text)));
}

describe('findMailAddresses', () => {
  it.each([
    ['brackets', 'Jane Doe (jane@contoso.com).', ['jane@contoso.com']],
    ['angle brackets', 'Jane Doe <jane@contoso.com>', ['jane@contoso.com']],
    [
      'quotes',
      `by 'jane@contoso.com', "john@contoso.com" and ''ann@contoso.com''`,
      ['jane@contoso.com', 'john@contoso.com', 'ann@contoso.com'],
    ],
    ['upper case, twice', 'Jane@Contoso.COM jane@contoso.com', ['jane@contoso.com']],
    ['an apostrophe', "o'brien@contoso.com", ["o'brien@contoso.com"]],
    ['a plus sign', 'jane+soc@contoso.com', ['jane+soc@contoso.com']],
    ['a guest', 'jane_fabrikam.com#EXT#@contoso.onmicrosoft.com', ['jane_fabrikam.com#ext#@contoso.onmicrosoft.com']],
    ['dashes before', '--jane@contoso.com', ['jane@contoso.com']],
    ['an ellipsis before', 'by...jane@contoso.com', ['jane@contoso.com']],
    ['emphasis', '**jane@contoso.com**', ['jane@contoso.com']],
    ['other scripts', 'jürgen@müller.de, 用户@例子.公司', ['jürgen@müller.de', '用户@例子.公司']],
    ['a punycode domain', 'jane@xn--mller-kva.xn--p1ai', ['jane@xn--mller-kva.xn--p1ai']],
    ['a number after the domain', 'jane@contoso.com.5 times', ['jane@contoso.com']],
    ['a key before', 'from=jane@contoso.com;to:john@contoso.com', ['jane@contoso.com', 'john@contoso.com']],
    ['a query of a URL', 'https://contoso.com/?u=jane@contoso.com', ['jane@contoso.com']],
    ['a path of a URL', 'https://contoso.com/users/jane@contoso.com', ['jane@contoso.com']],
    ['defanged', 'jane[@]contoso[.]com, john [at] contoso [dot] com', ['jane@contoso.com', 'john@contoso.com']],
    ['character references', 'jane&#64;contoso&#x2e;com', ['jane@contoso.com']],
    [
      'a tag before and after',
      '<td>jane@contoso.com</td><td>john@contoso.com</td>',
      ['jane@contoso.com', 'john@contoso.com'],
    ],
  ])('finds one with %s', (_, text, addresses) => {
    expect(find(text)).toEqual(addresses);
  });

  it.each([
    ['no local part', '@contoso.com "@contoso.com'],
    ['one label', 'jane@contoso jane@localhost'],
    ['a domain of numbers', 'jane@10.0.0.1'],
    ['a local part that is too long', `${'a'.repeat(65)}@contoso.com`],
    ['credentials in a URL', 'https://jane:secret@contoso.com/ ftp://jane@contoso.com'],
    ['words', 'jane at contoso dot com'],
    ['a dash at a label’s edge', 'jane@-contoso.com'],
    ['an attribute', '<a href="mailto:jane@contoso.com">Jane</a>'],
    ['a name cut by a tag', 'jane<b>@</b>contoso.com'],
  ])('finds none with %s', (_, text) => {
    expect(find(text)).toEqual([]);
  });

  it('gives nothing but what it would find again alone, whatever the text', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...`ab1.-_'"*@#+/: []()<>&;`), maxLength: 60 });
    fc.assert(
      fc.property(hostile, (text) => {
        for (const address of find(text)) expect(findMailAddresses(address)).toContain(address);
      }),
      { numRuns: 2_000 },
    );
  });
});
