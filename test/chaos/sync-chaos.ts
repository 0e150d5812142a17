import { type Fault, faults } from '../../src/simulators/fault.ts';
import type { Scene } from '../../src/simulators/scene.ts';
import { placesOf } from './group-chaos.ts';
import { pick } from './pick.ts';
import type { ChaosSources } from './sources.ts';

/** Steps of keeping in step at which a process may die. */
export const SYNC_STEPS = [
  'sync-started',
  'alert-closed',
  'alert-reopened',
  'issue-moved',
  'issue-moved-back',
  'agreed',
  'issue-told-note',
  'sync-read',
  'sync-ended',
  'hint-taken',
] as const;

const WEBHOOK_SECRET = 'simulated-webhook-secret';

/** `sync` both ways, and a service on a port of its own. */
export function syncConfig(port: number): string {
  return `
sync:
  fromJira:
    verdict: { False Positive: false_positive, "Won't Do": benign }
  fromDefender: { transitionTo: Done }
  every: 1s
service:
  listen: 127.0.0.1:${port}
  webhookSecret: \${env:WEBHOOK_SECRET}
`;
}

export const SYNC_ENV = { WEBHOOK_SECRET };

/** Lets Jira send its webhooks there, now and then with what befalls calls on their way. */
export function registerWebhook(scene: Scene, port: number, random: () => number): void {
  scene.jira.webhook = { url: `http://127.0.0.1:${port}/webhooks/jira`, secret: WEBHOOK_SECRET };
  const mischief = [undefined, undefined, 'duplicate', 'disordered', 'forged', 'unsigned', 'lost'] as const;
  scene.jira.webhooks.mischief = pick(mischief, random);
}

const WRITES = /\/close_(benign|false_positive|true_positive)\/|\/alerts_v2\/[^/?]+(\/comments)?$/;

/** One fault of a write to an alert or to an issue's status. */
export function playSyncFault(scene: Scene, sources: ChaosSources, random: () => number): string {
  const fault = pick<Fault>(
    [
      faults.loseAnswer(),
      faults.failAfterCommit(500),
      faults.status(503),
      faults.status(429, { headers: { 'Retry-After': '1' }, body: {} }),
      faults.reset(),
      faults.html200(),
    ],
    random,
  );
  const schedule = { after: Math.floor(random() * 2), times: 1 + Math.floor(random() * 2) };
  const kind = random();
  if (kind < 0.5) for (const sim of sources.sims) sim.fault({ path: WRITES }, fault, schedule);
  else if (kind < 0.8) scene.jira.fault({ method: 'POST', path: /\/transitions$|\/comment$/ }, fault, schedule);
  else scene.jira.fault({ path: /\/search|bulkfetch/ }, faults.status(503), schedule);
  return `sync ${kind.toFixed(1)} ${fault.kind} ${JSON.stringify(schedule)}`;
}

/** What a person does on either side meanwhile; `closed` gains the alert that was closed at its source. */
export function actAsPerson(scene: Scene, random: () => number, closed: Set<string>): string {
  const issues = scene.jira.issues();
  const issue = issues[Math.floor(random() * issues.length)];
  const tenant = pick([...scene.cloudApps.tenants.keys()], random);
  const alerts = (scene.cloudApps.tenants.get(tenant)?.alerts ?? []) as { _id: string }[];
  const alert = pick(alerts, random)._id;
  const kind = random();
  if (kind < 0.4 && issue) {
    const resolution = pick(['Done', "Won't Do", 'False Positive'], random);
    scene.jira.person().close(issue.key, { resolution });
    return `closed ${issue.key} as ${resolution}`;
  }
  if (kind < 0.55 && issue && isDone(scene, issue.key)) {
    scene.jira.person().reopen(issue.key);
    return `reopened ${issue.key}`;
  }
  if (kind < 0.9) {
    closed.add(`${tenant}/${alert}`);
    scene.cloudApps.closeAlert(tenant, alert, pick([3, 4, 5] as const, random), { by: 'ann@contoso.com' });
    return `closed ${tenant}/${alert}`;
  }
  scene.cloudApps.reopenAlert(tenant, alert);
  return `reopened ${tenant}/${alert}`;
}

function isDone(scene: Scene, key: string): boolean {
  return scene.jira.issues().some((issue) => issue.key === key && issue.status === 'Done');
}

/** Changes of alerts that the sources were asked for. */
export function alertWrites(sources: ChaosSources): number {
  return sources.sims.reduce(
    (sum, { journal }) =>
      sum + journal.filter(({ method, path }) => method !== 'GET' && WRITES.test(path.split('?', 1)[0] ?? '')).length,
    0,
  );
}

/**
 * That both sides agree: where an issue is done all of its alerts are closed; where all alerts of an issue are closed it
 * is done, but for issues that a person opened again over a source whose API opens no alert, and for those that a
 * ledger forgot whose alert a person closed before it was read again: reconciliation names them.
 */
export function judgeSync(scene: Scene, closedUnseen: ReadonlySet<string>): string[] {
  const closed = new Map<string, boolean>(
    [...scene.cloudApps.tenants].flatMap(([tenant, { alerts }]) =>
      (alerts as { _id: string; resolutionStatusValue?: number }[]).map(
        ({ _id, resolutionStatusValue = 0 }) => [`${tenant}/${_id}`, resolutionStatusValue !== 0] as const,
      ),
    ),
  );
  const alertsOf = new Map<string, string[]>();
  for (const [alert, places] of placesOf(scene)) {
    const key = places[0]?.split('#', 1)[0] ?? '';
    alertsOf.set(key, [...(alertsOf.get(key) ?? []), alert]);
  }
  return [
    ...twiceTold(scene),
    ...closedTogether(scene),
    ...[...alertsOf].flatMap(([key, alerts]) => {
      const open = alerts.filter((alert) => closed.get(alert) === false);
      if (isDone(scene, key)) return open.map((alert) => `${key} is done and its alert ${alert} is open`);
      const told = JSON.stringify(scene.jira.commentsOf(key)).includes('Stays closed');
      return open.length > 0 || told || alerts.some((alert) => closedUnseen.has(alert))
        ? []
        : [`all alerts of ${key} are closed and it is open`];
    }),
  ];
}

/** Comments of ours that stand on issues more than once. */
function twiceTold(scene: Scene): string[] {
  const markers = scene.jira
    .issues()
    .flatMap(({ key }) =>
      scene.jira
        .commentsOf(key)
        .flatMap(({ properties }) =>
          properties.flatMap((property) =>
            property.key === 'casewire.comment' ? [`${key} ${(property.value as { id: string }).id}`] : [],
          ),
        ),
    );
  return [...Map.groupBy(markers, (marker) => marker)]
    .filter(([, same]) => same.length > 1)
    .map(([marker, same]) => `comment ${marker} stands ${same.length} times`);
}

/** Closings of other alerts than the one that was meant. */
function closedTogether(scene: Scene): string[] {
  return scene.cloudApps.closings
    .filter(({ ids }) => ids.length > 1)
    .map(({ ids }) => `one request closed ${ids.join(' and ')}`);
}
