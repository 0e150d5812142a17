import { type Fault, faults } from '../../src/simulators/fault.ts';
import type { Scene } from '../../src/simulators/scene.ts';

/** Steps of grouping at which a run may die. */
export const GROUP_STEPS = ['joined', 'gathered', 'comment-intended', 'comment-answered', 'issue-told'] as const;

const COMMENT = { method: 'POST', path: /\/comment$/ };
const CHANGES = /\/comment$|\/properties\/|\/transitions$|\/issueLink$|\/issue\/\d+(\?|$)/;

/** Rules that group: all of one tenant for long, and what repeats for some hours, in both ways to go on after a done issue. */
export const GROUP_RULES = `
rules:
  - name: Contoso together
    when: tenant == "contoso"
    then: { group: { by: [tenant], within: 30d, whenDone: reopen } }
  - name: Failed log-ins
    when: tenant != "contoso" && alert.title.contains("failed login")
    then: { group: { by: [tenant, title], within: 8h } }
`;

/** One fault of what happens to issues after their birth. */
export function playGroupFault(scene: Scene, random: () => number): string {
  const doubtful: readonly Fault[] = [
    faults.loseAnswer(),
    faults.failAfterCommit(500),
    faults.status(503),
    faults.status(429, { headers: { 'Retry-After': '1' }, body: {} }),
    faults.reset(),
    faults.truncate({ contentLength: true }),
  ];
  const schedule = { after: Math.floor(random() * 3), times: 1 + Math.floor(random() * 2) };
  const fault = doubtful[Math.floor(random() * doubtful.length)] as Fault;
  const kind = random();
  if (kind < 0.6) scene.jira.fault(COMMENT, fault, schedule);
  else if (kind < 0.8) scene.jira.fault({ path: /properties\/casewire|transitions|issueLink/ }, fault, schedule);
  else scene.jira.fault({ method: 'GET', path: /\/issue\/\d+(\/comment)?\?/ }, faults.status(503), schedule);
  return `group ${kind.toFixed(1)} ${fault.kind} ${JSON.stringify(schedule)}`;
}

/** What people do to the issues of groups meanwhile: close one, or move it to another project. */
export function disturb(scene: Scene, random: () => number): string | undefined {
  const grouped = scene.jira.issues().filter(({ properties }) => properties['casewire.group'] !== undefined);
  const issue = grouped[Math.floor(random() * grouped.length)];
  if (!issue || random() < 0.4) return undefined;
  if (random() < 0.7) {
    scene.jira.setStatus(issue.key, 'Done');
    return `closed ${issue.key}`;
  }
  return `moved ${issue.key} to ${scene.jira.moveIssue(issue.key, 'FAB')}`;
}

/** Changes of issues that Jira was asked for. */
export function changes(scene: Scene): number {
  return scene.jira.journal.filter(({ method, path }) => method !== 'GET' && CHANGES.test(path)).length;
}

/** Where Jira's own books name each alert: in an issue of its own, or in a comment. */
export function placesOf(scene: Scene): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const note = (alert: string, place: string) => places.set(alert, [...(places.get(alert) ?? []), place]);
  for (const { key, properties } of scene.jira.issues()) {
    const { tenant, alert } = properties['casewire.alert'] as { tenant: string; alert: string };
    note(`${tenant}/${alert}`, key);
    for (const comment of scene.jira.commentsOf(key))
      for (const listed of alertsOf(comment)) note(listed, `${key}#${comment.id}`);
  }
  return places;
}

function alertsOf({ properties }: { properties: readonly { key: string; value: unknown }[] }): readonly string[] {
  return properties.flatMap(({ key, value }) =>
    key === 'casewire.comment' ? (value as { alerts: string[] }).alerts : [],
  );
}

/** That every issue counts its own alerts, and that no comment names an alert which its text leaves out. */
export function judgeGroups(scene: Scene): string[] {
  return scene.jira.issues().flatMap(({ key, properties }) => {
    const comments = scene.jira.commentsOf(key);
    const listed = comments.flatMap(alertsOf);
    const counted = (properties['casewire.group'] as { alerts?: number } | undefined)?.alerts ?? 1;
    const broken =
      counted === 1 + listed.length ? [] : [`${key} counts ${counted} alerts and has ${1 + listed.length}`];
    for (const comment of comments) {
      const text = JSON.stringify(comment.body);
      const hidden = alertsOf(comment).filter((alert) => !text.includes(alert.slice(alert.indexOf('/') + 1)));
      if (hidden.length > 0) broken.push(`a comment on ${key} does not show ${hidden.join(', ')}`);
    }
    return broken;
  });
}
