import { html } from 'hono/html';
import type { Casewire } from '../../../../assembly/casewire.ts';
import type { ReplayChange, ReplayReport, RuleDifference, Said } from '../../../../domain/replay.ts';
import { clean } from '../../../../domain/text/clean.ts';
import { type Clock, DAY_MS, SECOND_MS, sayDuration } from '../../../../domain/time.ts';
import { type Html, NothingHere, type Page } from '../../page.ts';
import { alertPath, tenantLink } from '../parts/links.ts';
import { count, instant, sayNumber, sayTitle } from '../parts/words.ts';

/** A comparison takes this long at most, and one at a time, so that it delays no alert. */
const LONGEST_MS = 20 * SECOND_MS;
const MOST_CHANGES = 50;
const SPANS = [1, 7, 30] as const;

const busy = new WeakSet<Casewire>();

/** Where the present rules say something else than was said then. */
export const replayPage: Page = {
  path: '/rules/replay',
  here: 'rules',
  async show({ parts, query, signal }) {
    const days = SPANS.find((span) => String(span) === query.get('days'));
    if (!days) throw new NothingHere(`Rules are compared over ${SPANS.join(', ')} days.`);
    const { casewire } = parts.atWork();
    const back = html`<p><a href="/rules">← Rules</a></p>`;
    const title = `The last ${count(days, 'day')} under the present rules`;
    if (busy.has(casewire))
      return {
        title,
        body: html`${back}<p class="notice attention">Somebody is comparing rules just now, and it is done one at a time. Try again in a moment.</p>`,
      };
    busy.add(casewire);
    try {
      const { report, cut } = await within(casewire, { pastMs: days * DAY_MS, signal, clock: parts.clock });
      return { title, body: html`${back}${cut ? cutShort(report) : ''}${told(report)}` };
    } finally {
      busy.delete(casewire);
    }
  },
};

async function within(
  casewire: Casewire,
  { pastMs, signal, clock }: { pastMs: number; signal: AbortSignal; clock: Clock },
): Promise<{ report: ReplayReport; cut: boolean }> {
  const [late, done] = [new AbortController(), new AbortController()];
  void clock.sleep(LONGEST_MS, done.signal).then(() => late.abort());
  try {
    const report = await casewire.replay({ pastMs, signal: AbortSignal.any([signal, late.signal]) });
    return { report, cut: late.signal.aborted };
  } finally {
    done.abort();
  }
}

function cutShort({ alerts }: ReplayReport): Html {
  return html`<p class="notice attention">There was time for ${count(alerts, 'alert')} only (${sayDuration(LONGEST_MS)}). The whole: <code>casewire plan --replay 30d</code></p>`;
}

function told({ from, alerts, changed, changes, rules, tickets }: ReplayReport): Html {
  if (alerts === 0) return html`<p>No alert was decided since ${instant(from)}.</p>`;
  const issues = tickets.after - tickets.before;
  const more =
    issues === 0
      ? 'the number of issues stays the same'
      : `${count(Math.abs(issues), `issue ${issues > 0 ? 'more' : 'fewer'}`, `issues ${issues > 0 ? 'more' : 'fewer'}`)}`;
  return html`<p class="verdict ${changed === 0 ? 'good' : 'attention'}"><strong>${changed === 0 ? 'Nothing would be decided otherwise' : `${sayNumber(changed)} of ${count(alerts, 'alert')} would be decided otherwise`}</strong>${changed === 0 ? html` of ${count(alerts, 'alert')}.` : html`; ${more}.`}</p>
${rules.length === 0 ? '' : ruleTable(rules)}
${changes.length === 0 ? '' : changeTable(changes, changed)}`;
}

function ruleTable(rules: readonly RuleDifference[]): Html {
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Rule</th><th scope="col" class="n">Spoke then</th><th scope="col" class="n">Speaks now</th><th scope="col" class="n">Undecided now</th><th scope="col" class="n">Issues</th><th scope="col" class="n">Priority</th><th scope="col" class="n">Grouped</th></tr></thead>
<tbody>${rules.map(
    (one) => html`<tr><th scope="row">${clean(one.rule)}</th>
<td class="n" data-name="Spoke then">${sayNumber(one.spokeThen)}</td><td class="n" data-name="Speaks now">${sayNumber(one.speaksNow)}</td><td class="n" data-name="Undecided now">${sayNumber(one.undecidedNow)}</td>
<td class="n" data-name="Issues">${gainAndLoss(one.raised, one.suppressed)}</td><td class="n" data-name="Priority">${gainAndLoss(one.priorityUp, one.priorityDown)}</td><td class="n" data-name="Grouped">${sayNumber(one.grouped)}</td></tr>
`,
  )}</tbody></table></div>`;
}

/** `+2 −1` */
function gainAndLoss(gained: number, lost: number): string {
  const said = [...(gained > 0 ? [`+${sayNumber(gained)}`] : []), ...(lost > 0 ? [`−${sayNumber(lost)}`] : [])];
  return said.join(' ') || '0';
}

function changeTable(changes: readonly ReplayChange[], changed: number): Html {
  const shown = changes.slice(0, MOST_CHANGES);
  return html`<h2>Alerts</h2><div class="scroll"><table class="list"><thead><tr><th scope="col">Alert</th><th scope="col">Tenant</th><th scope="col">Was</th><th scope="col">Would be</th><th scope="col">By</th></tr></thead>
<tbody>${shown.map(
    (change) => html`<tr><th scope="row"><a href="${alertPath(change)}">${sayTitle(change.title)}</a></th>
<td data-name="Tenant">${tenantLink(change.tenant)}</td><td data-name="Was">${say(change.before)}</td><td data-name="Would be">${say(change.after)}</td><td data-name="By">${change.rules.map(clean).join(', ') || '–'}</td></tr>
`,
  )}</tbody></table></div>${changed > shown.length ? html`<p class="quiet">and ${sayNumber(changed - shown.length)} more</p>` : ''}`;
}

function say({ outcome, why, priority, project, issueType, group, undecided }: Said): string {
  if (outcome === 'suppressed') return `suppressed (${clean(why)})`;
  const place = [project, issueType].flatMap((part) => (part === undefined ? [] : [clean(part)])).join(' / ');
  return [
    `an issue${place === '' ? '' : ` in ${place}`}`,
    priority === undefined ? 'the usual priority' : `priority ${clean(priority)}`,
    ...(group === undefined ? [] : [`grouped by ${clean(group)}`]),
    ...undecided.map(({ rule }) => `${clean(rule)} undecided`),
  ].join(', ');
}
