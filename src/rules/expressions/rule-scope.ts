import { Environment } from '@marcbachmann/cel-js';
import type { AffectedUser, Alert, RelatedEntity } from '../../domain/alert.ts';
import { type Category, categoryPath } from '../../domain/category.ts';
import type { IpFinding } from '../../domain/finding.ts';
import type { EpochMs } from '../../domain/time.ts';

/** What Entra said of a user's groups, or why it could not be asked. */
export type KnownGroups =
  | { known: true; groups: readonly { id: string; name: string }[] }
  | { known: false; why: string };

/** What was found out about an alert so far, besides what it says itself. */
export interface Facts {
  now: EpochMs;
  category: Category;
  /** Absent while no address was asked after. */
  findings?: readonly IpFinding[];
  /** By `userKey`; a user who is absent was not asked after. */
  groups: ReadonlyMap<string, KnownGroups>;
}

/** Says of two mentions of a user whether they are the same one. */
export function userKey(user: AffectedUser): string {
  return user.objectId ?? user.address ?? user.name;
}

/**
 * A rule needs what is not known. CEL steps over it where the rest of the expression settles the answer (`false && …`,
 * `exists` with another element that matches); else it ends the evaluation.
 */
export class UnknownFact extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'UnknownFact';
  }
}

/** What an evaluation asked for in vain and could still be told. */
export interface Wanted {
  groupsOf: Set<AffectedUser>;
  findings: boolean;
}

class RuleUser {
  name: string;
  address: string;
  displayName: string;
  objectId: string;
  readonly #groups: () => readonly string[];

  constructor(user: AffectedUser, groups: () => readonly string[]) {
    this.name = user.name;
    this.address = user.address ?? '';
    this.displayName = user.displayName ?? '';
    this.objectId = user.objectId ?? '';
    this.#groups = groups;
  }

  /** Ids and names. */
  get groups(): readonly string[] {
    return this.#groups();
  }
}

type Report = Extract<IpFinding, { checked: true }>['report'];

/** Of an address that nobody is asked about. */
const NO_REPORTS: Report = { score: 0, reports: 0, reporters: 0, windowDays: 0 };

class RuleIp {
  address: string;
  readonly #report: () => Report | undefined;
  readonly #unknown: () => UnknownFact;

  constructor(address: string, report: () => Report | undefined, unknown: () => UnknownFact) {
    this.address = address;
    this.#report = report;
    this.#unknown = unknown;
  }

  get checked(): boolean {
    const report = this.#report();
    return report !== undefined && report !== NO_REPORTS;
  }

