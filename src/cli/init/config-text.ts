import { SEVERITIES } from '../../domain/alert.ts';
import { clean } from '../../domain/text/clean.ts';
import type { Answers, SiteAnswer, TenantAnswer, TicketAnswer } from './answers.ts';
import { yamlQuoted, yamlReference, yamlText } from './yaml-text.ts';

/** The text of a `casewire.yaml` that says what was answered, with a comment on each part. */
export function configText(answers: Answers): string {
  const lines = [
    '# The configuration of Casewire. All that it may say: docs/configure.md.',
    '# Editors complete and check it with the schema that this writes: casewire schema > casewire.schema.json',
    '# yaml-language-server: $schema=./casewire.schema.json',
    '#',
    `# Secrets do not stand here. \${env:NAME} is an environment variable, or a line NAME=… of the file .env`,
    `# beside this one; \${file:PATH} is the content of a file, \${keyvault:URL} a secret of an Azure Key Vault.`,
    '',
    'store: ./casewire.db   # what Casewire remembers, so that nothing is raised twice; keep it',
    '',
    ...siteLines(answers.jira),
    '',
    ...abuseLines(answers.abuseipdb),
    '',
    ...ticketLines(answers.ticket),
    '',
    'tenants:   # by name; the name is part of the identity of each alert, so keep it',
    ...answers.tenants.flatMap(tenantLines),
  ];
  return `${lines.join('\n')}\n`;
}

function siteLines({ edition, url, auth }: SiteAnswer): string[] {
  return ['jira:', `  edition: ${edition}`, `  url: ${yamlText(url)}`, '  auth:', ...indented(4, authPairs(auth))];
}

function authPairs(auth: SiteAnswer['auth']): string[] {
  switch (auth.kind) {
    case 'email-token':
      return [`email: ${yamlText(auth.email)}`, `token: ${yamlReference(auth.token)}   # an API token of this account`];
    case 'personal-access-token':
      return [`token: ${yamlReference(auth.token)}   # a personal access token`];
    case 'password':
      return [`username: ${yamlText(auth.username)}`, `password: ${yamlReference(auth.password)}`];
  }
}

function abuseLines(abuseipdb: Answers['abuseipdb']): string[] {
  if (!abuseipdb)
    return [
      '# abuseipdb:                    # look-ups of addresses; without it none is sent',
      `#   key: \${env:ABUSEIPDB_KEY}`,
    ];
  return [
    'abuseipdb:',
    `  key: ${yamlReference(abuseipdb.key)}`,
    ...(abuseipdb.url === undefined ? [] : [`  url: ${yamlText(abuseipdb.url)}`]),
    '  maxAgeInDays: 90    # how old a report may be to count',
    '  dailyBudget: 1000   # look-ups a day, shared by all tenants: what the free plan allows',
    '  neverSend: []       # own ranges, such as 198.51.100.0/24; private ones are never sent',
  ];
}

function ticketLines(ticket: TicketAnswer): string[] {
  const { project, projectName, issueType, issueTypeName, priority, fields, unmapped } = ticket;
  const pairs = SEVERITIES.flatMap((severity) => {
    const name = priority[severity];
    return name === undefined ? [] : [`    ${severity}: ${yamlText(name)}`];
  });
  return [
    'ticket:   # the default of every tenant; a tenant may override any part',
    `  project: ${yamlText(project)}${remark(projectName, project)}`,
    `  issueType: ${yamlText(issueType)}${remark(issueTypeName, issueType)}`,
    ...(pairs.length === 0
      ? ['  # priority: by severity, such as { high: High }; without it the project decides']
      : ['  priority:   # by severity; one left out gets the default of the project', ...pairs]),
    '  # labels: [defender]   # besides those that Casewire needs',
    ...(fields.length === 0 ? ['  # fields:   # Jira field, by name or id: a template'] : fieldLines(fields)),
    ...unmapped.map((name) => `    # ${name}: no field takes it`),
  ];
}

function fieldLines(fields: TicketAnswer['fields']): string[] {
  return [
    '  fields:   # Jira field, by name or id: a template (docs/configure.md, "Templates")',
    ...fields.map(({ key, template, about }) => `    ${yamlText(key)}: ${yamlQuoted(template)}${remark(about, key)}`),
  ];
}

function tenantLines({ name, source, url, auth }: TenantAnswer): string[] {
  return [
    `  ${yamlText(name)}:`,
    ...indented(4, [
      `source: ${source}`,
      ...(url === undefined ? [] : [`url: ${yamlText(url)}`]),
      'auth:',
      ...indented(2, signInPairs(auth)),
      'every: 5m      # how often `serve` polls',
      'lookback: 7d   # how far the first pass reaches',
    ]),
  ];
}

function signInPairs(auth: TenantAnswer['auth']): string[] {
  if (auth.kind === 'token') return [`token: ${yamlReference(auth.token)}   # a legacy API token`];
  const { authority, graph, tenantId, clientId, credential } = auth;
  return [
    ...(authority === undefined ? [] : [`authority: ${yamlText(authority)}`]),
    ...(graph === undefined ? [] : [`graph: ${yamlText(graph)}`]),
    `tenantId: ${yamlText(tenantId)}`,
    `clientId: ${yamlText(clientId)}`,
    credential.kind === 'secret'
      ? `clientSecret: ${yamlReference(credential.secret)}`
      : `certificate: ${yamlText(credential.path)}`,
  ];
}

function indented(by: number, lines: readonly string[]): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

/** A comment behind a value, unless it only repeats it. */
function remark(about: string, value: string): string {
  const said = clean(about);
  return said === '' || said === value ? '' : `   # ${said}`;
}
