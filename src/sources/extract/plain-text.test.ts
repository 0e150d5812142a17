import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toOneLine, toPlainText } from './plain-text.ts';

describe('toPlainText', () => {
  it.each([
    ['keeps plain text as it is', 'two  blanks\n and a line', 'two  blanks\n and a line'],
    ['sets paragraphs apart', '<p>one</p><p>two</p>', 'one\n\ntwo'],
    ['breaks lines', 'one<br>two<br/>three<BR />four', 'one\ntwo\nthree\nfour'],
    ['never glues table cells', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['marks the items of a list', '<ul><li>one</li><li>two</li></ul>', '- one\n- two'],
    ['never glues words', '<span>one</span><span>two</span>', 'one two'],
    ['leaves no blank before punctuation', 'by <b>Jane</b>, then (<i>John</i>).', 'by Jane, then (John).'],
    ['keeps a < that begins no tag', 'a < b and 3 > 2, <3, a<', 'a < b and 3 > 2, <3, a<'],
    ['keeps the text after a tag that never ends', 'before <b and after', 'before <b and after'],
    ['keeps an address in angle brackets', 'Jane <jane@contoso.com>', 'Jane <jane@contoso.com>'],
    ['drops script and style', 'a<script>b()</script><style>c{}</style >d', 'a d'],
    ['keeps the text after a script that never ends', 'a <script> b', 'a b'],
    ['drops comments and declarations', '<!DOCTYPE html><!-- a -->b<?xml ?>', 'b'],
    ['resolves references once', '&lt;b&gt; &amp;lt; &#65;&#x42; &nbsp;&euro;', '<b> &lt; AB \u00a0€'],
    ['leaves an unknown reference', '&nosuch; & &#; a&b', '&nosuch; & &#; a&b'],
    ['drops what nobody sees', 'a\u200bb\u00ad\u202ec\u2066\ufeff', 'abc'],
    ['drops what nobody sees in a reference', 'a&#8203;b', 'ab'],
    ['makes control characters blanks', 'a\u0000b\u0007\tc\r\nd', 'a b \tc\nd'],
    ['drops the placeholder of an icon', "policy 'x' __siteIcon__ was", "policy 'x' was"],
    ['mends half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_, html, text) => {
    expect(toPlainText(html)).toBe(text);
  });

  it('loses no letter of a text without tags and references', () => {
    const letters = (text: string) => text.replace(/[^a-z0-9<>/]/g, '');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1<> /\n'), maxLength: 40 }), (text) => {
        fc.pre(!/<[a-z/!?]/.test(text));
        expect(letters(toPlainText(text))).toBe(letters(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('toOneLine', () => {
  it('makes any text one line, and leaves what looks like a tag', () => {
    expect(toOneLine(' Mass\u200b download\r\n\tby <b>\u0000 ')).toBe('Mass download by <b>');
  });
});
