import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../src/observe/clock.ts';
import { type AbuseIpDbSim, startAbuseIpDbSim } from '../src/simulators/abuseipdb-sim.ts';
import { type CloudAppsSim, startCloudAppsSim } from '../src/simulators/cloud-apps-sim.ts';
import { type JiraCloudSim, startJiraCloudSim } from '../src/simulators/jira-cloud-sim.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** The path of a create, whatever its query. */
export const CREATE = /\/rest\/api\/3\/issue(\?|$)/;

const TENANTS = ['contoso', 'fabrikam'] as const;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Simulators in this process, a configuration in a folder of its own, and the real executable to be started on it. */
export class CliScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'casewire-scene-'));
  readonly cloudApps: CloudAppsSim;
  readonly jira: JiraCloudSim;
  readonly abuse: AbuseIpDbSim;

  private constructor(cloudApps: CloudAppsSim, jira: JiraCloudSim, abuse: AbuseIpDbSim) {
    this.cloudApps = cloudApps;
    this.jira = jira;
    this.abuse = abuse;
  }

  /** Two tenants with so many open alerts each. */
  static async start(alerts: number): Promise<CliScene> {
    const clock = systemClock;
    const tenants = Object.fromEntries(
      TENANTS.map((name, t) => [name, { token: 'tenant-token', alerts: records(alerts, t) }]),
    );
    const scene = new CliScene(
      await startCloudAppsSim({ clock, tenants }),
      await startJiraCloudSim({ clock, email: 'soc@contoso.com', token: 'jira-token' }),
      await startAbuseIpDbSim({ clock, key: 'abuse-key' }),
    );
    writeFileSync(join(scene.folder, '.env'), 'JIRA=jira-token\nTENANT=tenant-token\nABUSE=abuse-key\n');
    writeFileSync(join(scene.folder, 'casewire.yaml'), scene.#config());
    return scene;
  }

  #config(): string {
    const tenant = (name: string) =>
      `  ${name}: { source: defender-cloud-apps, url: '${this.cloudApps.urlOf(name)}', auth: { token: '\${env:TENANT}' } }`;
    return [
      `jira: { edition: cloud, url: '${this.jira.url}', auth: { email: soc@contoso.com, token: '\${env:JIRA}' } }`,
      `abuseipdb: { key: '\${env:ABUSE}', url: '${this.abuse.url}' }`,
      'ticket: { project: SOC, issueType: Task }',
      'tenants:',
      ...TENANTS.map(tenant),
    ].join('\n');
  }

  /** Starts the executable in the scene's folder. */
  start(...words: string[]): ChildProcess & { ended: Promise<Ended> } {
    const child = spawn(join(ROOT, 'bin/casewire'), words, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((done, failed) => {
      child.on('error', failed);
      child.on('close', (code) => done({ code, stdout, stderr }));
    });
    return Object.assign(child, { ended });
  }

  type(...words: string[]): Promise<Ended> {
    return this.start(...words).ended;
  }

  /** Resolves when Jira is asked for such a path. */
  jiraIsAsked(path: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const where = ({ target }: { target: string }) => {
        if (path.test(target)) resolve();
        return false;
      };
      this.jira.fault({ where }, { kind: 'reset' });
    });
  }

  creates(): number {
    return this.jira.requests(CREATE, 'POST').length;
  }

  async stop(): Promise<void> {
    await Promise.all([this.cloudApps.stop(), this.jira.stop(), this.abuse.stop()]);
    rmSync(this.folder, { recursive: true });
  }
}

function records(count: number, tenant: number) {
  return Array.from({ length: count }, (_, i) => {
    const _id = `64a${tenant}${String(i).padStart(20, '0')}`;
    return {
      _id,
      timestamp: systemClock.now() - (i + 1) * 60_000,
      title: `Impossible travel activity ${i}`,
      description: 'jane@contoso.com signed in from 203.0.113.7 and from 198.51.100.9.',
      severityValue: 2,
      statusValue: 0,
      resolutionStatusValue: 0,
      URL: `https://portal.example/#/alerts/${_id}`,
      entities: [
        { type: 'account', label: 'jane@contoso.com', id: 'jane@contoso.com' },
        { type: 'ip', label: `8.8.${tenant}.${(i % 200) + 1}`, id: `8.8.${tenant}.${(i % 200) + 1}` },
      ],
    };
  });
}
