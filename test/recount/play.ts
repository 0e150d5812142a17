import type { Casewire } from '../../src/assembly/casewire.ts';
import type { DedupKey, TenantId } from '../../src/domain/alert.ts';
import { faults } from '../../src/simulators/fault.ts';
import type { SimIssue } from '../../src/simulators/jira/site.ts';
import { toRecord } from '../../src/simulators/scene/record.ts';
import type { JournalEntry } from '../../src/simulators/wire.ts';
import { World } from '../world.ts';
import { type CivilSpan, dayPlus, type Kind, periodOf, startOf, wallAt } from './civil.ts';
import { ADDRESSES, type AlertPlan, type DeedPlan, RULE, type Scenario, SEVERITY_VALUES } from './scenario.ts';

/** Something that happened at the simulated Jira, as its site told it. */
export interface JiraEvent {
  at: number;
  kind: 'created' | 'updated' | 'commented' | 'deleted';
  issue: string;
  key: string;
  /** Of a created one: the alert in its property, `TENANT/ID`. */
  alert?: string;
  /** By our own account. */
  own: boolean;
  assigned?: boolean;
  /** A change of status, by category. */
  moved?: { from: string; to: string };
}

/** Something that happened to an alert in Defender, by a person or by our sync. */
export interface DefenderEvent {
  at: number;
  /** `TENANT/ID` */
  alert: string;
  /** 0 is open; else as Defender numbers resolutions. */
  resolution: number;
}

/** One pass of the product, and which tenants' sources answered it. */
export interface Pass {
  at: number;
  what: 'run' | 'sync' | 'audit';
  failed: ReadonlySet<string>;
  /** Where its calls stand in the journals. */
  cloudApps: readonly [from: number, to: number];
  jira: readonly [from: number, to: number];
}

export interface MadeReport {
  /** When it was made. */
  at: number;
  scope: string;
  kind: Kind;
  from: number;
  name: string;
  json: Record<string, unknown>;
  files: Readonly<Record<string, Uint8Array>>;
}

