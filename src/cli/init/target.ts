import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { type Asker, Cancelled } from './questions/asker.ts';

/** Where the configuration is written, and whether it takes the place of another. */
export interface Target {
  path: string;
  how: 'new' | 'replace';
}

export interface TargetWish {
  /** What `--config` names. */
  file: string | undefined;
  cwd: string;
  overwrite: boolean;
}

/**
 * Never a file that is there, unless a person or a flag says so.
 * @throws UsageError
 */
export async function chooseTarget(asker: Asker, { file, cwd, overwrite }: TargetWish): Promise<Target> {
  for (let path = resolve(cwd, file ?? 'casewire.yaml'); ; ) {
    if (!existsSync(dirname(path))) throw new UsageError(`there is no folder ${dirname(path)}`);
    if (!existsSync(path)) return { path, how: 'new' };
    if (overwrite) return { path, how: 'replace' };
    if (!asker.canAnswer)
      throw new UsageError(
        `${path} is there already; nothing was changed`,
        'Write another with --config FILE, or take its place with --overwrite (it is kept as FILE.old).',
      );
    const what = await asker.choose({
      flag: '--overwrite',
      question: `${path} is there already`,
      choices: [
        { value: 'other' as const, label: 'Write another file' },
        { value: 'replace' as const, label: 'Take its place', hint: 'it is kept with .old behind its name' },
        { value: 'stop' as const, label: 'Leave it, and stop' },
      ],
    });
    if (what === 'stop') throw new Cancelled();
    if (what === 'replace') return { path, how: 'replace' };
    path = resolve(
      cwd,
      await asker.text({ flag: '--config', question: 'Which file?', placeholder: 'casewire.new.yaml' }),
    );
  }
}