  get score(): bigint {
    return BigInt(this.#known().score);
  }

  get reports(): bigint {
    return BigInt(this.#known().reports);
  }

  get reporters(): bigint {
    return BigInt(this.#known().reporters);
  }

  get country(): string {
    return this.#known().countryCode ?? '';
  }

  get usageType(): string {
    return this.#known().usageType ?? '';
  }

  get isp(): string {
    return this.#known().isp ?? '';
  }

  get domain(): string {
    return this.#known().domain ?? '';
  }

  get isTor(): boolean {
    return this.#known().isTor ?? false;
  }

  #known(): Report {
    const report = this.#report();
    if (report === undefined) throw this.#unknown();
    return report;
  }
}

class RuleEntity {
  type: string;
  id: string;
  label: string;

  constructor({ type, id, label }: RelatedEntity) {
    this.type = type;
    this.id = id;
    this.label = label;
  }
}

class RuleAlert {
  id: string;
  title: string;
  description: string;
  severity: string;
  type: string;
  url: string;
  createdAt: Date;
  users: readonly RuleUser[];
  ips: readonly RuleIp[];
  networks: readonly string[];
  entities: readonly RuleEntity[];
  category: string;
  tactics: readonly string[];
  techniques: readonly string[];
  phase: string;

  constructor(alert: Alert, lists: { users: readonly RuleUser[]; ips: readonly RuleIp[] }, category: Category) {
    this.id = alert.id;
    this.title = alert.title;
    this.description = alert.description;
    this.severity = alert.severity;
    this.type = alert.type;
    this.url = alert.url;
    this.createdAt = new Date(alert.createdAt);
    this.users = lists.users;
    this.ips = lists.ips;
    this.networks = alert.networks;
    this.entities = alert.entities.map((entity) => new RuleEntity(entity));
    this.category = categoryPath(category);
    this.tactics = category.tactics.flatMap(({ id, name }) => [id, name]);
    this.techniques = category.techniques.flatMap(({ id, name }) => [id, name]);
    this.phase = category.phase;
  }
}

/** The members that rules may name, with their CEL types; the guide to the configuration is held to them by a test. */
export const RULE_TYPES = {
  User: { name: 'string', address: 'string', displayName: 'string', objectId: 'string', groups: 'list<string>' },
  Ip: {
    address: 'string',
    checked: 'bool',
    score: 'int',
    reports: 'int',
    reporters: 'int',
    country: 'string',
    usageType: 'string',
    isp: 'string',
    domain: 'string',
    isTor: 'bool',
  },
  Entity: { type: 'string', id: 'string', label: 'string' },
  Alert: {
    id: 'string',
    title: 'string',
    description: 'string',
    severity: 'string',
    type: 'string',
    url: 'string',
    createdAt: 'google.protobuf.Timestamp',
    users: 'list<User>',
    ips: 'list<Ip>',
    networks: 'list<string>',
    entities: 'list<Entity>',
    category: 'string',
    tactics: 'list<string>',
    techniques: 'list<string>',
    phase: 'string',
  },
} as const;

/** The variables of an expression, with their CEL types. */
export const RULE_VARIABLES = { alert: 'Alert', tenant: 'string', now: 'google.protobuf.Timestamp' } as const;

const CLASSES = { User: RuleUser, Ip: RuleIp, Entity: RuleEntity, Alert: RuleAlert };

/** An environment that knows the documented members of an alert and nothing else. */
export function ruleEnvironment(): Environment {
  const environment = new Environment();
  for (const [name, fields] of Object.entries(RULE_TYPES))
    environment.registerType(name, { ctor: CLASSES[name as keyof typeof CLASSES], fields });
  for (const [name, type] of Object.entries(RULE_VARIABLES)) environment.registerVariable(name, type);
  return environment;
}

/** What an expression sees of an alert. */
export interface RuleScope {
  alert: object;
  tenant: string;
  now: Date;
}

/** Puts an alert and its facts before the rules; what they ask for in vain and could still be told goes to `wanted`. */
export function toRuleScope(alert: Alert, facts: Facts, wanted: Wanted): RuleScope {
  const lists = {
    users: alert.users.map((user) => new RuleUser(user, groupsOf(user, facts, wanted))),
    ips: alert.ips.map(({ address }) => toRuleIp(address, facts, wanted)),
  };
  return { alert: new RuleAlert(alert, lists, facts.category), tenant: alert.tenant, now: new Date(facts.now) };
}

function groupsOf(user: AffectedUser, { groups }: Facts, wanted: Wanted): () => readonly string[] {
  let names: readonly string[] | undefined;
  return () => {
    if (names) return names;
    const answer = groups.get(userKey(user));
    if (answer?.known) {
      names = answer.groups.flatMap(({ id, name }) => [id, name]);
      return names;
    }
    if (!answer) wanted.groupsOf.add(user);
    throw new UnknownFact(answer ? `groups of ${user.name} not checked: ${answer.why}` : GROUPS_UNASKED);
  };
}

const GROUPS_UNASKED = 'groups were not asked for';

function toRuleIp(address: string, { findings }: Facts, wanted: Wanted): RuleIp {
  const finding = findings?.find((one) => one.address === address);
  const report = finding?.checked ? finding.report : finding?.never ? NO_REPORTS : undefined;
  const asked = () => {
    if (findings !== undefined) return report;
    wanted.findings = true;
    throw new UnknownFact('addresses were not asked after');
  };
  const why = finding && !finding.checked ? finding.why : 'not asked after';
  return new RuleIp(address, asked, () => new UnknownFact(`address ${address} not checked: ${why}`));
}
