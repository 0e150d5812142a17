import type { Clock } from '../domain/time.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from './abuseipdb-sim.ts';
import { type CloudAppsSim, startCloudAppsSim } from './cloud-apps-sim.ts';
import type { JiraSim } from './jira/jira-sim.ts';
import { startJiraCloudSim } from './jira-cloud-sim.ts';
import { startJiraDatacenterSim } from './jira-datacenter-sim.ts';
import { mondayAlerts, mondayNews } from './scene/monday.ts';
import { mondayReports } from './scene/reports.ts';

export interface SceneOptions {
  clock: Clock;
  latencyMs?: number;
  edition?: 'cloud' | 'datacenter';
  /** Port of the simulated Jira; any free one unless given. */
  jiraPort?: number;
  keepBodies?: boolean;
  /** Begins without the weekend's alerts; `showWeekend` lets them be there. */
  before?: true;
}

/** What a configuration of the scene has besides its tenants, the look-ups and the ticket. */
export interface SceneConfig {
  store?: string;
  rules?: boolean;
  /** How often each tenant is polled; the product's own default unless given. */
  every?: string;
  /** Alerts follow their issues, and the other way round. */
  sync?: boolean;
  /** Reports judge the issues by a target for each severity. */
  targets?: boolean;
  /** Where `serve` listens; the product's own default unless given. */
  listen?: string;
}

