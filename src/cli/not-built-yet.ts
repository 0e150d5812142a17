import { UsageError } from './usage-error.ts';

/** Commands that the product will have, with what serves meanwhile. */
const LATER: Readonly<Record<string, string>> = {
  report: 'casewire status --json and the issues with the label casewire have the figures',
};

/** @throws UsageError when the command is one of those to come, so that nobody takes it for a typing error. */
export function notBuiltYet(command: string | undefined): void {
  if (command !== undefined && Object.hasOwn(LATER, command))
    throw new UsageError(`casewire ${command} is not built yet. Meanwhile: ${LATER[command]}`);
}
