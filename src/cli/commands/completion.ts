import { proposeCompletions } from '@stricli/core';
import { clean } from '../../domain/text/clean.ts';
import { Redactor } from '../../observe/redact.ts';
import type { Cli } from '../cli.ts';
import { buildCommandLine } from '../command-line.ts';
import { takeGlobalFlags } from '../global-flags.ts';
import { UsageError } from '../usage-error.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_casewire() {
  local IFS=$'\\n'
  COMPREPLY=($(casewire __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _casewire casewire`,
  zsh: `#compdef casewire
_casewire() {
  local -a words_found
  words_found=("\${(@f)$(casewire __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${words_found[1]}" ]] && compadd -a words_found || _files
}
compdef _casewire casewire`,
  fish: `complete -c casewire -a '(casewire __complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};

const INSTALL = `Completion of commands and flags, for the shell you use:

bash   echo 'source <(casewire completion bash)' >> ~/.bashrc
zsh    echo 'source <(casewire completion zsh)' >> ~/.zshrc     (after compinit)
fish   casewire completion fish > ~/.config/fish/completions/casewire.fish

Then open a new shell. casewire has to be on the PATH.
`;

export async function completion(this: Cli, _flags: object, shell?: string): Promise<void> {
  if (shell === undefined) return this.stdout.write(INSTALL);
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined)
    throw new UsageError(`there is no completion for "${clean(shell)}"; there is for bash, zsh and fish`);
  this.stdout.write(`${script}\n`);
}

/** What may stand in place of the last of these words, which is not written out yet. */
export async function proposals(words: readonly string[], cli: Cli): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const before = globalFlagsTaken(words.slice(0, -1));
  if (before === undefined) return [];
  const found = await proposeCompletions(
    buildCommandLine({ version: () => '', verbose: false, redactor: new Redactor() }),
    [...before, typed],
    cli,
  );
  return found.map(({ completion }) => completion).filter((word) => word !== '--');
}

/** The words without `--config FILE`; `undefined` when the very next word is that file. */
function globalFlagsTaken(words: readonly string[]): string[] | undefined {
  return words.at(-1) === '--config' ? undefined : takeGlobalFlags(words).words;
}
