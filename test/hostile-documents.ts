import fc from 'fast-check';
import type { Block, Document, Inline } from '../src/domain/document.ts';

/** Beginnings, ends and wholes of everything that some part of Jira reads as more than text. */
const FRAGMENTS = [
  '{code}',
  '{code:java}',
  '{noformat}',
  '{ noformat:title=x}',
  '{panel}',
  '{color:red}',
  '{color}',
  '{quote}',
  '{html}',
  '{adf}',
  '{anchor:x}',
  '{loremipsum}',
  '{*}',
  '{{',
  '}}',
  'h1. ',
  'h6. x',
  'bq. ',
  '* ',
  '# ',
  '- ',
  '----',
  '---',
  '--',
  '||',
  '|',
  '|x|',
  '!http://x.example/a.png!',
  '!a.png|thumbnail!',
  '[~user]',
  '[~accountid:5b10]',
  '[x|http://x.example]',
  '[http://x.example]',
  '[^file.txt]',
  '[#top]',
  '[',
  ']',
  '[x|',
  '^up^',
  '~down~',
  '??cite??',
  '*bold*',
  '_em_',
  '+ins+',
  '-del-',
  '\\',
  '\\\\',
  '\\{code}',
  '\\\\[x|http://x.example]',
  'C:\\Users\\*',
  '@',
  '@jane',
  ':)',
  ':-)',
  ':P',
  ';)',
  '(y)',
  '(flagoff)',
  '(*r)',
  'http://x.example',
  '1https://x.example/a?b=c&d',
  'http',
  '://',
  'www.x.example',
  'ftp://x.example',
  'mailto:jane@contoso.com',
  'jane@contoso.com',
  'SOC-1',
  '&amp;',
  '&#124;',
  '&',
  '<script>alert(1)</script>',
  '<!--',
  '{"type":"mention","attrs":{"id":"1"}}',
  '{"type":"doc","version":1,"content":[]}',
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  ' ',
  '\u00a0',
  '\u2028',
  '\u200b',
  '\u202e',
  '\u0000',
  '\u001b[31m',
  '\u0085',
  '\ufeff',
  '\ud83d',
  '\ude00',
  '😀',
  '\u{e0041}',
  '\uffff',
  '… cut: 5 of 9 characters shown',
];

/** Any text at all, mostly bad: full Unicode, unpaired surrogates, pieces of markup. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...FRAGMENTS) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const hostileUrl = fc.oneof(
  hostileText,
  fc.constantFrom('javascript:alert(1)', 'data:text/html,x', 'http://', '//x.example', 'https://x.example/\n|]'),
  fc.tuple(fc.constantFrom('http://x.example/', 'HTTPS://x.example/a?b='), hostileText).map((parts) => parts.join('')),
);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text' as const), text: hostileText }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('text' as const),
      text: hostileText,
      strong: fc.boolean(),
      code: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), text: hostileText, url: hostileUrl }) },
);

const inlines = fc.array(inline, { maxLength: 4 });

const table = fc.integer({ min: 1, max: 3 }).chain((columns) => {
  const rowOf = <T>(cell: fc.Arbitrary<T>) => fc.array(cell, { minLength: columns, maxLength: columns });
  return fc.record({
    kind: fc.constant('table' as const),
    header: rowOf(hostileText),
    rows: fc.array(rowOf(inlines), { maxLength: 3 }),
  });
});

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({
    kind: fc.constant('heading' as const),
    level: fc.constantFrom(2 as const, 3 as const),
    text: hostileText,
  }),
  fc.record({ kind: fc.constant('paragraph' as const), content: inlines }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(inlines, { maxLength: 3 }) }),
  table,
  fc.record({
    kind: fc.constant('notice' as const),
    tone: fc.constantFrom('info' as const, 'warning' as const),
    content: inlines,
  }),
  fc.record({
    kind: fc.constant('verbatim' as const),
    title: hostileText,
    language: fc.constantFrom('json' as const, 'text' as const),
    text: hostileText,
  }),
);

/** Any document at all, every text of it hostile. */
export const hostileDocument: fc.Arbitrary<Document> = fc.record({ blocks: fc.array(block, { maxLength: 4 }) });
