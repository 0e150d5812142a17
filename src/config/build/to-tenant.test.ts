import { describe, expect, it } from 'vitest';
import { parseConfig } from '../parse-config.ts';
import { formatProblem } from '../problems.ts';

const env = { TOKEN: 'token-value' };

function parse(ticket: string, tenants: string) {
  const source = `jira: { edition: datacenter, url: https://jira.acme.example, auth: { token: "\${env:TOKEN}" } }
${ticket}
tenants:
${tenants}`;
  return parseConfig({ source, path: '/etc/casewire.yaml', file: 'casewire.yaml', env });
}

function tenant(name: string, ticket: string): string {
  return `  ${name}: { source: defender-cloud-apps, url: https://${name}.example, auth: { token: "\${env:TOKEN}" }, ticket: ${ticket} }\n`;
}

const COMMON = `ticket:
  project: SOC
  issueType: Task
  priority: { high: High, low: Low }
  labels: [defender]
  fields: { Link: "{{ alert.url }}", Title: "{{ alert.title }}" }`;

describe("a tenant's ticket", () => {
  it('is laid over the common one part by part: priority and fields key by key, labels as a whole', () => {
    const own = `{ project: FAB, priority: { high: Highest, medium: Medium }, labels: [fabrikam], fields: { Title: "{{ tenant }}" } }`;
    const result = parse(COMMON, tenant('contoso', '{}') + tenant('fabrikam', own));
    expect(result.ok && result.config.tenants.map(({ policy }) => policy.ticket)).toEqual([
      {
        site: 'default',
        project: 'SOC',
        issueType: 'Task',
        priority: { high: 'High', low: 'Low' },
        priorityIs: 'configured',
        labels: ['defender'],
        fields: { Link: '{{ alert.url }}', Title: '{{ alert.title }}' },
      },
      {
        site: 'default',
        project: 'FAB',
        issueType: 'Task',
        priority: { high: 'Highest', medium: 'Medium', low: 'Low' },
        priorityIs: 'configured',
        labels: ['fabrikam'],
        fields: { Link: '{{ alert.url }}', Title: '{{ tenant }}' },
      },
    ]);
  });

  it('may take away all labels', () => {
    const result = parse(COMMON, tenant('contoso', '{ labels: [] }'));
    expect(result.ok && result.config.tenants[0]?.policy.ticket.labels).toEqual([]);
  });

  it('may be whole without a common one', () => {
    const result = parse('', tenant('contoso', '{ project: SOC, issueType: Task }'));
    expect(result.ok && result.config.tenants[0]?.policy.ticket).toMatchObject({ project: 'SOC', issueType: 'Task' });
  });

  it('must be whole after all, which is said once for all tenants', () => {
    const tenants = tenant('contoso', '{ issueType: Task }') + tenant('fabrikam', '{}') + tenant('tailspin', '{}');
    const result = parse('', tenants);
    expect(result.ok || result.problems.map(formatProblem)).toEqual([
      "casewire.yaml:1:1 ticket.project: is missing, here and for tenant contoso and 2 more; give it here, or in the tenant's ticket",
      "casewire.yaml:1:1 ticket.issueType: is missing, here and for tenant fabrikam and 1 more; give it here, or in the tenant's ticket",
    ]);
  });
});

describe("a tenant's source", () => {
  const APP = 'tenantId: fabrikam.example, clientId: 66666666-7777-4888-8999-000000000000';
  const SIGN_IN = `${APP}, clientSecret: "\${env:TOKEN}"`;
  const graph = (more: string, auth = SIGN_IN) =>
    parse(COMMON, `  fabrikam: { source: graph, ${more}auth: { ${auth} } }\n`);
  const said = (result: ReturnType<typeof graph>) => (result.ok ? [] : result.problems.map(formatProblem));

  it('may be Graph, in the global cloud unless another is named', () => {
    const global = graph('');
    expect(said(global)).toEqual([]);
    expect(global.ok && global.config.tenants[0]).toMatchObject({
      source: 'graph',
      url: 'https://graph.microsoft.com',
      auth: { kind: 'entra', tenantId: 'fabrikam.example' },
    });
    const government = graph('url: https://graph.microsoft.us, ');
    expect(government.ok && government.config.tenants[0]?.url).toBe('https://graph.microsoft.us');
  });

  it('is no Graph with a legacy token, nor one of a cloud without alerts', () => {
    expect(said(graph('', `token: "\${env:TOKEN}"`))).toEqual([
      expect.stringMatching(/tenants.fabrikam.auth.token: is for Defender for Cloud Apps; Graph takes tenantId/),
    ]);
    expect(said(graph('url: https://microsoftgraph.chinacloudapi.cn, '))).toEqual([
      expect.stringMatching(/tenants.fabrikam.url: is the Graph of a cloud that has no alerts there; use source/),
    ]);
  });
});
