import { describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const BEFORE = `jira:
  edition: cloud
  url: https://acme.atlassian.net
  auth: { email: soc@acme.example, token: "\${env:TOKEN}" }
ticket: { project: SOC, issueType: Task }
tenants:
  contoso:
    source: defender-cloud-apps
    url: https://contoso.example
    auth: { token: "\${env:TOKEN}" }
`;

function said(rules: string): string[] {
  const parts = { path: '/etc/casewire.yaml', file: 'casewire.yaml', env: { TOKEN: 'a-token' } };
  const result = parseConfig({ ...parts, source: BEFORE + rules });
  return result.ok ? [] : result.problems.map(formatProblem);
}

describe('the rules of a file', () => {
  it('are refused each at its place within the expression, all at once', () => {
    const problems = said(`rules:
  - name: One
    when: alert.title.contains("x") && alert.usrs.size() > 0
    then: { priority: High }
  - name: Two
    when: >-
      tenant == "lab" &&
      alert.title
    then: { labels: [vip] }
  - name: Three
    when: "alert.severity == \\"hgh\\""
    then: { labels: [vip] }
`);
    expect(problems).toEqual([
      'casewire.yaml:13:46 rules[0].when: usrs is unknown; did you mean users?',
      expect.stringMatching(/^casewire\.yaml:17:7 rules\[1\]\.when: /),
      'casewire.yaml:21:30 rules[2].when: "hgh" is no severity; did you mean "high"?',
    ]);
  });

  it('are refused for what a rule cannot say', () => {
    const problems = said(`rules:
  - { name: A, when: "true", then: {} }
  - { name: A, when: "true", then: { priorty: High } }
  - { name: B, when: "true", then: { suppress: no, labels: [x] } }
  - { name: C, when: "true", then: { category: phishing } }
  - { name: D, when: "true", then: { group: { by: [usr], within: 24h } } }
  - { name: E, when: "true", then: { group: { by: [], within: 24h } } }
  - { name: F, when: "true", then: { fields: { Team: "{{ alert.ulr }}" } } }
  - { name: G, when: "true", then: { raisePriorityBy: 9 } }
  - { name: H, when: true, then: { raisePriorityBy: 0 } }
  - { name: I, then: { labels: [a b] } }
`);
    expect(problems.map((problem) => problem.replace(/^casewire\.yaml:\d+:\d+ /, ''))).toEqual([
      'rules[0].then: says nothing; give priority, labels, suppress or another key',
      'rules[1].name: names two rules; give each a name of its own',
      'rules[1].then.priorty: unknown key; did you mean "priority"?',
      'rules[2].then.suppress: leaves no ticket of which the other keys could say something; put them in a rule of their own',
      'rules[3].then.category: "phishing" is not a category; did you mean fraud/phishing?',
      'rules[4].then.group.by[0]: "usr" is unknown; allowed: tenant, user, ip, type, title, severity, category',
      'rules[5].then.group.by: is empty; write [tenant, user, type]',
      'rules[6].then.fields.Team: alert.ulr is unknown; did you mean alert.url?',
      'rules[7].then.raisePriorityBy: 9 is not a whole number from -4 to 4',
      'rules[8].when: true is not text; put it in quotes',
      'rules[8].then.raisePriorityBy: 0 moves nothing; leave it out',
      expect.stringMatching(/^rules\[9\]\.when: is missing/),
      expect.stringMatching(/^rules\[9\]\.then\.labels\[0\]: "a b" is not a label/),
    ]);
  });
});
