import { loadConfig } from '../../config/load-config.ts';
import type { Log } from '../../observe/log.ts';
import type { Cli } from '../cli.ts';
import { openConfig } from '../open.ts';
import { ServeReport } from '../report/serve-report.ts';
import { stopOnSignals } from '../signals.ts';
import type { JsonFlags } from '../table/flags.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';

export async function serve(this: Cli, { json }: JsonFlags): Promise<void> {
  const { clock, random, stdout, stderr, configFile, env, verbose, redactor } = this;
  const config = await openConfig(this);
  const log = json || !stdout.isTerminal ? await logTo(this) : undefined;
  const report = new ServeReport({ out: stdout, clock, redactor, verbose, ...(log ? { log } : {}) });
  let reload = () => {};
  const stop = stopOnSignals(
    () => report.stopping(),
    () => reload(),
  );
  const load = async () => {
    const result = await loadConfig({ cwd: process.cwd(), env, file: configFile ?? config.file });
    if (result.ok) for (const secret of result.config.secrets) redactor.add(secret);
    return result;
  };
  const service = await import('../../service/serve.ts');
  try {
    await service.serve({
      config,
      load,
      version: version(),
      clock,
      random,
      signal: stop.signal,
      progress: (event) => report.note(event),
      // Beside the log, which others may read.
      showLink: (link) => stderr.writeLines([`To act in the console, open ${link}`]),
      onReload: (listener) => {
        reload = listener;
      },
    });
  } catch (error) {
    if (error instanceof service.CannotServe) throw new UsageError(error.message);
    throw error;
  } finally {
    stop.release();
  }
  this.exitCode = stop.exitCode ?? this.exitCode;
}

/** Loaded here alone: no other command writes a log. */
async function logTo({ stdout, clock, redactor, verbose }: Cli): Promise<Log> {
  const { openLog } = await import('../../observe/log.ts');
  const destination = { write: (line: string) => stdout.write(line) };
  return openLog({ destination, clock, redactor, level: verbose ? 'debug' : 'info' });
}
