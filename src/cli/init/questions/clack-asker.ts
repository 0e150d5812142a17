import * as clack from '@clack/prompts';
import { clean, cleanLines } from '../../../domain/text/clean.ts';
import { wrapIndented } from '../../../domain/text/width.ts';
import { type Asker, Cancelled, type TextQuestion } from './asker.ts';

/** What stands before each line, and a column that terminals keep free. */
const MARGIN = 4;

/** Rows of a list shown at once. */
const ROWS = 12;

/** Asks a person on the terminal; Ctrl-C, Escape and `signal` end the questions. */
export function clackAsker(signal: AbortSignal, columns: number): Asker {
  const wrapped = (text: string) =>
    cleanLines(text)
      .flatMap((line) => wrapIndented(line, 0, columns - MARGIN))
      .join('\n');
  const answered = async <T>(answer: Promise<T | typeof clack.CANCEL_SYMBOL>): Promise<T> => {
    const given = await answer;
    if (clack.isCancel(given)) throw new Cancelled();
    return given;
  };
  const typed = ({ question, refuse, placeholder, initial }: TextQuestion) => ({
    // Unlike the other prompts, those for text do not put the bar before a message's further lines.
    message: wrapped(question).replaceAll('\n', `\n${clack.S_BAR}  `),
    signal,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(initial === undefined ? {} : { initialValue: initial }),
    validate: (given: string | undefined) => {
      const answer = given?.trim() ?? '';
      if (answer === '') return 'An answer is needed; Ctrl-C ends the questions';
      return refuse?.(answer);
    },
  });
  return {
    canAnswer: true,
    say(tone, text) {
      const said = wrapped(text);
      if (tone === 'good') clack.log.success(said);
      else if (tone === 'bad') clack.log.error(said);
      else clack.log.message(said);
    },
    text: async (question) => (await answered(clack.text(typed(question)))).trim(),
    secret: async (question) => (await answered(clack.password(typed(question)))).trim(),
    async choose({ question, choices, initial }) {
      const options = choices.map(({ label, hint }, index) => ({
        value: index,
        label: clean(label),
        ...(hint === undefined ? {} : { hint: clean(hint) }),
      }));
      const start = choices.findIndex(({ value }) => value === initial);
      const chosen = await answered(
        clack.select({
          message: wrapped(question),
          options,
          initialValue: Math.max(0, start),
          maxItems: ROWS,
          showInstructions: false,
          signal,
        }),
      );
      const choice = choices[chosen];
      if (!choice) throw new Cancelled();
      return choice.value;
    },
    confirm: ({ question, initial }) =>
      answered(clack.confirm({ message: wrapped(question), initialValue: initial, signal })),
  };
}