/** Monday morning: three tenants with the weekend's fifteen alerts, a Jira without issues, and AbuseIPDB. */
export interface Scene {
  cloudApps: CloudAppsSim;
  jira: JiraSim;
  abuseipdb: AbuseIpDbSim;
  /** The text of a `casewire.yaml` for this scene, with what is asked for; its secrets are references into `env`. */
  configYaml(options?: SceneConfig): string;
  /** Lets the weekend's fifteen alerts be there, for a scene that began before it. */
  showWeekend(): void;
  /** Lets two more alerts of one user arrive, of a kind that the rules group. */
  showNews(): void;
  /** From now on each simulated call takes so long. */
  slowDown(latencyMs: number): void;
  /** The variables that the configuration refers to. */
  env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const EMAIL = 'soc@example.com';
const TENANTS = ['contoso', 'fabrikam', 'northwind'] as const;

const RULES = `
rules:
  - name: Leaked credentials
    when: alert.title.contains("Leaked credentials")
    then: { priority: Highest, labels: [vip] }
  - name: Busy scanner address
    when: alert.ips.exists(ip, ip.checked && ip.score >= 75 && ip.reporters >= 3)
    then: { raisePriorityBy: 1 }
  - name: One issue per traveller
    when: alert.title == "Impossible travel activity"
    then: { group: { by: [tenant, user, type], within: 14d } }
`;

const SYNC = `
sync:
  fromJira:
    closeAlert: true
    verdict: { False Positive: false_positive, "Won't Do": benign, default: true_positive }
`;

const TARGETS = `
reports:
  sla:
    high: { acknowledge: 1h, resolve: 8h }
    medium: { acknowledge: 4h, resolve: 3d }
    low: { acknowledge: 1d, resolve: 7d }
`;

/** Starts the scene's three servers on free ports of this machine. */
export async function startScene(options: SceneOptions): Promise<Scene> {
  const { clock, latencyMs = 0, edition = 'cloud', jiraPort, keepBodies = true, before } = options;
  const shared = { clock, latencyMs, keepBodies };
  const env = {
    JIRA_TOKEN: 'simulated-jira-token',
    ABUSEIPDB_KEY: 'simulated-abuseipdb-key',
    CONTOSO_TOKEN: 'simulated-contoso-token',
    FABRIKAM_TOKEN: 'simulated-fabrikam-token',
    NORTHWIND_TOKEN: 'simulated-northwind-token',
  };
  const none = { contoso: [], fabrikam: [], northwind: [] };
  const alerts = before ? none : mondayAlerts(clock.now());
  const jiraOptions = { ...shared, token: env.JIRA_TOKEN, ...(jiraPort === undefined ? {} : { port: jiraPort }) };
  const jira: JiraSim =
    edition === 'cloud'
      ? await startJiraCloudSim({ ...jiraOptions, email: EMAIL })
      : await startJiraDatacenterSim(jiraOptions);
  const cloudApps = await startCloudAppsSim({
    ...shared,
    tenants: {
      contoso: { token: env.CONTOSO_TOKEN, alerts: alerts.contoso },
      fabrikam: { token: env.FABRIKAM_TOKEN, alerts: alerts.fabrikam },
      northwind: { token: env.NORTHWIND_TOKEN, alerts: alerts.northwind },
    },
  });
  const reports = mondayReports(clock.now());
  const abuseipdb = await startAbuseIpDbSim({ ...shared, key: env.ABUSEIPDB_KEY, reports });
  const urls = { jira: jira.url, abuseipdb: abuseipdb.url, tenant: (name: string) => cloudApps.urlOf(name) };
  return {
    cloudApps,
    jira,
    abuseipdb,
    env,
    configYaml: ({ store = './casewire.db', every, ...more } = {}) =>
      toYaml({ store, edition, urls, ...(every ? { every } : {}) }) + sectionsOf(more),
    showWeekend: () => {
      for (const [address, report] of Object.entries(mondayReports(clock.now())))
        abuseipdb.reports.set(address, report);
      for (const [tenant, weekend] of Object.entries(mondayAlerts(clock.now())))
        for (const alert of weekend) cloudApps.addAlert(tenant, alert);
    },
    showNews: () => {
      for (const alert of mondayNews(clock.now())) cloudApps.addAlert('contoso', alert);
    },
    slowDown: (ms) => {
      for (const sim of [jira, cloudApps, abuseipdb]) sim.latencyMs = ms;
    },
    stop: async () => {
      await Promise.all([jira.stop(), cloudApps.stop(), abuseipdb.stop()]);
    },
  };
}

function sectionsOf({ rules, sync, targets, listen }: SceneConfig): string {
  const service = listen === undefined ? '' : `\nservice:\n  listen: ${listen}\n`;
  return `${rules ? RULES : ''}${sync ? SYNC : ''}${targets ? TARGETS : ''}${service}`;
}

interface YamlParts {
  store: string;
  edition: 'cloud' | 'datacenter';
  every?: string;
  urls: { jira: string; abuseipdb: string; tenant(name: string): string };
}

function toYaml({ store, edition, urls, every }: YamlParts): string {
  const tenants = TENANTS.map(
    (name) => `  ${name}:
    source: defender-cloud-apps
    url: ${urls.tenant(name)}
    auth:
      token: \${env:${name.toUpperCase()}_TOKEN}
    lookback: 14d
${every ? `    every: ${every}\n` : ''}`,
  );
  return `store: ${JSON.stringify(store)}

jira:
  edition: ${edition}
  url: ${urls.jira}
  auth:
${edition === 'cloud' ? `    email: ${EMAIL}\n` : ''}    token: \${env:JIRA_TOKEN}

abuseipdb:
  key: \${env:ABUSEIPDB_KEY}
  url: ${urls.abuseipdb}

ticket:
  project: SOC
  issueType: IT Help
  priority: { high: High, medium: Medium, low: Low, informational: Lowest }
  labels: [defender]
  fields:
    Alert URI: "{{ alert.url }}"
    Affected User: "{{ alert.users | map: 'name' | join: ', ' | default: 'User has not been found' }}"
    IP Report: "{{ alert.ipReport }}"
    Alert title: "{{ alert.title }}"
    Alert description: "{{ alert.description }}"
    Alert IPs: "{{ alert.ips | map: 'address' | join: ', ' }}"
    Customer: "{{ tenant }}"
    Incident category: "{{ alert.categoryName }}"
    Techniques: "{{ alert.techniques | map: 'id' | join: ', ' }}"

tenants:
${tenants.join('')}`;
}
