import { describe, expect, it } from 'vitest';
import { csvCell, csvText } from './cell.ts';

describe('a text in a cell', () => {
  it.each([
    '=cmd|" /C calc"!A0',
    '+1+1',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n1',
    '\u0000=1',
    '  =1',
    '\ufeff=1',
    '\u202e=1',
    '＝1',
    '＋1',
    '－1',
    '＠A',
    '-',
    '-5-5',
    '+49 30 1234',
  ])('is text to a spreadsheet: %j', (text) => {
    expect(csvCell(text).replace(/^"/, '')[0]).toBe("'");
  });

  it.each(['0', '-5', '12.5', '-0.25', 'a=b', '–', '3 of 5', 'jane@contoso.com', "it's"])(
    'stays as it is: %s',
    (text) => {
      expect(csvCell(text)).toBe(text);
    },
  );

  it('is quoted where it must be, and its quotes are doubled', () => {
    expect(csvCell('a,b')).toBe('"a,b"');
    expect(csvCell('a "b"')).toBe('"a ""b"""');
    expect(csvCell('two\nlines')).toBe('"two\nlines"');
    expect(csvCell(' a ')).toBe('" a "');
  });

  it('is well-formed whatever it was', () => {
    expect(csvCell('a\ud800')).toBe('a\ufffd');
  });
});

describe('a number in a cell', () => {
  it.each([0, -5, 12.5])('stays a number: %d', (number) => {
    expect(csvCell(number)).toBe(String(number));
  });
});

describe('rows', () => {
  it('end in CRLF, the last one too', () => {
    expect(
      csvText([
        ['a', 1],
        ['b', 2],
      ]),
    ).toBe('a,1\r\nb,2\r\n');
  });
});
