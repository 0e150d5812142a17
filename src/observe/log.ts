import { pino } from 'pino';
import type { Clock } from '../domain/time.ts';
import { type LogFields, type LogLevel, logLineOf } from './log-events.ts';
import type { Progress } from './progress.ts';
import type { Redactor } from './redact.ts';

export interface LogParts {
  /** Takes whole lines, each with its line break. */
  destination: { write(line: string): void };
  clock: Clock;
  redactor: Redactor;
  /** Lines below it are not written; `debug` also writes people's text: titles, users, addresses. */
  level: LogLevel;
}

/** A log of JSON lines, one an event; docs/logs.md has the names and fields. */
export interface Log {
  /** Writes the line of an event. */
  note: Progress;
}

/** Longest value that is written; what is longer says nothing more in a log. */
const MOST_CHARACTERS = 2_000;

/** Controls and characters that a terminal or an editor would obey; JSON itself escapes those below U+0020. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Opens a log; every text in it has gone through the redactor, and no control character leaves it unescaped. */
export function openLog({ destination, clock, redactor, level }: LogParts): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => destination.write(line.replace(UNSAFE, escaped)) },
  );
  const text = logger.isLevelEnabled('debug');
  return {
    note: (event) => {
      const line = logLineOf(event, text);
      if (logger.isLevelEnabled(line.level))
        logger[line.level]({ event: event.event, ...cleaned(line.fields, redactor) });
    },
  };
}

function cleaned(fields: LogFields, redactor: Redactor): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? clipped(redactor.clean(value.toWellFormed())) : value,
    ]),
  );
}

function clipped(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…`;
}

function escaped(found: string): string {
  return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
