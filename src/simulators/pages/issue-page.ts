import type { JiraSite, SimIssue } from '../jira/site.ts';

export function renderIssuePage(issue: SimIssue, _site: JiraSite, _base: string): string {
  return `<!doctype html><title>${issue.key}</title>`;
}
