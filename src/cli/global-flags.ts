import { UsageError } from './usage-error.ts';

export interface GlobalFlags {
  /** What is left for the command. */
  words: string[];
  configFile: string | undefined;
  verbose: boolean;
}

/** Takes the flags that may stand before or after the command out of the words; what follows `--` is left alone. */
export function takeGlobalFlags(argv: readonly string[]): GlobalFlags {
  const taken: GlobalFlags = { words: [], configFile: undefined, verbose: false };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      taken.words.push(...argv.slice(i));
      break;
    }
    if (word === '--verbose') taken.verbose = true;
    else if (word === '--config') taken.configFile = fileNamed(argv[++i]);
    else if (word.startsWith('--config=')) taken.configFile = fileNamed(word.slice('--config='.length));
    else taken.words.push(word);
  }
  return taken;
}

function fileNamed(word: string | undefined): string {
  if (word === undefined || word === '' || word.startsWith('--'))
    throw new UsageError('--config needs a file: casewire --config FILE COMMAND');
  return word;
}
