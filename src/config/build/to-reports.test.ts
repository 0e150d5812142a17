import { describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const BEFORE = `jira: { edition: cloud, url: https://acme.atlassian.net, auth: { email: soc@acme.example, token: "\${env:TOKEN}" } }
ticket: { project: SOC, issueType: Task }
tenants: { contoso: { source: defender-cloud-apps, url: https://contoso.example, auth: { token: "\${env:TOKEN}" } } }
`;

const ENV = {
  TOKEN: 'a-token',
  SMTP: 'smtp://soc:p%40ss@mail.acme.example:587',
  WEB: 'https://soc:hunter2@mail.acme.example',
  PERCENT: 'smtp://soc:hunter2%zz@mail.acme.example',
  QUERY: 'smtp://soc:hunter2@mail.acme.example/?pool=true',
};

function parse(part: string) {
  return parseConfig({ source: BEFORE + part, path: '/etc/casewire.yaml', file: 'casewire.yaml', env: ENV });
}

function said(part: string): string[] {
  const result = parse(part);
  return result.ok ? [] : result.problems.map(formatProblem);
}

function reportsOf(part: string) {
  const result = parse(part);
  expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([]);
  if (!result.ok) throw new Error('not reached');
  return result.config.reports;
}

describe('what reports count by', () => {
  it.each(['', 'reports:', 'reports: {}'])('is UTC without targets and deliveries when the file says %j', (part) => {
    expect(reportsOf(part)).toEqual({ timezone: 'UTC', sla: {} });
  });

  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
  ])('is the time zone %s by its own name', (written, name) => {
    expect(reportsOf(`reports: { timezone: ${written} }`).timezone).toMatch(new RegExp(`^(${name}|Asia/Calcutta)$`));
  });

  it.each([
    ['Europe/Berln', 'did you mean Europe/Berlin?'],
    ['Vienna', 'did you mean Europe/Vienna?'],
    ['new york', 'did you mean America/New_York?'],
    ['"+02:00"', 'write its IANA name, such as Europe/Berlin or UTC'],
    ['Atlantis/Capital', 'write its IANA name, such as Europe/Berlin or UTC'],
  ])('is refused as the time zone %s, with what may be meant', (written, mend) => {
    expect(said(`reports: { timezone: ${written} }`)).toEqual([
      `casewire.yaml:4:22 reports.timezone: "${written.replaceAll('"', '')}" is not a time zone; ${mend}`,
    ]);
  });

  it('is told all that is wrong with targets and hours, each at its place', () => {
    expect(
      said(`reports:
  sla: { high: { acknowledge: 2h, resolve: 1h }, hihg: {}, low: { resolve: soon } }
  businessHours:
    days: [mon, Tue]
    from: 8
    to: "25:00"
`),
    ).toEqual([
      'casewire.yaml:5:44 reports.sla.high.resolve: is shorter than acknowledge; an issue is acknowledged first',
      'casewire.yaml:5:50 reports.sla.hihg: unknown key; did you mean "high"?',
      'casewire.yaml:5:76 reports.sla.low.resolve: "soon" is not a duration; write a number and its unit (s, m, h, d), such as 5m',
      'casewire.yaml:7:17 reports.businessHours.days[1]: "Tue" is unknown; allowed: mon, tue, wed, thu, fri, sat, sun',
      'casewire.yaml:8:11 reports.businessHours.from: 8 is not a time of day; write "08:00"',
      'casewire.yaml:9:9 reports.businessHours.to: "25:00" is not a time of day; write "08:00"',
    ]);
    expect(said('reports: { businessHours: { days: [], from: 08:00, to: 17:00 } }')).toEqual([
      expect.stringMatching(/reports\.businessHours\.days: names no day; write \[mon, tue/),
    ]);
    expect(said('reports: { businessHours: { days: [sat], from: 18:00, to: 08:00 } }')).toEqual([
      'casewire.yaml:4:59 reports.businessHours.to: is not later than from; hours end on the day they begin',
    ]);
  });
});

describe('where reports go', () => {
  it('is the folder reports beside the file, as HTML and PDF with the names of users, unless the file says otherwise', () => {
    expect(reportsOf('reports: { deliver: { when: [daily, daily] } }').deliver).toEqual({
      when: ['daily'],
      formats: ['html', 'pdf'],
      folder: '/etc/reports',
      pseudonymise: false,
    });
  });

  it('keeps the password of the mail server out of what is printed, as it is written and as it is', () => {
    const result = parse(
      `reports: { deliver: { when: [daily], mail: { server: "\${env:SMTP}", from: a@b, to: [c@d] } } }`,
    );
    expect(result.ok && result.config.secrets).toEqual(expect.arrayContaining([ENV.SMTP, 'p@ss']));
  });

  it('is told all that is wrong with it, each at its place', () => {
    expect(
      said(`reports:
  deliver:
    when: []
    formats: [docx]
    folder: ~/reports
    mail:
      server: smtp://soc:hunter2@mail.acme.example
      from: "soc@acme.example\\nBcc: eve@evil.example"
      to: []
`),
    ).toEqual([
      'casewire.yaml:6:5 reports.deliver.when: is an empty list; name daily, weekly or monthly, or leave out deliver',
      'casewire.yaml:7:15 reports.deliver.formats[0]: "docx" is unknown; allowed: text, html, pdf, csv, json',
      'casewire.yaml:8:13 reports.deliver.folder: ~ is not expanded here; write the path in full',
      `casewire.yaml:10:15 reports.deliver.mail.server: a secret must not stand in this file; write \${env:REPORTS_DELIVER_MAIL_SERVER} or \${file:PATH}`,
      'casewire.yaml:11:13 reports.deliver.mail.from: "soc@acme.example\\nBcc: eve@evil.example" is not a mail address; write soc@example.com',
      'casewire.yaml:12:7 reports.deliver.mail.to: is an empty list; name who gets the reports, or leave out mail',
    ]);
  });

  it.each([
    ['WEB', 'is not the address of a mail server; it must be smtps://USER:PASSWORD@HOST:PORT or smtp://…'],
    ['PERCENT', "a mail server's address ends with its port; a % "],
    ['QUERY', "a mail server's address ends with its port;"],
  ])('is refused with the mail server of %s without showing it', (name, says) => {
    const part = `reports: { deliver: { when: [daily], mail: { server: "\${env:${name}}", from: a@b, to: [c@d] } } }`;
    expect(said(part)).toEqual([expect.stringContaining(says)]);
    expect(said(part).join()).not.toContain('hunter2');
  });
});
