import type { JiraSite } from '../jira/site.ts';

export function renderQueuePage(site: JiraSite, _base: string): string {
  return `<!doctype html><title>Queue</title>${site.size}`;
}
