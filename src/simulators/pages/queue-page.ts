import { type JiraSite, readFields } from '../jira/site.ts';
import { escapeHtml, renderPage } from './html.ts';
import { fieldHtml, priorityHtml } from './issue-page.ts';

const MOST_SHOWN = 500;
/** Fields that get a column where the site has them. */
const COLUMNS = ['Customer', 'Affected User'];

/** All issues as a queue, the youngest first. */
export function renderQueuePage(site: JiraSite, base: string): string {
  const issues = [...site.all()].toReversed();
  const columns = COLUMNS.flatMap((name) => site.fields.filter((field) => field.name === name).slice(0, 1));
  const rows = issues.slice(0, MOST_SHOWN).map((issue) => {
    const fields = readFields(issue);
    const { summary, priority } = fields;
    const cells = columns.map(
      (field) => `<td>${fields[field.id] == null ? '' : fieldHtml(field, fields[field.id])}</td>`,
    );
    const href = `${base}/browse/${issue.key}`;
    return `<tr><td><a href="${href}">${issue.key}</a></td><td><a href="${href}">${escapeHtml(String(summary))}</a></td>
${cells.join('')}<td>${priorityHtml(priority, site)}</td><td><span class="lozenge ${issue.status.category}">${issue.status.name}</span></td>
<td class="faint">${new Date(issue.createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC</td></tr>`;
  });
  const more = issues.length > MOST_SHOWN ? `<p class="faint">The youngest ${MOST_SHOWN} are shown.</p>` : '';
  const table = `<div class="scroll"><table class="queue"><thead><tr><th>Key</th><th>Summary</th>${columns.map(({ name }) => `<th>${escapeHtml(name)}</th>`).join('')}<th>Priority</th><th>Status</th><th>Created</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${more}`;
  return renderPage({
    title: `Queue (${issues.length})`,
    body: `<h1>Queue <span class="faint">${issues.length === 1 ? '1 issue' : `${issues.length} issues`}</span></h1>
${issues.length === 0 ? '<p class="empty">No issues yet.</p>' : table}`,
  });
}
