import { describe, expect, it } from 'vitest';
import { checkExpression } from './expression.ts';

function said(text: string): string[] {
  return checkExpression(text).map(
    ({ row, column, says, mend }) => `${row}:${column} ${says}${mend ? `; ${mend}` : ''}`,
  );
}

describe('an expression', () => {
  it.each([
    'alert.title.contains("Leaked credentials") && alert.users.exists(u, "Staff" in u.groups)',
    'alert.ips.exists(ip, ip.score >= 75 && ip.reporters >= 3)',
    'tenant == "lab"',
    'now - alert.createdAt > duration("24h")',
    'alert.category == "intrusion-attempts/login-attempts" && "T1110" in alert.techniques',
    'alert.severity in ["high", "medium"] && alert.phase != ""',
    'alert.entities.exists(e, e.type == "service" && e.label.matches("^Microsoft (365|Teams)$"))',
    'alert.createdAt.getDayOfWeek("Europe/Berlin") in [0, 6] && alert.networks.size() == 0',
  ])('is taken: %s', (text) => {
    expect(said(text)).toEqual([]);
  });

  it.each([
    ['alert.usrs.size() > 0', '1:7 usrs is unknown; did you mean users?'],
    ['alert.users.exists(u, u.nme == "x")', '1:25 nme is unknown; did you mean name?'],
    ['alert.users.filter(u, true)[0].grups.size() > 0', '1:32 grups is unknown; did you mean groups?'],
    ['tennant == "lab"', '1:1 tennant is unknown; did you mean tenant?'],
    ['tenant == "lab" &&\n  alert.titel == "x"', '2:9 titel is unknown; did you mean title?'],
    ['alert.title > 3', '1:1 string > int cannot be compared or computed'],
    ['alert.title', '1:1 this is string, not true or false; compare it with something'],
    ['alert.title ==', '1:15 the expression ends too early'],
    ['alert.title.contans("x")', "1:1 there is no function 'string.contans(string)'"],
    ['alert.severity == "hgh"', '1:19 "hgh" is no severity; did you mean "high"?'],
    [
      'alert.severity in ["high", "critical"]',
      '1:28 "critical" is no severity; known: high, medium, low, informational',
    ],
    ['alert.category == "fraud/phising"', '1:19 "fraud/phising" is no category; did you mean "fraud/phishing"?'],
    ['has(alert.foo)', '1:1 has() is of no use here: every member is always there; compare it with ""'],
    ['dyn(alert).foo == 1', '1:1 dyn() would hide misspelt names; leave it out'],
    ['alert.title.matches(tenant)', '1:1 matches() takes a regular expression in quotes'],
    ['alert.title.matches("a(?=b)")', '1:21 error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['alert.title.linearMatches("a")', "1:1 there is no function 'string.linearMatches(string)'"],
  ])('is refused where it stands: %s', (text, problem) => {
    expect(said(text)).toEqual([problem]);
  });

  it('is refused for a regular expression that cannot be read', () => {
    expect(said('alert.title.matches("(")')).toEqual([
      expect.stringMatching(/^1:21 error parsing regexp: missing closing \)/),
    ]);
  });
});