/** What is left of a scenario that was played: the books of the simulators, and the scenario's own. */
export interface Books {
  scenario: Scenario;
  alerts: readonly (AlertPlan & { id: string; key: string })[];
  defender: readonly DefenderEvent[];
  jira: readonly JiraEvent[];
  cloudAppsCalls: readonly JournalEntry[];
  jiraCalls: readonly JournalEntry[];
  passes: readonly Pass[];
  /** Held alerts that a person put back or dropped. */
  persons: readonly { at: number; alert: string; did: 'released' | 'dropped' }[];
  /** Made during the scenario, and made once more after it. */
  looks: readonly { first: readonly MadeReport[]; again: readonly MadeReport[] }[];
  /** All periods of all scopes, made after the end. */
  reports: readonly MadeReport[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CREATE = /\/rest\/api\/[23]\/issue(\?|$)/;
const FORMATS = ['text', 'html', 'csv', 'json'] as const;

export type Format = (typeof FORMATS)[number] | 'pdf';

type Step = { at: number; order: number; act: () => unknown };

/**
 * Plays a scenario: the real product, simulators over real HTTP, a clock that is moved by hand. Reports are drawn in all
 * formats, as PDF too where it is asked for, which takes most of the time.
 */
export async function play(scenario: Scenario, { pdf = false }: { pdf?: boolean } = {}): Promise<Books> {
  const begin = startOf(scenario.zone, scenario.first);
  const world = await World.start({
    at: new Date(begin - 3 * HOUR).toISOString(),
    inMemory: true,
    config: (yaml) => configOf(yaml, scenario),
  });
  try {
    return await new Player(world, scenario, pdf ? [...FORMATS, 'pdf'] : FORMATS).play();
  } finally {
    await world.stop();
  }
}

class Player {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #alerts: (AlertPlan & { id: string; key: string })[] = [];
  readonly #listed = new Set<string>();
  readonly #refusals = new Map<string, number>();
  readonly #defender: DefenderEvent[] = [];
  readonly #jira: JiraEvent[] = [];
  readonly #passes: Pass[] = [];
  readonly #persons: { at: number; alert: string; did: 'released' | 'dropped' }[] = [];
  readonly #looks: { at: number; spans: readonly (readonly [Kind, CivilSpan])[]; first: readonly MadeReport[] }[] = [];
  readonly #formats: readonly Format[];
  #casewire: Casewire | undefined;

  constructor(world: World, scenario: Scenario, formats: readonly Format[]) {
    this.#world = world;
    this.#scenario = scenario;
    this.#formats = formats;
  }

  async play(): Promise<Books> {
    const { scene, clock } = this.#world;
    const scenario = this.#scenario;
    this.#prepare();
    this.#casewire = await this.#world.open();
    try {
      for (const { at, act } of this.#steps()) {
        if (at > clock.now()) clock.advance(at - clock.now());
        await act();
      }
      // A night later all is read, and every period but the last has ended.
      clock.advance(HOUR);
      await this.#pass(true);
      const looks = [];
      for (const { spans, first } of this.#looks) looks.push({ first, again: await this.#make(spans) });
      const reports = await this.#makeAll();
      return {
        scenario,
        alerts: this.#alerts,
        defender: this.#defender,
        jira: this.#jira,
        cloudAppsCalls: scene.cloudApps.journal,
        jiraCalls: scene.jira.journal,
        passes: this.#passes,
        persons: this.#persons,
        looks,
        reports,
      };
    } finally {
      await this.#casewire.close();
    }
  }

  #prepare(): void {
    const { scene } = this.#world;
    scene.cloudApps.throttles = false;
    for (const tenant of scene.cloudApps.tenants.values()) tenant.alerts.length = 0;
    for (const { ip, country } of ADDRESSES)
      if (country !== undefined) scene.abuseipdb.reports.set(ip, { countryCode: country, abuseConfidenceScore: 10 });
    const tell = scene.jira.site.onEvent;
    scene.jira.site.onEvent = (event) => {
      this.#jira.push(toJiraEvent(event, this.#world.clock.now()));
      tell(event);
    };
    scene.jira.fault(
      { method: 'POST', path: CREATE, where: ({ body }) => this.#refuses(body) },
      faults.status(400, { body: { errorMessages: [], errors: { summary: 'This issue is refused.' } } }),
      { every: 1 },
    );
    for (const { tenant, from, to } of this.#scenario.outages)
      scene.cloudApps.fault(
        { path: `/${tenant}/`, where: () => this.#world.clock.now() >= from && this.#world.clock.now() < to },
        // Refused, not broken: what is refused is not tried again within a pass, so that the clock stands still.
        faults.status(401, { body: { detail: 'Invalid token' } }),
        { every: 1 },
      );
  }

  #refuses(body: string): boolean {
    for (const [id, left] of this.#refusals)
      if (left > 0 && body.includes(`"alert":"${id}"`)) {
        this.#refusals.set(id, left - 1);
        return true;
      }
    return false;
  }

  #steps(): Step[] {
    const { alerts, deeds, beat, looks, zone, first, days } = this.#scenario;
    const begin = startOf(zone, first);
    const end = startOf(zone, dayPlus(first, days));
    const steps: Step[] = [];
    for (const plan of alerts) steps.push({ at: plan.listedAt, order: 0, act: () => this.#list(plan) });
    for (const plan of deeds) steps.push({ at: plan.at, order: 1, act: () => this.#do(plan) });
    let nth = 0;
    for (let at = begin - 2 * HOUR; at < end; at += beat * HOUR) {
      const audits = nth++ % 5 === 4;
      steps.push({ at, order: 2, act: () => this.#pass(audits) });
    }
    // Two readings that fall on midnight itself.
    for (const day of [3, days - 4])
      steps.push({ at: startOf(zone, dayPlus(first, day)), order: 2, act: () => this.#pass(false) });
    for (const at of looks) steps.push({ at, order: 3, act: () => this.#look() });
    const last = steps.filter(({ at }) => at < end).sort((a, b) => a.at - b.at || a.order - b.order);
    return [...last, { at: end, order: 2, act: () => this.#pass(false) }];
  }

  #list(plan: AlertPlan): void {
    const { tenant, number, at, kind, severity, user, ips, closedAs, listedAt } = plan;
    const record = toRecord({
      tenant,
      number,
      at,
      title: kind.title,
      description: '<p>Seen.</p>',
      severity: SEVERITY_VALUES[severity],
      ips,
      ...(user === undefined ? {} : { user: { address: user, displayName: user.split('@')[0] ?? user } }),
    });
    const { cloudApps } = this.#world.scene;
    const key = `${tenant}/${record._id}`;
    this.#alerts.push({ ...plan, id: record._id, key });
    if (plan.refusals > 0) this.#refusals.set(record._id, plan.refusals);
    cloudApps.addAlert(tenant, record);
    this.#listed.add(key);
    if (closedAs === undefined) return;
    const closed = Math.floor((at + listedAt) / 2);
    cloudApps.closeAlert(tenant, record._id, closedAs, { at: closed });
    this.#defender.push({ at: closed, alert: key, resolution: closedAs });
  }

  async #pass(audits: boolean): Promise<void> {
    const signal = new AbortController().signal;
    await this.#timed('run', (casewire) => casewire.run({ waitMs: 0, signal }));
    await this.#timed('sync', (casewire) => casewire.sync({ yes: true, signal }));
    if (audits) await this.#timed('audit', (casewire) => casewire.audit(signal));
  }

  async #timed(what: Pass['what'], work: (casewire: Casewire) => Promise<unknown>): Promise<void> {
    const { scene, clock } = this.#world;
    const { cloudApps, jira } = scene;
    const at = clock.now();
    const [sources, sites] = [cloudApps.journal.length, jira.journal.length];
    const closings = cloudApps.closings.length;
    await this.#world.drive(work(this.#casewire as Casewire));
    for (const { at: closedAt, tenant, verdict, ids } of cloudApps.closings.slice(closings))
      for (const id of ids)
        this.#defender.push({ at: closedAt, alert: `${tenant}/${id}`, resolution: RESOLUTIONS[verdict] ?? 0 });
    const down = this.#scenario.outages.filter(({ from, to }) => at >= from && at < to);
    this.#passes.push({
      at,
      what,
      failed: new Set(down.map(({ tenant }) => tenant)),
      cloudApps: [sources, cloudApps.journal.length],
      jira: [sites, jira.journal.length],
    });
    if (clock.now() !== at)
      throw new Error(`a ${what} at ${new Date(at).toISOString()} took ${clock.now() - at} ms of the clock`);
  }

  /** Does a deed to one of the alerts or issues that it fits; nothing where none does. */
  async #do({ deed, pick }: DeedPlan): Promise<void> {
    const { scene } = this.#world;
    const { jira, cloudApps } = scene;
    const person = jira.person();
    const issues = (fits: (issue: SimIssue) => boolean) => [...jira.site.all()].filter(fits);
    const isDone = ({ status }: SimIssue) => status.category === 'done';
    const any = <T>(of: readonly T[]): T | undefined => of[pick % Math.max(1, of.length)];
    switch (deed) {
      case 'assign':
        return when(any(issues((one) => !isDone(one))), ({ key }) =>
          person.edit(key, 'assignee', { accountId: person.user.accountId }),
        );
      case 'begin':
        return when(any(issues(({ status }) => status.category === 'new')), ({ key }) =>
          person.reopen(key, 'In Progress'),
        );
      case 'done': {
        const resolution = ['False Positive', "Won't Do", 'Done', undefined][pick % 4];
        return when(any(issues((one) => !isDone(one))), ({ key }) =>
          person.close(key, resolution === undefined ? {} : { resolution }),
        );
      }
      case 'reopen':
        return when(any(issues(isDone)), ({ key }) => person.reopen(key));
      case 'delete':
        return when(pick % 3 === 0 ? any(issues(() => true)) : undefined, ({ key }) => person.delete(key));
      case 'move':
        return when(any(issues(({ project }) => project.key === 'SOC')), ({ key }) => {
          person.move(key, 'FAB');
        });
      case 'comment':
        return when(any(issues(() => true)), ({ key }) => person.comment(key, 'Looked at.'));
      case 'close-alert':
        return when(any(this.#inDefender((resolution) => resolution === 0)), (alert) => this.#judge(alert, pick));
      case 'judge-anew':
        return when(any(this.#inDefender((resolution) => resolution > 0)), (alert) => this.#judge(alert, pick));
      case 'reopen-alert':
        return when(any(this.#inDefender((resolution) => resolution > 0)), ({ tenant, id, key }) => {
          cloudApps.reopenAlert(tenant, id);
          this.#defender.push({ at: this.#world.clock.now(), alert: key, resolution: 0 });
        });
      case 'retry-held':
      case 'drop-held':
        return this.#doHeld(deed, pick);
    }
  }

  async #doHeld(deed: 'retry-held' | 'drop-held', pick: number): Promise<void> {
    const casewire = this.#casewire as Casewire;
    const held = (await casewire.held()).map(({ key }) => key as DedupKey).sort();
    const key = held[pick % Math.max(1, held.length)];
    if (key === undefined) return;
    const done =
      deed === 'retry-held' ? (await casewire.retryHeld([key])).length > 0 : await casewire.dropHeld(key, 'a test');
    if (done)
      this.#persons.push({
        at: this.#world.clock.now(),
        alert: key,
        did: deed === 'retry-held' ? 'released' : 'dropped',
      });
  }

  #judge({ tenant, id, key }: { tenant: string; id: string; key: string }, pick: number): void {
    // Nobody can take a verdict back and leave none.
    const first = !this.#defender.some(({ alert }) => alert === key);
    const resolution = first ? (([3, 5, 4, 2, 3] as const)[pick % 5] ?? 3) : (([3, 5, 4] as const)[pick % 3] ?? 3);
    this.#world.scene.cloudApps.closeAlert(tenant, id, resolution);
    this.#defender.push({ at: this.#world.clock.now(), alert: key, resolution });
  }

  #inDefender(fits: (resolution: number) => boolean): (AlertPlan & { id: string; key: string })[] {
    const { cloudApps } = this.#world.scene;
    return this.#alerts.filter(({ tenant, id, listedAt }) => {
      // Beside a limit none is closed before it was read.
      const isRead = this.#passes.some((pass) => pass.at >= listedAt && !pass.failed.has(tenant));
      if (this.#scenario.limit > 0 && !isRead) return false;
      const record = cloudApps.tenants.get(tenant)?.alerts.find((one) => (one as { _id: string })._id === id);
      return (
        record !== undefined && fits(Number((record as { resolutionStatusValue?: number }).resolutionStatusValue ?? 0))
      );
    });
  }

  /** Makes the reports of the periods that ended last, as a person does who looks in the middle of it. */
  async #look(): Promise<void> {
    const { zone, first } = this.#scenario;
    const { clock } = this.#world;
    const at = clock.now();
    const today = periodOf('daily', zone, wallAt(zone, at).day);
    const spans = (['daily', 'weekly', 'monthly'] as const).flatMap((kind) => {
      const now = periodOf(kind, zone, today.name);
      const before = periodOf(kind, zone, wallAt(zone, now.from - 1).day);
      return before.from >= startOf(zone, first) ? [[kind, before] as const] : [];
    });
    this.#looks.push({ at, spans, first: await this.#make(spans) });
  }

  async #makeAll(): Promise<MadeReport[]> {
    const { zone, first, days } = this.#scenario;
    const spans: [Kind, CivilSpan][] = [];
    const seen = new Set<string>();
    // The first pass is on the day before the first, the last one on the day after the last.
    for (let i = -1; i <= days; i++)
      for (const kind of ['daily', 'weekly', 'monthly'] as const) {
        const span = periodOf(kind, zone, dayPlus(first, i));
        if (seen.has(`${kind} ${span.name}`) || span.to === span.from) continue;
        seen.add(`${kind} ${span.name}`);
        spans.push([kind, span]);
      }
    return this.#make(spans, true);
  }

  async #make(spans: readonly (readonly [Kind, CivilSpan])[], revise = false): Promise<MadeReport[]> {
    const casewire = this.#casewire as Casewire;
    const made: MadeReport[] = [];
    for (const [kind, { name, from, to }] of spans)
      for (const [nth, scope] of ['all', ...this.#scenario.tenants].entries()) {
        const at = this.#world.clock.now();
        const ask = { scope: scope as TenantId | 'all', kind, from, version: '1.2.3' };
        // One revision is of all scopes.
        const report = await casewire.report({ ...ask, ...(revise && nth === 0 && to <= at ? { revise } : {}) });
        const files: Record<string, Uint8Array> = {};
        // Drawing is most of the work; of days some are enough.
        const isDrawn = kind !== 'daily' || (from / HOUR) % 7 < 1;
        for (const format of isDrawn ? this.#formats : ['json' as const])
          files[format] = (await report.file({ format })).bytes;
        const json = JSON.parse(new TextDecoder().decode(files.json)) as Record<string, unknown>;
        made.push({ at, scope, kind, from, name, json, files });
      }
    return made;
  }
}

const RESOLUTIONS: Readonly<Record<string, number>> = { false_positive: 3, benign: 4, true_positive: 5 };

function when<T>(found: T | undefined, act: (found: T) => void): void {
  if (found !== undefined) act(found);
}

type SiteEvent = Parameters<World['scene']['jira']['site']['onEvent']>[0];

function toJiraEvent({ kind, issue, user, change }: SiteEvent, at: number): JiraEvent {
  const property = issue.properties.get('casewire.alert') as { tenant: string; alert: string } | undefined;
  const status = change?.items.find(({ field }) => field === 'status');
  const assignee = change?.items.find(({ field }) => field === 'assignee');
  return {
    at,
    kind,
    issue: issue.id,
    key: issue.key,
    own: user.name === 'casewire',
    ...(kind === 'created' && property ? { alert: `${property.tenant}/${property.alert}` } : {}),
    ...(assignee && assignee.to !== null ? { assigned: true } : {}),
    ...(status ? { moved: { from: String(status.fromString), to: String(status.toString) } } : {}),
  };
}

function configOf(yaml: string, { zone, tenants, beat, sla, hours, limit, grouped }: Scenario): string {
  const parts = yaml.slice(yaml.indexOf('tenants:\n') + 'tenants:\n'.length).split(/(?=^ {2}[a-z]+:$)/m);
  const kept = parts.filter((part) => tenants.some((tenant) => part.startsWith(`  ${tenant}:`)));
  const head = yaml.slice(0, yaml.indexOf('tenants:\n'));
  const duration = (ms: number) => `${ms / MINUTE}m`;
  const targets = Object.entries(sla).map(([severity, { acknowledgeMs, resolveMs }]) => {
    const both = [
      ...(acknowledgeMs === undefined ? [] : [`acknowledge: ${duration(acknowledgeMs)}`]),
      ...(resolveMs === undefined ? [] : [`resolve: ${duration(resolveMs)}`]),
    ];
    return `    ${severity}: { ${both.join(', ')} }\n`;
  });
  const clock = (minute: number) =>
    `"${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}"`;
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].filter((_, i) => hours?.days.includes(i + 1));
  return `${head}tenants:
${kept.map((part) => `${part.trimEnd()}\n    every: ${beat}h\n`).join('')}
limits: { newTicketsPerTenantPerHour: ${limit} }
rules:
  - name: ${RULE}
    when: alert.title == "Unusual file share activity"
    then: { suppress: "allowed by the customer" }
${grouped ? GROUP : ''}
sync:
  fromJira:
    closeAlert: true
    verdict: { False Positive: false_positive, "Won't Do": benign, default: true_positive }
  fromDefender: { transitionTo: Done }
reports:
  timezone: ${zone}
  sla:
${targets.join('')}${hours ? `  businessHours: { days: [${days.join(', ')}], from: ${clock(hours.fromMinute)}, to: ${clock(hours.toMinute)} }\n` : ''}`;
}

const GROUP = `  - name: One issue per traveller
    when: alert.title == "Impossible travel activity"
    then: { group: { by: [tenant, user, type], within: 3d } }
`;
