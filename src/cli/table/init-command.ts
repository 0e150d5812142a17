import { buildCommand } from '@stricli/core';
import type { Cli } from '../cli.ts';
import type { InitFlags } from '../init/init-flags.ts';
import { docs, json, oneOf, toggle, word, words } from './flags.ts';

export const init = buildCommand<InitFlags, [], Cli>({
  loader: async () => (await import('../commands/init.ts')).init,
  parameters: {
    flags: {
      jiraUrl: word('Where Jira is', 'URL'),
      edition: {
        kind: 'parsed',
        parse: oneOf('cloud', 'datacenter'),
        brief: 'cloud or datacenter, if the URL does not tell',
        placeholder: 'WORD',
        optional: true,
      },
      email: word('Jira Cloud: mail address of the account', 'ADDRESS'),
      username: word('Data Center: the account, if by password', 'NAME'),
      jiraSecretFrom: word('Where the token or password stands', 'PLACE'),
      project: word('Key of the project that takes the alerts', 'KEY'),
      issueType: word('Type of issue', 'NAME'),
      priority: words('Other than proposed', 'SEVERITY=NAME'),
      field: words('What fills a Jira field', 'NAME=TEMPLATE'),
      mapping: { kind: 'boolean', brief: 'Fill the usual fields, found by name', optional: true, withNegated: true },
      tenant: words('Tenant and API URL (graph: tenant id)', 'NAME=WHERE'),
      source: {
        kind: 'parsed',
        parse: oneOf('defender-cloud-apps', 'graph'),
        brief: 'defender-cloud-apps or graph',
        placeholder: 'WORD',
        optional: true,
      },
      tokenFrom: words('Where the API token of a tenant stands', 'NAME=PLACE'),
      tenantId: words('Entra tenant, if an app signs in', 'NAME=ID'),
      clientId: word('The app that signs in', 'ID'),
      clientSecretFrom: word('Where its secret stands', 'PLACE'),
      certificate: word('Or its PEM file', 'FILE'),
      authority: word('Where Entra issues tokens', 'URL'),
      graph: word('Where Graph is', 'URL'),
      abuseipdbKeyFrom: word('Where the key of AbuseIPDB stands', 'PLACE'),
      abuseipdbUrl: word('Where AbuseIPDB is', 'URL'),
      secretsStdin: toggle('Read secrets as NAME=VALUE lines from stdin'),
      envFile: { kind: 'boolean', brief: 'Keep typed or piped secrets in .env', optional: true, withNegated: true },
      overwrite: toggle('Take the place of a file that is there'),
      json,
    },
  },
  docs: {
    ...docs(
      'Ask a few questions and write casewire.yaml',
      'Asks for Jira, tenants and AbuseIPDB, connects as it goes, offers what the',
      'project really has, writes a commented casewire.yaml and ends with check. A flag',
      'answers its question; without a terminal, flags answer them all. Secrets are',
      'never flags: a PLACE is env:NAME, file:PATH or keyvault:URL. Nothing is written',
      'before all is answered, and no file that is there is replaced unasked.',
      '',
      'Examples: casewire init',
      '          casewire init --jira-url https://acme.atlassian.net \\',
      '            --email soc@example.com --jira-secret-from env:JIRA_TOKEN \\',
      '            --project SOC --issue-type Task \\',
      '            --tenant contoso=https://contoso.us2.portal.cloudappsecurity.com \\',
      '            --token-from contoso=env:CONTOSO_TOKEN',
    ),
    customUsage: ['[FLAGS]'],
  },
});
