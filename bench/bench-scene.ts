import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onCore, SERVICES_CORE } from './cores.ts';
import type { Order, Served, Spec, Tally } from './services.ts';

/** What a service that is measured is configured with besides. */
export interface ServeWish {
  every: string;
  sync: object;
  service: { listen: string; webhookSecret: string };
}

const SERVICES = join(import.meta.dirname, 'services.ts');

/** Simulated services in a process of their own, and a folder with Casewire's configuration for them and no store yet. */
export class BenchScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'casewire-bench-'));
  readonly served: Served;
  readonly #services: ChildProcess;

  private constructor(services: ChildProcess, served: Served, wish: ServeWish | undefined) {
    this.#services = services;
    this.served = served;
    // JSON is YAML too.
    writeFileSync(join(this.folder, 'casewire.yaml'), JSON.stringify(toConfig(served, wish), null, 2));
    const tenant = served.graph?.secret ?? served.tenants[0]?.token;
    const webhook = wish?.service.webhookSecret;
    const secrets = { JIRA: served.jira.token, ABUSE: served.abuseipdb?.key, TENANT: tenant, WEBHOOK: webhook };
    writeFileSync(
      join(this.folder, '.env'),
      Object.entries(secrets)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  }

  static async start(spec: Spec, wish?: ServeWish): Promise<BenchScene> {
    const [command, ...words] = onCore(SERVICES_CORE, [process.execPath, SERVICES]);
    const services = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const served = await ask<Served>(services, { do: 'start', spec });
    return new BenchScene(services, served, wish);
  }

  /** What arrived since the last count, by the simulators' journals. */
  tally(): Promise<Tally> {
    return ask<Tally>(this.#services, { do: 'tally' });
  }

  /** Waits until Jira has so many issues. */
  async issuesReach(count: number): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if ((await this.tally()).issues >= count) return;
      await wait(200);
    }
    throw new Error(`Jira did not come to ${count} issues within two minutes`);
  }

  /** A person closes issues, one after the other or a tenant's at once; how long each alert stayed open, in milliseconds. */
  closeIssues(order: { most: number; atOnce?: boolean; webhook: { url: string; secret: string } }): Promise<number[]> {
    return ask(this.#services, { do: 'close', ...order });
  }

  /** Raises alerts in tenants by turns, spread over this time; how long each had no issue, in milliseconds. */
  addAlerts(order: { alerts: number; withinMs: number }): Promise<number[]> {
    return ask(this.#services, { do: 'add', ...order });
  }

  async stop(): Promise<void> {
    await ask(this.#services, { do: 'stop' });
    this.#services.disconnect();
    await once(this.#services, 'exit');
    rmSync(this.folder, { recursive: true });
  }
}

async function ask<T>(services: ChildProcess, order: Order): Promise<T> {
  const answered = once(services, 'message');
  services.send(order);
  const [reply] = (await answered) as [{ answer?: T; error?: string }];
  if (reply.error !== undefined) throw new Error(`the simulated services: ${reply.error}`);
  return reply.answer as T;
}

/** What stands in a configuration in place of a secret. */
const fromEnv = (name: string) => `\${env:${name}}`;

function toConfig({ tenants, jira, abuseipdb, graph }: Served, wish: ServeWish | undefined) {
  return {
    store: './casewire.db',
    jira: { edition: 'cloud', url: jira.url, auth: { email: jira.email, token: fromEnv('JIRA') } },
    abuseipdb: { key: fromEnv('ABUSE'), url: abuseipdb?.url },
    ticket: {
      project: 'SOC',
      issueType: 'IT Help',
      priority: { high: 'High', medium: 'Medium', low: 'Low', informational: 'Lowest' },
      labels: ['defender'],
      fields: {
        'Alert URI': '{{ alert.url }}',
        'Affected User': "{{ alert.users | map: 'name' | join: ', ' | default: 'User has not been found' }}",
        'IP Report': '{{ alert.ipReport }}',
        'Alert title': '{{ alert.title }}',
        'Alert description': '{{ alert.description }}',
        'Alert IPs': "{{ alert.ips | map: 'address' | join: ', ' }}",
      },
    },
    ...(wish ? { sync: wish.sync, service: { ...wish.service, webhookSecret: fromEnv('WEBHOOK') } } : {}),
    limits: { newTicketsPerTenantPerHour: 0 },
    tenants: Object.fromEntries(
      tenants.map(({ url }, i) => {
        const rest = { source: 'defender-cloud-apps', url, auth: { token: fromEnv('TENANT') } };
        return [
          `tenant-${i + 1}`,
          { ...(graph ? toGraph(graph, i) : rest), lookback: '1d', ...(wish ? { every: wish.every } : {}) },
        ];
      }),
    ),
  };
}

function toGraph({ url, authority, clientId, tenantIds }: NonNullable<Served['graph']>, i: number) {
  return {
    source: 'graph',
    url,
    auth: { authority, tenantId: tenantIds[i], clientId, clientSecret: fromEnv('TENANT') },
  };
}
