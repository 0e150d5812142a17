import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { parseConfig } from '../../config/parse-config.ts';
import { PastClock } from '../../simulators/scene/past-clock.ts';
import { type Scene, startScene } from '../../simulators/scene.ts';
import type { Cli } from '../cli.ts';
import { keepServing } from '../demo/keep-serving.ts';
import { showMonth } from '../demo/month-report.ts';
import { type DemoPlace, makePlace } from '../demo/place.ts';
import { type Playing, showWeeks } from '../demo/show-weeks.ts';
import { EXIT } from '../exit-code.ts';
import { sayProblems } from '../open.ts';
import { type Stop, stopOnSignals } from '../signals.ts';
import type { DemoFlags } from '../table/side-commands.ts';
import { UsageError } from '../usage-error.ts';
import { writeFileWhole } from '../write-file.ts';
import { passWith } from './pass.ts';

/** How long a simulated call takes unless said otherwise: about what a near service takes. */
const USUAL_LATENCY_MS = 50;

/** As the weeks before do it, where a day passes in a moment, and as `serve` does it while somebody looks. */
const WEEKS_EVERY = '12h';
const SERVED_EVERY = '1m';

const BEFORE = [
  'You look after three tenants: contoso, fabrikam and northwind. Microsoft',
  'Defender for Cloud Apps, Jira and AbuseIPDB are simulated here; nothing leaves',
  'this machine.',
  '',
  'The weeks before pass first, in a few seconds: alerts come, Casewire raises',
  'them, people work on the issues, and what they find goes back to Defender.',
  '',
];

const OPENING = [
  '',
  'Monday, 07:00. Over the weekend fifteen alerts were raised.',
  '',
  'Severity gives each issue its priority, and three rules say more: leaked',
  'credentials are urgent, so is whatever comes from a busy scanner, and a user who',
  'travels impossibly more than once gets one issue.',
  '',
  'One command brings them into the queue of the SOC. It looks back over two days',
  'more, as each pass does; what it knows already stays as it is:',
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

const REPORT = ['', 'And the customer asks what was done last month:'];

const CONSOLE = ['', 'As a service it does all of this by itself, and shows it:'];

/** Plays the weeks before, Monday morning and the month's report against the simulators, by the same road as the real thing. */
export async function demo(this: Cli, flags: DemoFlags): Promise<void> {
  const stop = stopOnSignals(() => {});
  const place = await makePlace();
  const clock = new PastClock(this.clock);
  try {
    const scene = await startDemoScene(clock, flags);
    try {
      const playing = { scene, clock, signal: stop.signal, place };
      this.exitCode = await play(this, { ...playing, stop, latency: flags.latency ?? USUAL_LATENCY_MS });
    } finally {
      await scene.stop();
    }
  } finally {
    await place.remove();
    stop.release();
  }
}

async function startDemoScene(clock: PastClock, { port }: DemoFlags): Promise<Scene> {
  try {
    return await startScene({ clock, before: true, ...(port === undefined ? {} : { jiraPort: port }) });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is in use; without --port the demo takes a free one`);
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used by this user; take one above 1023`);
    throw error;
  }
}

/** `every`: how often a tenant is said to be read. */
async function configOf(scene: Scene, { folder, store }: DemoPlace, every: string): Promise<Config> {
  const path = join(folder, 'casewire.yaml');
  const more = { rules: true, sync: true, targets: true } as const;
  const source = scene.configYaml({ store, every, listen: '127.0.0.1:0', ...more });
  const result = parseConfig({ source, path, file: path, env: scene.env });
  if (!result.ok) throw new Error(`the demo's own configuration is wrong: ${sayProblems(result.problems)}`);
  await writeFileWhole(path, new TextEncoder().encode(source));
  return result.config;
}

interface Play extends Omit<Playing, 'config'> {
  stop: Stop;
  place: DemoPlace;
  /** Of a simulated call, once the weeks before are over. */
  latency: number;
}

async function play(cli: Cli, { stop, place, latency, ...parts }: Play): Promise<number> {
  const { scene } = parts;
  const { stdout } = cli;
  stdout.writeLines(BEFORE);
  await showWeeks(cli, { ...parts, config: await configOf(scene, place, WEEKS_EVERY) });
  if (stop.exitCode !== undefined) return stop.exitCode;
  scene.showWeekend();
  scene.slowDown(latency);
  const config = await configOf(scene, place, SERVED_EVERY);
  for (const words of [OPENING, SECOND_RUN, THIRD_RUN]) {
    if (words === THIRD_RUN) scene.showNews();
    announce(cli, words, 'casewire run');
    const code = await passWith(cli, config, { kind: 'run', waitMs: 0 });
    if (code !== EXIT.well) return code;
    if (stop.exitCode !== undefined) return stop.exitCode;
  }
  announce(cli, REPORT, `casewire report monthly --tenant contoso${stdout.isTerminal ? ' --out report.pdf' : ''}`);
  await showMonth(cli, config, place.folder);
  if (stop.exitCode !== undefined) return stop.exitCode;
  if (!stdout.isTerminal) return EXIT.well;
  announce(cli, CONSOLE, 'casewire serve');
  await keepServing(cli, { ...parts, config });
  stdout.write('\n');
  return EXIT.well;
}

function announce({ stdout }: Cli, words: readonly string[], command: string): void {
  stdout.writeLines([...words, '', stdout.paper().style('bold', `$ ${command}`), '']);
}
