/**
 * How many rules are heard a second of one core: five rules such as the guide shows, on alerts of which each is another;
 * `node bench/rules.ts` prints a number. Putting an alert before the rules is part of it.
 */
import type { Alert, AlertId, TenantId } from '../src/domain/alert.ts';
import { classify } from '../src/rules/categories/classify.ts';
import type { Facts, KnownGroups } from '../src/rules/expressions/rule-scope.ts';
import { hearRules } from '../src/rules/hear-rules.ts';

const WHEN = [
  'alert.title.contains("Leaked credentials") && alert.users.exists(u, "Staff" in u.groups)',
  'alert.ips.exists(ip, ip.score >= 75 && ip.reporters >= 3)',
  'tenant == "lab"',
  'alert.type == "Impossible travel activity"',
  'alert.title.startsWith("ACME:")',
];
const RULES = WHEN.map((when, i) =>
  Object.assign({ name: `rule ${i}`, when }, JSON.parse('{"then":{"labels":["x"]}}')),
);

const TITLES = ['Leaked credentials', 'Impossible travel activity', 'ACME: unusual sign-in', 'Mass download'];
const GROUPS: KnownGroups = {
  known: true,
  groups: [
    { id: 'g1', name: 'Finance' },
    { id: 'g2', name: 'Staff' },
  ],
};

const ALERTS = 2_000;
const LONG_ENOUGH_S = 2;

function anAlert(i: number): Alert {
  const title = TITLES[i % TITLES.length] ?? '';
  const address = `user${i % 97}@contoso.example`;
  return {
    id: i.toString(16).padStart(24, '0') as AlertId,
    tenant: 'contoso' as TenantId,
    title,
    description: `Something happened, ${i} times.`,
    severity: 'high',
    type: title,
    createdAt: 1_795_000_000_000 + i,
    state: { open: true },
    url: 'https://contoso.example/',
    users: [{ name: address, address, origin: 'entity' }],
    ips: [1, 2].map((n) => ({ address: `203.0.113.${(i + n) % 250}`, origin: 'entity' })),
    networks: [],
    entities: [],
    incomplete: [],
    raw: '{}',
  };
}

const cases = Array.from({ length: ALERTS }, (_, i) => {
  const alert = anAlert(i);
  const report = { score: i % 101, reports: 5, reporters: i % 7, windowDays: 90 };
  const facts: Facts = {
    now: 1_795_000_000_000,
    category: classify(alert),
    findings: alert.ips.map(({ address }) => ({ checked: true, address, report, lookedUpAt: 0 })),
    groups: new Map(alert.users.map(({ name }) => [name, GROUPS])),
  };
  return { alert, facts };
});

function heard(): number {
  let matched = 0;
  for (const { alert, facts } of cases) matched += hearRules(alert, RULES, facts).matched.length;
  return matched;
}

const expected = heard();
// Processor time, so that other work on the machine is not counted.
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
};
const started = seconds();
let rounds = 0;
while (seconds() - started < LONG_ENOUGH_S) {
  if (heard() !== expected) throw new Error('the rules said something else than before');
  rounds += 1;
}
console.log(Math.round((rounds * ALERTS * RULES.length) / (seconds() - started)));
