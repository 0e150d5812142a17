import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { type Scene, startScene } from '../../simulators/scene.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { sayProblems } from '../open.ts';
import { type Stop, stopOnSignals } from '../signals.ts';
import type { DemoFlags } from '../table/side-commands.ts';
import { linked, type Paper } from '../text/paper.ts';
import { UsageError } from '../usage-error.ts';
import { passWith } from './pass.ts';

/** How long a simulated call takes unless said otherwise: about what a near service takes. */
const USUAL_LATENCY_MS = 50;

const OPENING = [
  'Monday, 07:00. Over the weekend Microsoft Defender for Cloud Apps raised',
  'fifteen alerts in the three tenants that you look after: contoso, fabrikam and',
  'northwind. Defender, Jira and AbuseIPDB are simulated here; nothing leaves this',
  'machine.',
  '',
  'Severity gives each issue its priority, and three rules say more: leaked',
  'credentials are urgent, so is whatever comes from a busy scanner, and a user who',
  'travels impossibly more than once gets one issue.',
  '',
  'One command brings them into the queue of the SOC:',
];

const SECOND_RUN = [
  '',
  'Each alert is an issue now, with who is affected, what kind of incident it may',
  'be, the link to Defender, its addresses and what AbuseIPDB knows of them.',
  'Running it again raises nothing:',
];

const THIRD_RUN = [
  '',
  'An hour later the same user of contoso travels impossibly again, twice. The rule',
  'puts both alerts into the issue that is there:',
];

/** Plays Monday morning against the simulators, by the same road as the real thing. */
export async function demo(this: Cli, { port, latency }: DemoFlags): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'casewire-demo-'));
  const stop = stopOnSignals(() => {});
  try {
    const scene = await startDemoScene(this, { port, latency });
    try {
      this.exitCode = await play(this, { scene, config: configOf(scene, folder), stop });
    } finally {
      await scene.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    stop.release();
  }
}

async function startDemoScene({ clock }: Cli, { port, latency = USUAL_LATENCY_MS }: DemoFlags): Promise<Scene> {
  try {
    return await startScene({ clock, latencyMs: latency, ...(port === undefined ? {} : { jiraPort: port }) });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is in use; without --port the demo takes a free one`);
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used by this user; take one above 1023`);
    throw error;
  }
}

function configOf(scene: Scene, folder: string): Config {
  const path = join(folder, 'casewire.yaml');
  const source = scene.configYaml({ store: join(folder, 'casewire.db'), rules: true });
  const result = parseConfig({ source, path, file: 'casewire.yaml', env: scene.env });
  if (!result.ok) throw new Error(`the demo's own configuration is wrong: ${sayProblems(result.problems)}`);
  return result.config;
}

async function play(cli: Cli, parts: { scene: Scene; config: Config; stop: Stop }): Promise<number> {
  const { scene, config, stop } = parts;
  const { stdout } = cli;
  for (const words of [OPENING, SECOND_RUN, THIRD_RUN]) {
    if (words === THIRD_RUN) scene.showNews();
    stdout.writeLines([...words, '', stdout.paper().style('bold', '$ casewire run'), '']);
    const code = await passWith(cli, config, { kind: 'run', waitMs: 0 });
    if (code !== EXIT.well) return code;
    if (stop.exitCode !== undefined) return stop.exitCode;
  }
  if (!stdout.isTerminal) return EXIT.well;
  stdout.writeLines(invitation(scene, stdout.paper()));
  await stopped(stop.signal);
  stdout.write('\n');
  return EXIT.well;
}

function invitation({ jira }: Scene, paper: Paper): string[] {
  const [telling] = jira.issues().toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const link = (url: string) => linked(url, url, paper);
  return [
    '',
    paper.style('bold', 'The simulated Jira stays up, to be looked at in the browser:'),
    `  the queue   ${link(`${jira.url}/`)}`,
    ...(telling ? [`  one issue   ${link(`${jira.url}/browse/${telling.key}`)}`] : []),
    '',
    'Ctrl-C ends the demo and removes all that it made.',
    'How to go on with your own tenants: docs/configure.md',
  ];
}

/** The issue with most to say is the one to look at first. */
function sizeOf({ fields }: { fields: object }): number {
  return JSON.stringify(fields).length;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
