// How the time of each scanner grows with its text: ten times the text ought to take about ten times as long,
// whatever the text. Prints the measured ratio over the expected ten, so that 1 is linear and 10 is quadratic.
import { findIpAddresses } from '../src/sources/extract/ip-addresses.ts';
import { findMailAddresses } from '../src/sources/extract/mail-addresses.ts';
import { toOneLine, toPlainText } from '../src/sources/extract/plain-text.ts';
import { toScanText } from '../src/sources/extract/scan-text.ts';

const SHORT = 20_000;
const LONG = 200_000;

const SCANNERS: Record<string, (text: string) => unknown> = {
  plain: toPlainText,
  line: toOneLine,
  scan: toScanText,
  ip: findIpAddresses,
  mail: findMailAddresses,
};

const UNITS: Record<string, string> = {
  prose: 'The user Jane Doe (jane@contoso.com) signed in from 203.0.113.7 and 2001:db8::7. ',
  digits: '1',
  'dotted ones': '1.',
  addresses: '1.1.1.1',
  'hex groups': 'a:',
  colons: ':',
  dots: '.',
  'at signs': '@',
  'local parts': 'a@',
  letters: 'a',
  'letters and @': `${'a'.repeat(70)}@`,
  domains: '@a.b',
  'URL users': '://a@b.cd',
  'less-than': '<',
  'greater-than': '>',
  'open tags': '<a ',
  tags: '<b>x</b>',
  'end tags': '</',
  'open scripts': '<script>',
  'script ends': '<script></script',
  comments: '<!--',
  references: '&#',
  'named references': '&amp',
  ampersands: '&',
  blanks: ' ',
  'line breaks': '\n',
  seams: '<i></i> \n',
  'open brackets': '[',
  'round brackets': '(.',
  'bracketed dots': '1[.]',
  'closed brackets': '1.)',
  backslashes: '\\',
  'blank brackets': '    [',
  placeholders: '__siteIcon__',
  marks: '\u0301\u0316',
  'full-width': '１．',
  ligatures: '\ufdfa',
  surrogates: '\ud800',
  'version marks': 'v 1.2.3.4 ',
  products: 'aaaa/1.2.3.4 ',
  prefixes: '1.2.3.4/1',
};

function timed(scan: (text: string) => unknown, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  scan(text);
  for (let round = 0; round < 9; round++) {
    const start = performance.now();
    scan(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const textOf = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const columns = Object.keys(SCANNERS);
console.log(
  `time of ${LONG} characters over ten times the time of ${SHORT}; 1 is linear, 10 is quadratic; (ms for ${LONG})`,
);
console.log(['text'.padEnd(18), ...columns.map((name) => name.padStart(16))].join(''));
for (const [name, unit] of Object.entries(UNITS)) {
  const cells = columns.map((scanner) => {
    const scan = SCANNERS[scanner] ?? String;
    const short = timed(scan, textOf(unit, SHORT));
    const long = timed(scan, textOf(unit, LONG));
    // Below a tenth of a millisecond the clock and the compiler are measured, not the scanner.
    const ratio = long / (10 * Math.max(short, 0.1));
    return `${ratio.toFixed(2)} (${long.toFixed(1)})`.padStart(16);
  });
  console.log([name.padEnd(18), ...cells].join(''));
}
