import { isCustom } from '../jira/shapes.ts';
import { type JiraSite, readFields, type SimField, type SimIssue } from '../jira/site.ts';
import { isObject } from '../wire.ts';
import { adfToHtml } from './adf-html.ts';
import { escapeHtml, link, renderPage } from './html.ts';
import { wikiToHtml } from './wiki-html.ts';

/** An issue as a page for people. */
export function renderIssuePage(issue: SimIssue, site: JiraSite, base: string): string {
  const fields = readFields(issue);
  const { key, project, status } = issue;
  const summary = String(fields.summary);
  const long = site.fields.filter(({ id, type }) => isCustom({ id, type } as SimField) && type === 'textarea');
  const short = site.fields.filter((field) => isCustom(field) && field.type !== 'textarea');
  const filled = (list: readonly SimField[]) =>
    list.filter(({ id }) => fields[id] !== undefined && fields[id] !== null);
  const main = filled(long).map((field) => `<h2>${escapeHtml(field.name)}</h2>\n${richText(fields[field.id])}`);
  const side = filled(short).map((field) => detail(field.name, fieldHtml(field, fields[field.id])));
  return renderPage({
    title: `${key} ${summary}`,
    body: `<div class="crumbs"><a href="${base}/">${escapeHtml(project.name)}</a> / ${key}</div>
<h1>${escapeHtml(summary)}</h1>
<div class="issue">
<article>
${richText(fields.description)}
${main.join('\n')}
${issue.comments.map(({ author, body }) => `<h2>Comment by ${escapeHtml(author.displayName)}</h2>\n${richText(body)}`).join('\n')}
</article>
<aside><dl>
${detail('Status', `<span class="lozenge ${status.category}">${status.name}</span>`)}
${detail('Priority', priorityHtml(fields.priority, site))}
${detail('Issue type', escapeHtml(nameOf(fields.issuetype, project.issueTypes)))}
${detail('Labels', issue.labels.map((label) => `<span class="label">${escapeHtml(label)}</span>`).join('') || 'None')}
${side.join('\n')}
${detail('Reporter', escapeHtml(issue.reporter.displayName))}
${detail('Created', `${new Date(issue.createdAt).toISOString().slice(0, 19).replace('T', ' ')} UTC`)}
${[...issue.properties].map(([name, value]) => detail(`Property ${name}`, `<details><summary>show</summary><pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre></details>`)).join('\n')}
</dl></aside>
</div>`,
  });
}

/** A priority with its colour, from whichever of name and id the issue was created with. */
export function priorityHtml(value: unknown, site: JiraSite): string {
  const name = nameOf(value ?? { name: site.priorities[2]?.name }, site.priorities);
  const rank = site.priorities.findIndex((one) => one.name === name) + 1;
  return `<span class="priority p${rank}">${escapeHtml(name)}</span>`;
}

function nameOf(value: unknown, known: readonly { id: string; name: string }[]): string {
  if (!isObject(value)) return '';
  return String(value.name ?? known.find(({ id }) => id === value.id)?.name ?? value.id);
}

function richText(value: unknown): string {
  if (typeof value === 'string') return wikiToHtml(value);
  return isObject(value) ? adfToHtml(value) : '<p class="faint">No description</p>';
}

function detail(name: string, html: string): string {
  return `<dt>${escapeHtml(name)}</dt><dd>${html}</dd>`;
}

/** A field's value in short. */
export function fieldHtml(field: SimField, value: unknown): string {
  if (field.type === 'url') return link(String(value), escapeHtml(String(value)));
  if (Array.isArray(value)) return value.map((item) => escapeHtml(plain(field, item))).join(', ');
  return escapeHtml(plain(field, value));
}

function plain(field: SimField, value: unknown): string {
  if (!isObject(value)) return String(value);
  const option = field.choices.find(({ id }) => id === value.id);
  const own = value.value ?? option?.value ?? value.name ?? value.accountId;
  const { child } = value;
  if (!isObject(child)) return String(own ?? value.id);
  const part = child.value ?? option?.children?.find(({ id }) => id === child.id)?.value;
  return `${String(own ?? value.id)} > ${String(part ?? child.id)}`;
}
