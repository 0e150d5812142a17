import type { Scene } from '../../simulators/scene.ts';
import type { Cli } from '../cli.ts';
import { eventLine } from '../render/event-line.ts';
import { linked, type Paper } from '../text/paper.ts';
import { version } from '../version.ts';
import type { Playing } from './show-weeks.ts';

/** Serves what was played, with its console, until the signal; says where to look once it listens. */
export async function keepServing(cli: Cli, { config, scene, signal }: Playing): Promise<void> {
  const { stdout, clock, random } = cli;
  const { serve } = await import('../../service/serve.ts');
  await serve({
    config,
    load: async () => ({ ok: true, config }),
    version: version(),
    clock,
    random,
    signal,
    progress: (event) => {
      if (!signal.aborted && event.event !== 'serving') tell(cli, eventLine(event));
    },
    showLink: (link) => stdout.writeLines(invitation(scene, link, stdout.paper())),
    onReload: () => {},
  });
}

function tell({ stdout, redactor }: Cli, line: string | undefined): void {
  if (line !== undefined) stdout.write(`${redactor.clean(line)}\n`);
}

function invitation({ jira }: Scene, console: string, paper: Paper): string[] {
  const [telling] = jira.issues().toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const link = (url: string) => linked(url, url, paper);
  return [
    '',
    paper.style('bold', 'Open these in the browser:'),
    `  the console    ${link(console)}`,
    `  its reports    ${link(`${new URL(console).origin}/reports`)}`,
    `  the queue      ${link(`${jira.url}/`)}, in the simulated Jira`,
    ...(telling ? [`  one issue      ${link(`${jira.url}/browse/${telling.key}`)}`] : []),
    '',
    'Ctrl-C ends the demo and removes all that it made.',
    'How to go on with your own tenants: docs/configure.md',
  ];
}

/** The issue with most to say is the one to look at first. */
function sizeOf({ fields }: { fields: object }): number {
  return JSON.stringify(fields).length;
}
