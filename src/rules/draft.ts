import { type Alert, dedupKeyOf } from '../domain/alert.ts';
import { type AttackRef, type Category, categoryPath, UNCATEGORISED } from '../domain/category.ts';
import { type Block, code, type Document, type Inline, link, paragraph, strong, text } from '../domain/document.ts';
import type { IpFinding } from '../domain/finding.ts';
import type { SiteId, TicketDraft } from '../domain/ticket.ts';
import { sayInstant } from '../domain/time.ts';
import { addressTable } from './address-table.ts';
import { rsitOf } from './categories/classify.ts';
import type { Judgement } from './decide.ts';
import { toTemplateScope } from './expressions/scope.ts';
import { sayEntity } from './say-entity.ts';
import { compileTemplate } from './templates/template.ts';

export interface DraftParts {
  alert: Alert;
  findings: readonly IpFinding[];
  site: SiteId;
  judgement: Judgement;
  /** What set the priority. */
  why: string;
}

/** Says what the ticket of an alert says: a pure function of the alert, its findings and what was decided. */
export function draftTicket(parts: DraftParts): TicketDraft {
  const { alert, findings, site, judgement } = parts;
  const { project, issueType, labels, priority, assignee, components } = judgement;
  const summary = summaryOf(alert);
  const scope = toTemplateScope(alert, findings, { summary, category: judgement.category });
  const fields: Record<string, string> = {};
  for (const [name, template] of Object.entries(judgement.fields))
    fields[name] = compileTemplate(template).render(scope);
  return {
    dedupKey: dedupKeyOf(alert.tenant, alert.id),
    route: { site, project, issueType },
    summary,
    description: describe(parts),
    labels,
    fields,
    tenant: alert.tenant,
    alertId: alert.id,
    ...(priority === undefined ? {} : { priority }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(components.length === 0 ? {} : { components }),
  };
}

/** The alert's title as one line; where there is none, its detection. Never empty. */
export function summaryOf(alert: Alert): string {
  const line = (alert.title || alert.type).replace(/\s+/g, ' ').trim();
  return line === '' ? '(alert without a title)' : line;
}

function describe({ alert, findings, judgement, why }: DraftParts): Document {
  const blocks: Block[] = [
    ...incompleteNotice(alert),
    { kind: 'heading', level: 2, text: 'What happened' },
    ...lines(alert.description || summaryOf(alert)),
    ...(alert.url ? [paragraph(link('Open the alert in Defender', alert.url))] : []),
    { kind: 'heading', level: 2, text: 'Affected users' },
    users(alert),
    { kind: 'heading', level: 2, text: 'IP addresses' },
    ...addresses(alert, findings),
    { kind: 'heading', level: 2, text: 'Incident category' },
    kindOfIncident(judgement.category),
    ...involved(alert),
    { kind: 'heading', level: 2, text: 'How this issue came about' },
    facts(alert, judgement, why),
    { kind: 'verbatim', title: 'Raw alert record', language: 'json', text: indent(alert.raw) },
  ];
  return alert.url ? { blocks, fullTextAt: alert.url } : { blocks };
}

function incompleteNotice(alert: Alert): Block[] {
  if (alert.incomplete.length === 0) return [];
  const what = `Incomplete alert: ${alert.incomplete.join(', ')} missing or not readable in Defender's record.`;
  return [{ kind: 'notice', tone: 'warning', content: [text(what)] }];
}

function lines(description: string): Block[] {
  return description
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => paragraph(text(line)));
}

function users(alert: Alert): Block {
  if (alert.users.length === 0) return paragraph(text('The alert names no user.'));
  return {
    kind: 'list',
    items: alert.users.map(({ name, displayName, origin }): Inline[] => {
      const shown = displayName && displayName !== name ? ` (${displayName})` : '';
      return [strong(name), text(`${shown}${origin === 'text' ? ' – named in the text only' : ''}`)];
    }),
  };
}

function addresses(alert: Alert, findings: readonly IpFinding[]): Block[] {
  if (findings.length === 0 && alert.networks.length === 0) return [paragraph(text('The alert names no address.'))];
  const blocks: Block[] = [];
  if (findings.length > 0) blocks.push(addressTable(findings, alert.ips));
  if (alert.networks.length > 0)
    blocks.push(paragraph(text(`Networks named, not looked up: ${alert.networks.join(', ')}`)));
  return blocks;
}

/** All of it is a suspicion until an analyst has looked, and says so. */
function kindOfIncident(category: Category): Block {
  const rsit = rsitOf(category);
  const path = categoryPath(category);
  const said: Inline[] =
    path === UNCATEGORISED || !rsit
      ? [text('Not categorised: nothing is known of this detection. A rule may name its category.')]
      : [text('Suspected: '), strong(`${rsit.className} > ${rsit.typeName}`), text(' '), code(path)];
  const { tactics, techniques, phase } = category;
  return {
    kind: 'list',
    items: [
      said,
      ...(tactics.length > 0 ? [[text('ATT&CK tactics: '), ...attackLinks(tactics)]] : []),
      ...(techniques.length > 0 ? [[text('ATT&CK techniques: '), ...attackLinks(techniques)]] : []),
      [text(`NIST SP 800-61 phase: ${phase}`)],
    ],
  };
}

function attackLinks(refs: readonly AttackRef[]): Inline[] {
  return refs.flatMap(({ id, name }, i) => {
    const path = id.startsWith('TA') ? `tactics/${id}` : `techniques/${id.replace('.', '/')}`;
    const words = name === id ? id : `${id} ${name}`;
    return [...(i > 0 ? [text(', ')] : []), link(words, `https://attack.mitre.org/${path}/`)];
  });
}

function involved(alert: Alert): Block[] {
  if (alert.entities.length === 0) return [];
  return [
    { kind: 'heading', level: 2, text: 'Also involved' },
    {
      kind: 'list',
      items: alert.entities.map(sayEntity),
    },
  ];
}

function facts(alert: Alert, { spoke, undecided }: Judgement, why: string): Block {
  return {
    kind: 'list',
    items: [
      [text(`Tenant ${alert.tenant}, alert `), code(alert.id)],
      [text(`Detection: ${alert.type || 'not named'}`)],
      [text(`Raised by Defender at ${sayInstant(alert.createdAt)}`)],
      [text(`Priority: ${why}`)],
      ...spoke.map(({ rule, said }): Inline[] => [text('Rule '), strong(rule), text(`: ${said}`)]),
      ...undecided.map((one): Inline[] => [text('Rule '), strong(one.rule), text(` undecided: ${one.why}`)]),
    ],
  };
}

/** The record as people read JSON; a record that is not JSON is shown as it came. */
function indent(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
