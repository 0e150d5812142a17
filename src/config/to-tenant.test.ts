import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { formatProblem } from './problems.ts';

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
  it('is not Graph yet', () => {
    const graph = '  fabrikam: { source: graph, auth: { tenantId: fabrikam.example, clientId: 6 } }\n';
    const result = parse(COMMON, graph);
    expect(result.ok || result.problems.map(({ key, says }) => `${key} | ${says}`)).toContain(
      'tenants.fabrikam.source | source: graph is not built yet',
    );
  });
});
