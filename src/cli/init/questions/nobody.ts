import { UsageError } from '../../usage-error.ts';
import type { Asker, Question } from './asker.ts';

/** Where no person can be asked: every question is a usage error that names its flag. */
export function nobody(say: (text: string) => void): Asker {
  const refuse = async ({ flag, question }: Question): Promise<never> => {
    throw new UsageError(
      `${flag} is missing: ${question}`,
      'Nothing was written. casewire init --help lists the flags.',
    );
  };
  return {
    canAnswer: false,
    say: (_tone, text) => say(text),
    text: refuse,
    secret: refuse,
    choose: refuse,
    confirm: refuse,
  };
}
