import { heldDrop, heldList, heldRetry } from './table/held-commands.ts';
import { init } from './table/init-command.ts';
import { check, explain, rules, status } from './table/look-commands.ts';
import { plan, run, serve, sync } from './table/pass-commands.ts';
import { report } from './table/report-command.ts';
import { completion, demo, schema } from './table/side-commands.ts';

/** Every command but `held`, which is a group of its own. */
export const COMMANDS = {
  init,
  run,
  serve,
  plan,
  sync,
  check,
  explain,
  status,
  rules,
  report,
  schema,
  demo,
  completion,
};

export const HELD = { list: heldList, retry: heldRetry, drop: heldDrop };

/** For "did you mean". */
export const COMMAND_WORDS: readonly string[] = [...Object.keys(COMMANDS), 'held', ...Object.keys(HELD)];

export const FLAG_WORDS: readonly string[] = [
  ...new Set([
    ...['config', 'verbose', 'help', 'version'],
    ...Object.values({ ...COMMANDS, ...HELD }).flatMap(({ parameters }) =>
      Object.keys(parameters.flags ?? {}).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
    ),
  ]),
];
