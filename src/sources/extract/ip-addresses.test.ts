import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalIp, findIpAddresses } from './ip-addresses.ts';
import { toPlainText } from './plain-text.ts';
import { toScanText } from './scan-text.ts';

function find(text: string) {
  return findIpAddresses(toScanText(toPlainText(text)));
}

describe('findIpAddresses', () => {
  it.each([
    ['a sentence', 'from 198.51.100.7 in Norway, then 203.0.113.9.', ['198.51.100.7', '203.0.113.9']],
    ['one address named twice', '198.51.100.7 and 198.51.100.7', ['198.51.100.7']],
    ['letters on both sides', 'proxy198.51.100.7was', ['198.51.100.7']],
    ['a port', '198.51.100.7:8443', ['198.51.100.7']],
    ['a range', '198.51.100.7-198.51.100.9', ['198.51.100.7', '198.51.100.9']],
    ['a list with slashes', '198.51.100.7/198.51.100.9', ['198.51.100.7', '198.51.100.9']],
    ['an ellipsis before', '...198.51.100.7', ['198.51.100.7']],
    ['an ellipsis between', '198.51.100.7...198.51.100.9', ['198.51.100.7', '198.51.100.9']],
    ['brackets and a full stop', '(198.51.100.7). Next', ['198.51.100.7']],
    ['a URL that ends in a number', 'http://198.51.100.7/24', ['198.51.100.7']],
    ['a path after it', '198.51.100.7/24/x', ['198.51.100.7']],
    ['defanged dots', '198[.]51(dot)100{.}7', ['198.51.100.7']],
    ['defanged with blanks', '198 [.] 51 [.] 100 [.] 7', ['198.51.100.7']],
    ['one-sided brackets', '198[.51.]100.7', ['198.51.100.7']],
    ['full-width digits', '１９８．５１．１００．７', ['198.51.100.7']],
    ['zero-width characters inside', '198.51.\u200b100.7', ['198.51.100.7']],
    ['a mail address literal', 'jane@[198.51.100.7]', ['198.51.100.7']],
    ['a word that ends like a version mark', 'dev 198.51.100.7', ['198.51.100.7']],
    ['IPv6 in brackets with a port', '[2001:db8::7]:443', ['2001:db8::7']],
    ['IPv6 in full', '2001:0DB8:0000:0000:0000:0000:0000:0007', ['2001:db8::7']],
    ['IPv6 with one zero group', '2001:db8:0:1:1:1:1:1', ['2001:db8:0:1:1:1:1:1']],
    ['IPv6 with two equal runs of zeros', '2001:db8:0:0:1:0:0:1', ['2001:db8::1:0:0:1']],
    ['IPv6 with a zone', 'fe80::7%eth0', ['fe80::7']],
    ['IPv6 at the end of a sentence', 'came from 2001:db8::7.', ['2001:db8::7']],
    ['IPv6 before a colon', '2001:db8::7: denied', ['2001:db8::7']],
    [
      'IPv6 after labels',
      'src:2001:db8::7 IPv6:2001:db8::8 IP:2001:db8::9',
      ['2001:db8::7', '2001:db8::8', '2001:db8::9'],
    ],
    ['IPv6 after a label that ends in a digit', 'eth0:2001:db8::7', ['2001:db8::7']],
    ['IPv6 glued to a word', 'proxy2001:db8::7', ['2001:db8::7']],
    ['IPv4-mapped', '::ffff:198.51.100.7 ::ffff:c633:6407', ['198.51.100.7']],
    ['IPv6 with an embedded IPv4', '64:ff9b::198.51.100.7', ['64:ff9b::c633:6407']],
    ['the loopback', '::1', ['::1']],
  ])('finds %s', (_, text, addresses) => {
    expect(find(text)).toEqual({ addresses, networks: [] });
  });

  it.each([
    ['octets out of range', '256.1.1.1 999.999.999.999'],
    ['leading zeros', '198.051.100.7'],
    ['three or five parts', '198.51.100 and 1.98.51.100.7'],
    ['a dot before', '.198.51.100.7'],
    ['reverse DNS', '7.100.51.198.in-addr.arpa'],
    ['object identifiers', '1.3.6.1.4.1.311.21.20'],
    ['versions', 'v1.2.3.4, V 1.2.3.4, version 1.2.3.4, Version: 1.2.3.4, ver.1.2.3.4, app_v1.2.3.4, build=1.2.3.4'],
    ['products', 'Firefox/1.2.3.4 and OneDrive-Sync/1.2.3.4'],
    ['a number split by tags', '<b>198.51</b><b>.100.7</b>'],
    ['other digits', '١٩٨.٥١.١٠٠.٧'],
    ['times', '2026-11-22T03:04:05.678Z 03:04:05'],
    ['names of programs', 'std::string Foo::Bar dead::beef a::b'],
    ['MAC and WWN numbers', '00:1b:44:11:3a:b7 and 50:06:01:60:3b:a0:12:34 and 50:0a:0b:0c:0d:0e:0f:00'],
    ['broken IPv6', '1:2:3:4:5:6::7:8 12345:1:2:3:4:5:6:7 1:2:3:4:5:6:7 2001:db8::7x'],
    ['colons alone', '::'],
  ])('finds nothing in %s', (_, text) => {
    expect(find(text)).toEqual({ addresses: [], networks: [] });
  });

  it('keeps networks apart from addresses', () => {
    expect(find('198.51.100.0/24, 203.0.113.7/32, 2001:DB8::/32, 2001:db8::7/128, ::ffff:198.51.100.0/120')).toEqual({
      addresses: ['203.0.113.7', '2001:db8::7'],
      networks: ['198.51.100.0/24', '2001:db8::/32', '198.51.100.0/24'].filter((n, i, all) => all.indexOf(n) === i),
    });
  });

  it('finds every IPv4 address that stands between blanks', () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { maxLength: 20 }), (addresses) => {
        expect(find(addresses.join(' ')).addresses).toEqual([...new Set(addresses)]);
      }),
      { numRuns: 200 },
    );
  });

  it('gives nothing but canonical addresses, whatever the text', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'0129afAFgx:./[](%v- \n'), maxLength: 60 });
    fc.assert(
      fc.property(hostile, (text) => {
        for (const address of find(text).addresses) expect(canonicalIp(address)).toBe(address);
      }),
      { numRuns: 2_000 },
    );
  });
});
